//! The phone, projected to what can be seen of it.

use std::time::Duration;

use offhook_protocol::{
    Button, ButtonState, Buttons, Check, ContactId, ContactKind as Kind, Personal, Problem,
    Progress, Variable,
};

use crate::{
    agent::kind_of,
    broker::Broker,
    contact::Contact,
    leg::{Leg, LegState},
    notice::{Notification, NotificationKey},
    pending::Pending,
    phone::Phone,
    requirements::quick_connect_id,
    view::{
        AgentCan, AgentKind, AgentView, ButtonView, CheckProgress, CheckView, Command, ContactKind,
        ContactView, Direction, LegStateView, LegView, LinkState, LinkView, Phase,
        QuickConnectView, StateChoice, VariableView, View,
    },
    words,
};

/// Call variables that carry the other party's name, without case, spaces and punctuation.
const NAME_VARIABLES: &[&str] = &[
    "customername",
    "callername",
    "contactname",
    "fullname",
    "customer",
    "name",
];

/// The phone as it is now.
pub(crate) fn view(phone: &Phone) -> View {
    let mut contacts: Vec<&Contact> = phone.contacts().iter().collect();
    contacts.sort_by_key(|contact| urgency(contact.phase));
    View {
        link: LinkView {
            state: phone.link.state,
            since: phone.link.since,
            retry_at: phone
                .link
                .retry_at
                .filter(|_| phone.link.state == LinkState::Lost),
            connector: phone.link.connector.clone(),
            session_ends_at: phone.link.session_ends,
            check: phone.link.check.iter().map(check).collect(),
        },
        broker: phone.broker.as_ref().map(Broker::view),
        agent: agent(phone),
        contacts: contacts
            .into_iter()
            .map(|contact| contact_view(phone, contact))
            .collect(),
        notices: phone.board.to_vec(),
        quick_connects: phone
            .quick_connects()
            .iter()
            .map(|endpoint| QuickConnectView {
                id: quick_connect_id(endpoint).to_owned(),
                name: endpoint.name.clone(),
                kind: endpoint.kind.clone(),
                number: endpoint.phone_number.clone(),
            })
            .collect(),
        recent: phone.recent.to_vec(),
        update: phone.update.view(phone.is_free()),
        quit_asked: phone.quit_asked,
        prefill: phone.prefill.clone(),
    }
}

fn check(check: &Check) -> CheckView {
    CheckView {
        step: check.step.as_str().to_owned(),
        title: words::step(&check.step).to_owned(),
        progress: match check.progress {
            Progress::Waiting => CheckProgress::Waiting,
            Progress::Passed => CheckProgress::Passed,
            Progress::Failed => CheckProgress::Failed,
        },
        problem: check
            .problem
            .as_ref()
            .map(Problem::as_str)
            .map(str::to_owned),
        text: check
            .problem
            .as_ref()
            .map(words::problem)
            .map(str::to_owned),
    }
}

/// The call the agent is on, then what rings, then what waits to be cleared.
const fn urgency(phase: Phase) -> u8 {
    match phase {
        Phase::Dialing | Phase::Talking | Phase::OnHold | Phase::Consulting | Phase::Conference => {
            0
        }
        Phase::Ringing => 1,
        Phase::WrapUp | Phase::Missed | Phase::Rejected | Phase::Ended => 2,
    }
}

fn agent(phone: &Phone) -> AgentView {
    let of_agent = |command| match command {
        Command::Ready | Command::NotReady | Command::Mute | Command::Unmute | Command::Dial => {
            true
        }
        Command::Answer
        | Command::Reject
        | Command::Disconnect
        | Command::Hold
        | Command::Resume
        | Command::ClearContact
        | Command::Consult
        | Command::Swap
        | Command::Transfer
        | Command::Conference => false,
    };
    AgentView {
        kind: phone.agent.kind(),
        state: phone.agent.state_name().to_owned(),
        title: words::agent_state(phone.agent.kind(), phone.agent.state_name()),
        since: phone.agent.since(),
        next: phone.agent.next.clone(),
        name: phone.agent.info.name.clone(),
        extension: phone.agent.info.extension.clone(),
        muted: phone.agent.info.muted,
        can: agent_can(phone),
        choices: state_choices(phone),
        pending: phone
            .pending
            .iter()
            .map(|pending| pending.command)
            .find(|command| of_agent(*command)),
    }
}

