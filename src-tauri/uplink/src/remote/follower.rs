//! The loop that keeps a connection, takes in what comes and sends what is asked.

use std::pin::pin;

use fastrand::Rng;
use offhook_protocol::{Envelope, Timestamp};
use tokio::{
    sync::{mpsc, watch},
    time::{Interval, MissedTickBehavior, interval, sleep_until},
};

use super::{Asks, Board, Order, RequestError, Scope, asked, asked::Asked};
use crate::{
    Branch, Clock, Connection, Desk, Happening, Place, Publication, Ticket, Transport,
    link::{Attempt, Link, TICK, Trouble},
    request_id,
};

/// See the module.
pub(super) struct Follower<C> {
    scope: Scope,
    clock: C,
    link: Link,
    asked: Asked,
    board: watch::Sender<Board>,
    orders: mpsc::Receiver<Order>,
    ticks: Interval,
    rng: Rng,
    tickets: u64,
    /// Nobody wants to know any more.
    dropped: bool,
}

impl<C: Clock> Follower<C> {
    pub(super) fn new(
        scope: Scope,
        clock: C,
        seed: u64,
        board: watch::Sender<Board>,
        orders: mpsc::Receiver<Order>,
    ) -> Self {
        let mut rng = Rng::with_seed(seed);
        let mut ticks = interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self {
            link: Link::new(rng.u64(..), clock.now()),
            scope,
            clock,
            asked: Asked::default(),
            board,
            orders,
            ticks,
            rng,
            tickets: 0,
            dropped: false,
        }
    }

    pub(super) async fn run<T: Transport>(mut self, mut transport: T) {
        while !self.dropped {
            match self.link.wanted() {
                Some(attempt) => self.keep_connected(attempt, &mut transport).await,
                None => self.wait().await,
            }
            self.show_status();
        }
    }

    /// Makes this connection, and lives with it until it is gone or not wanted any more.
    async fn keep_connected<T: Transport>(&mut self, attempt: Attempt, transport: &mut T) {
        let Some(mut connection) = self.connect(attempt, transport).await else {
            return;
        };
        connection.subscribe(&self.scope.filters);
        while self.is_wanted(attempt) {
            tokio::select! {
                happening = connection.next() => self.hear(happening),
                () = self.wait() => {}
            }
            self.publish(&mut connection);
            self.show_status();
        }
        self.asked.interrupted();
        self.board.send_modify(|board| {
            board.desks.values_mut().for_each(Desk::interrupted);
        });
    }

    async fn connect<T: Transport>(
        &mut self,
        attempt: Attempt,
        transport: &mut T,
    ) -> Option<T::Connection> {
        let mut connecting = pin!(transport.connect(None));
        while self.is_wanted(attempt) {
            tokio::select! {
                connection = &mut connecting => match connection {
                    Ok(connection) => return Some(connection),
                    Err(refusal) => self.link.lost(refusal.into(), self.clock.now()),
                },
                () = self.wait() => {}
            }
            self.show_status();
        }
        None
    }

    fn is_wanted(&self, attempt: Attempt) -> bool {
        !self.dropped && self.link.wanted() == Some(attempt)
    }

    /// Waits for an order, a second to pass, or whatever is due, and deals with it. Cancel-safe.
    async fn wait(&mut self) {
        let due = [
            self.link.poll_timeout(),
            self.asked.poll_timeout(),
            self.ask_due(),
        ];
        let due = due.into_iter().flatten().min();
        let due = due.and_then(|due| self.clock.instant(due));
        tokio::select! {
            order = self.orders.recv() => match order {
                Some(order) => self.take(order),
                None => self.dropped = true,
            },
            _ = self.ticks.tick() => self.link.tick(self.clock.now()),
            Some(()) = async { sleep_until(due?).await; Some(()) } => {
                let now = self.clock.now();
                self.link.handle_timeout(now);
                self.asked.handle_timeout(now);
            }
        }
    }
}

impl<C: Clock> Follower<C> {
    fn hear(&mut self, happening: Happening) {
        let now = self.clock.now();
        match happening {
            Happening::Subscribed => self.link.subscribed(now),
            Happening::NotSubscribed { reason } => self.link.lost(Trouble::Refused(reason), now),
            Happening::Alive => self.link.heard(now),
            Happening::Lost(loss) => self.link.lost(loss.into(), now),
            Happening::Published(ticket, outcome) => {
                self.link.heard(now);
                self.asked.published(ticket, outcome);
            }
            Happening::Message(message) => {
                self.link.heard(now);
                self.take_in(&message, now);
            }
        }
    }

    fn take_in(&mut self, message: &Publication, now: Timestamp) {
        let Some((branch, place)) = Branch::read(&message.topic) else {
            return;
        };
        if let (Place::Answer { .. }, Ok(envelope)) = (&place, Envelope::parse(&message.payload)) {
            self.asked.answered(&envelope);
        }
        self.board.send_modify(|board| {
            let desk = board.desks.entry(branch.agent().to_owned()).or_default();
            desk.hear(&place, &message.payload, message.retain, now);
        });
    }

    fn take(&mut self, order: Order) {
        let offline = match &self.scope.asks {
            None => Err(RequestError::OnlyWatches),
            Some(asks) if self.is_away(asks) => Err(RequestError::Offline),
            Some(asks) => {
                let epoch = self.desk(asks, Desk::epoch).flatten();
                let random = self.rng.u128(..);
                return self.asked.ask(order, asks, epoch, self.clock.now(), random);
            }
        };
        // Fails only if the one who asked does not wait any more.
        let _ = order.outcome.send(offline);
    }

    /// Whether the phone is known not to be there.
    fn is_away(&self, asks: &Asks) -> bool {
        self.desk(asks, Desk::is_stale).unwrap_or_default()
    }

    /// Something that is known of the one who may be asked.
    fn desk<R>(&self, asks: &Asks, read: impl FnOnce(&Desk) -> R) -> Option<R> {
        self.board.borrow().desks.get(asks.branch.agent()).map(read)
    }

    /// Publishes what waits for it.
    fn publish(&mut self, connection: &mut impl Connection) {
        let Some(asks) = self.scope.asks.as_ref().filter(|_| self.link.is_online()) else {
            return;
        };
        let now = self.clock.now();
        let tickets = &mut self.tickets;
        let mut ticket = || {
            *tickets += 1;
            Ticket(*tickets)
        };
        for (ticket, publication) in self.asked.unsent(&mut ticket) {
            connection.publish(ticket, publication);
            self.link.published(now);
        }
        let mut parts = Vec::new();
        self.board.send_if_modified(|board| {
            let desk = board.desks.get_mut(asks.branch.agent());
            parts = desk.map_or_else(Vec::new, |desk| desk.poll_ask(now));
            false
        });
        for part in parts {
            let id = request_id(now, self.rng.u128(..));
            let publication = asked::publication(&part.request(), &id, asks, None, now);
            connection.publish(ticket(), publication);
            self.link.published(now);
        }
    }

    /// When a part of the state is to be asked for. Never while that is not possible.
    fn ask_due(&self) -> Option<Timestamp> {
        let asks = self.scope.asks.as_ref().filter(|_| self.link.is_online())?;
        let board = self.board.borrow();
        board.desks.get(asks.branch.agent())?.poll_timeout()
    }

    fn show_status(&self) {
        let status = self.link.status();
        self.board.send_if_modified(|board| {
            let changed = board.status != status;
            board.status = status;
            changed
        });
    }
}
