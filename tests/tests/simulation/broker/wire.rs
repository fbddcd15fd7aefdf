//! What travels between the simulated broker and its clients: a line of JSON for each message.

use std::time::Duration;

use anyhow::{Context, Result};
use offhook_uplink::{Outcome, Publication};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use turmoil::net::{
    TcpStream,
    tcp::{OwnedReadHalf, OwnedWriteHalf},
};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum ToBroker {
    Connect {
        client: String,
        will: Option<Letter>,
    },
    Subscribe(Vec<String>),
    Publish(u64, #[serde(with = "PublicationDef")] Publication),
    Ping,
    Bye,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum FromBroker {
    Accepted,
    Subscribed,
    Message(#[serde(with = "PublicationDef")] Publication),
    Published(u64, #[serde(with = "OutcomeDef")] Outcome),
    Pong,
    TakenOver,
}

/// A publication, where `with` does not reach.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Letter(#[serde(with = "PublicationDef")] pub(super) Publication);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Publication")]
struct PublicationDef {
    topic: String,
    payload: Vec<u8>,
    retain: bool,
    expires_in: Option<Duration>,
    response_topic: Option<String>,
    correlation: Option<Vec<u8>>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Outcome")]
enum OutcomeDef {
    Taken,
    NobodyThere,
    Refused { reason: String },
}

/// Reads messages. Cancel-safe: what came of a line is kept for the next time.
pub(super) struct Reader {
    lines: BufReader<OwnedReadHalf>,
    line: Vec<u8>,
}

pub(super) struct Writer(OwnedWriteHalf);

/// The two ends of a connection.
pub(super) fn ends(stream: TcpStream) -> (Reader, Writer) {
    let (read, write) = stream.into_split();
    let reader = Reader {
        lines: BufReader::new(read),
        line: Vec::new(),
    };
    (reader, Writer(write))
}

impl Reader {
    pub(super) async fn read<T: DeserializeOwned>(&mut self) -> Result<T> {
        self.lines.read_until(b'\n', &mut self.line).await?;
        let line = std::mem::take(&mut self.line);
        let text = line.strip_suffix(b"\n").context("the connection ended")?;
        Ok(serde_json::from_slice(text)?)
    }
}

impl Writer {
    pub(super) async fn write<T: Serialize>(&mut self, message: &T) -> Result<()> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        Ok(self.0.write_all(&line).await?)
    }
}
