//! The tray as data: an icon and a menu, projected from the [`View`].

use offhook_protocol::{Button, Personal};

use crate::{
    view::{AgentKind, ContactView, Intent, LinkState, Phase, View},
    words,
};

/// The buttons that the menu offers; the rest needs the window.
const OFFERED: &[(Button, &str)] = &[
    (Button::Answer, "Answer"),
    (Button::Reject, "Reject"),
    (Button::Disconnect, "Hang up"),
    (Button::Hold, "Hold"),
    (Button::Resume, "Resume"),
    (Button::ClearContact, "Clear and be available"),
];

/// Which picture the tray icon is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Ready for a call.
    Ready,
    /// Not ready, logged out or unknown.
    NotReady,
    /// A call rings.
    Ringing,
    /// On a call.
    OnCall,
    /// On a call, everybody on hold.
    OnHold,
    /// Wrap-up, missed, rejected: something waits to be cleared.
    WrapUp,
    /// The connection is lost.
    Lost,
}

/// The whole tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tray {
    /// The picture.
    pub icon: Icon,
    /// One line that says the same as the picture, for tool tips and screen readers.
    pub tooltip: String,
    /// The menu, top down.
    pub menu: Vec<Entry>,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Says something; not clickable.
    Label(Personal),
    /// Can be clicked.
    Item {
        /// What it says.
        text: String,
        /// What a click asks for.
        intent: Intent,
        /// Clickable, or greyed out.
        enabled: bool,
    },
    /// A submenu.
    Menu {
        /// What it says.
        text: String,
        /// Its lines.
        entries: Vec<Self>,
    },
    /// A line between groups.
    Separator,
}

impl Tray {
    /// The tray of a phone that looks like this.
    pub fn of(view: &View) -> Self {
        let state = state_line(view);
        let mut menu = vec![Entry::Label(state.clone().into())];
        for contact in &view.contacts {
            menu.push(Entry::Separator);
            menu.extend(contact_entries(
                contact,
                view.link.state == LinkState::Online,
            ));
        }
        menu.push(Entry::Separator);
        menu.extend(agent_entries(view));
        menu.push(Entry::Separator);
        menu.extend(update_entry(view));
        menu.push(item("Show window", Intent::Show, true));
        menu.push(item("Quit", Intent::Quit, true));
        Self {
            icon: icon(view),
            tooltip: format!("Offhook: {state}"),
            menu,
        }
    }
}

/// The most urgent thing there is to say.
fn state_line(view: &View) -> String {
    let state = match view.link.state {
        LinkState::None => "No contact centre".to_owned(),
        LinkState::Connecting => "Connecting".to_owned(),
        LinkState::Lost => "Connection lost".to_owned(),
        LinkState::Online => match view.contacts.first() {
            Some(contact) => words::phase(contact.phase).to_owned(),
            None => view.agent.title.clone(),
        },
    };
    match view.link.connector.as_str() {
        "practice" => format!("{state} (practice)"),
        _ => state,
    }
}

fn contact_entries(contact: &ContactView, live: bool) -> Vec<Entry> {
    let phase = words::phase(contact.phase);
    let free = live && contact.pending.is_none();
    let mut entries = vec![Entry::Label(
        format!("{phase}: {}", words::caller_line(contact).reveal()).into(),
    )];
    for shown in &contact.buttons {
        let offered = OFFERED.iter().find(|(button, _)| *button == shown.button);
        entries.extend(offered.map(|(button, text)| {
            let all = *button == Button::Disconnect && contact.phase == Phase::Conference;
            let text = if all { "Hang up all" } else { text };
            let intent = Intent::Press {
                contact: contact.id.clone(),
                button: button.clone(),
                leg: None,
            };
            item(text, intent, free && shown.enabled)
        }));
    }
    entries
}

fn agent_entries(view: &View) -> Vec<Entry> {
    let can = view.agent.can;
    let free = view.agent.pending.is_none();
    let reason = |name: &str| {
        item(
            name,
            Intent::NotReady {
                reason: Some(name.to_owned()),
            },
            can.not_ready && free,
        )
    };
    let reasons: Vec<Entry> = view
        .agent
        .choices
        .iter()
        .filter(|choice| choice.kind != AgentKind::Ready)
        .map(|choice| reason(&choice.name))
        .collect();
    let mut entries = vec![item("Ready", Intent::Ready, can.ready && free)];
    if !reasons.is_empty() {
        entries.push(Entry::Menu {
            text: "Not ready".to_owned(),
            entries: reasons,
        });
    }
    if can.mute {
        entries.push(item("Mute", Intent::Mute, free));
    }
    if can.unmute {
        entries.push(item("Unmute", Intent::Unmute, free));
    }
    entries
}

/// A new version, while it may be installed.
fn update_entry(view: &View) -> Option<Entry> {
    let version = view.update.version.as_ref()?;
    let install = view.update.install.as_ref()?;
    let text = format!("{install}: Offhook {version}");
    Some(item(&text, Intent::InstallUpdate, true))
}

fn item(text: &str, intent: Intent, enabled: bool) -> Entry {
    Entry::Item {
        text: text.to_owned(),
        intent,
        enabled,
    }
}

fn icon(view: &View) -> Icon {
    match view.link.state {
        LinkState::Lost => return Icon::Lost,
        LinkState::None | LinkState::Connecting => return Icon::NotReady,
        LinkState::Online => {}
    }
    let rings = view
        .contacts
        .iter()
        .any(|contact| contact.phase == Phase::Ringing);
    match view.contacts.first().map(|contact| contact.phase) {
        _ if rings => Icon::Ringing,
        Some(Phase::OnHold) => Icon::OnHold,
        Some(
            Phase::Ringing
            | Phase::Dialing
            | Phase::Talking
            | Phase::Consulting
            | Phase::Conference,
        ) => Icon::OnCall,
        Some(Phase::WrapUp | Phase::Missed | Phase::Rejected | Phase::Ended) => Icon::WrapUp,
        None => match view.agent.kind {
            AgentKind::Ready => Icon::Ready,
            AgentKind::PendingBusy | AgentKind::Busy => Icon::OnCall,
            AgentKind::AfterCallWork | AgentKind::Missed | AgentKind::Failed => Icon::WrapUp,
            AgentKind::Unknown
            | AgentKind::LoggedOut
            | AgentKind::NotReady
            | AgentKind::Offline => Icon::NotReady,
        },
    }
}
