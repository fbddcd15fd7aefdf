//! The contact centre: one agent, the contacts, and the world that calls.

mod api;
mod request;
mod world;

use std::{collections::VecDeque, time::Duration};

use offhook_protocol::Timestamp;
use serde_json::{Value, json};

use super::{
    AmazonError,
    contact::{
        Aftermath, Connection, ConnectionKind, ConnectionState, Contact, ContactState, Kind, State,
    },
    instance::{self, Phone},
};
pub use world::Offer;

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

/// What contacts are made of.
impl Centre {
    fn known(&mut self, id: &str) -> &mut Contact {
        self.find(id)
            .expect("the test names a contact that is there")
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

/// With everybody else gone, the agent is in wrap-up.
fn end_if_alone(contact: &mut Contact, now: Timestamp) {
    if contact.parties().next().is_none() {
        contact.end(ContactState::Ended, Aftermath::WrapUp, now);
    }
}
