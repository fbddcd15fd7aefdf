//! A broker in memory, for tests: topics, retained messages, last wills, one connection for each name.

use std::{
    collections::BTreeMap,
    future,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use tokio::{
    sync::mpsc::{self, UnboundedReceiver, UnboundedSender},
    time::{self, Interval},
};

use crate::{Connection, Happening, Loss, Outcome, Publication, Refusal, Ticket, Transport};

/// How often the broker gives a sign of life.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// The broker. Clones are handles to the same one.
#[derive(Clone, Default)]
pub(crate) struct Broker(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    clients: BTreeMap<String, Client>,
    /// How many connections there ever were, refused ones included.
    attempts: u64,
    retained: BTreeMap<String, Publication>,
    mood: Mood,
}

struct Client {
    attempt: u64,
    filters: Vec<String>,
    will: Option<Publication>,
    happenings: UnboundedSender<Happening>,
}

/// How the broker treats its clients.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mood {
    #[default]
    Serving,
    /// Whoever connects is refused.
    Refusing(Refusal),
    /// Whoever connects waits for ever; connections that are there hear nothing.
    Frozen,
    /// Nothing may be published.
    Forbidding,
}

impl Broker {
    /// A way to it for the client of this name.
    pub(crate) fn transport(&self, client: &str) -> MemoryTransport {
        MemoryTransport {
            broker: self.clone(),
            client: client.to_owned(),
        }
    }

    pub(crate) fn set_mood(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// How many connections there ever were, refused ones included.
    pub(crate) fn attempts(&self) -> u64 {
        self.state().attempts
    }

    /// What is retained there.
    pub(crate) fn retained(&self, topic: &str) -> Option<Publication> {
        self.state().retained.get(topic).cloned()
    }

    /// Ends every connection, and publishes the wills.
    pub(crate) fn cut(&self, loss: &Loss) {
        let mut state = self.state();
        for client in std::mem::take(&mut state.clients).into_values() {
            state.lose(client, loss.clone());
        }
    }

    /// Publishes as somebody who has no connection of this kind.
    pub(crate) fn publish(&self, publication: Publication) {
        self.state().deliver(publication);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }
}

impl State {
    fn lose(&mut self, client: Client, loss: Loss) {
        // Whoever has cut the connection does not listen any more.
        client.happenings.send(Happening::Lost(loss)).ok();
        if let Some(will) = client.will {
            self.deliver(will);
        }
    }

    /// Whether there was anybody.
    fn deliver(&mut self, publication: Publication) -> bool {
        if publication.retain && publication.payload.is_empty() {
            self.retained.remove(&publication.topic);
        } else if publication.retain {
            self.retained
                .insert(publication.topic.clone(), publication.clone());
        }
        let live = Publication {
            retain: false,
            ..publication
        };
        let mut anybody = false;
        for client in self.clients.values() {
            if client.filters.iter().any(|f| matches(f, &live.topic)) {
                anybody |= client
                    .happenings
                    .send(Happening::Message(live.clone()))
                    .is_ok();
            }
        }
        anybody
    }
}

fn matches(filter: &str, topic: &str) -> bool {
    let mut levels = topic.split('/');
    for wanted in filter.split('/') {
        match (wanted, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (wanted, Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

pub(crate) struct MemoryTransport {
    broker: Broker,
    client: String,
}

impl Transport for MemoryTransport {
    type Connection = MemoryConnection;

    async fn connect(&mut self, will: Option<Publication>) -> Result<MemoryConnection, Refusal> {
        let (sender, happenings) = mpsc::unbounded_channel();
        let (attempt, mood) = {
            let mut state = self.broker.state();
            state.attempts += 1;
            (state.attempts, state.mood.clone())
        };
        match mood {
            Mood::Serving | Mood::Forbidding => {}
            Mood::Refusing(refusal) => return Err(refusal),
            Mood::Frozen => future::pending().await,
        }
        let mut state = self.broker.state();
        if let Some(before) = state.clients.remove(&self.client) {
            state.lose(before, Loss::TakenOver);
        }
        let client = Client {
            attempt,
            filters: Vec::new(),
            will,
            happenings: sender,
        };
        state.clients.insert(self.client.clone(), client);
        Ok(MemoryConnection {
            broker: self.broker.clone(),
            client: self.client.clone(),
            attempt,
            happenings,
            pings: time::interval(KEEP_ALIVE),
        })
    }
}

pub(crate) struct MemoryConnection {
    broker: Broker,
    client: String,
    attempt: u64,
    happenings: UnboundedReceiver<Happening>,
    pings: Interval,
}

impl MemoryConnection {
    /// Does this with the connection's client, unless the broker has given it up or is frozen.
    fn with_client(&self, act: impl FnOnce(&mut State, &str)) {
        let mut state = self.broker.state();
        let known = state.clients.get(&self.client);
        let is_mine = known.is_some_and(|client| client.attempt == self.attempt);
        if is_mine && state.mood != Mood::Frozen {
            act(&mut state, &self.client);
        }
    }
}

impl Connection for MemoryConnection {
    fn subscribe(&mut self, filters: &[String]) {
        self.with_client(|state, name| {
            let client = state.clients.get_mut(name).unwrap();
            client.filters.extend_from_slice(filters);
            client.happenings.send(Happening::Subscribed).ok();
            let is_wanted = |topic: &str| filters.iter().any(|filter| matches(filter, topic));
            for publication in state.retained.values().filter(|p| is_wanted(&p.topic)) {
                let retained = Happening::Message(publication.clone());
                client.happenings.send(retained).ok();
            }
        });
    }

    fn publish(&mut self, ticket: Ticket, publication: Publication) {
        self.with_client(|state, name| {
            let outcome = match state.mood == Mood::Forbidding {
                true => Outcome::Refused {
                    reason: "not authorized".to_owned(),
                },
                false if state.deliver(publication) => Outcome::Taken,
                false => Outcome::NobodyThere,
            };
            let published = Happening::Published(ticket, outcome);
            state.clients[name].happenings.send(published).ok();
        });
    }

    async fn next(&mut self) -> Happening {
        loop {
            tokio::select! {
                biased;
                Some(happening) = self.happenings.recv() => return happening,
                _ = self.pings.tick() => {}
            }
            if self.broker.state().mood != Mood::Frozen {
                return Happening::Alive;
            }
        }
    }

    async fn close(self) {
        self.with_client(|state, name| {
            state.clients.remove(name);
        });
    }
}

impl Drop for MemoryConnection {
    fn drop(&mut self) {
        self.with_client(|state, name| {
            if let Some(client) = state.clients.remove(name) {
                state.lose(client, Loss::Network("cut".to_owned()));
            }
        });
    }
}
