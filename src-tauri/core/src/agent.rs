//! The agent's own state.

use offhook_protocol::{
    AgentButtons, AgentInfo, AgentState, AgentStateChoice, AgentSync, SetAgentState, StateType,
};

use crate::{leg::Ending, time::Time, view::AgentKind};

/// What is known of the agent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Agent {
    pub(crate) logged_in: Option<bool>,
    state: Option<AgentState>,
    /// Since when the agent is in it, by our clock.
    since: Option<Time>,
    /// `Ready` or `Not_Ready`, where the state's own type is unknown.
    ready: Option<bool>,
    /// The name of the state that follows when the contact is over.
    pub(crate) next: Option<String>,
    pub(crate) info: AgentInfo,
    pub(crate) buttons: Option<AgentButtons>,
    pub(crate) choices: Vec<AgentStateChoice>,
}

impl Agent {
    /// `SetAgentState`. Nothing happens if it is older than what is known.
    pub(crate) fn set(&mut self, event: SetAgentState, now: Time) {
        if !self.enter(event.state, now) {
            return;
        }
        self.logged_in = Some(true);
        self.ready = event.ready;
        self.next = event.next;
        self.learn(event.info);
        self.buttons = event.buttons.or(self.buttons);
    }

    /// `CcpAgentState`: the name and type alone.
    pub(crate) fn set_name(&mut self, state: AgentState, now: Time) {
        self.enter(state, now);
    }

    /// A snapshot replaces what is known.
    pub(crate) fn sync(&mut self, sync: AgentSync, now: Time) {
        self.logged_in = sync.logged_in.or(self.logged_in);
        if let Some(info) = sync.info {
            self.learn(info);
        }
        if let Some(state) = sync.state
            && self.enter(state, now)
        {
            self.next = sync.next;
        }
        self.buttons = sync.buttons.or(self.buttons);
        if self.logged_in == Some(false) {
            *self = Self {
                logged_in: Some(false),
                ..Self::default()
            };
        }
    }

    /// Takes a state unless a newer one is known.
    fn enter(&mut self, state: AgentState, now: Time) -> bool {
        let late = state
            .since
            .zip(self.state.as_ref().and_then(|known| known.since));
        if late.is_some_and(|(said, known)| said < known) {
            return false;
        }
        let same = self
            .state
            .as_ref()
            .is_some_and(|known| known.name == state.name);
        match &mut self.state {
            // `CcpAgentState` repeats the name and knows no time.
            Some(known) if same => known.since = state.since.or(known.since),
            known => {
                // A state without a time is as new as what it takes the place of.
                let since = state.since.or(known.as_ref().and_then(|known| known.since));
                *known = Some(AgentState { since, ..state });
                self.since = Some(now);
                self.ready = None;
            }
        }
        true
    }

    fn learn(&mut self, info: AgentInfo) {
        self.info = AgentInfo {
            name: info.name.or(self.info.name.take()),
            extension: info.extension.or(self.info.extension.take()),
            login_name: info.login_name.or(self.info.login_name.take()),
            muted: info.muted.or(self.info.muted),
            softphone_enabled: info.softphone_enabled.or(self.info.softphone_enabled),
        };
    }

    /// Whether the agent can ask for anything.
    pub(crate) fn is_logged_in(&self) -> bool {
        self.logged_in.unwrap_or(self.state.is_some())
    }

    /// The state as the contact centre names it.
    pub(crate) fn state_name(&self) -> &str {
        self.state.as_ref().map_or("", |state| &state.name)
    }

    pub(crate) fn since(&self) -> Option<Time> {
        self.since
    }

    /// What the state means to the phone.
    pub(crate) fn kind(&self) -> AgentKind {
        match &self.state {
            _ if self.logged_in == Some(false) => AgentKind::LoggedOut,
            None => AgentKind::Unknown,
            Some(state) => kind_of(&state.name, state.kind, self.ready),
        }
    }

    /// Whether the agent will be in this state when the contact is over; in one that takes calls if it
    /// has no name.
    pub(crate) fn will_be(&self, wanted: Option<&str>) -> bool {
        let handling = matches!(self.kind(), AgentKind::PendingBusy | AgentKind::Busy);
        match (wanted, &self.next) {
            _ if !handling => false,
            (Some(wanted), next) => next.as_deref() == Some(wanted),
            (None, None) => true,
            (None, Some(next)) => self.choices.iter().any(|choice| {
                choice.label == *next
                    && kind_of(next, choice.state_type(), None) == AgentKind::Ready
            }),
        }
    }

    /// How the last call ended, as far as the agent's state tells.
    pub(crate) fn ending(&self) -> Option<Ending> {
        match self.kind() {
            // It failed to reach whom the agent called. A rejected call leads to the state of a missed one.
            AgentKind::AfterCallWork | AgentKind::Failed => Some(Ending::WrapUp),
            AgentKind::Missed => Some(Ending::Missed),
            AgentKind::Unknown
            | AgentKind::LoggedOut
            | AgentKind::Ready
            | AgentKind::NotReady
            | AgentKind::Offline
            | AgentKind::PendingBusy
            | AgentKind::Busy => None,
        }
    }
}

/// Names of the system's own states are written with and without spaces, and say more than the type.
pub(crate) fn kind_of(name: &str, kind: Option<StateType>, ready: Option<bool>) -> AgentKind {
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    match (name.to_ascii_lowercase().as_str(), kind) {
        ("pendingbusy", _) => AgentKind::PendingBusy,
        ("busy", _) => AgentKind::Busy,
        ("aftercallwork", _) => AgentKind::AfterCallWork,
        ("missedcallagent", _) => AgentKind::Missed,
        ("failedconnectagent" | "failedconnectcustomer", _) => AgentKind::Failed,
        (_, Some(StateType::Routable)) => AgentKind::Ready,
        (_, Some(StateType::NotRoutable)) => AgentKind::NotReady,
        (_, Some(StateType::Offline)) => AgentKind::Offline,
        (_, Some(StateType::System)) => AgentKind::Busy,
        (_, Some(StateType::Error)) => AgentKind::Failed,
        (_, Some(StateType::Init)) => AgentKind::Unknown,
        (_, None) => match ready {
            Some(true) => AgentKind::Ready,
            Some(false) => AgentKind::NotReady,
            None => AgentKind::Unknown,
        },
    }
}
