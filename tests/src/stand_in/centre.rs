//! The contact centre: one agent, the contacts, and the world that calls.

mod api;

use std::{collections::VecDeque, time::Duration};

use offhook_protocol::Timestamp;
use serde_json::{Value, json};

use super::{
    contact::{
        Aftermath, Connection, ConnectionKind, ConnectionState, Contact, ContactState, Kind, State,
    },
    instance::{self, Phone},
};
pub use api::AmazonError;

/// How long a contact is offered to the agent.
const RINGS_FOR: Duration = Duration::from_secs(20);

/// How long the agent's own media takes to connect.
const MEDIA_TAKES: Duration = Duration::from_millis(200);

/// Amazon Connect as one agent meets it.
///
/// Requests go into [`api`](Self::api), the world's doings into the other methods; what the panel
/// hears of both is taken with [`poll_news`](Self::poll_news). Call
/// [`handle_timeout`](Self::handle_timeout) when [`poll_timeout`](Self::poll_timeout) says so.
///
/// Methods of the world that name a contact panic if it is not there: the test is wrong.
#[derive(Debug)]
pub struct Centre {
    phone: Phone,
    many: bool,
    /// One of [`instance::states`].
    chosen: Value,
    /// The state that follows the contact.
    next: Option<Value>,
    /// The state that snapshots tell.
    state: Value,
    contacts: Vec<Contact>,
    muted: bool,
    due: Vec<(Timestamp, Due)>,
    ids: u32,
    failing: Vec<(String, AmazonError)>,
    ignoring: Vec<String>,
    now: Timestamp,
    news: VecDeque<News>,
}

/// What the panel hears without having asked.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// The payload of `agent::update`. Moments are ISO 8601 text where the library has dates.
    Update(Value),
    /// The payload of `agent::mute_toggle`.
    Muted(bool),
}

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

/// What happens by itself after a while, to the contact of that name.
#[derive(Debug)]
enum Due {
    RingsOut(String),
    AgentConnects(String),
}

/// Time, and what the panel hears.
impl Centre {
    /// An agent who is available, at a softphone. Tells a first update.
    pub fn new(now: Timestamp) -> Self {
        let [available, ..] = instance::states();
        let mut centre = Self {
            phone: Phone::Soft,
            many: false,
            state: Value::Null,
            chosen: available,
            next: None,
            contacts: Vec::new(),
            muted: false,
            due: Vec::new(),
            ids: 0,
            failing: Vec::new(),
            ignoring: Vec::new(),
            now,
            news: VecDeque::new(),
        };
        centre.settle(now);
        centre
    }

    /// What the panel hears next.
    pub fn poll_news(&mut self) -> Option<News> {
        self.news.pop_front()
    }

