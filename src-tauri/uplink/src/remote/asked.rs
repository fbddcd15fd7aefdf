//! What was asked and has no outcome yet.

use std::{collections::BTreeMap, time::Duration};

use offhook_protocol::{Envelope, Request, Timestamp};
use tokio::sync::oneshot;

use super::{Asks, Order, RequestError};
use crate::{Answer, Epoch, Outcome, Place, Publication, Stamp, Subject, Ticket, request_id};

/// A request is not carried out any more after this.
const EXPIRY: Duration = Duration::from_secs(8);
/// A request is given up after this: the phone allows for clocks that differ by two seconds.
const PATIENCE: Duration = Duration::from_secs(10);
/// The `source` of requests.
const SOURCE: &str = "remote";

/// What was asked and has no outcome yet, by the requests' ids.
#[derive(Debug, Default)]
pub(super) struct Asked(BTreeMap<String, Pending>);

#[derive(Debug)]
struct Pending {
    publication: Publication,
    given_up_at: Timestamp,
    /// Under which it was published on the connection that there is.
    ticket: Option<Ticket>,
    outcome: oneshot::Sender<Result<(), RequestError>>,
}

impl Asked {
    /// Asks for something, of the life of the phone that is known: another would not remember whether it
    /// was carried out before.
    pub(super) fn ask(
        &mut self,
        order: Order,
        asks: &Asks,
        epoch: Option<Epoch>,
        now: Timestamp,
        random: u128,
    ) {
        let id = request_id(now, random);
        let pending = Pending {
            publication: publication(&order.request, &id, asks, epoch, now),
            given_up_at: now + PATIENCE,
            ticket: None,
            outcome: order.outcome,
        };
        self.0.insert(id, pending);
    }

    /// What is to be published, under tickets that are drawn for it.
    pub(super) fn unsent(
        &mut self,
        mut ticket: impl FnMut() -> Ticket,
    ) -> Vec<(Ticket, Publication)> {
        let unsent = self.0.values_mut().filter(|it| it.ticket.is_none());
        unsent
            .map(|pending| {
                let ticket = *pending.ticket.insert(ticket());
                (ticket, pending.publication.clone())
            })
            .collect()
    }

    /// The connection was lost: whatever was published may be lost with it, and is published again, for
    /// the phone remembers what it has carried out.
    pub(super) fn interrupted(&mut self) {
        for pending in self.0.values_mut() {
            pending.ticket = None;
        }
    }

    /// What became of a publication. That it was taken tells nothing yet.
    pub(super) fn published(&mut self, ticket: Ticket, outcome: Outcome) {
        let error = match outcome {
            Outcome::Taken => return,
            Outcome::NobodyThere => RequestError::Offline,
            Outcome::Refused { reason } => RequestError::Refused(reason),
        };
        self.end(|_, pending| pending.ticket == Some(ticket), &Err(error));
    }

    /// An answer came.
    pub(super) fn answered(&mut self, envelope: &Envelope) {
        let to = Stamp::read(envelope).ok().and_then(|it| it.in_reply_to);
        let outcome = match (to.as_ref(), Answer::read(envelope)) {
            (None, _) | (_, None | Some(Answer::Accepted)) => return,
            (Some(_), Some(Answer::Done | Answer::Told(_))) => Ok(()),
            (Some(_), Some(Answer::Failed(error))) => Err(RequestError::Failed(error)),
        };
        self.end(|id, _| Some(id) == to.as_ref(), &outcome);
    }

    pub(super) fn poll_timeout(&self) -> Option<Timestamp> {
        self.0.values().map(|pending| pending.given_up_at).min()
    }

    pub(super) fn handle_timeout(&mut self, now: Timestamp) {
        let late = Err(RequestError::TimedOut);
        self.end(|_, pending| pending.given_up_at <= now, &late);
    }

    fn end(
        &mut self,
        which: impl Fn(&String, &Pending) -> bool,
        outcome: &Result<(), RequestError>,
    ) {
        for (_, pending) in self.0.extract_if(.., |id, pending| which(id, pending)) {
            // Fails only if the one who asked does not wait any more.
            let _ = pending.outcome.send(outcome.clone());
        }
    }
}

/// A request on its way to the phone.
pub(super) fn publication(
    request: &Request,
    id: &str,
    asks: &Asks,
    epoch: Option<Epoch>,
    now: Timestamp,
) -> Publication {
    let mut envelope = request.envelope(SOURCE);
    Stamp {
        id: Some(id.to_owned()),
        epoch,
        at: Some(now),
        expires_at: Some(now + EXPIRY),
        ..Stamp::default()
    }
    .write(&mut envelope);
    Publication {
        topic: asks.branch.topic(&Place::Request(Subject::of(&envelope))),
        payload: envelope.to_text().into_bytes(),
        retain: false,
        expires_in: Some(EXPIRY),
        response_topic: Some(asks.answers()),
        correlation: Some(id.as_bytes().to_vec()),
    }
}
