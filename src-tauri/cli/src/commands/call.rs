//! Commands about calls. Each looks at the buttons first, so that one that makes no sense is answered
//! at once and in plain words.

use std::collections::BTreeSet;

use offhook_protocol::{
    Button, CallRequest, ConnectionId, Destination, LegType, Personal, Request,
};

use super::order::{Judge, Order, Verdict};
use crate::{
    failure::Failure,
    state::{Leg, Stage, State},
};

const GONE: &str = "The call is gone.";

pub(crate) fn answer(state: &State) -> Result<Order, Failure> {
    let leg = ringing(state, &Button::Answer)?;
    Ok(Order {
        request: Request::Call(CallRequest::Answer),
        judge: becomes(leg, Stage::Connected),
        done: "Answered.",
    })
}

pub(crate) fn reject(state: &State) -> Result<Order, Failure> {
    let leg = ringing(state, &Button::Reject)?;
    Ok(Order {
        request: Request::Call(CallRequest::Reject),
        judge: ends(leg),
        done: "Rejected.",
    })
}

pub(crate) fn hang_up(state: &State) -> Result<Order, Failure> {
    let leg = offering(state, &Button::Disconnect, "There is no call to end.")?;
    Ok(Order {
        request: Request::Call(CallRequest::Disconnect(Some(leg.id.clone()))),
        judge: ends(leg),
        done: "Ended.",
    })
}

pub(crate) fn hold(state: &State) -> Result<Order, Failure> {
    let leg = offering(state, &Button::Hold, "There is no call to put on hold.")?;
    Ok(Order {
        request: Request::Call(CallRequest::Hold(Some(leg.id.clone()))),
        judge: becomes(leg, Stage::OnHold),
        done: "On hold.",
    })
}

pub(crate) fn resume(state: &State) -> Result<Order, Failure> {
    let leg = offering(state, &Button::Resume, "There is no call on hold.")?;
    Ok(Order {
        request: Request::Call(CallRequest::Resume(Some(leg.id.clone()))),
        judge: becomes(leg, Stage::Connected),
        done: "Resumed.",
    })
}

pub(crate) fn clear(state: &State) -> Result<Order, Failure> {
    let leg = offering(
        state,
        &Button::ClearContact,
        "There is no contact to clear.",
    )?;
    let id = leg.id.clone();
    Ok(Order {
        request: Request::Call(CallRequest::ClearContact),
        judge: Judge::State(Box::new(move |state| match state.leg(&id) {
            Some(_) => Verdict::Wait,
            None => Verdict::Done,
        })),
        done: "Cleared.",
    })
}

/// Done when a leg to somebody new is there; whether they answer is another matter.
pub(crate) fn dial(state: &State, number: &Personal) -> Order {
    let known: BTreeSet<ConnectionId> = state.legs.iter().map(|leg| leg.id.clone()).collect();
    let new = move |leg: &Leg| leg.kind == LegType::Outbound && !known.contains(&leg.id);
    Order {
        request: Request::Call(CallRequest::SetMakeCall(Destination::Number(
            number.clone(),
        ))),
        judge: Judge::State(Box::new(move |state| match state.legs.iter().any(&new) {
            true => Verdict::Done,
            false => Verdict::Wait,
        })),
        done: "Dialling.",
    }
}

pub(crate) fn digits(state: &State, digits: &Personal) -> Result<Order, Failure> {
    let none = "There is no call to send digits to.";
    offering(state, &Button::Numberpad, none)?;
    Ok(Order {
        request: Request::Call(CallRequest::SendDtmf(digits.clone())),
        judge: Judge::NoError,
        done: "Sent.",
    })
}

fn ringing<'a>(state: &'a State, button: &Button) -> Result<&'a Leg, Failure> {
    offering(state, button, "There is no ringing call.")
}

fn offering<'a>(state: &'a State, button: &Button, none: &'static str) -> Result<&'a Leg, Failure> {
    state.offering(button).ok_or(Failure::Refused(none))
}

/// The leg gets to this stage, unless it ends before.
fn becomes(leg: &Leg, stage: Stage) -> Judge {
    let id = leg.id.clone();
    Judge::State(Box::new(move |state| match state.leg(&id) {
        Some(leg) if leg.stage == stage => Verdict::Done,
        Some(leg) if leg.stage == Stage::Over => Verdict::Moot(GONE),
        Some(_) => Verdict::Wait,
        None => Verdict::Moot(GONE),
    }))
}

fn ends(leg: &Leg) -> Judge {
    let id = leg.id.clone();
    Judge::State(Box::new(move |state| match state.leg(&id) {
        Some(leg) if leg.stage != Stage::Over => Verdict::Wait,
        Some(_) | None => Verdict::Done,
    }))
}
