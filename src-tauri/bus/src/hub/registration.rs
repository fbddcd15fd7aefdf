//! From the first frame to a place on the bus: `Hello`, `Register`, `Registered`.

use offhook_protocol::{Access, Envelope, ErrorType, Hello, Pair, Register, Registered};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout_at},
};

use super::{
    Lobby,
    close::{Close, End},
    denied::Denied,
    limits::{HEARTBEAT, REGISTRATION},
    pairing::pair,
    reader::Reader,
    roster::{Place, Who},
    socket::Socket,
};
use crate::{
    Port, Secret,
    proof::{Claim, Side, is_nonce, nonce},
    router::is_source,
};

/// The version of the handshake.
pub(crate) const VERSION: u32 = 1;

pub(crate) const OTHER_VERSION: &str = "this hub speaks version 1 of the handshake";
pub(crate) const BAD_NAME: &str = "source must be a name of 1 to 64 visible characters";

/// A registered app.
pub(crate) struct Registration {
    pub(crate) port: Port,
    pub(crate) who: Who,
    pub(crate) wanted: Access,
    pub(crate) access: Access,
    /// Held as long as the app is connected.
    pub(crate) _place: Place,
}

/// Greets an app and waits for it to register; a page may be paired first. Whatever else it sends is
/// refused.
pub(crate) async fn register<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    reader: &mut Reader,
    origin: Option<&str>,
    lobby: &Lobby,
) -> Result<Registration, End> {
    let mut deadline = Instant::now() + REGISTRATION;
    let hub_nonce = greet(socket, origin, lobby).await?;
    let mut paired = false;
    loop {
        let envelope = timeout_at(deadline, next(socket, reader))
            .await
            .map_err(|_| Close::NotRegistered)??;
        let who = Who::new(origin, envelope.source.as_deref().unwrap_or_default());
        if let Some(wanted) = Pair::read(&envelope).filter(|_| !paired) {
            pair(who, &wanted, socket, reader, lobby).await?;
            paired = true;
            deadline = Instant::now() + REGISTRATION;
        } else if let Some(register) = Register::read(&envelope) {
            return match admit(who, &register, &hub_nonce, lobby) {
                Ok((registration, registered)) => {
                    socket.send_envelope(&registered.envelope()).await?;
                    Ok(registration)
                }
                Err(denied) => Err(denied.turn_away(socket).await),
            };
        } else {
            let (kind, why) = refusal(&envelope);
            socket.refuse(kind, why).await?;
        }
    }
}

/// Says hello. Returns the nonce.
async fn greet<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    origin: Option<&str>,
    lobby: &Lobby,
) -> Result<String, End> {
    let hub_id = origin.and_then(|origin| Some(lobby.reception.look().key()?.hub_id(origin)));
    let hello = Hello {
        versions: vec![VERSION],
        hub: concat!("Offhook/", env!("CARGO_PKG_VERSION")).to_owned(),
        nonce: nonce().map_err(|_| Close::GoingAway)?,
        hub_id,
    };
    socket.send_envelope(&hello.envelope()).await?;
    Ok(hello.nonce)
}

async fn next<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    reader: &mut Reader,
) -> Result<Envelope, End> {
    loop {
        if let Some(envelope) = reader.next(socket).await? {
            return Ok(envelope);
        }
    }
}

fn refusal(envelope: &Envelope) -> (ErrorType, &'static str) {
    match (envelope.topic.as_str(), envelope.subtopic.as_str()) {
        ("App", "Register") => (
            ErrorType::BadRequest,
            "App/Register: message must have version, access, clientNonce and proof",
        ),
        ("App", "Pair") if Pair::read(envelope).is_none() => (
            ErrorType::BadRequest,
            "App/Pair: message must have version and access",
        ),
        _ => (ErrorType::NotRegistered, "send App/Register first"),
    }
}

/// Decides about a registration and takes its place on the bus.
fn admit(
    who: Who,
    register: &Register,
    hub_nonce: &str,
    lobby: &Lobby,
) -> Result<(Registration, Registered), Denied> {
    if register.version != VERSION {
        return Err(Denied::Registration(OTHER_VERSION));
    }
    if !is_nonce(&register.client_nonce) {
        return Err(Denied::Registration(
            "clientNonce must be 64 hexadecimal digits",
        ));
    }
    if !is_source(who.name()) {
        return Err(Denied::Registration(BAD_NAME));
    }
    if lobby.lock_out.holds(who.origin()) {
        return Err(Denied::LockedOut);
    }
    let claim = Claim {
        version: register.version,
        port: lobby.port,
        access: register.access,
        source: who.name(),
        hub_nonce,
        client_nonce: &register.client_nonce,
    };
    let secret = verify(&who, &claim, &register.proof, lobby)
        .inspect_err(|_| lobby.lock_out.failed(who.origin()))?;
    let granted = lobby.reception.look().grant(&who, register.access);
    let access = granted.ok_or(Denied::NotPaired)?;
    let registered = Registered {
        access,
        proof: secret.prove(Side::Hub, &Claim { access, ..claim }),
        heartbeat_sec: HEARTBEAT.as_secs(),
    };
    let place = lobby.reception.join(&who, access)?;
    let port = lobby
        .bus
        .join_with_state(who.name(), access)
        .map_err(|_| Denied::Registration("the bus is closed"))?;
    let registration = Registration {
        port,
        who,
        wanted: register.access,
        access,
        _place: place,
    };
    Ok((registration, registered))
}

/// The secret that the app has proved to know.
fn verify(who: &Who, claim: &Claim<'_>, proof: &str, lobby: &Lobby) -> Result<Secret, Denied> {
    let secret = match who {
        Who::Program(_) => lobby.secret.clone(),
        Who::Page(page) => {
            let secret = lobby.reception.look().secret(page);
            secret.ok_or(Denied::NotPaired)?
        }
    };
    match secret.verify(Side::App, claim, proof) {
        true => Ok(secret),
        false => Err(Denied::Registration("the proof is wrong")),
    }
}
