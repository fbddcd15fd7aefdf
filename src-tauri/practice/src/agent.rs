//! The agent: login, state and microphone.

use offhook_protocol::{
    AgentButtons, AgentState, AgentSync, Envelope, SetAgentState, StateType, Timestamp,
    ccp_agent_state_envelope,
};

use crate::{
    contact::Refusal,
    directory::{self, CHOICES},
    leg::LegState,
};

/// Where `Available` and `Offline` stand in [`CHOICES`].
const AVAILABLE: usize = 0;
const OFFLINE: usize = CHOICES.len() - 1;

/// What the agent is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    LoggedOut,
    /// One of [`CHOICES`].
    Chosen(usize),
    PendingBusy,
    Busy,
    AfterCallWork,
    MissedCallAgent,
    FailedConnectAgent,
}

/// Why a state cannot be taken.
pub(crate) enum StateRefusal {
    /// There is none of that name that could be chosen.
    NotFound,
    /// Not now.
    NotNow(Refusal),
}

impl From<Refusal> for StateRefusal {
    fn from(text: Refusal) -> Self {
        Self::NotNow(text)
    }
}

/// The agent.
pub(crate) struct Agent {
    state: State,
    since: Timestamp,
    muted: bool,
    said: Option<(State, bool)>,
}

impl Agent {
    /// Logged in and available.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            state: State::Chosen(AVAILABLE),
            since: now,
            muted: false,
            said: None,
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.state == State::Chosen(AVAILABLE)
    }

    pub(crate) fn is_logged_in(&self) -> bool {
        self.state != State::LoggedOut
    }

    /// Takes the state that a contact brings with it, by the agent's own leg. When the contact is gone
    /// the agent is available again.
    pub(crate) fn follow(&mut self, leg: Option<LegState>, now: Timestamp) {
        let state = match leg {
            Some(LegState::Connecting) => State::PendingBusy,
            Some(LegState::Connected | LegState::Hold) => State::Busy,
            Some(LegState::Acw) => State::AfterCallWork,
            Some(LegState::Missed) => State::MissedCallAgent,
            Some(LegState::Rejected) => State::FailedConnectAgent,
            Some(LegState::Dropped) | None => match self.state {
                State::LoggedOut | State::Chosen(_) => self.state,
                State::PendingBusy
                | State::Busy
                | State::AfterCallWork
                | State::MissedCallAgent
                | State::FailedConnectAgent => State::Chosen(AVAILABLE),
            },
        };
        self.muted &= state == State::Busy;
        self.enter(state, now);
    }

    pub(crate) fn choose_ready(&mut self, now: Timestamp) -> Result<(), StateRefusal> {
        self.choose(CHOICES[AVAILABLE].0, now)
    }

    /// As [`choose`](Self::choose), but for `Available`, which is no reason to be not ready.
    pub(crate) fn choose_not_ready(
        &mut self,
        name: &str,
        now: Timestamp,
    ) -> Result<(), StateRefusal> {
        match name.trim() == CHOICES[AVAILABLE].0 {
            true => Err(StateRefusal::NotFound),
            false => self.choose(name, now),
        }
    }

    /// Takes a state by its name, and says so even if it was taken before. The caller clears a contact
    /// that is over.
    pub(crate) fn choose(&mut self, name: &str, now: Timestamp) -> Result<(), StateRefusal> {
        let chosen = CHOICES
            .iter()
            .position(|(known, _)| *known == name.trim())
            .ok_or(StateRefusal::NotFound)?;
        match self.state {
            State::LoggedOut => Err(StateRefusal::NotNow("Agent is not logged in")),
            State::PendingBusy | State::Busy => {
                Err(StateRefusal::NotNow("Agent is handling a contact"))
            }
            State::Chosen(_)
            | State::AfterCallWork
            | State::MissedCallAgent
            | State::FailedConnectAgent => {
                self.enter(State::Chosen(chosen), now);
                self.said = None;
                Ok(())
            }
        }
    }

    /// Says so even if nothing changed.
    pub(crate) fn mute(&mut self, muted: bool) -> Result<(), Refusal> {
        if self.state != State::Busy {
            return Err("No active call");
        }
        self.muted = muted;
        self.said = self.said.map(|(state, _)| (state, !muted));
        Ok(())
    }

    /// Goes to `Offline`, from where the agent gets ready.
    pub(crate) fn log_in(&mut self, now: Timestamp) -> Result<Envelope, Refusal> {
        if self.is_logged_in() {
            return Err("Agent is logged in already");
        }
        self.enter(State::Chosen(OFFLINE), now);
        let welcome = AgentSync {
            state: None,
            buttons: None,
            ..self.snapshot()
        };
        Ok(welcome.envelope("LoginSuccess"))
    }

    /// Only without a contact.
    pub(crate) fn log_out(&mut self, now: Timestamp) -> Result<Envelope, Refusal> {
        match self.state {
            State::LoggedOut => return Err("Agent is not logged in"),
            State::Chosen(_) => {}
            State::PendingBusy
            | State::Busy
            | State::AfterCallWork
            | State::MissedCallAgent
            | State::FailedConnectAgent => return Err("Agent is handling a contact"),
        }
        let farewell = AgentSync {
            logged_in: Some(false),
            ..self.snapshot()
        };
        self.enter(State::LoggedOut, now);
        Ok(farewell.envelope("LogoutSuccess"))
    }

    fn enter(&mut self, state: State, now: Timestamp) {
        if self.state != state {
            self.state = state;
            self.since = now;
        }
    }
}

