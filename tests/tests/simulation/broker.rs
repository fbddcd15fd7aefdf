//! A broker in simulated time. The real one cannot run there; what it does is tested against the same
//! uplink elsewhere. This one does as little as MQTT 5 promises: it forgets everything when it
//! crashes, keeps no session, and may lose what was on its way.

mod transport;
mod wire;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Result, bail};
use offhook_uplink::{Outcome, Publication};
use tokio::{sync::mpsc, time::timeout};
use turmoil::net::{TcpListener, TcpStream};

pub(crate) use transport::SimTransport;
use wire::{FromBroker, Reader, ToBroker, Writer, ends};

/// Where it listens.
pub(crate) const HOST: &str = "broker";
const PORT: u16 = 1883;

/// How long it waits for a sign of life: one and a half times the keep-alive of 15 s.
const SILENCE: Duration = Duration::from_millis(22_500);

#[derive(Clone, Default)]
struct Broker(Arc<Mutex<State>>);

/// One connection of a client.
struct Session<'a> {
    broker: &'a Broker,
    client: &'a str,
    connection: u64,
}

#[derive(Default)]
struct State {
    connections: u64,
    retained: BTreeMap<String, Publication>,
    clients: BTreeMap<String, Client>,
}

struct Client {
    connection: u64,
    filters: Vec<String>,
    outbox: mpsc::UnboundedSender<FromBroker>,
}

/// Serves until it is crashed.
pub(crate) async fn serve() -> turmoil::Result {
    let broker = Broker::default();
    let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        let broker = broker.clone();
        tokio::spawn(async move { broker.attend(stream).await });
    }
}

impl Broker {
    async fn attend(&self, stream: TcpStream) {
        let (mut reader, mut writer) = ends(stream);
        let Ok(Ok(ToBroker::Connect { client, will })) = timeout(SILENCE, reader.read()).await
        else {
            return;
        };
        let (outbox, mut letters) = mpsc::unbounded_channel();
        let connection = self.enter(&client, outbox);
        let session = Session {
            broker: self,
            client: &client,
            connection,
        };
        let orderly = session
            .talk(&mut reader, &mut writer, &mut letters)
            .await
            .unwrap_or(false);
        if self.leave(&client, connection)
            && !orderly
            && let Some(will) = will
        {
            self.publish(will.0);
        }
    }

    fn enter(&self, client: &str, outbox: mpsc::UnboundedSender<FromBroker>) -> u64 {
        let mut state = self.lock();
        state.connections += 1;
        let connection = state.connections;
        let entered = Client {
            connection,
            filters: Vec::new(),
            outbox,
        };
        if let Some(older) = state.clients.insert(client.to_owned(), entered) {
            older.send(FromBroker::TakenOver);
        }
        connection
    }

    /// Whether the client was still this connection's.
    fn leave(&self, client: &str, connection: u64) -> bool {
        let mut state = self.lock();
        let own = state
            .clients
            .get(client)
            .is_some_and(|it| it.connection == connection);
        if own {
            state.clients.remove(client);
        }
        own
    }

    fn subscribe(&self, client: &str, connection: u64, filters: Vec<String>) {
        let mut state = self.lock();
        let State {
            retained, clients, ..
        } = &mut *state;
        let Some(client) = clients
            .get_mut(client)
            .filter(|it| it.connection == connection)
        else {
            return;
        };
        for publication in retained.values() {
            if filters
                .iter()
                .any(|filter| matches(filter, &publication.topic))
            {
                client.send(FromBroker::Message(publication.clone()));
            }
        }
        client.filters.extend(filters);
    }

    fn publish(&self, publication: Publication) -> Outcome {
        let mut state = self.lock();
        let mut receivers = 0;
        for client in state
            .clients
            .values()
            .filter(|it| it.wants(&publication.topic))
        {
            let passed_on = Publication {
                retain: false,
                ..publication.clone()
            };
            client.send(FromBroker::Message(passed_on));
            receivers += 1;
        }
        if publication.retain && publication.payload.is_empty() {
            state.retained.remove(&publication.topic);
        } else if publication.retain {
            state
                .retained
                .insert(publication.topic.clone(), publication);
        }
        match receivers {
            0 => Outcome::NobodyThere,
            _ => Outcome::Taken,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Client {
    fn wants(&self, topic: &str) -> bool {
        self.filters.iter().any(|filter| matches(filter, topic))
    }

    /// A client whose connection is ending hears nothing more.
    fn send(&self, letter: FromBroker) {
        drop(self.outbox.send(letter));
    }
}

impl Session<'_> {
    /// Whether the client said good-bye.
    async fn talk(
        &self,
        reader: &mut Reader,
        writer: &mut Writer,
        letters: &mut mpsc::UnboundedReceiver<FromBroker>,
    ) -> Result<bool> {
        writer.write(&FromBroker::Accepted).await?;
        loop {
            tokio::select! {
                said = timeout(SILENCE, reader.read()) => {
                    if self.answer(said??, writer).await? {
                        return Ok(true);
                    }
                }
                Some(letter) = letters.recv() => {
                    writer.write(&letter).await?;
                    if letter == FromBroker::TakenOver {
                        return Ok(false);
                    }
                }
            }
        }
    }

    /// Whether it was the good-bye.
    async fn answer(&self, said: ToBroker, writer: &mut Writer) -> Result<bool> {
        match said {
            ToBroker::Subscribe(filters) => {
                writer.write(&FromBroker::Subscribed).await?;
                self.broker.subscribe(self.client, self.connection, filters);
            }
            ToBroker::Publish(ticket, publication) => {
                let outcome = self.broker.publish(publication);
                writer
                    .write(&FromBroker::Published(ticket, outcome))
                    .await?;
            }
            ToBroker::Ping => writer.write(&FromBroker::Pong).await?,
            ToBroker::Connect { .. } => bail!("out of turn"),
            ToBroker::Bye => return Ok(true),
        }
        Ok(false)
    }
}

/// Whether a topic fits a filter, as MQTT has it.
fn matches(filter: &str, topic: &str) -> bool {
    let mut levels = topic.split('/');
    for wanted in filter.split('/') {
        match (wanted, levels.next()) {
            ("#", _) => return true,
            ("+", Some(_)) => {}
            (wanted, Some(level)) if wanted == level => {}
            (_, _) => return false,
        }
    }
    levels.next().is_none()
}
