//! A subscriber that hears every agent, and looks how old the news are.

use std::time::Duration;

use anyhow::{Result, bail};
use offhook_engine::Clock;
use offhook_protocol::Envelope;
use offhook_uplink::{
    Branch, Connection, Happening, Place, Publication, Stamp, Transport, mqtt::Mqtt,
};
use tokio::{sync::oneshot, task::JoinHandle};

/// See the module.
pub(super) struct Listener {
    stop: oneshot::Sender<()>,
    heard: JoinHandle<Result<Vec<Duration>>>,
}

impl Listener {
    /// Subscribes to the events of all agents.
    pub(super) async fn start(way: &mut Mqtt) -> Result<Self> {
        let mut connection = way.connect(None).await?;
        connection.subscribe(&[Branch::events_of_all("default")?]);
        let (stop, mut stopped) = oneshot::channel();
        let heard = async move {
            // Has the same source as those in the fleet's process, to the millisecond.
            let clock = Clock::start();
            let mut ages = Vec::new();
            loop {
                tokio::select! {
                    happening = connection.next() => match happening {
                        Happening::Message(message) => ages.extend(age(&message, &clock)),
                        Happening::Lost(loss) => bail!("a listener lost its connection: {loss:?}"),
                        Happening::NotSubscribed { reason } => bail!("not subscribed: {reason}"),
                        Happening::Subscribed | Happening::Published(..) | Happening::Alive => {}
                    },
                    _ = &mut stopped => return Ok(ages),
                }
            }
        };
        Ok(Self {
            stop,
            heard: tokio::spawn(heard),
        })
    }

    /// How old each event was when it was heard.
    pub(super) async fn stop(self) -> Result<Vec<Duration>> {
        // Fails only if it has failed itself, which it then says.
        let _ = self.stop.send(());
        self.heard.await?
    }
}

fn age(message: &Publication, clock: &Clock) -> Option<Duration> {
    let now = clock.timestamp();
    let (_, Place::Event(_)) = Branch::read(&message.topic)? else {
        return None;
    };
    let envelope = Envelope::parse(&message.payload).ok()?;
    let said = Stamp::read(&envelope).ok()?.at?;
    Some(now.saturating_duration_since(said))
}
