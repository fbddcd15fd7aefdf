//! Real time as the phone and the connectors take it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use offhook_core::Time;
use offhook_protocol::Timestamp;
use tokio::time::Instant;

/// How far the wall clock must have run ahead before it is followed. Less is drift, more is a computer
/// that was asleep: the monotonic clock stands still then.
const ASLEEP: Duration = Duration::from_secs(2);

/// Wall-clock time that never goes back: read once, then advanced by the monotonic clock, and put forward
/// after the computer was asleep. Clones agree.
#[derive(Clone, Debug)]
pub struct Clock {
    started: Instant,
    started_at: Time,
    /// How long the computer was asleep, in milliseconds.
    asleep: Arc<AtomicU64>,
}

impl Clock {
    /// Reads the wall clock.
    pub fn start() -> Self {
        Self {
            started: Instant::now(),
            started_at: wall(),
            asleep: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> Time {
        self.at(wall())
    }

    fn at(&self, wall: Time) -> Time {
        let awake = self.started_at + self.started.elapsed();
        let ahead = wall.since(awake);
        if ahead >= self.asleep() + ASLEEP {
            let millis = u64::try_from(ahead.as_millis()).unwrap_or(u64::MAX);
            self.asleep.fetch_max(millis, Ordering::Relaxed);
        }
        awake + self.asleep()
    }

    fn asleep(&self) -> Duration {
        Duration::from_millis(self.asleep.load(Ordering::Relaxed))
    }

    /// When `time` comes; `None` if that is later than the operating system can count.
    pub(crate) fn instant(&self, time: Time) -> Option<Instant> {
        let span = time.since(self.started_at + self.asleep());
        self.started.checked_add(span)
    }

    /// Now, as connectors take it: their clock is ours.
    pub fn timestamp(&self) -> Timestamp {
        Timestamp::from_millis(i64::try_from(self.now().as_millis()).unwrap_or(i64::MAX))
    }

    /// As [`instant`](Self::instant), for the connectors.
    pub(crate) fn instant_of(&self, timestamp: Timestamp) -> Option<Instant> {
        self.instant(Time::from_millis(
            u64::try_from(timestamp.as_millis()).unwrap_or_default(),
        ))
    }
}

fn wall() -> Time {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Time::from_millis(u64::try_from(since_epoch.as_millis()).unwrap_or_default())
}

impl offhook_uplink::Clock for Clock {
    fn now(&self) -> Timestamp {
        self.timestamp()
    }

    fn instant(&self, moment: Timestamp) -> Option<Instant> {
        self.instant_of(moment)
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
    async fn a_night_asleep_is_caught_up_with_and_not_given_back() {
        let clock = Clock::start();
        let night = Duration::from_secs(8 * 3600);
        let evening = clock.now();
        let drifted = evening + Duration::from_secs(1);
        assert_eq!(clock.at(drifted), evening, "drift is not followed");
        assert_eq!(clock.at(evening + night), evening + night);
        assert_eq!(clock.clone().at(evening), evening + night, "set back");

        let due = evening + night + SPAN;
        sleep_until(clock.instant(due)).await;
        assert_eq!(clock.at(evening), due);
        assert_eq!(clock.at(due + night), due + night, "the next night");
    }

    #[tokio::test(start_paused = true)]
    async fn a_moment_beyond_counting_never_comes() {
        let never = Clock::start().instant(Time::from_millis(u64::MAX));
        let slept = tokio::time::timeout(Duration::from_secs(1 << 32), sleep_until(never)).await;
        assert!(slept.is_err());
    }
}