/// What the agent's buttons allow; where the contact centre sends none, what the state suggests.
pub(crate) fn agent_can(phone: &Phone) -> AgentCan {
    if phone.link.state != LinkState::Online || !phone.agent.is_logged_in() {
        return AgentCan::default();
    }
    let idle = phone.contacts().is_empty();
    let talking = phone.contacts().iter().any(Contact::is_answered);
    let muted = phone.agent.info.muted == Some(true);
    let kind = phone.agent.kind();
    let selected = matches!(
        kind,
        AgentKind::Ready | AgentKind::NotReady | AgentKind::Offline
    );
    let stranded = matches!(
        kind,
        AgentKind::Missed | AgentKind::Failed | AgentKind::AfterCallWork
    );
    match phone.agent.buttons {
        Some(buttons) => AgentCan {
            ready: buttons.ready.unwrap_or(false),
            not_ready: buttons.not_ready.unwrap_or(false),
            mute: talking && buttons.mute.unwrap_or(false),
            unmute: talking && buttons.unmute.unwrap_or(false),
            dial: idle && buttons.make_call.unwrap_or(false),
        },
        None => AgentCan {
            ready: stranded || (selected && kind != AgentKind::Ready),
            not_ready: stranded || selected,
            mute: talking && !muted,
            unmute: talking && muted,
            dial: idle && (selected || stranded),
        },
    }
}

/// The states that an agent can choose, in the centre's order.
pub(crate) fn state_choices(phone: &Phone) -> Vec<StateChoice> {
    let choice = |kind, name: &str| match kind {
        AgentKind::Ready | AgentKind::NotReady | AgentKind::Offline => Some(StateChoice {
            name: name.to_owned(),
            kind,
        }),
        AgentKind::Unknown
        | AgentKind::LoggedOut
        | AgentKind::PendingBusy
        | AgentKind::Busy
        | AgentKind::AfterCallWork
        | AgentKind::Missed
        | AgentKind::Failed => None,
    };
    let states = phone.agent.choices.iter();
    states
        .filter_map(|state| {
            choice(
                kind_of(&state.label, state.state_type(), None),
                &state.label,
            )
        })
        .collect()
}

fn contact_view(phone: &Phone, contact: &Contact) -> ContactView {
    let pending: Vec<&Pending> = phone
        .pending
        .iter()
        .filter(|pending| pending.contact.as_ref() == Some(&contact.id))
        .collect();
    ContactView {
        id: contact.id.clone(),
        kind: match contact.kind {
            Kind::Voice => ContactKind::Voice,
            Kind::QueuedCallback => ContactKind::QueuedCallback,
            Kind::Monitoring => ContactKind::Monitoring,
        },
        phase: contact.phase,
        since: contact.since,
        direction: contact.direction(),
        talked: contact.talked().map(millis),
        name: name_of(contact),
        number: number_of(contact),
        called: called(contact),
        queue: contact.queue.clone(),
        variables: variables(contact),
        legs: contact
            .parties()
            .map(|leg| leg_view(phone, contact, leg, &pending))
            .collect(),
        buttons: buttons(&contact.buttons(), |command| {
            pending.iter().any(|pending| pending.command == command)
        }),
        pending: pending.first().map(|pending| pending.command),
    }
}

fn leg_view(phone: &Phone, contact: &Contact, leg: &Leg, pending: &[&Pending]) -> LegView {
    let customer = contact
        .customer()
        .is_some_and(|customer| customer.id == leg.id);
    let quick_connect = phone
        .quick_connects()
        .iter()
        .find(|endpoint| endpoint.phone_number.is_some() && endpoint.phone_number == leg.number);
    let on_leg = |command| {
        pending
            .iter()
            .any(|pending| pending.command == command && pending.leg.as_ref() == Some(&leg.id))
    };
    LegView {
        id: leg.id.clone(),
        customer,
        name: match customer {
            true => name_of(contact),
            false => leg
                .name
                .clone()
                .or_else(|| Some(quick_connect?.name.clone())),
        },
        number: leg.number.clone(),
        state: match leg.state {
            LegState::Connecting => LegStateView::Connecting,
            LegState::Connected => LegStateView::Connected,
            LegState::OnHold => LegStateView::OnHold,
            LegState::Over(_) | LegState::Gone => LegStateView::Ended,
        },
        since: leg.since,
        buttons: buttons(&leg.buttons, on_leg),
    }
}

