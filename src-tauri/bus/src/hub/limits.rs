//! How much an app may ask of the hub.

use std::time::Duration;

use tokio::time::Instant;

/// From the first byte to the end of the HTTP upgrade.
pub(crate) const UPGRADE: Duration = Duration::from_secs(3);
/// From the upgrade, or from being paired, to the registration.
pub(crate) const REGISTRATION: Duration = Duration::from_secs(5);
/// How long the person may take to answer whether a page may join.
pub(crate) const PAIRING: Duration = Duration::from_secs(120);
/// How long an app may take to take a message.
pub(crate) const SLOW: Duration = Duration::from_secs(5);
/// How often the hub pings.
pub(crate) const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long an app may leave pings unanswered.
pub(crate) const SILENCE: Duration = Duration::from_secs(30);
/// How long the hub waits, after it closed, for the app to read why.
pub(crate) const LINGER: Duration = Duration::from_secs(2);
/// The longest message that an app may send, in bytes.
pub(crate) const MESSAGE_BYTES: usize = 64 * 1024;
/// How many connections may be on their way to be registered.
pub(crate) const UNREGISTERED: usize = 32;
/// How many apps may be registered.
pub(crate) const APPS: usize = 16;
/// How many of them may come from the same web origin.
pub(crate) const APPS_PER_ORIGIN: usize = 8;

/// How many of the connections that are on their way may come from pages that are neither listed nor
/// paired, so that such pages cannot keep everybody else out.
pub(crate) const STRANGERS: usize = 8;
/// How many pages may be paired.
pub(crate) const PAIRINGS: usize = 64;
/// How many of them may be of the same origin, under different names.
pub(crate) const NAMES_PER_ORIGIN: usize = 8;

/// A token bucket.
#[derive(Debug)]
pub(crate) struct Bucket {
    burst: f64,
    per_second: f64,
    left: f64,
    at: Instant,
}

impl Bucket {
    fn new(burst: u32, per_second: u32) -> Self {
        Self {
            burst: burst.into(),
            per_second: per_second.into(),
            left: burst.into(),
            at: Instant::now(),
        }
    }

    /// Takes one. `false` if none is left.
    pub(crate) fn take(&mut self) -> bool {
        let now = Instant::now();
        let refilled = (now - self.at).as_secs_f64() * self.per_second;
        self.left = (self.left + refilled).min(self.burst);
        self.at = now;
        let enough = self.left >= 1.0;
        if enough {
            self.left -= 1.0;
        }
        enough
    }
}

/// The rates of one app.
#[derive(Debug)]
pub(crate) struct Rates {
    /// Frames of any kind.
    pub(crate) frames: Bucket,
    /// Requests that change something.
    pub(crate) commands: Bucket,
    /// How often an app may go on after it was told that it is too fast.
    pub(crate) patience: Bucket,
}

impl Rates {
    pub(crate) fn new() -> Self {
        Self {
            frames: Bucket::new(40, 20),
            commands: Bucket::new(10, 5),
            patience: Bucket::new(40, 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_bucket_gives_its_burst_and_then_its_rate() {
        let mut bucket = Bucket::new(3, 2);
        let mut taken = |tries| (0..tries).filter(|_| bucket.take()).count();
        assert_eq!(taken(10), 3);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(taken(10), 2);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(taken(10), 3);
    }
}