/// What the bus hears of it.
impl Agent {
    /// `SetAgentState` if state or microphone changed, and `CcpAgentState` if the state did.
    pub(crate) fn news(&mut self) -> Vec<Envelope> {
        let said = self.said.replace((self.state, self.muted));
        let (Some(state), true) = (self.current(), said != self.said) else {
            return Vec::new();
        };
        let ccp = ccp_agent_state_envelope(&state);
        let ready = self.is_ready();
        let event = SetAgentState {
            ready: Some(ready),
            reason: (!ready).then(|| state.name.clone()),
            next: None,
            info: directory::agent_info(self.muted),
            buttons: Some(self.buttons()),
            state,
        };
        match said {
            Some((before, _)) if before == self.state => vec![event.envelope()],
            _ => vec![event.envelope(), ccp],
        }
    }

    pub(crate) fn snapshot(&self) -> AgentSync {
        let state = self.current();
        AgentSync {
            logged_in: Some(state.is_some()),
            info: state.is_some().then(|| directory::agent_info(self.muted)),
            buttons: state.is_some().then(|| self.buttons()),
            state,
            next: None,
        }
    }

    /// `None` when logged out.
    fn current(&self) -> Option<AgentState> {
        let (name, kind) = match self.state {
            State::LoggedOut => return None,
            State::Chosen(index) => CHOICES[index],
            State::PendingBusy => ("PendingBusy", StateType::System),
            State::Busy => ("Busy", StateType::System),
            State::AfterCallWork => ("AfterCallWork", StateType::System),
            State::MissedCallAgent => ("MissedCallAgent", StateType::Error),
            State::FailedConnectAgent => ("FailedConnectAgent", StateType::Error),
        };
        Some(AgentState {
            name: name.to_owned(),
            kind: Some(kind),
            arn: Some(directory::arn("agent-state", name)),
            since: Some(self.since),
        })
    }

    /// With a contact that is not over only those of the microphone. As published, `mute` is enabled
    /// without a call too, although the request then has nothing to mute and is refused.
    fn buttons(&self) -> AgentButtons {
        let microphone = AgentButtons {
            mute: Some(!self.muted),
            unmute: Some(self.muted),
            ..AgentButtons::default()
        };
        match self.state {
            State::PendingBusy | State::Busy => microphone,
            State::LoggedOut
            | State::Chosen(_)
            | State::AfterCallWork
            | State::MissedCallAgent
            | State::FailedConnectAgent => AgentButtons {
                ready: Some(!self.is_ready()),
                not_ready: Some(true),
                make_call: Some(matches!(self.state, State::Chosen(_))),
                ..microphone
            },
        }
    }
}
