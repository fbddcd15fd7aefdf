//! The agent: login, state and microphone.

use offhook_protocol::{
    AgentButtons, AgentState, AgentSync, Envelope, SetAgentState, StateType, Timestamp,
    ccp_agent_state_envelope,
};

use crate::{
    contact::Refusal,
    directory::{self, CHOICES},
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
    Forced(ForcedState),
}

/// A state that nobody chooses: the contact brings it with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ForcedState {
    PendingBusy,
    CallingCustomer,
    Busy,
    AfterCallWork,
    /// The agent did not take the call, be it missed, rejected or given up by the customer: Amazon
    /// Connect has one state for all three.
    MissedCallAgent,
    /// Whom the agent called is busy.
    LineEngagedCustomer,
    /// Whom the agent called does not answer.
    FailedConnectCustomer,
}

impl ForcedState {
    fn named(self) -> (&'static str, StateType) {
        match self {
            Self::PendingBusy => ("PendingBusy", StateType::System),
            Self::CallingCustomer => ("CallingCustomer", StateType::System),
            Self::Busy => ("Busy", StateType::System),
            Self::AfterCallWork => ("AfterCallWork", StateType::System),
            Self::MissedCallAgent => ("MissedCallAgent", StateType::Error),
            Self::LineEngagedCustomer => ("LineEngagedCustomer", StateType::Error),
            Self::FailedConnectCustomer => ("FailedConnectCustomer", StateType::Error),
        }
    }

    /// The contact goes on: a state that is chosen now has to wait.
    fn is_live(self) -> bool {
        match self {
            Self::PendingBusy | Self::CallingCustomer | Self::Busy => true,
            Self::AfterCallWork
            | Self::MissedCallAgent
            | Self::LineEngagedCustomer
            | Self::FailedConnectCustomer => false,
        }
    }
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
    /// Which of [`CHOICES`] follows when the contact is gone, if not `Available`.
    next: Option<usize>,
    /// The state that the bus last heard of.
    said: Option<State>,
    /// Something is to be said, if only that nothing changed.
    is_news: bool,
}

impl Agent {
    /// Logged in and available.
    pub(crate) fn new(now: Timestamp) -> Self {
        Self {
            state: State::Chosen(AVAILABLE),
            since: now,
            muted: false,
            next: None,
            said: None,
            is_news: true,
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.state == State::Chosen(AVAILABLE)
    }

    pub(crate) fn is_logged_in(&self) -> bool {
        self.state != State::LoggedOut
    }

    /// Takes the state that a contact brings with it; when the contact is gone, the state that was chosen
    /// meanwhile, or else `Available`.
    pub(crate) fn follow(&mut self, forced: Option<ForcedState>, now: Timestamp) {
        let state = match (forced, self.state) {
            (Some(forced), _) => State::Forced(forced),
            (None, State::Forced(_)) => State::Chosen(self.next.unwrap_or(AVAILABLE)),
            (None, State::LoggedOut | State::Chosen(_)) => self.state,
        };
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

    /// Takes a state by its name, or plans it for the time after the contact if that goes on, and says
    /// so even if nothing changed. The caller clears a contact that is over.
    pub(crate) fn choose(&mut self, name: &str, now: Timestamp) -> Result<(), StateRefusal> {
        let chosen = CHOICES
            .iter()
            .position(|(known, _)| *known == name.trim())
            .ok_or(StateRefusal::NotFound)?;
        match self.state {
            State::LoggedOut => return Err(StateRefusal::NotNow("Agent is not logged in")),
            State::Forced(forced) if forced.is_live() => {
                self.next = (chosen != AVAILABLE).then_some(chosen);
            }
            State::Chosen(_) | State::Forced(_) => {
                self.enter(State::Chosen(chosen), now);
                self.said = None;
            }
        }
        self.is_news = true;
        Ok(())
    }

    /// Says so even if nothing changed.
    pub(crate) fn mute(&mut self, muted: bool) -> Result<(), Refusal> {
        if self.state != State::Forced(ForcedState::Busy) {
            return Err("No active call");
        }
        self.muted = muted;
        self.is_news = true;
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
            State::Forced(_) => return Err("Agent is handling a contact"),
        }
        let farewell = AgentSync {
            logged_in: Some(false),
            ..self.snapshot()
        };
        self.enter(State::LoggedOut, now);
        Ok(farewell.envelope("LogoutSuccess"))
    }

    /// Every state begins with an open microphone, and only a contact's can have a next one.
    fn enter(&mut self, state: State, now: Timestamp) {
        if self.state == state {
            return;
        }
        if !matches!(state, State::Forced(_)) {
            self.next = None;
        }
        self.state = state;
        self.since = now;
        self.muted = false;
        self.is_news = true;
    }
}

/// What the bus hears of it.
impl Agent {
    /// `SetAgentState` if there is news, and `CcpAgentState` if it is of the state.
    pub(crate) fn news(&mut self) -> Vec<Envelope> {
        if !std::mem::take(&mut self.is_news) {
            return Vec::new();
        }
        let said = self.said.replace(self.state);
        let Some(state) = self.current() else {
            return Vec::new();
        };
        let ccp = ccp_agent_state_envelope(&state);
        let ready = self.is_ready();
        let event = SetAgentState {
            ready: Some(ready),
            reason: (!ready).then(|| state.name.clone()),
            next: self.next_name(),
            info: directory::agent_info(self.muted),
            buttons: Some(self.buttons()),
            state,
        };
        match said == self.said {
            true => vec![event.envelope()],
            false => vec![event.envelope(), ccp],
        }
    }

    pub(crate) fn snapshot(&self) -> AgentSync {
        let state = self.current();
        AgentSync {
            logged_in: Some(state.is_some()),
            info: state.is_some().then(|| directory::agent_info(self.muted)),
            buttons: state.is_some().then(|| self.buttons()),
            next: self.next_name(),
            state,
        }
    }

    fn next_name(&self) -> Option<String> {
        self.next.map(|index| CHOICES[index].0.to_owned())
    }

    /// `None` when logged out. Only states that can be chosen have an ARN, as in Amazon Connect.
    fn current(&self) -> Option<AgentState> {
        let ((name, kind), arn) = match self.state {
            State::LoggedOut => return None,
            State::Chosen(index) => {
                let arn = directory::arn("agent-state", CHOICES[index].0);
                (CHOICES[index], Some(arn))
            }
            State::Forced(forced) => (forced.named(), None),
        };
        Some(AgentState {
            name: name.to_owned(),
            kind: Some(kind),
            arn,
            since: Some(self.since),
        })
    }

    /// A state can always be chosen: with a contact that goes on it is the next one. As published, `mute`
    /// is enabled without a call too, although the request then has nothing to mute and is refused.
    fn buttons(&self) -> AgentButtons {
        AgentButtons {
            ready: Some(!self.is_ready()),
            not_ready: Some(true),
            make_call: Some(matches!(self.state, State::Chosen(_))),
            mute: Some(!self.muted),
            unmute: Some(self.muted),
        }
    }
}
