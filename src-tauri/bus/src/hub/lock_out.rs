//! Who failed too often.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Over how long failures are counted, and how long a lock-out lasts.
const PERIOD: Duration = Duration::from_secs(60);

/// So many failures within the period lock out.
const FAILURES: usize = 5;

/// How many origins are remembered. Any program can make up origins, and whoever makes up so many gains
/// nothing by being forgotten.
const ORIGINS: usize = 64;

/// The failures of each web origin, and of all programs together.
#[derive(Clone, Debug, Default)]
pub(crate) struct LockOut(Arc<Mutex<BTreeMap<Option<String>, Record>>>);

#[derive(Debug, Default)]
struct Record {
    /// When the last ones were, the latest at the end.
    failures: VecDeque<Instant>,
    locked_at: Option<Instant>,
    refused_at: Option<Instant>,
}

impl LockOut {
    /// Whether it is locked out now.
    pub(crate) fn holds(&self, origin: Option<&str>) -> bool {
        self.look(origin, |record| is_recent(record.locked_at))
    }

    /// Whether the person said no to it so recently that it may not ask again.
    pub(crate) fn was_refused(&self, origin: &str) -> bool {
        self.look(Some(origin), |record| is_recent(record.refused_at))
    }

    /// A proof was wrong.
    pub(crate) fn failed(&self, origin: Option<&str>) {
        self.change(origin, Record::fail);
    }

    /// The person said no, or nothing.
    pub(crate) fn refused(&self, origin: &str) {
        self.change(Some(origin), |record| {
            record.refused_at = Some(Instant::now());
            record.fail();
        });
    }

    fn look(&self, origin: Option<&str>, at: impl FnOnce(&Record) -> bool) -> bool {
        let records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        records.get(&origin.map(str::to_owned)).is_some_and(at)
    }

    fn change(&self, origin: Option<&str>, change: impl FnOnce(&mut Record)) {
        let mut records = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        change(records.entry(origin.map(str::to_owned)).or_default());
        if records.len() > ORIGINS {
            records.retain(|_, record| is_recent(record.failures.back().copied()));
        }
        if records.len() > ORIGINS {
            let oldest = records
                .iter()
                .min_by_key(|(_, record)| record.failures.back().copied())
                .map(|(origin, _)| origin.clone());
            if let Some(oldest) = oldest {
                records.remove(&oldest);
            }
        }
    }
}

impl Record {
    fn fail(&mut self) {
        let now = Instant::now();
        self.failures.retain(|at| is_recent(Some(*at)));
        self.failures.push_back(now);
        if self.failures.len() >= FAILURES {
            self.locked_at = Some(now);
            self.failures.drain(..FAILURES - 1);
        }
    }
}

fn is_recent(at: Option<Instant>) -> bool {
    at.is_some_and(|at| at.elapsed() < PERIOD)
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const ORIGIN: Option<&str> = Some("https://crm.example.com");

    #[tokio::test(start_paused = true)]
    async fn five_failures_within_a_minute_lock_out_for_a_minute() {
        let lock_out = LockOut::default();
        for _ in 0..4 {
            lock_out.failed(ORIGIN);
        }
        assert!(!lock_out.holds(ORIGIN));
        lock_out.failed(ORIGIN);
        assert!(lock_out.holds(ORIGIN));
        assert!(!lock_out.holds(None), "programs go on");

        advance(PERIOD - Duration::from_millis(1)).await;
        assert!(lock_out.holds(ORIGIN));
        advance(Duration::from_millis(1)).await;
        assert!(!lock_out.holds(ORIGIN));
    }

    #[tokio::test(start_paused = true)]
    async fn failures_that_are_a_minute_old_count_no_more() {
        let lock_out = LockOut::default();
        for _ in 0..20 {
            lock_out.failed(None);
            advance(PERIOD / 4).await;
        }
        assert!(!lock_out.holds(None));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_is_a_failure_and_forbids_asking_for_a_minute() {
        let lock_out = LockOut::default();
        let origin = "https://crm.example.com";
        lock_out.failed(Some(origin));
        assert!(!lock_out.was_refused(origin));
        for _ in 0..4 {
            lock_out.refused(origin);
        }
        assert!(lock_out.was_refused(origin) && lock_out.holds(Some(origin)));
        advance(PERIOD).await;
        assert!(!lock_out.was_refused(origin));
    }

    #[tokio::test(start_paused = true)]
    async fn made_up_origins_are_forgotten_the_oldest_first() {
        let lock_out = LockOut::default();
        for number in 0..10 * ORIGINS {
            lock_out.refused(&number.to_string());
            advance(Duration::from_millis(1)).await;
        }
        assert_eq!(lock_out.0.lock().unwrap().len(), ORIGINS);
        assert!(!lock_out.was_refused("0"));
        assert!(lock_out.was_refused(&(10 * ORIGINS - 1).to_string()));
    }
}
