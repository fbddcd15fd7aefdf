//! What the world does: it calls, answers, hangs up and disturbs.

use std::time::Duration;

use offhook_protocol::Timestamp;
use serde_json::Value;

use super::{Centre, Due, News, end_if_alone};
use crate::stand_in::{
    AmazonError,
    contact::{
        Aftermath, Connection, ConnectionKind, ConnectionState, Contact, ContactState, Kind, State,
    },
    instance::{self, Phone},
};

/// How long a contact is offered to the agent.
const RINGS_FOR: Duration = Duration::from_secs(20);

/// A call that comes in.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The number that calls, as Amazon tells it: possibly a SIP address.
    pub caller: String,
    /// The number that was called.
    pub dialled: String,
    /// What the contact flow set.
    pub attributes: Vec<(String, String)>,
}

impl Default for Offer {
    fn default() -> Self {
        Self {
            caller: "+4915112345678".to_owned(),
            dialled: "+49301234567".to_owned(),
            attributes: Vec::new(),
        }
    }
}

impl Centre {
    /// The instance allows conferences of six from now on.
    pub fn allow_large_conferences(&mut self) {
        self.many = true;
    }

    /// The agent uses a desk phone from now on.
    pub fn use_desk_phone(&mut self, number: &str, now: Timestamp) {
        self.phone = Phone::Desk(number.to_owned());
        self.settle(now);
    }

    /// Offers a call; gives back the contact's id. The agent's state is not looked at.
    pub fn offer_call(&mut self, offer: Offer, now: Timestamp) -> String {
        let mut own = self.own_connection(now);
        own.media = self.media("audio_only");
        let mut caller = self.party(
            ConnectionKind::Inbound,
            instance::endpoint(Some(&offer.caller)),
            now,
        );
        caller.initial = true;
        caller.state = State::new(ConnectionState::Connected, now);
        let mut contact = self.contact(Kind::Inbound, vec![own, caller], now);
        contact.attributes = offer.attributes;
        contact.numbers = Some((offer.caller, offer.dialled));
        self.ring(contact, now)
    }

    /// Offers a callback that waited in the queue; gives back the contact's id.
    pub fn offer_callback(&mut self, number: &str, now: Timestamp) -> String {
        let mut own = self.own_connection(now);
        let mut customer = self.party(
            ConnectionKind::Inbound,
            instance::endpoint(Some(number)),
            now,
        );
        customer.initial = true;
        customer.state = State::new(ConnectionState::Connected, now);
        let mut contact = self.contact(Kind::Callback, Vec::new(), now);
        contact.state = State::new(ContactState::Incoming, now);
        // So it was recorded. Other ids come with the call itself.
        own.id = format!("{}_{}", own.id, contact.id);
        customer.id.clone_from(&contact.id);
        contact.connections = vec![own, customer];
        self.ring(contact, now)
    }

    /// Lets the agent listen to somebody else's call; gives back the contact's id.
    pub fn monitor(&mut self, now: Timestamp) -> String {
        let mut contact = self.contact(Kind::Monitoring, Vec::new(), now);
        contact.state = State::new(ContactState::Connected, now);
        contact.connections = vec![Connection {
            id: contact.id.clone(),
            kind: ConnectionKind::Monitoring,
            initial: true,
            state: State::new(ConnectionState::Connected, now),
            endpoint: Value::Null,
            media: self.media("none"),
            mute: false,
            forced_mute: false,
        }];
        self.add(contact, now)
    }

    /// The agent lifts the desk phone that rings.
    pub fn desk_phone_is_lifted(&mut self, contact: &str, now: Timestamp) {
        self.known(contact).accepted = true;
        self.connect_agent(contact, now);
    }

    /// The customer hangs up, or gives up while it rings.
    pub fn customer_hangs_up(&mut self, contact: &str, now: Timestamp) {
        let contact = self.known(contact);
        if contact.kind == Kind::Inbound && contact.state.kind != ContactState::Connected {
            contact.end(ContactState::Error, Aftermath::Missed, now);
        } else if let Some(customer) = contact.connections.iter_mut().find(|c| c.initial) {
            customer.state.enter(ConnectionState::Disconnected, now);
            end_if_alone(contact, now);
        }
        self.settle(now);
    }

    /// A party other than the agent hangs up.
    pub fn party_hangs_up(&mut self, contact: &str, connection: &str, now: Timestamp) {
        let contact = self.known(contact);
        for party in contact.parties_mut().filter(|party| party.id == connection) {
            party.state.enter(ConnectionState::Disconnected, now);
        }
        end_if_alone(contact, now);
        self.settle(now);
    }

    /// Whoever is being called answers.
    pub fn callee_answers(&mut self, contact: &str, now: Timestamp) {
        let contact = self.known(contact);
        called(contact).state.enter(ConnectionState::Connected, now);
        if contact.own().state.kind == ConnectionState::Connected {
            contact.state.enter(ContactState::Connected, now);
        }
        self.settle(now);
    }

    /// Whoever is being called is on the phone.
    pub fn callee_is_busy(&mut self, contact: &str, now: Timestamp) {
        self.callee_fails(contact, Aftermath::LineEngaged, now);
    }

    /// Whoever is being called does not answer.
    pub fn callee_does_not_answer(&mut self, contact: &str, now: Timestamp) {
        self.callee_fails(contact, Aftermath::NotReached, now);
    }

    fn callee_fails(&mut self, contact: &str, aftermath: Aftermath, now: Timestamp) {
        let contact = self.known(contact);
        if contact.state.kind == ContactState::Connected {
            called(contact)
                .state
                .enter(ConnectionState::Disconnected, now);
            end_if_alone(contact, now);
        } else {
            contact.end(ContactState::Error, aftermath, now);
        }
        self.settle(now);
    }

    /// A supervisor mutes the agent, or lets the agent speak again.
    pub fn force_mute(&mut self, contact: &str, muted: bool, now: Timestamp) {
        let own = self.known(contact).own_mut();
        own.mute = muted;
        own.forced_mute = muted;
        self.settle(now);
    }

    /// The contact is not in snapshots any more, whatever became of it.
    pub fn remove(&mut self, contact: &str, now: Timestamp) {
        self.contacts.retain(|c| c.id != contact);
        self.settle(now);
    }

    /// The next request of this method fails.
    pub fn fail_next(&mut self, method: &str, error: AmazonError) {
        self.failing.push((method.to_owned(), error));
    }

    /// The next request of this method is neither done nor answered.
    pub fn ignore_next(&mut self, method: &str) {
        self.ignoring.push(method.to_owned());
    }

    /// Tells the last update once more.
    pub fn repeat_update(&mut self) {
        self.news.push_back(News::Update(self.update()));
    }

    fn ring(&mut self, contact: Contact, now: Timestamp) -> String {
        self.due
            .push((now + RINGS_FOR, Due::RingsOut(contact.id.clone())));
        self.add(contact, now)
    }

    fn add(&mut self, contact: Contact, now: Timestamp) -> String {
        let id = contact.id.clone();
        self.contacts.push(contact);
        self.settle(now);
        id
    }
}

fn called(contact: &mut Contact) -> &mut Connection {
    contact
        .parties_mut()
        .find(|party| party.state.kind == ConnectionState::Connecting)
        .expect("the test lets somebody answer who is being called")
}
