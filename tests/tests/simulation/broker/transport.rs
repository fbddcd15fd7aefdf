//! The uplink's way to the simulated broker.

use std::{collections::VecDeque, time::Duration};

use anyhow::Result;
use offhook_uplink::{Connection, Happening, Loss, Publication, Refusal, Ticket, Transport};
use tokio::{
    sync::mpsc,
    time::{Interval, interval},
};
use turmoil::net::TcpStream;

use super::{
    HOST, PORT,
    wire::{FromBroker, Letter, Reader, ToBroker, Writer, ends},
};

const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Connects under this name.
#[derive(Clone, Debug)]
pub(crate) struct SimTransport {
    pub(crate) client: String,
}

pub(crate) struct SimConnection {
    reader: Reader,
    writer: mpsc::UnboundedSender<ToBroker>,
    ping: Interval,
    /// Told before anything is read.
    first: VecDeque<Happening>,
}

impl Transport for SimTransport {
    type Connection = SimConnection;

    async fn connect(&mut self, will: Option<Publication>) -> Result<SimConnection, Refusal> {
        let client = self.client.clone();
        open(client, will)
            .await
            .map_err(|error| Refusal::Unreachable(error.to_string()))
    }
}

async fn open(client: String, will: Option<Publication>) -> Result<SimConnection> {
    let (mut reader, mut writer) = ends(TcpStream::connect((HOST, PORT)).await?);
    let will = will.map(Letter);
    writer.write(&ToBroker::Connect { client, will }).await?;
    let answer: FromBroker = reader.read().await?;
    anyhow::ensure!(answer == FromBroker::Accepted, "the broker said {answer:?}");
    Ok(SimConnection {
        reader,
        writer: write_behind(writer),
        ping: interval(KEEP_ALIVE),
        first: VecDeque::new(),
    })
}

/// Writes what is sent, in order, without keeping the sender waiting. Ends when the connection does, or
/// when the sender has gone and all is written.
fn write_behind(mut writer: Writer) -> mpsc::UnboundedSender<ToBroker> {
    let (sender, mut messages) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Some(message) = messages.recv().await {
            if writer.write(&message).await.is_err() {
                return;
            }
        }
    });
    sender
}

impl SimConnection {
    /// A connection that has ended says so by its other half.
    fn say(&self, message: ToBroker) {
        drop(self.writer.send(message));
    }
}

impl Connection for SimConnection {
    fn subscribe(&mut self, filters: &[String]) {
        self.say(ToBroker::Subscribe(filters.to_vec()));
    }

    fn publish(&mut self, ticket: Ticket, publication: Publication) {
        self.say(ToBroker::Publish(ticket.0, publication));
    }

    async fn next(&mut self) -> Happening {
        if let Some(happening) = self.first.pop_front() {
            return happening;
        }
        let read = loop {
            tokio::select! {
                read = self.reader.read() => break read,
                _ = self.ping.tick() => self.say(ToBroker::Ping),
            }
        };
        let happening = match read {
            Ok(FromBroker::Subscribed) => Happening::Subscribed,
            Ok(FromBroker::Message(publication)) => Happening::Message(publication),
            Ok(FromBroker::Published(ticket, outcome)) => {
                Happening::Published(Ticket(ticket), outcome)
            }
            Ok(FromBroker::Accepted | FromBroker::Pong) => Happening::Alive,
            Ok(FromBroker::TakenOver) => Happening::Lost(Loss::TakenOver),
            Err(error) => Happening::Lost(Loss::Network(error.to_string())),
        };
        if happening == Happening::Alive || matches!(happening, Happening::Lost(_)) {
            return happening;
        }
        // Whatever the broker says is a sign of life too.
        self.first.push_back(happening);
        Happening::Alive
    }

    async fn close(self) {
        self.say(ToBroker::Bye);
        self.writer.closed().await;
    }
}
