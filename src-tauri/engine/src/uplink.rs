//! The way to the company's broker, as the settings choose it.

mod told;
#[cfg_attr(not(feature = "mqtt"), path = "uplink/no_transport.rs")]
mod transport;
mod way;

use std::time::Duration;

use offhook_bus::Bus;
use offhook_core::Broker;
use offhook_protocol::Personal;
use offhook_uplink::Order;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};
use tracing::{debug, warn};

use crate::{
    apps::KeptIn,
    clock::Clock,
    secrets::{SecretError, Secrets},
    settings::BrokerSetup,
};
use way::Way;

/// The name of the broker's password among the secrets.
const PASSWORD: &str = "broker";

/// How many orders and news may wait. They come one by one from the hand of a person.
const MAX_WAITING: usize = 4;

/// How long a good-bye may take. Without one the broker tells the same, some seconds later.
const GOOD_BYE: Duration = Duration::from_secs(1);

/// Whoever waits until a password is kept, or to be told why it is not.
pub(crate) type PasswordAnswer = oneshot::Sender<Result<(), String>>;

/// The way to the company's broker, if there is one.
#[derive(Debug)]
pub(crate) struct Uplink {
    bus: Bus,
    clock: Clock,
    secrets: Secrets,
    seed: u64,
    setup: Option<BrokerSetup>,
    running: Option<Running>,
    news: mpsc::Receiver<News>,
    telling: mpsc::Sender<News>,
}

/// The way while it is followed.
#[derive(Debug)]
struct Running {
    orders: mpsc::Sender<Order>,
    told: watch::Receiver<Broker>,
    task: JoinHandle<()>,
}

/// What the loop has to know.
#[derive(Debug)]
pub(crate) enum News {
    /// [`Uplink::state`] has changed.
    State,
    /// Whether there is a password was not known before.
    PasswordFound { kept_in: Option<KeptIn> },
    /// There is another password, or none any more. Whoever set it waits.
    PasswordKept {
        kept_in: Option<KeptIn>,
        answer: PasswordAnswer,
    },
}

impl Uplink {
    /// Goes nowhere yet.
    pub(crate) fn new(bus: Bus, clock: Clock, secrets: Secrets, seed: u64) -> Self {
        let (telling, news) = mpsc::channel(MAX_WAITING);
        Self {
            bus,
            clock,
            secrets,
            seed,
            setup: None,
            running: None,
            news,
            telling,
        }
    }

    /// Follows these settings, if they are others than before.
    pub(crate) fn follow(&mut self, setup: Option<BrokerSetup>) {
        if self.setup != setup {
            self.setup = setup;
            self.restart();
        }
    }

    /// Begins anew, with the password that is kept now.
    pub(crate) fn restart(&mut self) {
        let before = self.running.take().map(|it| tokio::spawn(it.stop()));
        self.running = self.setup.clone().map(|setup| {
            let (orders, listening) = mpsc::channel(MAX_WAITING);
            let (telling, told) = watch::channel(Broker::Connecting);
            let way = Way {
                setup,
                bus: self.bus.clone(),
                clock: self.clock.clone(),
                secrets: self.secrets.clone(),
                seed: self.seed,
                news: self.telling.clone(),
            };
            let task = tokio::spawn(async move {
                // Two would take the broker's connection from each other.
                if let Some(before) = before {
                    ended(before.await);
                }
                way.follow(listening, telling).await;
            });
            Running { orders, told, task }
        });
    }

    /// How the phone stands with the broker; `None` if there is none.
    pub(crate) fn state(&self) -> Option<Broker> {
        let running = self.running.as_ref();
        running.map(|running| running.told.borrow().clone())
    }

    /// Waits for news. Cancel-safe.
    pub(crate) async fn news(&mut self) -> News {
        tokio::select! {
            Some(news) = self.news.recv() => news,
            () = changed(self.running.as_mut()) => News::State,
        }
    }

    /// Connects now.
    pub(crate) fn retry(&self) {
        if let Some(running) = &self.running
            && let Err(error) = running.orders.try_send(Order::Retry)
        {
            debug!(%error, "the way to the broker does not listen");
        }
    }

    /// Keeps another password; an empty one is none. [`News::PasswordKept`] follows if that worked.
    pub(crate) fn keep_password(&self, password: Personal, answer: PasswordAnswer) {
        let (secrets, telling) = (self.secrets.clone(), self.telling.clone());
        tokio::spawn(async move {
            let told = match keep(&secrets, password).await {
                Ok(kept_in) => {
                    let news = News::PasswordKept { kept_in, answer };
                    telling.send(news).await.is_ok()
                }
                Err(error) => {
                    warn!(?error, "the password cannot be kept");
                    answer.send(Err(error.to_string())).is_ok()
                }
            };
            if !told {
                debug!("nobody waits for the password");
            }
        });
    }

    /// Says good-bye to the broker, and returns when that is out.
    pub(crate) async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }
}

impl Running {
    async fn stop(self) {
        let Self {
            orders, mut task, ..
        } = self;
        // Whoever gives no orders any more wants it to end.
        drop(orders);
        match timeout(GOOD_BYE, &mut task).await {
            Ok(end) => ended(end),
            Err(_) => {
                warn!("the broker did not take the good-bye in time");
                task.abort();
            }
        }
    }
}

fn ended(end: Result<(), tokio::task::JoinError>) {
    if let Err(error) = end {
        warn!(%error, "the way to the broker broke off");
    }
}

/// Returns when there is something new; never if nothing is followed.
async fn changed(running: Option<&mut Running>) {
    if let Some(running) = running
        && running.told.changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

async fn keep(secrets: &Secrets, password: Personal) -> Result<Option<KeptIn>, SecretError> {
    let password = Some(password).filter(|it| !it.reveal().is_empty());
    let is_kept = password.is_some();
    secrets.set(PASSWORD, password).await?;
    let kept_in = secrets.kept_in().await?;
    Ok(is_kept.then_some(kept_in))
}

/// The password, and where it is kept.
async fn password(secrets: &Secrets) -> Result<Option<(Personal, KeptIn)>, SecretError> {
    let password = secrets.get(PASSWORD).await?;
    let kept_in = secrets.kept_in().await?;
    Ok(password.map(|password| (password, kept_in)))
}
