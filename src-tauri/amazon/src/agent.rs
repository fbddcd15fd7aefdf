//! The agent: the state, what follows it, and what the bus was told.

use offhook_protocol::{
    AgentButtons, AgentInfo, AgentState, AgentStateChoice, AgentSync, Envelope, SetAgentState,
    StateType, ccp_agent_state_envelope,
};

use crate::snapshot::{self, Choice, Configuration, Snapshot};

/// The agent as the last snapshot has it.
#[derive(Debug, Default)]
pub(crate) struct Agent {
    present: Option<Present>,
    said: Option<SetAgentState>,
}

#[derive(Debug)]
struct Present {
    state: AgentState,
    next: Option<snapshot::AgentState>,
    configuration: Configuration,
}

/// What else the agent's events tell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances {
    pub(crate) muted: bool,
    /// There is a contact that is not over.
    pub(crate) on_contact: bool,
    /// There is a contact, over or not.
    pub(crate) has_contact: bool,
}

impl Agent {
    pub(crate) fn follow(&mut self, snapshot: &Snapshot, configuration: Configuration) {
        self.present = Some(Present {
            state: told(&snapshot.state),
            next: snapshot.next_state.clone(),
            configuration,
        });
    }

    /// Nobody is logged in any more.
    pub(crate) fn leave(&mut self) {
        self.present = None;
        self.said = None;
    }

    /// `SetAgentState` if anything changed, and `CcpAgentState` if the state did.
    pub(crate) fn news(&mut self, circumstances: Circumstances) -> Vec<Envelope> {
        let Some(present) = &self.present else {
            return Vec::new();
        };
        let event = present.event(circumstances);
        if self.said.as_ref() == Some(&event) {
            return Vec::new();
        }
        let before = self.said.replace(event.clone());
        let mut news = vec![event.envelope()];
        if before.is_none_or(|before| before.state != event.state) {
            news.push(ccp_agent_state_envelope(&event.state));
        }
        news
    }

    /// What was said last, once more: the answer to a request that changed nothing.
    pub(crate) fn repeat(&self) -> Option<Envelope> {
        self.said.as_ref().map(SetAgentState::envelope)
    }

    pub(crate) fn snapshot(&self, circumstances: Circumstances) -> AgentSync {
        let Some(present) = &self.present else {
            return AgentSync {
                logged_in: Some(false),
                ..AgentSync::default()
            };
        };
        let event = present.event(circumstances);
        AgentSync {
            logged_in: Some(true),
            info: Some(event.info),
            state: Some(event.state),
            next: event.next,
            buttons: event.buttons,
        }
    }

    /// The states to choose from. `None` if they are not known yet.
    pub(crate) fn choices(&self) -> Option<Vec<AgentStateChoice>> {
        let choice = |choice: &Choice| AgentStateChoice {
            label: choice.state.name.trim().to_owned(),
            code: choice.state.arn.clone().unwrap_or_default(),
            kind: choice.state.kind().map_or("", StateType::as_str).to_owned(),
        };
        let states = &self.present.as_ref()?.configuration.agent_states;
        Some(states.iter().map(choice).collect())
    }

    /// The first state that takes calls.
    pub(crate) fn ready(&self) -> Option<&Choice> {
        self.find(|choice| choice.state.kind() == Some(StateType::Routable))
    }

    /// A state that takes no calls, by its name or ARN.
    pub(crate) fn not_ready(&self, name: &str) -> Option<&Choice> {
        self.named(name)
            .filter(|choice| choice.state.kind() != Some(StateType::Routable))
    }

    /// A state by its name or ARN.
    pub(crate) fn named(&self, name: &str) -> Option<&Choice> {
        let name = name.trim();
        self.find(|choice| {
            choice.state.name.trim() == name || choice.state.arn.as_deref() == Some(name)
        })
    }

    fn find(&self, wanted: impl Fn(&&Choice) -> bool) -> Option<&Choice> {
        let states = &self.present.as_ref()?.configuration.agent_states;
        states.iter().find(wanted)
    }
}

impl Present {
    fn event(&self, circumstances: Circumstances) -> SetAgentState {
        let ready = self.state.kind == Some(StateType::Routable);
        SetAgentState {
            ready: Some(ready),
            reason: (!ready).then(|| self.state.name.clone()),
            next: self.next(),
            info: AgentInfo {
                name: self.configuration.name.clone(),
                extension: self.configuration.extension.clone(),
                login_name: self.configuration.username.clone(),
                muted: Some(circumstances.muted),
                softphone_enabled: self.configuration.softphone_enabled,
            },
            buttons: Some(AgentButtons {
                ready: Some(circumstances.on_contact || !ready),
                not_ready: Some(true),
                make_call: Some(!circumstances.has_contact),
                mute: Some(!circumstances.muted),
                unmute: Some(circumstances.muted),
            }),
            state: self.state.clone(),
        }
    }

    /// To be available afterwards is what happens anyway.
    fn next(&self) -> Option<String> {
        let next = self.next.as_ref()?;
        (next.kind() != Some(StateType::Routable)).then(|| next.name.trim().to_owned())
    }
}

fn told(state: &snapshot::AgentState) -> AgentState {
    AgentState {
        name: state.name.trim().to_owned(),
        kind: state.kind(),
        arn: state.arn.clone(),
        since: state.start_timestamp,
    }
}
