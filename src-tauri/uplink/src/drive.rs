//! The glue: runs owner and link against a bus, a broker and a clock.

#[cfg(test)]
mod tests;

use std::{future, ops::ControlFlow, pin::pin, time::Duration};

use offhook_bus::{Delivery, Port};
use tokio::{
    sync::{mpsc, watch},
    time::{self, Interval, MissedTickBehavior},
};
use tracing::{debug, info, warn};

use crate::{
    Branch, Clock, Connection, Happening, Outcome, Place, Publication, Status, Ticket, Transport,
    Trouble,
    link::{Attempt, Link, TICK},
    owner::{Output, Owner},
};

/// How many publications may be on their way to the broker. One that takes less is given up: the state
/// after the next connection is cheaper than what waits.
const MAX_UNANSWERED: usize = 512;
/// How long to wait until the good-bye is out.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// Who the uplink is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Whose phone this is.
    pub branch: Branch,
    /// Name and version of the program, for those who follow the agent.
    pub program: String,
    /// Different for every start: waits are drawn from it.
    pub seed: u64,
}

/// What the person, or the engine, wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Try to connect now.
    Retry,
    /// Take back what is retained, say good-bye, and end.
    Stop,
}

/// Keeps one agent's part of the bus at the broker, until it is told to stop, or until the bus or the
/// sender of the orders is gone. `port` is an app's port with control access.
///
/// While nothing can be published, what is said on the bus is taken from the port all the same.
pub async fn drive<T: Transport>(
    identity: Identity,
    port: Port,
    mut transport: T,
    clock: impl Clock,
    orders: mpsc::Receiver<Order>,
    status: watch::Sender<Status>,
) {
    let mut driver = Driver::new(identity, port, clock, orders, status);
    while driver.next_connection(&mut transport).await.is_continue() {}
}

struct Driver<C> {
    branch: Branch,
    owner: Owner,
    link: Link,
    port: Port,
    clock: C,
    orders: mpsc::Receiver<Order>,
    status: watch::Sender<Status>,
    ticks: Interval,
    last_ticket: u64,
    /// How many publications have no outcome yet.
    unanswered: usize,
}

/// What comes from this side.
enum Input {
    Bus(Delivery),
    Retry,
    Tick,
    Due,
    Stop,
}

