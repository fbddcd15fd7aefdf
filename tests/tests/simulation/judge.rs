//! Whether all went well.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use futures_lite::future::{block_on, poll_once};
use offhook_bus::{Bus, Delivery, Port};
use offhook_core::{ContactView, View};
use offhook_protocol::{Access, AgentSync, Button, CallSync, ContactId, Event};
use offhook_uplink::{Board, Presence};
use tokio::sync::watch;

use crate::{desk, log::Log};

/// How often the state is looked at until it is the same on both sides: calls go on meanwhile.
const LOOKS: u32 = 20;
/// How long after it was asked for.
const LOOK: Duration = Duration::from_millis(500);

/// What is to be the same at the desk and at the supervisor's.
type State = (AgentSync, CallSync);

/// Each contact rang once, nothing was carried out twice, and every command came to something.
pub(crate) fn story(log: &Log) -> Result<()> {
    let happened = log.lock();
    for contact in &happened.offered {
        let rings = happened.rings.get(contact).copied().unwrap_or_default();
        ensure!(rings == 1, "{contact} rang {rings} times");
    }
    for (id, times) in &happened.on_bus {
        ensure!(*times == 1, "request {id} was on the bus {times} times");
    }
    // The last one may be under way.
    let (_, settled) = happened
        .commands
        .split_last()
        .context("there were no commands")?;
    for (index, outcome) in settled.iter().enumerate() {
        ensure!(outcome.is_some(), "command {index} came to nothing");
    }
    ensure!(!happened.offered.is_empty(), "there were no calls");
    Ok(())
}

/// Where the state is seen.
pub(crate) struct Seen {
    pub(crate) supervisor: watch::Receiver<Option<Board>>,
    pub(crate) phone: watch::Receiver<Option<View>>,
    pub(crate) crm: watch::Receiver<Option<View>>,
}

/// What a phone shows of a contact: whether it is live, and its buttons.
type Shown = (ContactId, bool, Vec<(Button, bool)>);

/// Everybody sees what is the case.
pub(crate) fn state(
    bus: &Bus,
    seen: &Seen,
    mut steps: impl FnMut(Duration) -> Result<()>,
) -> Result<()> {
    let mut port = bus.join("judge", Access::Observe, offhook_bus::Role::App)?;
    let mut last = None;
    for _ in 0..LOOKS {
        port.want_state();
        steps(LOOK)?;
        let (truth, known) = (truth(&mut port), known(&seen.supervisor));
        let (phone, crm) = (shown(&seen.phone), shown(&seen.crm));
        if truth.is_some() && truth == known && phone.is_some() && phone == crm {
            return Ok(());
        }
        last = Some((truth, known, phone, crm));
    }
    bail!("the truth, at the supervisor's, on the phone, in the CRM: {last:#?}")
}

/// What the contact centre says. `None` if something happened since.
fn truth(port: &mut Port) -> Option<State> {
    let (mut agent, mut calls) = (None, None);
    while let Some(Some(delivery)) = block_on(poll_once(port.recv())) {
        let Delivery::Message { envelope, .. } = delivery else {
            continue;
        };
        match Event::read(envelope.envelope()) {
            Some(Event::AgentSync(sync)) => agent = Some(sync),
            Some(Event::CallSync(sync)) => calls = Some(sync),
            Some(Event::App(_)) => {}
            Some(_) | None => (agent, calls) = (None, None),
        }
    }
    Some((agent?, calls?))
}

/// What the supervisor knows, if she knows that it is so.
fn known(board: &watch::Receiver<Option<Board>>) -> Option<State> {
    let board = board.borrow();
    let known = board.as_ref()?.desks.get(desk::branch().agent())?;
    let online = matches!(known.presence(), Some(Presence::Online { .. }));
    let current = online && known.behind().next().is_none();
    current.then(|| Some((known.agent()?.clone(), known.calls()?.clone())))?
}

/// What a phone shows. `None` while it waits for something.
fn shown(view: &watch::Receiver<Option<View>>) -> Option<Vec<Shown>> {
    let view = view.borrow();
    let contacts = &view.as_ref()?.contacts;
    let settled = contacts.iter().all(|contact| contact.pending.is_none());
    let shown = |contact: &ContactView| {
        let buttons = contact.buttons.iter();
        let buttons = buttons.map(|it| (it.button.clone(), it.enabled)).collect();
        (contact.id.clone(), contact.phase.is_live(), buttons)
    };
    settled.then(|| contacts.iter().map(shown).collect())
}
