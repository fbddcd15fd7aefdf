//! What a wish requires, and what it becomes on the bus.
//!
//! Buttons decide what is offered, pre-requisites decide what is accepted: both are checked here, so
//! that nothing is sent which cannot work, and the person reads why. The contact centre checks again.

use offhook_protocol::{
    AgentRequest, Button, CallRequest, ConnectionId, ContactId, Destination, Endpoint, Personal,
    Request,
};

use crate::{
    contact::Contact,
    leg::{Leg, LegState},
    notice::NoticeCode,
    pending::Awaits,
    phone::Phone,
    view::{AgentKind, Command, LinkState, Phase, Target},
};

/// A wish that was accepted.
pub(crate) struct Plan {
    pub(crate) request: Request,
    pub(crate) command: Command,
    pub(crate) contact: Option<ContactId>,
    pub(crate) leg: Option<ConnectionId>,
    pub(crate) awaits: Awaits,
}

/// What a pressed button becomes, or why not.
pub(crate) fn press(
    phone: &Phone,
    contact: &ContactId,
    button: &Button,
    leg: Option<&ConnectionId>,
) -> Result<Plan, NoticeCode> {
    in_service(phone)?;
    let contact = phone.contact(contact).ok_or(NoticeCode::ContactGone)?;
    let (command, request, leg, awaits) = match button {
        Button::Answer => {
            in_phase(contact, &[Phase::Ringing], NoticeCode::NotRinging)?;
            (
                Command::Answer,
                CallRequest::Answer,
                None,
                Awaits::NotRinging,
            )
        }
        Button::Reject => {
            in_phase(contact, &[Phase::Ringing], NoticeCode::NotRinging)?;
            (
                Command::Reject,
                CallRequest::Reject,
                None,
                Awaits::NotRinging,
            )
        }
        Button::Hold => {
            let leg =
                party(contact, leg, button, LegState::Connected).ok_or(NoticeCode::NotConnected)?;
            (
                Command::Hold,
                CallRequest::Hold(Some(leg.clone())),
                Some(leg.clone()),
                Awaits::Held(leg),
            )
        }
        Button::Resume => {
            let leg = party(contact, leg, button, LegState::OnHold).ok_or(NoticeCode::NotOnHold)?;
            (
                Command::Resume,
                CallRequest::Resume(Some(leg.clone())),
                Some(leg.clone()),
                Awaits::OffHold(leg),
            )
        }
        Button::Disconnect => {
            let leg = to_hang_up(contact, leg)?;
            let awaits = Awaits::Ended(
                leg.clone()
                    .filter(|id| contact.leg(id).is_some_and(|leg| !leg.is_agent())),
            );
            (
                Command::Disconnect,
                CallRequest::Disconnect(leg.clone()),
                leg,
                awaits,
            )
        }
        Button::ClearContact => {
            let over = [Phase::WrapUp, Phase::Missed, Phase::Rejected, Phase::Ended];
            in_phase(contact, &over, NoticeCode::NothingToClear)?;
            (
                Command::ClearContact,
                CallRequest::ClearContact,
                None,
                Awaits::Cleared,
            )
        }
        Button::Swap => {
            consulting(contact)?;
            (
                Command::Swap,
                CallRequest::Swap,
                None,
                Awaits::HeldOthers(held(contact)),
            )
        }
        Button::Conference => {
            consulting(contact)?;
            (
                Command::Conference,
                CallRequest::Conference,
                None,
                Awaits::Joined,
            )
        }
        Button::Transfer => {
            in_phase(
                contact,
                &[Phase::Consulting, Phase::OnHold, Phase::Conference],
                NoticeCode::NoThirdParty,
            )?;
            third_party(contact)?;
            (
                Command::Transfer,
                CallRequest::Transfer,
                None,
                Awaits::Ended(None),
            )
        }
        // These two need more than a press; an unknown button is never drawn.
        Button::Consult | Button::Numberpad | Button::Other(_) => {
            return Err(NoticeCode::NotOffered);
        }
    };
    offered(contact, button)?;
    Ok(Plan {
        request: Request::Call(request),
        command,
        contact: Some(contact.id.clone()),
        leg,
        awaits,
    })
}

/// Digits are not a plan: the protocol has no event for them, so only an error can follow.
pub(crate) fn digits(
    phone: &Phone,
    contact: &ContactId,
    digits: &Personal,
) -> Result<Request, NoticeCode> {
    in_service(phone)?;
    let contact = phone.contact(contact).ok_or(NoticeCode::ContactGone)?;
    if !are_keys(digits.reveal()) {
        return Err(NoticeCode::BadDigits);
    }
    if !contact.is_answered() {
        return Err(NoticeCode::NotConnected);
    }
    offered(contact, &Button::Numberpad)?;
    Ok(Request::Call(CallRequest::SendDtmf(digits.clone())))
}

