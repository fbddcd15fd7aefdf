//! A network between two programs of this machine that can go wrong on command.

use std::{
    net::{Ipv4Addr, SocketAddr},
    pin::pin,
    time::Duration,
};

use anyhow::Result;
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{broadcast, watch},
    task::JoinHandle,
    time::sleep,
};

/// A TCP proxy. Ends with all its connections when this is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    weather: watch::Sender<Weather>,
    blows: broadcast::Sender<Blow>,
    accepting: JoinHandle<()>,
}

/// What the network is like, for connections that stand and for new ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather {
    /// Nobody gets through: new connections are closed at once.
    pub down: bool,
    /// Nothing gets through, and nobody is told.
    pub frozen: bool,
    /// How long each piece is on the way.
    pub delay: Duration,
    /// How many bytes get through in one piece.
    pub piece: usize,
}

impl Weather {
    /// Everything gets through at once.
    pub const FAIR: Self = Self {
        down: false,
        frozen: false,
        delay: Duration::ZERO,
        piece: 64 * 1024,
    };
}

/// What happens to all connections that stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blow {
    /// Both sides are told that the other one has closed.
    Cut,
    /// Both sides are told that the connection is broken.
    Reset,
    /// The client is told that the broker says no more; it may go on speaking.
    HalfClose,
}

impl Proxy {
    /// Starts one that leads to this address.
    pub async fn start(target: SocketAddr) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (weather, _) = watch::channel(Weather::FAIR);
        let (blows, _) = broadcast::channel(8);
        Ok(Self {
            address: listener.local_addr()?,
            accepting: tokio::spawn(accept(listener, target, weather.subscribe(), blows.clone())),
            weather,
            blows,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the weather.
    pub fn set(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }

    /// Strikes all connections that stand.
    pub fn strike(&self, blow: Blow) {
        // Fails only if there is no connection.
        let _ = self.blows.send(blow);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
        self.strike(Blow::Cut);
    }
}

async fn accept(
    listener: TcpListener,
    target: SocketAddr,
    weather: watch::Receiver<Weather>,
    blows: broadcast::Sender<Blow>,
) {
    while let Ok((client, _)) = listener.accept().await {
        if !weather.borrow().down {
            tokio::spawn(carry(client, target, weather.clone(), blows.subscribe()));
        }
    }
}

/// Carries one connection until one side closes it or a blow ends it. Nobody has to be told of an
/// error: it ends the connection, as it would without the proxy.
async fn carry(
    mut client: TcpStream,
    target: SocketAddr,
    weather: watch::Receiver<Weather>,
    blows: broadcast::Receiver<Blow>,
) -> Option<()> {
    let mut broker = TcpStream::connect(target).await.ok()?;
    for stream in [&client, &broker] {
        stream.set_nodelay(true).ok()?;
    }
    if relay(&mut client, &mut broker, weather, blows).await == Blow::Reset {
        for stream in [&client, &broker] {
            SockRef::from(stream)
                .set_linger(Some(Duration::ZERO))
                .ok()?;
        }
    }
    Some(())
}

/// Returns how the connection is to end.
async fn relay(
    client: &mut TcpStream,
    broker: &mut TcpStream,
    weather: watch::Receiver<Weather>,
    mut blows: broadcast::Receiver<Blow>,
) -> Blow {
    let (client_says, mut client_hears) = client.split();
    let (broker_says, broker_hears) = broker.split();
    let mut there = pin!(forward(client_says, broker_hears, weather.clone()));
    tokio::select! {
        _ = &mut there => return Blow::Cut,
        _ = forward(broker_says, &mut client_hears, weather) => return Blow::Cut,
        blow = blows.recv() => match blow {
            Ok(Blow::HalfClose) => {}
            Ok(blow) => return blow,
            Err(_) => return Blow::Cut,
        },
    }
    if client_hears.shutdown().await.is_ok() {
        there.await;
    }
    Blow::Cut
}

/// Carries what one side says to the other until either closes.
async fn forward(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut weather: watch::Receiver<Weather>,
) -> Option<()> {
    let mut buffer = [0; 16 * 1024];
    loop {
        let length = from.read(&mut buffer).await.ok().filter(|it| *it > 0)?;
        let now = *weather.wait_for(|it| !it.frozen).await.ok()?;
        sleep(now.delay).await;
        for piece in buffer[..length].chunks(now.piece) {
            to.write_all(piece).await.ok()?;
        }
    }
}
