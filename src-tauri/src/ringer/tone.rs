//! The ringtone itself: two soft chimes and a pause, made here, repeated for ever.

use std::{
    f32::consts::TAU,
    num::NonZero,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rodio::{ChannelCount, Sample, SampleRate, Source};

const RATE: u32 = 48_000;

/// How long the fade after a stop takes.
pub(super) const FADE: Duration = Duration::from_millis(30);

const FADE_SAMPLES: u32 = RATE * 30 / 1000;

/// The cadence: at which second each chime starts, and its pitch in hertz.
const CHIMES: [(f32, f32); 4] = [(0.0, 659.25), (0.22, 830.61), (0.6, 659.25), (0.82, 830.61)];

/// The cadence's length, in seconds: what remains after the chimes is silence.
const CADENCE: f32 = 3.0;

/// Plays the cadence again and again until it is told to stop, then fades out and ends.
pub(super) struct Tone {
    samples: &'static [Sample],
    position: usize,
    volume: f32,
    stop: Arc<AtomicBool>,
    left: u32,
}

impl Tone {
    /// `volume` is in per cent; setting `stop` begins the fade.
    pub(super) fn new(volume: u8, stop: Arc<AtomicBool>) -> Self {
        // Loudness is heard on a curve: the square puts "half as loud" near 50.
        let linear = f32::from(volume.min(100)) / 100.0;
        Self {
            samples: cadence(),
            position: 0,
            volume: linear * linear,
            stop,
            left: FADE_SAMPLES,
        }
    }
}

impl Iterator for Tone {
    type Item = Sample;

    fn next(&mut self) -> Option<Sample> {
        if self.stop.load(Ordering::Relaxed) {
            self.left = self.left.checked_sub(1)?;
        }
        let sample = self.samples[self.position];
        self.position = (self.position + 1) % self.samples.len();
        let fade = self.left as f32 / FADE_SAMPLES as f32;
        Some(sample * self.volume * fade)
    }
}

impl Source for Tone {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> ChannelCount {
        NonZero::<u16>::MIN
    }

    fn sample_rate(&self) -> SampleRate {
        const { NonZero::new(RATE).expect("not zero") }
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

/// One cadence, rendered when the phone rings for the first time.
fn cadence() -> &'static [Sample] {
    static CADENCE_SAMPLES: OnceLock<Vec<Sample>> = OnceLock::new();
    CADENCE_SAMPLES.get_or_init(|| {
        (0..(CADENCE * RATE as f32) as u32)
            .map(|index| {
                let now = index as f32 / RATE as f32;
                CHIMES
                    .iter()
                    .map(|&(start, pitch)| chime(now - start, pitch))
                    .sum()
            })
            .collect()
    })
}

/// A struck bar, `since` seconds after the stroke: a fundamental with two quieter overtones that die
/// away faster. Never above 0.3 of full scale, so that the four may overlap.
fn chime(since: f32, pitch: f32) -> Sample {
    const ATTACK: f32 = 0.005;
    const OVERTONES: [(f32, f32, f32); 3] = [(1.0, 0.2, 4.0), (2.0, 0.07, 7.0), (4.0, 0.03, 12.0)];
    if since < 0.0 {
        return 0.0;
    }
    let attack = (since / ATTACK).min(1.0);
    let ring: f32 = OVERTONES
        .iter()
        .map(|&(multiple, level, decay)| {
            level * (TAU * pitch * multiple * since).sin() * (-decay * since).exp()
        })
        .sum();
    attack * ring
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(volume: u8) -> (Tone, Arc<AtomicBool>) {
        let stop = Arc::new(AtomicBool::new(false));
        (Tone::new(volume, Arc::clone(&stop)), stop)
    }

    fn loudest(samples: impl Iterator<Item = Sample>) -> f32 {
        samples.map(f32::abs).fold(0.0, f32::max)
    }

    #[test]
    fn the_cadence_is_loud_enough_never_clips_and_ends_in_silence() {
        let peak = loudest(cadence().iter().copied());
        assert!((0.2..1.0).contains(&peak), "{peak}");
        let last_tenth = cadence().len() / 10 * 9;
        assert!(loudest(cadence()[last_tenth..].iter().copied()) < 0.001);
    }

    #[test]
    fn it_goes_on_until_it_is_stopped() {
        let (mut tone, stop) = tone(100);
        assert_eq!(
            tone.by_ref().take(10 * RATE as usize).count(),
            10 * RATE as usize
        );
        stop.store(true, Ordering::Relaxed);
        assert_eq!(tone.count(), FADE_SAMPLES as usize);
    }

    #[test]
    fn a_stop_fades_without_a_click() {
        let (mut tone, stop) = tone(100);
        tone.by_ref().take(RATE as usize / 10).for_each(drop);
        stop.store(true, Ordering::Relaxed);
        let faded: Vec<_> = tone.collect();
        assert!(loudest(faded[..100].iter().copied()) > 0.05);
        assert!(loudest(faded[faded.len() - 20..].iter().copied()) < 0.01);
    }

    #[test]
    fn volume_scales_and_zero_is_silent() {
        let peak = |volume| loudest(tone(volume).0.take(RATE as usize));
        assert_eq!(peak(0), 0.0);
        assert!(peak(50) < peak(100) && peak(50) > 0.0);
        assert_eq!(peak(255), peak(100));
    }
}
