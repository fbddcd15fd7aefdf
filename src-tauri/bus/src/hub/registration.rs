//! From the first frame to a place on the bus: `Hello`, `Register`, `Registered`.

use offhook_protocol::{Access, Envelope, ErrorType, Hello, Register, Registered};
use tokio::io::{AsyncRead, AsyncWrite};
use tracing::info;

use super::{
    Lobby,
    apps::Place,
    close::{Close, End},
    limits::HEARTBEAT,
    reader::Reader,
    socket::Socket,
};
use crate::{
    Port,
    proof::{Claim, Side, is_nonce, nonce},
};

/// The version of the handshake.
pub(crate) const VERSION: u32 = 1;

/// A registered app.
pub(crate) struct Registration {
    pub(crate) port: Port,
    pub(crate) access: Access,
    /// Held as long as the app is connected.
    pub(crate) _place: Place,
}

/// Greets an app and waits for it to register. Whatever else it sends is refused.
pub(crate) async fn register<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    reader: &mut Reader,
    origin: Option<&str>,
    lobby: &Lobby,
) -> Result<Registration, End> {
    let hello = Hello {
        versions: vec![VERSION],
        hub: concat!("Offhook/", env!("CARGO_PKG_VERSION")).to_owned(),
        nonce: nonce().map_err(|_| Close::GoingAway)?,
        hub_id: None,
    };
    socket.send_envelope(&hello.envelope()).await?;
    loop {
        let Some(envelope) = reader.next(socket).await? else {
            continue;
        };
        if (envelope.topic.as_str(), envelope.subtopic.as_str()) != ("App", "Register") {
            socket
                .refuse(ErrorType::NotRegistered, "send App/Register first")
                .await?;
            continue;
        }
        let Some(register) = Register::read(&envelope) else {
            let expected = "App/Register: message must have version, access, clientNonce and proof";
            socket.refuse(ErrorType::BadRequest, expected).await?;
            continue;
        };
        return match admit(&envelope, &register, &hello.nonce, origin, lobby) {
            Ok((registration, registered)) => {
                socket.send_envelope(&registered.envelope()).await?;
                Ok(registration)
            }
            Err(Denied::TooManyApps) => Err(Close::TooManyApps.into()),
            Err(Denied::Because(why)) => {
                info!(why, "registration denied");
                socket.refuse(ErrorType::RegistrationDenied, why).await?;
                Err(Close::Denied.into())
            }
        };
    }
}

enum Denied {
    TooManyApps,
    Because(&'static str),
}

/// Decides about a registration and takes its place on the bus.
fn admit(
    envelope: &Envelope,
    register: &Register,
    hub_nonce: &str,
    origin: Option<&str>,
    lobby: &Lobby,
) -> Result<(Registration, Registered), Denied> {
    let because = Denied::Because;
    if register.version != VERSION {
        return Err(because("this hub speaks version 1 of the handshake"));
    }
    if !is_nonce(&register.client_nonce) {
        return Err(because("clientNonce must be 64 hexadecimal digits"));
    }
    let source = envelope.source.as_deref().unwrap_or_default();
    let claim = Claim {
        version: register.version,
        access: register.access,
        source,
        hub_nonce,
        client_nonce: &register.client_nonce,
    };
    if !lobby.secret.verify(Side::App, &claim, &register.proof) {
        return Err(because("the proof is wrong"));
    }
    let access = lobby
        .origins
        .borrow()
        .grant(origin, register.access)
        .ok_or(because("this origin is not allowed"))?;
    let place = lobby
        .apps
        .admit(origin.map(str::to_owned))
        .ok_or(Denied::TooManyApps)?;
    let port = lobby
        .bus
        .join_with_state(source, access)
        .map_err(|_| because("source must be a name of 1 to 64 characters"))?;
    let registered = Registered {
        access,
        proof: lobby.secret.prove(Side::Hub, &Claim { access, ..claim }),
        heartbeat_sec: HEARTBEAT.as_secs(),
    };
    let registration = Registration {
        port,
        access,
        _place: place,
    };
    Ok((registration, registered))
}
