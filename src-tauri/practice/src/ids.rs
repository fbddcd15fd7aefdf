//! Identifiers in the form of the samples, drawn from the seed.

/// Draws version 4 UUIDs.
pub(crate) struct Ids(fastrand::Rng);

impl Ids {
    pub(crate) fn new(rng: fastrand::Rng) -> Self {
        Self(rng)
    }

    pub(crate) fn draw(&mut self) -> String {
        let bits = self.0.u128(..);
        format!(
            "{:08x}-{:04x}-4{:03x}-{:x}{:03x}-{:012x}",
            bits as u32,
            (bits >> 32) as u16,
            (bits >> 48) & 0xfff,
            8 | ((bits >> 60) & 0x3),
            (bits >> 64) & 0xfff,
            bits >> 80,
        )
    }
}