    /// When to come back.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.due.iter().map(|(at, _)| *at).min()
    }

    /// Does what is due.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        for (_, due) in self
            .due
            .extract_if(.., |(at, _)| *at <= now)
            .collect::<Vec<_>>()
        {
            match due {
                Due::RingsOut(id) => self.ring_out(&id, now),
                Due::AgentConnects(id) => self.connect_agent(&id, now),
            }
        }
    }

    /// The payload of `agent::update` as it is now.
    pub fn update(&self) -> Value {
        let now = self.now.to_string();
        let contacts: Vec<Value> = self.contacts.iter().map(|c| c.json(self.now)).collect();
        json!({
            "snapshot": {
                "state": self.state,
                "nextState": self.next,
                "agentAvailabilityState": {
                    "state": self.chosen["name"],
                    "timeStamp": self.state["startTimestamp"],
                },
                "contacts": contacts,
                "snapshotTimestamp": now,
                // The worker's own: its clock, and how far Amazon's is from it.
                "localTimestamp": self.now.as_millis(),
                "skew": 0,
                "contentLength": 0,
            },
            "configuration": instance::configuration(&self.phone),
        })
    }

    /// Lets the agent's state follow the contacts, and tells how things are.
    fn settle(&mut self, now: Timestamp) {
        self.now = now;
        let forced = self
            .contacts
            .iter()
            .filter(|contact| contact.agent_state().is_some())
            .min_by_key(|c| (c.state.kind != ContactState::Connected, !c.is_live()))
            .and_then(Contact::agent_state);
        if forced.is_none()
            && let Some(next) = self.next.take()
        {
            self.chosen = next;
        }
        let mut state = match forced {
            Some((name, kind)) => json!({ "agentStateARN": null, "name": name, "type": kind }),
            None => self.chosen.clone(),
        };
        let is_same = state["name"] == self.state["name"] && state["type"] == self.state["type"];
        state["startTimestamp"] = match is_same {
            true => self.state["startTimestamp"].clone(),
            false => now.to_string().into(),
        };
        self.state = state;
        self.news.push_back(News::Update(self.update()));
        if self.muted && !self.has_media() {
            self.hear_mute(false);
        }
    }

    /// Mutes the softphone's microphone, or not. Without a call nothing comes of it.
    pub fn mute(&mut self, muted: bool) {
        if self.has_media() {
            self.hear_mute(muted);
        }
    }

    /// Logs the agent out, who is offline from then on.
    pub fn log_out(&mut self, now: Timestamp) {
        let [.., offline] = instance::states();
        self.chosen = offline;
        self.settle(now);
    }

    fn hear_mute(&mut self, muted: bool) {
        self.muted = muted;
        self.news.push_back(News::Muted(muted));
    }

    /// Whether the agent's audio goes through the softphone at present.
    fn has_media(&self) -> bool {
        self.contacts
            .iter()
            .map(Contact::own)
            .any(|own| own.media.is_some() && own.state.kind == ConnectionState::Connected)
    }

    fn ring_out(&mut self, id: &str, now: Timestamp) {
        if let Some(contact) = self.find(id).filter(|contact| contact.is_ringing()) {
            contact.end(ContactState::Error, Aftermath::Missed, now);
            self.settle(now);
        }
    }

    fn connect_agent(&mut self, id: &str, now: Timestamp) {
        if let Some(contact) = self.find(id).filter(|contact| contact.is_live()) {
            contact
                .own_mut()
                .state
                .enter(ConnectionState::Connected, now);
            if contact.any_party(ConnectionState::Connected) {
                contact.state.enter(ContactState::Connected, now);
            }
            self.settle(now);
        }
    }

    fn find(&mut self, id: &str) -> Option<&mut Contact> {
        self.contacts.iter_mut().find(|contact| contact.id == id)
    }

    /// The agent's media connects after a while.
    fn set_up_media(&mut self, contact: &str, now: Timestamp) {
        self.due
            .push((now + MEDIA_TAKES, Due::AgentConnects(contact.to_owned())));
    }

    fn media(&self, kind: &'static str) -> Option<&'static str> {
        match self.phone {
            Phone::Soft => Some(kind),
            Phone::Desk(_) => None,
        }
    }

    fn id(&mut self) -> String {
        self.ids += 1;
        format!("{:08x}-0000-4000-8000-{:012x}", self.ids, self.ids)
    }
}

/// What the world does.
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

    fn known(&mut self, id: &str) -> &mut Contact {
        self.find(id)
            .expect("the test names a contact that is there")
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

    fn contact(&mut self, kind: Kind, connections: Vec<Connection>, now: Timestamp) -> Contact {
        Contact {
            id: self.id(),
            kind,
            state: State::new(ContactState::Connecting, now),
            accepted: false,
            aftermath: Aftermath::WrapUp,
            many: self.many,
            attributes: Vec::new(),
            began: now,
            numbers: None,
            connections,
        }
    }

    fn own_connection(&mut self, now: Timestamp) -> Connection {
        let mut endpoint = instance::endpoint(None);
        endpoint["type"] = "agent".into();
        self.party(ConnectionKind::Agent, endpoint, now)
    }

    /// A connection that is coming about.
    fn party(&mut self, kind: ConnectionKind, endpoint: Value, now: Timestamp) -> Connection {
        Connection {
            id: self.id(),
            kind,
            initial: false,
            state: State::new(ConnectionState::Connecting, now),
            endpoint,
            media: None,
            mute: false,
            forced_mute: false,
        }
    }
}

fn called(contact: &mut Contact) -> &mut Connection {
    contact
        .parties_mut()
        .find(|party| party.state.kind == ConnectionState::Connecting)
        .expect("the test lets somebody answer who is being called")
}

/// With everybody else gone, the agent is in wrap-up.
fn end_if_alone(contact: &mut Contact, now: Timestamp) {
    if contact.parties().next().is_none() {
        contact.end(ContactState::Ended, Aftermath::WrapUp, now);
    }
}