pub(crate) fn consult(
    phone: &Phone,
    contact: &ContactId,
    target: &Target,
) -> Result<Plan, NoticeCode> {
    in_service(phone)?;
    let contact = phone.contact(contact).ok_or(NoticeCode::ContactGone)?;
    if !contact.is_answered() {
        return Err(NoticeCode::NotConnected);
    }
    // Two that are not joined are a consultation. Among more, anybody may wait while another is called.
    let joined = contact.phase == Phase::Conference;
    if contact.live_parties().count() == 2 && !joined {
        return Err(NoticeCode::ThirdPartyAlready);
    }
    offered(contact, &Button::Consult)?;
    let known = contact.legs().iter().map(|leg| leg.id.clone()).collect();
    Ok(Plan {
        request: Request::Call(CallRequest::Consult(destination(phone, target)?)),
        command: Command::Consult,
        contact: Some(contact.id.clone()),
        leg: None,
        awaits: Awaits::LegBesides(known),
    })
}

pub(crate) fn dial(phone: &Phone, target: &Target) -> Result<Plan, NoticeCode> {
    logged_in(phone)?;
    if !phone.contacts().is_empty() {
        return Err(NoticeCode::CallRunning);
    }
    if !phone.agent_can().dial {
        return Err(NoticeCode::NotOffered);
    }
    Ok(Plan {
        request: Request::Call(CallRequest::SetMakeCall(destination(phone, target)?)),
        command: Command::Dial,
        contact: None,
        leg: None,
        awaits: Awaits::AnyContact,
    })
}

pub(crate) fn ready(phone: &Phone) -> Result<Plan, NoticeCode> {
    logged_in(phone)?;
    Ok(of_agent(
        AgentRequest::SetReady,
        Command::Ready,
        awaits_state(phone, None),
    ))
}

pub(crate) fn not_ready(phone: &Phone, reason: Option<&str>) -> Result<Plan, NoticeCode> {
    logged_in(phone)?;
    let choices = phone.state_choices();
    let chosen = match reason {
        Some(reason) => choices
            .iter()
            .find(|choice| choice.name == reason && choice.kind != AgentKind::Ready),
        None => choices
            .iter()
            .find(|choice| choice.kind == AgentKind::NotReady),
    };
    let reason = chosen.ok_or(NoticeCode::UnknownReason)?.name.clone();
    let awaits = awaits_state(phone, Some(reason.clone()));
    Ok(of_agent(
        AgentRequest::SetNotReady(reason),
        Command::NotReady,
        awaits,
    ))
}

fn awaits_state(phone: &Phone, wanted: Option<String>) -> Awaits {
    Awaits::AgentState {
        wanted,
        left: phone.agent.state_name().to_owned(),
    }
}

pub(crate) fn mute(phone: &Phone, muted: bool) -> Result<Plan, NoticeCode> {
    in_service(phone)?;
    if !phone.contacts().iter().any(Contact::is_answered) {
        return Err(NoticeCode::MuteNeedsCall);
    }
    Ok(match muted {
        true => of_agent(AgentRequest::Mute, Command::Mute, Awaits::Muted(true)),
        false => of_agent(AgentRequest::Unmute, Command::Unmute, Awaits::Muted(false)),
    })
}

fn of_agent(request: AgentRequest, command: Command, awaits: Awaits) -> Plan {
    Plan {
        request: Request::Agent(request),
        command,
        contact: None,
        leg: None,
        awaits,
    }
}

fn connected(phone: &Phone) -> Result<(), NoticeCode> {
    match phone.link_state() {
        LinkState::Online => Ok(()),
        LinkState::None => Err(NoticeCode::NoConnector),
        LinkState::Connecting | LinkState::Lost => Err(NoticeCode::LinkDown),
    }
}

/// A call can be handled: the agent is not known to be logged out.
fn in_service(phone: &Phone) -> Result<(), NoticeCode> {
    connected(phone)?;
    match phone.agent_kind() == AgentKind::LoggedOut {
        true => Err(NoticeCode::NotLoggedIn),
        false => Ok(()),
    }
}

/// Calls can be made and states chosen: the agent is known to be logged in.
fn logged_in(phone: &Phone) -> Result<(), NoticeCode> {
    connected(phone)?;
    match phone.agent.is_logged_in() {
        true => Ok(()),
        false => Err(NoticeCode::NotLoggedIn),
    }
}