impl<C: Clock> Driver<C> {
    fn new(
        identity: Identity,
        port: Port,
        clock: C,
        orders: mpsc::Receiver<Order>,
        status: watch::Sender<Status>,
    ) -> Self {
        let now = clock.now();
        let mut rng = fastrand::Rng::with_seed(identity.seed);
        let mut ticks = time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            owner: Owner::new(identity.branch.clone(), identity.program, rng.u128(..), now),
            branch: identity.branch,
            link: Link::new(rng.u64(..), now),
            port,
            clock,
            orders,
            status,
            ticks,
            last_ticket: 0,
            unanswered: 0,
        }
    }

    /// One connection from the attempt to its end, or one step towards the next attempt. Breaks at the
    /// end of it all.
    async fn next_connection<T: Transport>(&mut self, transport: &mut T) -> ControlFlow<()> {
        match self.link.wanted() {
            Some(attempt) => {
                if let Some(connection) = self.connect(transport, attempt).await? {
                    self.hold(connection, attempt).await?;
                }
                self.owner.disconnected();
                self.unanswered = 0;
            }
            None => {
                let input = self.input().await;
                self.take(input)?;
                self.carry_out(|_, _| ());
            }
        }
        self.tell_status();
        ControlFlow::Continue(())
    }

    async fn connect<T: Transport>(
        &mut self,
        transport: &mut T,
        attempt: Attempt,
    ) -> ControlFlow<(), Option<T::Connection>> {
        self.tell_status();
        let mut connecting = pin!(transport.connect(Some(self.owner.will())));
        while self.link.wanted() == Some(attempt) {
            tokio::select! {
                biased;
                result = &mut connecting => match result {
                    Ok(connection) => return ControlFlow::Continue(Some(connection)),
                    Err(refusal) => {
                        debug!(%refusal, "not connected to the broker");
                        self.link.lost(refusal.into(), self.clock.now());
                    }
                },
                input = self.input() => {
                    self.take(input)?;
                    self.carry_out(|_, _| ());
                }
            }
        }
        ControlFlow::Continue(None)
    }

    /// Breaks once everything is taken back and the connection closed.
    async fn hold(&mut self, mut connection: impl Connection, attempt: Attempt) -> ControlFlow<()> {
        connection.subscribe(&[self.branch.requests(), self.branch.topic(&Place::Presence)]);
        while self.link.wanted() == Some(attempt) {
            let taken = tokio::select! {
                biased;
                // A broker that talks without end keeps neither orders nor the bus waiting.
                input = self.input() => self.take(input),
                happening = connection.next() => {
                    self.happened(happening);
                    ControlFlow::Continue(())
                }
            };
            if taken.is_break() {
                self.owner.farewell(self.clock.now());
            }
            self.carry_out(|ticket, publication| connection.publish(ticket, publication));
            if taken.is_break() {
                if time::timeout(CLOSE_WITHIN, connection.close())
                    .await
                    .is_err()
                {
                    debug!("the broker did not take the good-bye in time");
                }
                return ControlFlow::Break(());
            }
            self.tell_status();
        }
        ControlFlow::Continue(())
    }

    /// What comes next from the bus, from the person, or because of time. Cancel-safe.
    async fn input(&mut self) -> Input {
        let timeouts = [self.link.poll_timeout(), self.owner.poll_timeout()];
        let due = timeouts.into_iter().flatten().min();
        let due = due.and_then(|due| self.clock.instant(due));
        let due = async {
            match due {
                Some(due) => time::sleep_until(due).await,
                None => future::pending().await,
            }
        };
        tokio::select! {
            biased;
            order = self.orders.recv() => match order {
                Some(Order::Retry) => Input::Retry,
                Some(Order::Stop) | None => Input::Stop,
            },
            _ = self.ticks.tick() => Input::Tick,
            () = due => Input::Due,
            delivery = self.port.recv() => delivery.map_or(Input::Stop, Input::Bus),
        }
    }

    /// Breaks when it is to end.
    fn take(&mut self, input: Input) -> ControlFlow<()> {
        let now = self.clock.now();
        match input {
            Input::Bus(Delivery::Message { envelope, .. }) => {
                self.owner.hear(envelope.envelope(), now);
            }
            Input::Bus(Delivery::Resynced) => self.owner.missed(),
            // For connectors alone.
            Input::Bus(Delivery::StateWanted { .. }) => {}
            Input::Retry => {
                if !self.link.is_online() {
                    self.owner.claim();
                }
                self.link.retry(now);
            }
            Input::Tick => self.link.tick(now),
            Input::Due => {
                self.link.handle_timeout(now);
                self.owner.handle_timeout(now);
            }
            Input::Stop => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }

    fn happened(&mut self, happening: Happening) {
        let now = self.clock.now();
        // A request that waited while the computer was asleep must not be carried out now.
        self.link.tick(now);
        if self.link.wanted().is_none() {
            return;
        }
        match happening {
            Happening::Subscribed => {
                self.link.subscribed(now);
                self.owner.connected(now);
            }
            Happening::NotSubscribed { reason } => self.link.lost(Trouble::Refused(reason), now),
            Happening::Message(publication) => self.owner.handle_message(&publication, now),
            Happening::Published(_, outcome) => {
                self.unanswered = self.unanswered.saturating_sub(1);
                match outcome {
                    Outcome::Taken | Outcome::NobodyThere => {}
                    Outcome::Refused { reason } => self.link.lost(Trouble::Refused(reason), now),
                }
            }
            Happening::Alive => {}
            Happening::Lost(loss) => self.link.lost(loss.into(), now),
        }
        self.link.heard(now);
    }

    /// Carries out what the owner wants. `publish` has no say in it while there is no connection: the
    /// owner publishes nothing then.
    fn carry_out(&mut self, mut publish: impl FnMut(Ticket, Publication)) {
        let now = self.clock.now();
        while let Some(output) = self.owner.poll_output() {
            match output {
                Output::Publish(publication) => {
                    self.last_ticket += 1;
                    self.unanswered += 1;
                    publish(Ticket(self.last_ticket), publication);
                    self.link.published(now);
                }
                Output::Send { source, envelope } => {
                    if let Err(error) = self.port.send_for(&source, *envelope) {
                        warn!(source, %error, "a request from the broker was not sent");
                    }
                }
                Output::SampleState => self.port.sample_state(),
                Output::GiveWay => self.link.lost(Trouble::TakenOver, now),
                Output::Reconnect => self.link.replace(now),
            }
        }
        if self.unanswered > MAX_UNANSWERED {
            self.link.lost(Trouble::Overrun, now);
        }
    }

    fn tell_status(&self) {
        let status = self.link.status();
        self.status.send_if_modified(|told| {
            let news = *told != status;
            if news {
                info!(?status, "the broker");
                *told = status;
            }
            news
        });
    }
}
