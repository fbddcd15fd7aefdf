//! Simulated time: the same for every machine.

use std::time::Duration;

use offhook_core::Time;
use offhook_protocol::Timestamp;
use offhook_uplink::Clock;
use tokio::time::Instant;

/// When every simulation begins: 2026-01-01T00:00:00Z.
const BEGINNING: u64 = 1_767_225_600_000;

/// The one clock on every wall.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SimClock;

impl SimClock {
    pub(crate) fn time() -> Time {
        Time::from_millis(BEGINNING) + turmoil::sim_elapsed().unwrap_or_default()
    }

    pub(crate) fn timestamp() -> Timestamp {
        Timestamp::from_millis(i64::try_from(Self::time().as_millis()).unwrap_or(i64::MAX))
    }

    /// When this comes.
    pub(crate) fn instant(then: Time) -> Instant {
        Instant::now() + then.since(Self::time())
    }

    /// As [`instant`](Self::instant).
    pub(crate) fn instant_of(then: Timestamp) -> Instant {
        Instant::now() + then.saturating_duration_since(Self::timestamp())
    }
}

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Self::timestamp()
    }

    fn instant(&self, moment: Timestamp) -> Option<Instant> {
        Some(Self::instant_of(moment))
    }
}

/// Sleeps until then; for ever if there is no then.
pub(crate) async fn sleep_until(then: Option<Instant>) {
    match then {
        Some(then) => tokio::time::sleep_until(then).await,
        None => std::future::pending().await,
    }
}

/// Sleeps for a time from this range.
pub(crate) async fn pause(rng: &mut fastrand::Rng, seconds: std::ops::Range<f64>) {
    let drawn = seconds.start + rng.f64() * (seconds.end - seconds.start);
    tokio::time::sleep(Duration::from_secs_f64(drawn)).await;
}