fn in_phase(contact: &Contact, phases: &[Phase], otherwise: NoticeCode) -> Result<(), NoticeCode> {
    phases
        .contains(&contact.phase)
        .then_some(())
        .ok_or(otherwise)
}

fn offered(contact: &Contact, button: &Button) -> Result<(), NoticeCode> {
    contact
        .buttons()
        .enables(button)
        .then_some(())
        .ok_or(NoticeCode::NotOffered)
}

/// A third party is there and not joined to the customer, whoever of the two is on hold.
fn consulting(contact: &Contact) -> Result<(), NoticeCode> {
    in_phase(
        contact,
        &[Phase::Consulting, Phase::OnHold],
        NoticeCode::NoThirdParty,
    )?;
    third_party(contact)
}

fn third_party(contact: &Contact) -> Result<(), NoticeCode> {
    (contact.live_parties().count() > 1)
        .then_some(())
        .ok_or(NoticeCode::NoThirdParty)
}

pub(crate) fn held(contact: &Contact) -> Vec<ConnectionId> {
    contact
        .live_parties()
        .filter(|leg| leg.state == LegState::OnHold)
        .map(|leg| leg.id.clone())
        .collect()
}

/// The leg in this state that a request goes with: the named one, or the one that enables the button.
fn party(
    contact: &Contact,
    named: Option<&ConnectionId>,
    button: &Button,
    state: LegState,
) -> Option<ConnectionId> {
    let fits = |leg: &&Leg| leg.state == state && named.is_none_or(|id| *id == leg.id);
    let enabling = contact
        .live_parties()
        .filter(|leg| leg.buttons.enables(button))
        .find(fits);
    enabling
        .or_else(|| contact.live_parties().find(fits))
        .map(|leg| leg.id.clone())
}

/// Whom "hang up" means. A named leg: that one. With two parties that are not joined: the one the
/// agent talks to, so that the customer on hold stays. Else the whole call: its only party, or the
/// agent's own leg.
fn to_hang_up(
    contact: &Contact,
    named: Option<&ConnectionId>,
) -> Result<Option<ConnectionId>, NoticeCode> {
    if !contact.is_live() || contact.phase == Phase::Ringing {
        return Err(NoticeCode::NotConnected);
    }
    if let Some(id) = named {
        let leg = contact
            .leg(id)
            .filter(|leg| leg.is_live())
            .ok_or(NoticeCode::NotConnected)?;
        return Ok(Some(leg.id.clone()));
    }
    let parties: Vec<&Leg> = contact.live_parties().collect();
    let leg = match parties.as_slice() {
        [only] => Some(*only),
        [_, ..] if contact.phase != Phase::Conference => {
            let in_state = |state| parties.iter().rev().copied().find(|leg| leg.state == state);
            in_state(LegState::Connected)
                .or_else(|| in_state(LegState::Connecting))
                .or(parties.last().copied())
        }
        _ => contact.agent_leg(),
    };
    Ok(leg.map(|leg| leg.id.clone()))
}

fn destination(phone: &Phone, target: &Target) -> Result<Destination, NoticeCode> {
    match target {
        Target::Number { number } => dialable(number.reveal())
            .map(Destination::Number)
            .ok_or(NoticeCode::BadNumber),
        Target::QuickConnect { id } => {
            let known = phone
                .quick_connects()
                .iter()
                .find(|endpoint| quick_connect_id(endpoint) == id);
            known
                .cloned()
                .map(Destination::Endpoint)
                .ok_or(NoticeCode::UnknownQuickConnect)
        }
    }
}

/// Names a quick connect: its ARN, or its id where it has none.
pub(crate) fn quick_connect_id(endpoint: &Endpoint) -> &str {
    if endpoint.arn.is_empty() {
        &endpoint.id
    } else {
        &endpoint.arn
    }
}

/// A number as a person types it, without its ornaments. Short numbers and service codes with `*` and
/// `#` are numbers too; the contact centre knows best which exist.
pub(crate) fn dialable(typed: &str) -> Option<Personal> {
    const LONGEST: usize = 32;
    let ornament = |c: char| {
        c.is_whitespace() || matches!(c, '.' | '-' | '/' | '(' | ')' | '\u{2010}'..='\u{2015}')
    };
    let number: String = typed.chars().filter(|c| !ornament(*c)).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    (are_keys(digits) && number.len() <= LONGEST).then(|| number.into())
}

/// One or more keys of the number pad.
pub(crate) fn are_keys(text: &str) -> bool {
    let key = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'*' | b'#');
    !text.is_empty() && text.bytes().all(key)
}
