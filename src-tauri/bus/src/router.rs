//! The in-process router.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use offhook_protocol::{Access, Envelope, Request};
use tokio::sync::Notify;
use tracing::{debug, warn};

use crate::{
    Delivery, Frame, JoinError, MAX_QUEUED_BYTES, Port, PortId, Refused, Role, empty,
    port::Taken,
    queue::{Overflowed, Queue},
};

/// How long a source's name may be, in characters.
pub const MAX_SOURCE_CHARS: usize = 64;

/// The bus. Clones are handles to the same one.
#[derive(Clone, Default)]
pub struct Bus(Arc<Mutex<Router>>);

#[derive(Default)]
struct Router {
    /// How many ports there ever were.
    joined: u64,
    members: BTreeMap<PortId, Member>,
    connector: Option<PortId>,
    closed: bool,
}

struct Member {
    source: String,
    queue: Queue,
    wake: Arc<Notify>,
    /// The state is on its way: what is broadcast before it is part of it, and passes this port by.
    awaits_state: bool,
}

impl Bus {
    /// A bus with nobody on it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Joins the bus under this name. `access` counts for apps; a connector may send anything.
    ///
    /// A new connector is asked for everybody's state. When it leaves, everybody gets the empty one.
    ///
    /// # Errors
    ///
    /// [`JoinError`].
    pub fn join(&self, source: &str, access: Access, role: Role) -> Result<Port, JoinError> {
        self.enter(source, access, role, |_, _| ())
    }

    /// Joins the bus as an app that gets the whole state before anything else, as if it had called
    /// [`Port::want_state`] in the same moment.
    ///
    /// # Errors
    ///
    /// [`JoinError`].
    pub fn join_with_state(&self, source: &str, access: Access) -> Result<Port, JoinError> {
        self.enter(source, access, Role::App, Router::want_state)
    }

    fn enter(
        &self,
        source: &str,
        access: Access,
        role: Role,
        then: impl FnOnce(&mut Router, PortId),
    ) -> Result<Port, JoinError> {
        if !is_source(source) {
            return Err(JoinError::BadSource);
        }
        let wake = Arc::new(Notify::new());
        let mut router = self.lock();
        let id = router.join(source, role, Arc::clone(&wake))?;
        then(&mut router, id);
        drop(router);
        debug!(source, ?role, ?access, "joined the bus");
        Ok(Port {
            bus: self.clone(),
            id,
            source: source.to_owned(),
            access,
            role,
            wake,
        })
    }

    /// Closes the bus: nothing is sent any more, and [`Port::recv`] ends once a queue is empty.
    pub fn close(&self) {
        let mut router = self.lock();
        router.closed = true;
        for member in router.members.values() {
            member.wake.notify_one();
        }
    }

    pub(crate) fn broadcast(
        &self,
        from: PortId,
        envelope: Envelope,
        request: Option<&Request>,
    ) -> Result<(), Refused> {
        let frame = sendable(envelope)?;
        let mut router = self.lock();
        router.open()?;
        let connector = router.connector;
        for (id, member) in &mut router.members {
            if *id != from && !member.awaits_state {
                let queued = member.queue.message(from, &frame);
                member.queued(queued, connector != Some(*id));
            }
        }
        if let (None, Some(request)) = (connector, request) {
            router.deliver(from, from, &Arc::new(Frame::new(empty::answer(request))));
        }
        Ok(())
    }

    pub(crate) fn send_state(
        &self,
        from: PortId,
        to: PortId,
        envelope: Envelope,
    ) -> Result<(), Refused> {
        let frame = sendable(envelope)?;
        let mut router = self.lock();
        router.open()?;
        if let Some(member) = router.members.get_mut(&to) {
            member.awaits_state = false;
        }
        router.deliver(from, to, &frame);
        Ok(())
    }

    pub(crate) fn want_state(&self, by: PortId) {
        self.lock().want_state(by);
    }

    pub(crate) fn sample_state(&self, by: PortId) {
        self.lock().sample_state(by);
    }

