//! One agent, two desks.

use anyhow::{Context, Result};
use offhook_bus::{Bus, Role};
use offhook_protocol::Access;
use offhook_tests::{
    DEADLINE,
    broker::{Broker, Setup, Way},
};
use offhook_uplink::{Branch, Identity, Order, Status, Trouble, drive};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::timeout,
};

const AGENT: &str = "agent-7";

/// An uplink of its own, with a bus where nobody speaks for a contact centre.
struct Desk {
    status: watch::Receiver<Status>,
    orders: mpsc::Sender<Order>,
    _uplink: JoinHandle<()>,
}

impl Desk {
    fn sit_down(broker: &Broker, seed: u64) -> Result<Self> {
        let branch = Branch::new("acme", AGENT)?;
        let transport = broker.way(Way::Tls, AGENT, &branch.client_id())?;
        let port = Bus::new().join("uplink", Access::Control, Role::App)?;
        let identity = Identity {
            branch,
            program: "Test/1".to_owned(),
            seed,
        };
        let (orders, taken) = mpsc::channel(1);
        let (telling, status) = watch::channel(Status::Connecting { after: None });
        let clock = offhook_engine::Clock::start();
        let uplink = drive(identity, port, transport, clock, taken, telling);
        Ok(Self {
            status,
            orders,
            _uplink: tokio::spawn(uplink),
        })
    }

    async fn is(&mut self, what: &str, so: impl FnMut(&Status) -> bool) -> Result<()> {
        let status = timeout(2 * DEADLINE, self.status.wait_for(so)).await;
        status.with_context(|| format!("never {what}"))??;
        Ok(())
    }

    async fn is_online(&mut self) -> Result<()> {
        let online = |status: &Status| matches!(status, Status::Online { .. });
        self.is("online", online).await
    }

    /// This desk has stopped, and says why.
    async fn has_given_way(&mut self) -> Result<()> {
        let trouble = Trouble::TakenOver;
        self.is("given way", |status| {
            *status
                == Status::Stopped {
                    trouble: trouble.clone(),
                }
        })
        .await
    }
}

#[tokio::test]
async fn the_desk_where_the_person_sat_down_last_keeps_the_agent() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut first = Desk::sit_down(&broker, 1)?;
    first.is_online().await?;
    let mut second = Desk::sit_down(&broker, 2)?;
    second.is_online().await?;

    first.has_given_way().await?;
    second.is_online().await?;

    first.orders.send(Order::Retry).await?;
    first.is_online().await?;
    second.has_given_way().await?;
    first.is_online().await
}
