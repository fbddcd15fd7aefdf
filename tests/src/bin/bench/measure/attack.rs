//! How soon the phone decides while programs of the same machine mean it harm.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use anyhow::Result;
use offhook_bus::{Client, Connection};
use offhook_protocol::{Access, Envelope};
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream, task::JoinSet, time::sleep};

use super::{
    clicks, engine,
    report::{Report, Unit},
};

/// How many of each kind attack at the same time.
const ATTACKERS: usize = 4;

/// Between two attempts of one attacker: a machine that does nothing but attack itself would measure its
/// own scheduler.
const BREATH: Duration = Duration::from_millis(5);

/// The phone's own time, and that of a well-behaved program that comes through the same hub.
pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let attack = || Attack::start(Connection::find()?);
    let (times, ()) = clicks::decisions(|| Ok(())).await?;
    report.percentiles("click: to the effect to notify, in peace", &times, None);
    let (times, on_clicks) = clicks::decisions(attack).await?;
    let attempts = on_clicks.stop();
    report.percentiles("click: to the effect to notify, under attack", &times, None);

    let (times, ()) = engine::decisions(|| Ok(())).await?;
    report.percentiles("ring: to the effect to notify, in peace", &times, None);
    let (times, on_frames) = engine::decisions(attack).await?;
    let attempts = attempts + on_frames.stop();
    report.percentiles("ring: to the effect to notify, under attack", &times, None);
    report.figure(
        "attack: connections tried meanwhile",
        attempts as f64,
        Unit::Count,
        None,
    );
    Ok(())
}

/// Programs that connect and mean harm, on a thread of their own.
struct Attack {
    over: Arc<AtomicBool>,
    attempts: Arc<AtomicU64>,
    thread: thread::JoinHandle<()>,
}

impl Attack {
    fn start(hub: Connection) -> Result<Self> {
        let over = Arc::new(AtomicBool::new(false));
        let attempts = Arc::new(AtomicU64::new(0));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (ended, counted) = (Arc::clone(&over), Arc::clone(&attempts));
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                let mut attackers = JoinSet::new();
                for number in 0..ATTACKERS * KINDS {
                    attackers.spawn(attack(number % KINDS, hub.clone(), Arc::clone(&counted)));
                }
                while !ended.load(Ordering::Relaxed) {
                    sleep(BREATH).await;
                }
            });
        });
        Ok(Self {
            over,
            attempts,
            thread,
        })
    }

    /// Ends it, and tells how many connections were tried.
    fn stop(self) -> u64 {
        self.over.store(true, Ordering::Relaxed);
        drop(self.thread.join());
        self.attempts.load(Ordering::Relaxed)
    }
}

/// How many kinds of attackers there are.
const KINDS: usize = 4;

async fn attack(kind: usize, hub: Connection, attempts: Arc<AtomicU64>) {
    loop {
        attempts.fetch_add(1, Ordering::Relaxed);
        // Being refused is what they are here for.
        let _ = match kind {
            0 => flood(&hub).await,
            1 => write(&hub, &upgrade(&hub, "https://evil.example", "offhook.v0")).await,
            2 => write(&hub, &[0xff; 8192]).await,
            _ => connect(&hub).await.map(drop),
        };
        sleep(BREATH).await;
    }
}

/// Registers, and sends long messages without reading until it is thrown out.
async fn flood(hub: &Connection) -> Result<()> {
    let mut client = Client::connect(hub, "flood", Access::Control).await?;
    let long = Envelope::event("Chat", "Said", json!("x".repeat(60_000)));
    loop {
        client.send(&long).await?;
    }
}

async fn write(hub: &Connection, bytes: &[u8]) -> Result<()> {
    let mut stream = connect(hub).await?;
    stream.write_all(bytes).await?;
    stream.readable().await?;
    Ok(())
}

fn upgrade(hub: &Connection, origin: &str, subprotocol: &str) -> Vec<u8> {
    let host = hub.url.trim_start_matches("ws://").trim_end_matches("/v1");
    format!(
        "GET /v1 HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\n\
         Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: {subprotocol}\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    .into_bytes()
}

async fn connect(hub: &Connection) -> Result<TcpStream> {
    let address = hub.url.trim_start_matches("ws://").trim_end_matches("/v1");
    let address: SocketAddr = address.parse()?;
    Ok(TcpStream::connect(address).await?)
}