    pub(crate) fn take(&self, id: PortId) -> Result<Delivery, Taken> {
        let mut router = self.lock();
        let delivery = router.members.get_mut(&id).and_then(|m| m.queue.pop());
        match delivery {
            Some(Delivery::Resynced) if router.connector == Some(id) => {
                router.want_everybodys_state();
            }
            // Only now: a state that was put into the queue of a port that reads nothing would be
            // stale when it is read.
            Some(Delivery::Resynced) => router.want_state(id),
            Some(Delivery::Message { .. } | Delivery::StateWanted { .. }) => {}
            None if router.closed => return Err(Taken::Closed),
            None => return Err(Taken::Empty),
        }
        delivery.ok_or(Taken::Empty)
    }

    pub(crate) fn leave(&self, id: PortId) {
        let mut router = self.lock();
        if let Some(member) = router.members.remove(&id) {
            debug!(source = member.source, "left the bus");
        }
        if router.connector == Some(id) {
            router.connector = None;
            router.want_everybodys_state();
        }
    }

    /// A panic of some other thread leaves no half-done change behind that would matter here.
    fn lock(&self) -> MutexGuard<'_, Router> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Bus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bus")
    }
}

impl Router {
    fn join(&mut self, source: &str, role: Role, wake: Arc<Notify>) -> Result<PortId, JoinError> {
        if self.closed {
            return Err(JoinError::Closed);
        }
        if role == Role::Connector && self.connector.is_some() {
            return Err(JoinError::ConnectorTaken);
        }
        let id = PortId(self.joined);
        self.joined += 1;
        self.members.insert(
            id,
            Member {
                source: source.to_owned(),
                queue: Queue::default(),
                wake,
                awaits_state: false,
            },
        );
        if role == Role::Connector {
            self.connector = Some(id);
            self.want_everybodys_state();
        }
        Ok(id)
    }

    fn open(&self) -> Result<(), Refused> {
        if self.closed {
            Err(Refused::Closed)
        } else {
            Ok(())
        }
    }

    fn deliver(&mut self, from: PortId, to: PortId, frame: &Arc<Frame>) {
        if let Some(member) = self.members.get_mut(&to) {
            let queued = member.queue.message(from, frame);
            member.queued(queued, self.connector != Some(to));
        }
    }

    fn want_state(&mut self, by: PortId) {
        if let Some(member) = self.members.get_mut(&by) {
            member.awaits_state = self.connector.is_some_and(|connector| connector != by);
        }
        self.sample_state(by);
    }

    fn sample_state(&mut self, by: PortId) {
        if self.connector == Some(by) || !self.members.contains_key(&by) {
            return;
        }
        match self.connector.and_then(|id| self.members.get_mut(&id)) {
            Some(connector) => {
                let queued = connector.queue.state_wanted(by);
                connector.queued(queued, false);
            }
            None => {
                for envelope in empty::state() {
                    self.deliver(by, by, &Arc::new(Frame::new(envelope)));
                }
            }
        }
    }

    fn want_everybodys_state(&mut self) {
        let ports: Vec<_> = self.members.keys().copied().collect();
        for port in ports {
            self.want_state(port);
        }
    }
}

impl Member {
    /// Something was put into the queue, or the queue was emptied for it.
    fn queued(&mut self, queued: Result<(), Overflowed>, is_app: bool) {
        if queued == Err(Overflowed) {
            warn!(source = self.source, "too slow: its queue was emptied");
            self.awaits_state = is_app;
        }
        self.wake.notify_one();
    }
}

/// Whether an app may have this name: 1 to [`MAX_SOURCE_CHARS`] characters, no control characters.
pub fn is_source(name: &str) -> bool {
    (1..=MAX_SOURCE_CHARS).contains(&name.chars().count()) && !name.chars().any(char::is_control)
}

fn sendable(envelope: Envelope) -> Result<Arc<Frame>, Refused> {
    let frame = Frame::new(envelope);
    let bytes = frame.text().len();
    if bytes > MAX_QUEUED_BYTES {
        return Err(Refused::TooLong { bytes });
    }
    Ok(Arc::new(frame))
}
