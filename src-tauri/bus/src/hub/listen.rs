//! Where the hub listens, and how it accepts connections.

use std::{io, net::Ipv4Addr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    sync::OwnedSemaphorePermit,
    task::JoinSet,
    time::sleep,
};
use tracing::{debug, warn};

use super::{Lobby, open};

/// Listens on the first of these ports that can be had, or else where the operating system likes.
pub(crate) async fn bind(ports: &[u16]) -> io::Result<TcpListener> {
    for port in ports {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await {
            Ok(listener) => return Ok(listener),
            Err(error) => debug!(port, %error, "not this port"),
        }
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
}

/// Accepts connections and serves them, until the hub closes and they have ended.
pub(crate) async fn accept(listener: TcpListener, lobby: Lobby) {
    let mut closing = lobby.closing.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some((stream, permit)) = next(&listener, &lobby) => {
                connections.spawn(open(stream, lobby.clone(), permit));
            }
            Some(_) = connections.join_next() => {}
            _ = closing.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// The next connection, once few enough others are on their way to be registered.
async fn next(listener: &TcpListener, lobby: &Lobby) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(&lobby.unregistered).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    debug!(%error, "no TCP_NODELAY");
                }
                return Some((stream, permit));
            }
            Err(error) => {
                // Out of files, most likely: that passes when some connection ends.
                warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