fn buttons(buttons: &Buttons, pending: impl Fn(Command) -> bool) -> Vec<ButtonView> {
    let shown = buttons
        .iter()
        .filter(|(_, state)| *state != ButtonState::Hide);
    let view = |(button, state): (&Button, ButtonState)| ButtonView {
        button: button.clone(),
        enabled: state == ButtonState::Enable,
        pending: command_of(button).is_some_and(&pending),
    };
    shown.map(view).collect()
}

/// The request that a button leads to. The number pad has none that could be pending.
fn command_of(button: &Button) -> Option<Command> {
    Some(match button {
        Button::Answer => Command::Answer,
        Button::Reject => Command::Reject,
        Button::Disconnect => Command::Disconnect,
        Button::Hold => Command::Hold,
        Button::Resume => Command::Resume,
        Button::ClearContact => Command::ClearContact,
        Button::Consult => Command::Consult,
        Button::Swap => Command::Swap,
        Button::Transfer => Command::Transfer,
        Button::Conference => Command::Conference,
        Button::Numberpad | Button::Other(_) => return None,
    })
}

/// The other party's name, if a call variable carries one or a quick connect led there.
pub(crate) fn name_of(contact: &Contact) -> Option<Personal> {
    let told = name_variable(contact).map(|variable| &variable.value);
    let reached = || contact.customer().and_then(|leg| leg.name.as_ref());
    told.or_else(reached).cloned()
}

fn name_variable(contact: &Contact) -> Option<&Variable> {
    let plain = |name: &str| -> String {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let told = contact
        .variables
        .iter()
        .filter(|variable| !variable.value.reveal().trim().is_empty());
    NAME_VARIABLES.iter().find_map(|wanted| {
        told.clone()
            .find(|variable| plain(&variable.name) == *wanted)
    })
}

/// The other party's number.
pub(crate) fn number_of(contact: &Contact) -> Option<Personal> {
    let customer = contact.customer().and_then(|leg| leg.number.as_ref());
    match contact.direction() {
        Direction::Inbound => contact.variable("ANI").or(customer).cloned(),
        Direction::Outbound => customer.cloned(),
    }
}

fn called(contact: &Contact) -> Option<Personal> {
    match contact.direction() {
        Direction::Inbound => contact.variable("DNIS").cloned(),
        Direction::Outbound => None,
    }
}

/// The call variables that are not shown in a place of their own.
fn variables(contact: &Contact) -> Vec<VariableView> {
    let name = name_variable(contact).map(|variable| variable.name.as_str());
    let shown_elsewhere = |variable: &Variable| {
        let is = |known: &str| variable.name.eq_ignore_ascii_case(known);
        is("ANI") || is("DNIS") || name == Some(&variable.name)
    };
    let others = contact
        .variables
        .iter()
        .filter(|variable| !shown_elsewhere(variable));
    others
        .map(|variable| VariableView {
            name: variable.name.clone(),
            value: variable.value.clone(),
        })
        .collect()
}

/// The notification of a ringing contact: caller, called number and queue.
pub(crate) fn ringing_notification(phone: &Phone, id: &ContactId) -> Option<Notification> {
    let contact = phone.contact(id)?;
    Some(Notification {
        key: NotificationKey::Ringing(id.clone()),
        title: words::offer(contact.kind).to_owned(),
        body: caller_line(phone, contact),
        // A desk phone is picked up by hand.
        actions: contact.agent_leg().is_none() || contact.buttons().enables(&Button::Answer),
    })
}

/// Caller, called number and queue in a few words.
pub(crate) fn caller_line(phone: &Phone, contact: &Contact) -> Personal {
    words::caller_line(&contact_view(phone, contact))
}

pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
