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

    /// When `time` comes; `None` if that is later than the operating system can count.
    pub(crate) fn instant(self, time: Time) -> Option<Instant> {
        self.started.checked_add(time.since(self.started_at))
    }

    /// The practice centre's clock is ours.
    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.now().as_millis()).unwrap_or(i64::MAX))
    }

    /// As [`instant`](Self::instant), for the practice centre.
    pub(crate) fn instant_of(self, timestamp: Timestamp) -> Option<Instant> {
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{advance, resume};

    use super::*;

    const SPAN: Duration = Duration::from_millis(1_234);

    #[tokio::test(start_paused = true)]
    async fn goes_on_with_the_monotonic_clock() {
        let clock = Clock::start();
        let before = clock.now();
        advance(SPAN).await;
        assert_eq!(clock.now(), before + SPAN);
        resume();
        assert!(clock.now() >= before + SPAN);
    }

    #[tokio::test(start_paused = true)]
    async fn a_moment_has_come_when_its_instant_has() {
        let clock = Clock::start();
        advance(SPAN).await;
        let due = clock.now() + SPAN;
        sleep_until(clock.instant(due)).await;
        assert_eq!(clock.now(), due);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_past_is_due_at_once() {
        let clock = Clock::start();
        advance(SPAN).await;
        let now = clock.now();
        sleep_until(clock.instant(Time::from_millis(0))).await;
        sleep_until(clock.instant_of(Timestamp::from_millis(-1))).await;
        assert_eq!(clock.now(), now);
    }

    #[tokio::test(start_paused = true)]
    async fn both_kinds_of_time_are_the_same() {
        let clock = Clock::start();
        advance(SPAN).await;
        assert_eq!(
            clock.instant_of(clock.timestamp()),
            clock.instant(clock.now())
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_moment_beyond_counting_never_comes() {
        let never = Clock::start().instant(Time::from_millis(u64::MAX));
        let slept = tokio::time::timeout(Duration::from_secs(1 << 32), sleep_until(never)).await;
        assert!(slept.is_err());
    }
}
