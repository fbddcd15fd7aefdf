//! An app's end of a connection to the hub.

use std::{io, time::Duration};

use futures_util::{SinkExt, StreamExt};
use offhook_protocol::{
    Access, ApiError, Envelope, Event, Hello, Personal, Register, Registered, Unreadable,
};
use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        self, ClientRequestBuilder, Message,
        http::Uri,
        protocol::{CloseFrame, WebSocketConfig, frame::coding::CloseCode},
    },
};

use crate::{
    Connection, MAX_QUEUED_BYTES,
    hub::{SUBPROTOCOL, VERSION},
    proof::{Claim, Side, is_nonce, nonce},
};

/// How long connecting and registering may take.
const DEADLINE: Duration = Duration::from_secs(3);

/// A registered connection to the hub.
#[derive(Debug)]
pub struct Client<S = TcpStream> {
    stream: WebSocketStream<S>,
    access: Access,
}

/// Why no connection came about. The sentences are for the person.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// Nobody listens there.
    #[error("Offhook is not running: {0}.")]
    Unreachable(io::Error),
    /// The address is no WebSocket address of this machine.
    #[error("The connection file has a bad address.")]
    BadAddress,
    /// The connection broke, or what answered is no hub.
    #[error("What listens there is not Offhook: {0}.")]
    NotAHub(String),
    /// Whoever listens there does not know the secret.
    #[error("What listens there could not prove that it is Offhook.")]
    Impostor,
    /// The hub refused.
    #[error("Offhook refused the connection: {}", .0.reveal())]
    Denied(Personal),
    /// It took longer than three seconds.
    #[error("Offhook did not answer within 3 seconds.")]
    Late,
    /// The operating system gave no random bytes.
    #[error("No random bytes: {0}.")]
    Random(#[from] getrandom::Error),
}

/// Why a connection ended.
#[derive(Debug, Error)]
pub enum Disconnected {
    /// The hub closed it for a reason that `docs/hub.md` lists.
    #[error("Offhook closed the connection: {reason} ({code}).")]
    Closed {
        /// The close code.
        code: u16,
        /// The hub's reason.
        reason: String,
    },
    /// It broke.
    #[error("The connection to Offhook broke: {0}.")]
    Broken(#[from] tungstenite::Error),
    /// The hub sent something that is no envelope.
    #[error("Offhook sent something that cannot be read: {0}.")]
    Unreadable(#[from] Unreadable),
}

impl Client {
    /// Connects and registers under this name.
    ///
    /// # Errors
    ///
    /// [`ConnectError`].
    pub async fn connect(
        connection: &Connection,
        source: &str,
        access: Access,
    ) -> Result<Self, ConnectError> {
        let connected = async {
            let stream = open(&connection.url).await?;
            register(stream, connection, source, access).await
        };
        timeout(DEADLINE, connected)
            .await
            .map_err(|_| ConnectError::Late)?
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Registers under this name, over a stream that somebody else has connected.
    ///
    /// # Errors
    ///
    /// [`ConnectError`].
    pub async fn connect_over(
        stream: S,
        connection: &Connection,
        source: &str,
        access: Access,
    ) -> Result<Self, ConnectError> {
        timeout(DEADLINE, register(stream, connection, source, access))
            .await
            .map_err(|_| ConnectError::Late)?
    }

    /// What the hub granted.
    pub fn access(&self) -> Access {
        self.access
    }

    /// Sends an envelope.
    ///
    /// # Errors
    ///
    /// The connection broke.
    pub async fn send(&mut self, envelope: &Envelope) -> Result<(), Disconnected> {
        let message = Message::Text(envelope.to_text().into());
        Ok(self.stream.send(message).await?)
    }

    /// The next envelope; the first three after connecting are the state. `None` once Offhook has
    /// closed. Cancel-safe.
    ///
    /// # Errors
    ///
    /// [`Disconnected`].
    pub async fn recv(&mut self) -> Result<Option<Envelope>, Disconnected> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Text(text))) => {
                    return Ok(Some(Envelope::parse(text.as_bytes())?));
                }
                Some(Ok(Message::Close(Some(frame)))) if frame.code != CloseCode::Away => {
                    return Err(closed(&frame));
                }
                Some(Ok(Message::Close(_))) | None => return Ok(None),
                Some(Ok(
                    Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_),
                )) => {}
                Some(Err(error)) => return Err(error.into()),
            }
        }
    }
}

