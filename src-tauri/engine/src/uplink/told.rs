//! What the uplink tells, as the phone takes it.

use offhook_core::{Broker, BrokerProblem, Time};
use offhook_protocol::Timestamp;
use offhook_uplink::{Status, Trouble};

pub(super) fn broker(status: Status) -> Broker {
    match status {
        Status::Connecting { .. } => Broker::Connecting,
        Status::Online { since } => Broker::Online { since: time(since) },
        Status::Waiting { until, trouble } => {
            let (problem, detail) = problem(trouble);
            Broker::Waiting {
                retry_at: time(until),
                problem,
                detail,
            }
        }
        Status::Stopped { trouble } => {
            let (problem, detail) = problem(trouble);
            Broker::Stopped { problem, detail }
        }
    }
}

/// It could not even be tried, for this reason.
pub(super) const fn not_begun(detail: String) -> Broker {
    Broker::Stopped {
        problem: BrokerProblem::SetUp,
        detail: Some(detail),
    }
}

fn problem(trouble: Trouble) -> (BrokerProblem, Option<String>) {
    match trouble {
        Trouble::Unreachable(text) => (BrokerProblem::Unreachable, Some(text)),
        Trouble::TimedOut => (BrokerProblem::Unreachable, None),
        Trouble::Certificate(text) => (BrokerProblem::Certificate, Some(text)),
        Trouble::Login => (BrokerProblem::Login, None),
        Trouble::Refused(text) => (BrokerProblem::Refused, Some(text)),
        Trouble::Lost(text) | Trouble::Closed(text) => (BrokerProblem::Lost, Some(text)),
        Trouble::Silent | Trouble::Overrun | Trouble::Slept => (BrokerProblem::Lost, None),
        Trouble::TakenOver => (BrokerProblem::TakenOver, None),
    }
}

fn time(at: Timestamp) -> Time {
    Time::from_millis(u64::try_from(at.as_millis()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at() -> Timestamp {
        Timestamp::from_millis(1_000)
    }

    #[test]
    fn what_works_is_told_with_its_time() {
        let since = Time::from_millis(1_000);
        assert_eq!(
            broker(Status::Online { since: at() }),
            Broker::Online { since }
        );
        let after = Some(Trouble::Silent);
        assert_eq!(broker(Status::Connecting { after }), Broker::Connecting);
    }

    #[test]
    fn what_does_not_work_is_told_with_the_reason_and_its_own_words() {
        let text = || "reset by peer".to_owned();
        for (trouble, problem, has_detail) in [
            (
                Trouble::Unreachable(text()),
                BrokerProblem::Unreachable,
                true,
            ),
            (Trouble::TimedOut, BrokerProblem::Unreachable, false),
            (
                Trouble::Certificate(text()),
                BrokerProblem::Certificate,
                true,
            ),
            (Trouble::Login, BrokerProblem::Login, false),
            (Trouble::Refused(text()), BrokerProblem::Refused, true),
            (Trouble::Lost(text()), BrokerProblem::Lost, true),
            (Trouble::Closed(text()), BrokerProblem::Lost, true),
            (Trouble::Silent, BrokerProblem::Lost, false),
            (Trouble::TakenOver, BrokerProblem::TakenOver, false),
        ] {
            let detail = has_detail.then(text);
            let stopped = broker(Status::Stopped {
                trouble: trouble.clone(),
            });
            let expected = Broker::Stopped {
                problem,
                detail: detail.clone(),
            };
            assert_eq!(stopped, expected);
            let waiting = broker(Status::Waiting {
                until: at(),
                trouble,
            });
            let expected = Broker::Waiting {
                retry_at: Time::from_millis(1_000),
                problem,
                detail,
            };
            assert_eq!(waiting, expected);
        }
    }
}
