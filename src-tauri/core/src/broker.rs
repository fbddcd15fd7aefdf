//! The way to the company's broker, as it is told to the person.

use serde::Serialize;

use crate::{time::Time, words};

/// How the phone stands with the company's broker, of which it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Broker {
    /// An attempt is under way.
    Connecting,
    /// Other programs of the company see and command this phone.
    Online {
        /// Since when.
        since: Time,
    },
    /// It is tried again by itself.
    Waiting {
        /// When.
        retry_at: Time,
        /// What went wrong.
        problem: BrokerProblem,
        /// The broker's or the system's own words for it, if there are any.
        detail: Option<String>,
    },
    /// It is not tried again until the person asks or the settings change.
    Stopped {
        /// What went wrong.
        problem: BrokerProblem,
        /// The broker's or the system's own words for it, if there are any.
        detail: Option<String>,
    },
}

/// What stands between the phone and the broker. The sentences stand in [`words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum BrokerProblem {
    /// Nobody answers at its address.
    Unreachable,
    /// The connection broke off, or the broker closed it.
    Lost,
    /// The broker turned the phone away, or did not let it have the agent's part.
    Refused,
    /// The broker's certificate is not trusted, or it does not trust ours.
    Certificate,
    /// Wrong user name, password or token.
    Login,
    /// The same agent has connected from another desk.
    TakenOver,
    /// The settings cannot be used, or the password cannot be had.
    SetUp,
}

/// How the phone stands with the company's broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct BrokerView {
    /// Whether it works, or when it is tried again.
    pub state: BrokerState,
    /// Since when it is online.
    pub since: Option<Time>,
    /// When it is tried again by itself, while it waits.
    pub retry_at: Option<Time>,
    /// What went wrong.
    pub problem: Option<BrokerProblem>,
    /// The state in a few words.
    pub title: String,
    /// What went wrong and what to do, in a sentence or two.
    pub text: Option<String>,
    /// The broker's or the system's own words for it.
    pub detail: Option<String>,
    /// What [`Intent::RetryBroker`](crate::Intent::RetryBroker) would do now, for its button.
    pub retry: Option<String>,
}

/// See [`BrokerView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum BrokerState {
    /// An attempt is under way.
    Connecting,
    /// Works.
    Online,
    /// Is tried again by itself.
    Waiting,
    /// Is not tried again unless the person asks or the settings change.
    Stopped,
}

impl Broker {
    pub(crate) fn view(&self) -> BrokerView {
        let (state, problem, detail) = match self {
            Self::Connecting => (BrokerState::Connecting, None, None),
            Self::Online { .. } => (BrokerState::Online, None, None),
            Self::Waiting {
                problem, detail, ..
            } => (BrokerState::Waiting, Some(*problem), detail.clone()),
            Self::Stopped { problem, detail } => {
                (BrokerState::Stopped, Some(*problem), detail.clone())
            }
        };
        let (since, retry_at) = match self {
            Self::Online { since } => (Some(*since), None),
            Self::Waiting { retry_at, .. } => (None, Some(*retry_at)),
            Self::Connecting | Self::Stopped { .. } => (None, None),
        };
        BrokerView {
            state,
            since,
            retry_at,
            problem,
            title: words::broker(state, problem).to_owned(),
            text: problem.map(|problem| words::broker_problem(problem).to_owned()),
            detail,
            retry: problem.map(|problem| words::broker_retry(problem).to_owned()),
        }
    }

    /// Whether asking makes it try at once.
    pub(crate) const fn can_be_retried(&self) -> bool {
        match self {
            Self::Waiting { .. } | Self::Stopped { .. } => true,
            Self::Connecting | Self::Online { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Effect, Input, Intent, Phone, Preferences};

    const NOW: Time = Time::from_millis(1_000);

    fn phone(broker: Option<Broker>) -> Phone {
        let mut phone = Phone::new(Preferences::default(), NOW);
        phone.handle(Input::Broker(broker), NOW);
        while phone.poll_effect().is_some() {}
        phone
    }

    fn shown(broker: Broker) -> BrokerView {
        phone(Some(broker)).view().broker.expect("a broker")
    }

    fn waiting() -> Broker {
        Broker::Waiting {
            retry_at: NOW,
            problem: BrokerProblem::Lost,
            detail: Some("connection reset".to_owned()),
        }
    }

    fn stopped(problem: BrokerProblem) -> Broker {
        let detail = None;
        Broker::Stopped { problem, detail }
    }

    #[test]
    fn without_a_broker_nothing_is_shown() {
        let mut phone = phone(Some(waiting()));
        assert!(phone.view().broker.is_some());
        phone.handle(Input::Broker(None), NOW);
        assert_eq!(phone.view().broker, None);
    }

    #[test]
    fn what_works_has_no_problem_and_nothing_to_retry() {
        for (broker, state, since) in [
            (Broker::Connecting, BrokerState::Connecting, None),
            (
                Broker::Online { since: NOW },
                BrokerState::Online,
                Some(NOW),
            ),
        ] {
            let view = shown(broker);
            assert_eq!((view.state, view.since), (state, since));
            assert_eq!((view.problem, view.text, view.retry), (None, None, None));
        }
    }

    #[test]
    fn what_does_not_work_is_told_with_its_remedy() {
        let view = shown(waiting());
        assert_eq!(view.state, BrokerState::Waiting);
        assert_eq!(view.retry_at, Some(NOW));
        assert_eq!(view.detail.as_deref(), Some("connection reset"));
        assert_eq!(view.retry.as_deref(), Some("Try now"));

        let view = shown(stopped(BrokerProblem::TakenOver));
        assert_eq!(view.state, BrokerState::Stopped);
        assert_eq!(view.retry_at, None);
        assert_eq!(view.retry.as_deref(), Some("Use this desk"));
        assert!(view.text.is_some_and(|text| text.contains("another desk")));

        let view = shown(stopped(BrokerProblem::Login));
        assert!(view.text.is_some_and(|text| text.contains("settings")));
        let view = shown(stopped(BrokerProblem::Certificate));
        assert!(view.text.is_some_and(|text| text.contains("administrator")));
    }

    #[test]
    fn it_is_retried_only_where_that_helps() {
        for (broker, retried) in [
            (None, false),
            (Some(Broker::Connecting), false),
            (Some(Broker::Online { since: NOW }), false),
            (Some(waiting()), true),
            (Some(stopped(BrokerProblem::TakenOver)), true),
        ] {
            let mut phone = phone(broker.clone());
            phone.handle(Input::Intent(Intent::RetryBroker), NOW);
            let expected = retried.then_some(Effect::RetryBroker);
            assert_eq!(phone.poll_effect(), expected, "{broker:?}");
        }
    }
}