async fn register<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    connection: &Connection,
    source: &str,
    access: Access,
) -> Result<Client<S>, ConnectError> {
    let (_, port) = socket_of(&connection.url)?;
    let stream = upgrade(stream, &connection.url).await?;
    let mut client = Client { stream, access };
    let hello = client.expect(Hello::read).await?;
    if !hello.versions.contains(&VERSION) || !is_nonce(&hello.nonce) {
        return Err(ConnectError::NotAHub("another version".to_owned()));
    }
    let client_nonce = nonce()?;
    let claim = Claim {
        version: VERSION,
        port,
        access,
        source,
        hub_nonce: &hello.nonce,
        client_nonce: &client_nonce,
    };
    let register = Register {
        version: VERSION,
        access,
        client_nonce: client_nonce.clone(),
        proof: connection.secret.prove(Side::App, &claim),
    };
    let register = Envelope {
        source: Some(source.to_owned()),
        ..register.envelope()
    };
    client.send(&register).await.map_err(not_a_hub)?;
    let Registered { access, proof, .. } = client.expect(Registered::read).await?;
    let claim = Claim { access, ..claim };
    match connection.secret.verify(Side::Hub, &claim, &proof) {
        true => Ok(Client { access, ..client }),
        false => Err(ConnectError::Impostor),
    }
}

/// Host and port of the hub.
fn socket_of(url: &str) -> Result<(String, u16), ConnectError> {
    let uri: Uri = url.parse().map_err(|_| ConnectError::BadAddress)?;
    match (uri.host(), uri.port_u16()) {
        (Some(host), Some(port)) => Ok((host.trim_matches(['[', ']']).to_owned(), port)),
        _ => Err(ConnectError::BadAddress),
    }
}

async fn open(url: &str) -> Result<TcpStream, ConnectError> {
    let stream = TcpStream::connect(socket_of(url)?)
        .await
        .map_err(ConnectError::Unreachable)?;
    stream
        .set_nodelay(true)
        .map_err(ConnectError::Unreachable)?;
    Ok(stream)
}

async fn upgrade<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    url: &str,
) -> Result<WebSocketStream<S>, ConnectError> {
    let uri: Uri = url.parse().map_err(|_| ConnectError::BadAddress)?;
    let request = ClientRequestBuilder::new(uri).with_sub_protocol(SUBPROTOCOL);
    let config = WebSocketConfig::default()
        .max_message_size(Some(MAX_QUEUED_BYTES))
        .max_frame_size(Some(MAX_QUEUED_BYTES))
        .read_buffer_size(8 * 1024)
        .write_buffer_size(0);
    client_async_with_config(request, stream, Some(config))
        .await
        .map(|(stream, _)| stream)
        .map_err(|error| ConnectError::NotAHub(error.to_string()))
}

impl<S: AsyncRead + AsyncWrite + Unpin> Client<S> {
    /// Waits for one message of the handshake.
    async fn expect<T>(
        &mut self,
        read: impl Fn(&Envelope) -> Option<T>,
    ) -> Result<T, ConnectError> {
        let envelope = match self.recv().await {
            Ok(Some(envelope)) => envelope,
            Ok(None) => return Err(ConnectError::NotAHub("it closed".to_owned())),
            Err(disconnected) => return Err(not_a_hub(disconnected)),
        };
        match (read(&envelope), Event::read(&envelope)) {
            (Some(expected), _) => Ok(expected),
            (
                None,
                Some(Event::Error(ApiError {
                    msg, error_message, ..
                })),
            ) => {
                let said = format!("{} ({})", msg.reveal(), error_message.reveal());
                Err(ConnectError::Denied(said.into()))
            }
            (None, _) => Err(ConnectError::NotAHub("unexpected message".to_owned())),
        }
    }
}

fn not_a_hub(disconnected: Disconnected) -> ConnectError {
    ConnectError::NotAHub(disconnected.to_string())
}

fn closed(frame: &CloseFrame) -> Disconnected {
    Disconnected::Closed {
        code: frame.code.into(),
        reason: frame.reason.as_str().to_owned(),
    }
}
