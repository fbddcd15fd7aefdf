//! One connection, from the upgrade to the end.

#[cfg(test)]
mod tests;

use std::{convert::Infallible, sync::Arc};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::OwnedSemaphorePermit,
    time::{Instant, interval_at},
};
use tokio_tungstenite::WebSocketStream;
use tracing::{debug, info};

use super::{
    Lobby,
    close::{Close, End},
    denied::Denied,
    limits,
    reader::Reader,
    registration::{Registration, register},
    socket::{Incoming, Socket},
};
use crate::{Delivery, Port, refused::Asked};

/// Serves a connection until it ends. `unregistered` is given back when the app has registered, or else at
/// the very end.
pub(crate) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    stream: WebSocketStream<S>,
    origin: Option<String>,
    lobby: Lobby,
    unregistered: OwnedSemaphorePermit,
) {
    let mut unregistered = Some(unregistered);
    let mut socket = Socket::new(stream);
    let mut closing = lobby.closing.clone();
    let end = tokio::select! {
        ended = attend(&mut socket, origin.as_deref(), &lobby, &mut unregistered) => match ended {
            Err(end) => end,
        },
        _ = closing.changed() => Close::GoingAway.into(),
    };
    match end {
        End::Gone => {}
        End::Close(close) => {
            info!(?close, "closing a connection");
            socket.close(close).await;
        }
    }
}

async fn attend<S: AsyncRead + AsyncWrite + Unpin>(
    socket: &mut Socket<S>,
    origin: Option<&str>,
    lobby: &Lobby,
    unregistered: &mut Option<OwnedSemaphorePermit>,
) -> Result<Infallible, End> {
    let mut reader = Reader::new();
    let stranger = match stranger(origin, lobby) {
        Ok(permit) => permit,
        Err(denied) => return Err(denied.turn_away(socket).await),
    };
    let Registration {
        mut port,
        who,
        wanted,
        access,
        _place,
    } = register(socket, &mut reader, origin, lobby).await?;
    drop((stranger, unregistered.take()));
    info!(source = port.source(), ?access, origin, "an app registered");

    let mut heartbeat = interval_at(Instant::now() + limits::HEARTBEAT, limits::HEARTBEAT);
    let mut roster = lobby.reception.watch();
    // What changed since the registration was decided counts.
    roster.mark_changed();
    loop {
        tokio::select! {
            // What was taken from an app counts before what it still has to say.
            biased;
            Ok(()) = roster.changed() => match roster.borrow_and_update().grant(&who, wanted) {
                Some(now) if now == access => {}
                Some(_) => return Err(Close::AccessChanged.into()),
                None => return Err(Close::Denied.into()),
            },
            _ = heartbeat.tick() => {
                reader.alive()?;
                socket.ping().await?;
            }
            delivery = port.recv() => match delivery {
                Some(Delivery::Message { envelope, .. }) => {
                    socket.send(envelope.shared_text()).await?;
                }
                // The state follows by itself.
                Some(Delivery::Resynced | Delivery::StateWanted { .. }) => {}
                None => return Err(Close::GoingAway.into()),
            },
            frame = socket.recv() => take(frame?, socket, &mut reader, &port).await?,
        }
    }
}

/// Leave to be on the way, for a page that is neither listed nor paired.
fn stranger(origin: Option<&str>, lobby: &Lobby) -> Result<Option<OwnedSemaphorePermit>, Denied> {
    match origin {
        Some(origin) if !lobby.reception.look().knows(origin) => {
            let permit = Arc::clone(&lobby.strangers).try_acquire_owned();
            permit.map(Some).map_err(|_| {
                Denied::TooMany("8 connections of pages that are not paired are on their way")
            })
        }
        _ => Ok(None),
    }
}

/// Puts what the app sent on the bus, or tells it why not.
async fn take<S: AsyncRead + AsyncWrite + Unpin>(
    frame: Incoming,
    socket: &mut Socket<S>,
    reader: &mut Reader,
    port: &Port,
) -> Result<(), End> {
    let Some(envelope) = reader.read(frame, socket).await? else {
        return Ok(());
    };
    let is_command = Asked::read(&envelope).is_ok_and(|asked| asked.needs_control());
    if is_command && !reader.command(socket).await? {
        return Ok(());
    }
    if let Err(refused) = port.send(envelope) {
        let error = refused.api_error();
        debug!(
            source = port.source(),
            kind = error.kind.as_str(),
            "refused"
        );
        socket.send_envelope(&error.envelope()).await?;
    }
    Ok(())
}
