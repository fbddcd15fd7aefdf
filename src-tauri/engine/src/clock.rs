//! Real time as the phone and the practice centre take it.

use std::time::{SystemTime, UNIX_EPOCH};

use offhook_core::Time;
use offhook_protocol::Timestamp;
use tokio::time::Instant;

/// Wall-clock time that never goes back: read once, then advanced by the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    started: Instant,
    started_at: Time,
}

impl Clock {
    pub(crate) fn start() -> Self {
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let millis = u64::try_from(since_epoch.as_millis()).unwrap_or_default();
        Self {
            started: Instant::now(),
            started_at: Time::from_millis(millis),
        }
    }

    pub(crate) fn now(self) -> Time {
        self.started_at + self.started.elapsed()
    }

    /// When `time` comes.
    pub(crate) fn instant(self, time: Time) -> Instant {
        self.started + time.since(self.started_at)
    }

    /// The practice centre's clock is ours.
    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.now().as_millis()).unwrap_or(i64::MAX))
    }

    /// When `timestamp` comes.
    pub(crate) fn instant_of(self, timestamp: Timestamp) -> Instant {
        self.instant(Time::from_millis(
            u64::try_from(timestamp.as_millis()).unwrap_or_default(),
        ))
    }
}

/// Sleeps until then; for ever if there is no then.
pub(crate) async fn sleep_until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}
