//! A web page of another program, as the hub sees it: a WebSocket from some origin. `docs/hub.md` says what
//! it may say.

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use futures_util::{SinkExt as _, StreamExt as _};
use hmac::{Hmac, KeyInit as _, Mac as _};
use offhook_protocol::{
    Access, Envelope, Event, Hello, Pair, PairPending, Paired, Register, Registered,
};
use sha2::Sha256;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{ClientRequestBuilder, Message, http::Uri},
};

use crate::{app::App, wait::DEADLINE};

const NONCE: &str = "2222222222222222222222222222222222222222222222222222222222222222";

/// A page that is connected. It leaves when this is dropped.
#[derive(Debug)]
pub struct Page {
    name: String,
    port: u16,
    hello: Hello,
    socket: WebSocketStream<TcpStream>,
}

impl Page {
    /// Connects from this origin. The page will give itself this name.
    pub async fn open(app: &App<'_>, origin: &str, name: &str) -> Result<Self> {
        let uri: Uri = app.hub.url.parse()?;
        let port = uri.port_u16().context("the hub has a port")?;
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let request = ClientRequestBuilder::new(uri)
            .with_sub_protocol("offhook.v1")
            .with_header("Origin", origin);
        let (mut socket, _) = client_async(request, stream).await?;
        let greeting = next(&mut socket).await?;
        Ok(Self {
            name: name.to_owned(),
            port,
            hello: Hello::read(&greeting).context("the hub speaks first")?,
            socket,
        })
    }

    /// Asks to be let in, and returns the code to compare.
    pub async fn ask(&mut self, access: Access) -> Result<String> {
        let pair = Pair { version: 1, access };
        self.send(pair.envelope()).await?;
        let pending = next(&mut self.socket).await?;
        let pending = PairPending::read(&pending).with_context(|| format!("{pending:?}"))?;
        Ok(pending.code)
    }

    /// Waits for the person's Yes, and registers with what it brought. Returns what the page may do.
    pub async fn join(&mut self) -> Result<Access> {
        let paired = next(&mut self.socket).await?;
        let Paired { access, secret } =
            Paired::read(&paired).with_context(|| format!("{paired:?}"))?;
        let register = Register {
            version: 1,
            access,
            client_nonce: NONCE.to_owned(),
            proof: self.proof(access, secret.reveal())?,
        };
        self.send(register.envelope()).await?;
        let registered = next(&mut self.socket).await?;
        let registered =
            Registered::read(&registered).with_context(|| format!("{registered:?}"))?;
        Ok(registered.access)
    }

    /// Waits until the hub closes the connection, and returns the code that says why.
    pub async fn closed(&mut self) -> Result<u16> {
        let closing = async {
            loop {
                if let Message::Close(frame) = message(&mut self.socket).await? {
                    return Ok(frame.context("there is a reason")?.code.into());
                }
            }
        };
        timeout(DEADLINE, closing)
            .await
            .context("the hub does not close")?
    }

    fn proof(&self, access: Access, secret: &str) -> Result<String> {
        let access = match access {
            Access::Observe => "observe",
            Access::Control => "control",
        };
        let (port, name, nonce) = (self.port, &self.name, &self.hello.nonce);
        let text = format!("offhook.v1\napp\n1\n{port}\n{access}\n{name}\n{nonce}\n{NONCE}");
        let mut mac = Hmac::<Sha256>::new_from_slice(&HEXLOWER.decode(secret.as_bytes())?)?;
        mac.update(text.as_bytes());
        Ok(HEXLOWER.encode(&mac.finalize().into_bytes()))
    }

    async fn send(&mut self, envelope: Envelope) -> Result<()> {
        let envelope = Envelope {
            source: Some(self.name.clone()),
            ..envelope
        };
        Ok(self.socket.send(Message::text(envelope.to_text())).await?)
    }
}

/// The next envelope.
async fn next(socket: &mut WebSocketStream<TcpStream>) -> Result<Envelope> {
    let text = async {
        loop {
            match message(socket).await? {
                Message::Text(text) => return Ok(text),
                Message::Close(frame) => bail!("the hub closed: {frame:?}"),
                Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            }
        }
    };
    let text = timeout(DEADLINE, text)
        .await
        .context("the hub says nothing")??;
    let envelope = Envelope::parse(text.as_bytes())?;
    match Event::read(&envelope) {
        Some(Event::Error(error)) => bail!("the hub refuses: {:?}", error.kind),
        _ => Ok(envelope),
    }
}

async fn message(socket: &mut WebSocketStream<TcpStream>) -> Result<Message> {
    let message = socket.next().await;
    Ok(message.context("the connection ended")??)
}
