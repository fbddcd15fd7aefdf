//! The desk's hub on the simulated network. It is closed and started again now and then.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use fastrand::Rng;
use offhook_bus::{Admission, Bus, Connection, Hub};
use tokio::task::JoinSet;
use turmoil::net::TcpListener;

use crate::{clock::pause, log::Log};

/// Where it listens.
pub(crate) const PORT: u16 = 28_711;

/// Stands for the file that tells where the hub is, and its secret.
#[derive(Clone, Default)]
pub(crate) struct File(Arc<Mutex<Option<Connection>>>);

impl File {
    pub(crate) fn read(&self) -> Option<Connection> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn write(&self, connection: Option<Connection>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }
}

/// Runs one hub after the other, without end.
pub(crate) async fn run(bus: Bus, file: File, log: Log, mut rng: Rng) -> Result<()> {
    loop {
        let hub = Hub::without_listener(bus.clone(), Admission::default(), PORT)?;
        file.write(Some(hub.connection().clone()));
        let listener = TcpListener::bind(("0.0.0.0", PORT)).await?;
        let mut connections = JoinSet::new();
        let accepting = async {
            loop {
                let (stream, _) = listener.accept().await?;
                connections.spawn(hub.serve(stream));
            }
        };
        tokio::select! {
            ended = accepting => return ended,
            () = pause(&mut rng, 5.0..60.0) => {}
        }
        log.note(turmoil::elapsed(), "the hub is closed");
        file.write(None);
        drop((hub, listener));
        while connections.join_next().await.is_some() {}
        pause(&mut rng, 0.0..3.0).await;
    }
}
