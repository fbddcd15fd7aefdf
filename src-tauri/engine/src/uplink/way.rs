//! One setting's way to the broker, from the password to the good-bye.

use offhook_bus::{Bus, Port, Role};
use offhook_core::Broker;
use offhook_protocol::Access;
use offhook_uplink::{Identity, Order, Status, Transport, drive};
use tokio::sync::{mpsc, watch};
use tracing::{debug, warn};

use super::{News, password, told, transport};
use crate::{clock::Clock, secrets::Secrets, settings::BrokerSetup};

/// The uplink's name on the bus.
const SOURCE: &str = "uplink";

/// This program, for those who follow the agent at the broker.
const PROGRAM: &str = concat!("Offhook/", env!("CARGO_PKG_VERSION"));

/// A way to a broker, and all that is needed on it.
pub(super) struct Way {
    pub(super) setup: BrokerSetup,
    pub(super) bus: Bus,
    pub(super) clock: Clock,
    pub(super) secrets: Secrets,
    pub(super) seed: u64,
    pub(super) news: mpsc::Sender<News>,
}

impl Way {
    /// Follows it until it is told to stop.
    pub(super) async fn follow(
        self,
        mut orders: mpsc::Receiver<Order>,
        telling: watch::Sender<Broker>,
    ) {
        loop {
            let prepared = tokio::select! {
                prepared = self.prepare() => prepared,
                () = until_stopped(&mut orders) => return,
            };
            match prepared {
                Ok((port, transport)) => return self.drive(port, transport, orders, telling).await,
                Err(detail) => {
                    warn!(detail, "the way to the broker cannot be begun");
                    telling.send_replace(told::not_begun(detail));
                }
            }
            if orders.recv().await != Some(Order::Retry) {
                return;
            }
            telling.send_replace(Broker::Connecting);
        }
    }

    async fn prepare(&self) -> Result<(Port, impl Transport + use<>), String> {
        let found = password(&self.secrets).await;
        let found = found.map_err(|error| {
            warn!(?error, "the password cannot be had");
            error.to_string()
        })?;
        let kept_in = found.as_ref().map(|(_, kept_in)| *kept_in);
        if self
            .news
            .send(News::PasswordFound { kept_in })
            .await
            .is_err()
        {
            debug!("nobody waits for the password");
        }
        let password = found.map(|(password, _)| password);
        let transport = transport::to(&self.setup, password);
        let port = self.bus.join(SOURCE, Access::Control, Role::App);
        Ok((port.map_err(|error| error.to_string())?, transport))
    }

    async fn drive(
        self,
        port: Port,
        transport: impl Transport,
        orders: mpsc::Receiver<Order>,
        telling: watch::Sender<Broker>,
    ) {
        let identity = Identity {
            branch: self.setup.branch,
            program: PROGRAM.to_owned(),
            seed: self.seed,
        };
        let (status, mut statuses) = watch::channel(Status::Connecting { after: None });
        let telling = async {
            while statuses.changed().await.is_ok() {
                telling.send_replace(told::broker(statuses.borrow_and_update().clone()));
            }
        };
        let driving = drive(identity, port, transport, self.clock, orders, status);
        tokio::join!(driving, telling);
    }
}

/// Returns when it is told to stop. There is nothing to retry yet.
async fn until_stopped(orders: &mut mpsc::Receiver<Order>) {
    while orders.recv().await == Some(Order::Retry) {}
}
