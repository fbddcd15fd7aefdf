//! A whole phone's way to the broker: bus, practice centre and uplink, with a network that can fail
//! between uplink and broker, and others who follow the agent over the same broker.

use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use offhook_bus::{Bus, Delivery, Port, Role};
use offhook_engine::practise;
use offhook_practice::{Practice, Scenario};
use offhook_protocol::{
    Access, AgentSync, AppState, CallRequest, CallSync, ConnectionStatus, Event, Request, Timestamp,
};
use offhook_tests::{
    DEADLINE,
    broker::{Broker, Setup, Way},
    proxy::Proxy,
    until,
};
use offhook_uplink::{
    Board, Branch, Clock, Desk, Identity, Order, Remote, RequestError, Scope, Status, drive,
    follow, mqtt::Mqtt,
};
use tokio::{
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::{Instant, timeout},
};

/// Who sits at the phone.
pub(crate) const AGENT: &str = "agent-7";

/// One call, which rings for longer than any fault lasts.
const ONE_CALL: &str = r#"
about = "One call that rings for a minute."
[[step]]
after = "200ms"
do = { call = [{ from = "+441632960011", to = "+448081570001", queue = "Orders", ring = "60s" }] }
"#;

/// See the module. Ends with everything on it when this is dropped.
pub(crate) struct Stage {
    pub(crate) broker: Broker,
    /// Between the phone's uplink and the broker.
    pub(crate) network: Proxy,
    /// How the uplink is.
    pub(crate) status: watch::Receiver<Status>,
    /// The clock that the uplink lives by.
    pub(crate) clock: TestClock,
    /// A program that asks things of the agent's phone.
    pub(crate) crm: Arc<Remote>,
    /// One who only follows.
    supervisor: Remote,
    /// How often, and for which contacts, the supervisor saw ringing begin.
    rings: Arc<Mutex<Rings>>,
    /// What was asked of the contact centre, in the order of arrival.
    requests: Arc<Mutex<Vec<Request>>>,
    bus: Bus,
    orders: mpsc::Sender<Order>,
    _tasks: JoinSet<()>,
}

/// When it rang.
#[derive(Debug, Default)]
struct Rings {
    begun: usize,
    contacts: BTreeSet<String>,
}

impl Stage {
    /// Starts everything, and waits until everybody knows that the phone is there.
    pub(crate) async fn start(setup: Setup) -> Result<Self> {
        let broker = Broker::start(setup).await?;
        let network = Proxy::start(broker.socket(Way::Tls)).await?;
        let bus = Bus::new();
        let mut tasks = JoinSet::new();
        let clock = TestClock::default();

        let centre = Practice::new(Scenario::parse(ONE_CALL)?, 7, clock.now());
        let connector = bus.join("practice", Access::Control, Role::Connector)?;
        tasks.spawn(practise(centre, connector, offhook_engine::Clock::start()));

        let requests = Arc::<Mutex<Vec<Request>>>::default();
        tasks.spawn(note_requests(
            bus.join("observer", Access::Observe, Role::App)?,
            Arc::clone(&requests),
        ));

        let config =
            broker.config_through(network.address(), Way::Tls, AGENT, &branch()?.client_id())?;
        let (orders, taken) = mpsc::channel(8);
        let (telling, status) = watch::channel(Status::Connecting { after: None });
        tasks.spawn(drive(
            Identity {
                branch: branch()?,
                program: "Test/1".to_owned(),
                seed: 7,
            },
            bus.join_with_state("uplink", Access::Control)?,
            Mqtt::new(&config)?,
            clock.clone(),
            taken,
            telling,
        ));

        let (crm, crm_work) = follow(
            Scope::controlling(&branch()?, "crm")?,
            broker.way(Way::SecureWebSocket, "crm", "crm")?,
            clock.clone(),
            8,
        );
        tasks.spawn(crm_work);
        let (supervisor, supervisor_work) = follow(
            Scope::one(&branch()?),
            broker.way(Way::Tcp, "supervisor", "supervisor")?,
            clock.clone(),
            9,
        );
        tasks.spawn(supervisor_work);
        let rings = Arc::<Mutex<Rings>>::default();
        tasks.spawn(note_rings(supervisor.board.clone(), Arc::clone(&rings)));
        let mut stage = Self {
            broker,
            network,
            status,
            clock,
            crm: Arc::new(crm),
            supervisor,
            rings,
            requests,
            bus,
            orders,
            _tasks: tasks,
        };
        stage.online().await?;
        stage.agree().await?;
        Ok(stage)
    }

    /// As [`start`](Self::start), and waits until the supervisor sees it ring.
    pub(crate) async fn ringing(setup: Setup) -> Result<Self> {
        let mut stage = Self::start(setup).await?;
        stage.see("ringing", is_ringing).await?;
        Ok(stage)
    }

    /// As [`ringing`](Self::ringing), and lets the CRM answer.
    pub(crate) async fn talking(setup: Setup) -> Result<Self> {
        let mut stage = Self::ringing(setup).await?;
        stage.ask(CallRequest::Answer).await??;
        stage.see("talking", is_talking).await?;
        Ok(stage)
    }

    /// Lets the CRM ask for something, and waits for the outcome.
    pub(crate) async fn ask(&self, request: CallRequest) -> Result<Result<(), RequestError>> {
        outcome_of(self.begin(request)).await
    }

    /// Lets the CRM ask for something, and leaves the outcome for [`outcome_of`].
    pub(crate) fn begin(&self, request: CallRequest) -> Asked {
        let crm = Arc::clone(&self.crm);
        tokio::spawn(async move { crm.request(Request::Call(request)).await })
    }

    /// Lets the person at the phone ask for something, and waits until it has changed something.
    pub(crate) async fn person_asks(&self, request: CallRequest) -> Result<()> {
        let before = self.truth().await?;
        let window = self.bus.join("window", Access::Control, Role::App)?;
        window.send(Request::Call(request).envelope("window"))?;
        until("an effect", async || {
            Ok((self.truth().await? != before).then_some(()))
        })
        .await
    }

    /// Waits until everybody is connected.
    pub(crate) async fn online(&mut self) -> Result<()> {
        let online = |status: &Status| matches!(status, Status::Online { .. });
        let everybody = async {
            self.status.wait_for(online).await?;
            for mut board in self.boards() {
                board.wait_for(|board| online(&board.status)).await?;
            }
            anyhow::Ok(())
        };
        timeout(2 * DEADLINE, everybody)
            .await
            .context("somebody does not connect")?
    }

    /// Waits until the uplink has lost its connection.
    pub(crate) async fn offline(&mut self) -> Result<()> {
        let offline = self
            .status
            .wait_for(|status| !matches!(status, Status::Online { .. }));
        timeout(2 * DEADLINE, offline)
            .await
            .context("the uplink misses nothing")??;
        Ok(())
    }

    /// Waits until the supervisor sees this of the calls.
    pub(crate) async fn see(&mut self, what: &str, so: impl Fn(&CallSync) -> bool) -> Result<()> {
        let seen = self.supervisor.board.wait_for(|board| {
            board
                .desks
                .get(AGENT)
                .is_some_and(|desk| !desk.is_stale() && desk.calls().is_some_and(&so))
        });
        timeout(DEADLINE, seen)
            .await
            .with_context(|| format!("the supervisor does not see {what}"))??;
        Ok(())
    }

    /// Waits until CRM and supervisor both know exactly what the contact centre knows.
    pub(crate) async fn agree(&mut self) -> Result<()> {
        for mut board in self.boards() {
            let deadline = Instant::now() + 2 * DEADLINE;
            loop {
                let truth = self.truth().await?;
                let same = board.wait_for(|board| {
                    board
                        .desks
                        .get(AGENT)
                        .is_some_and(|desk| truth.is_known_to(desk))
                });
                // The truth may have changed since it was asked for, so it is asked for again.
                if timeout(Duration::from_millis(500), same).await.is_ok() {
                    break;
                }
                ensure!(
                    Instant::now() < deadline,
                    "not so: {:#?}\nbut so: {truth:#?}",
                    *board.borrow()
                );
            }
        }
        Ok(())
    }

    /// One contact rang, and began to ring once.
    pub(crate) fn rang_once(&self) -> Result<()> {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        ensure!(rings.begun == 1 && rings.contacts.len() == 1, "{rings:?}");
        Ok(())
    }

    /// What was asked of the contact centre.
    pub(crate) fn carried_out(&self) -> Vec<Request> {
        self.requests
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Gives the uplink an order.
    pub(crate) async fn order(&self, order: Order) -> Result<()> {
        Ok(self.orders.send(order).await?)
    }

    /// What those know who follow.
    fn boards(&self) -> [watch::Receiver<Board>; 2] {
        [self.crm.board.clone(), self.supervisor.board.clone()]
    }

    /// What the contact centre knows now.
    pub(crate) async fn truth(&self) -> Result<Truth> {
        let mut port = self.bus.join_with_state("judge", Access::Observe)?;
        let mut truth = Truth::default();
        while let Some(delivery) = timeout(DEADLINE, port.recv()).await? {
            if let Delivery::Message { envelope, .. } = delivery {
                match Event::read(envelope.envelope()) {
                    Some(Event::App(app)) => truth.app = Some(app),
                    Some(Event::AgentSync(agent)) => truth.agent = Some(agent),
                    Some(Event::CallSync(calls)) => {
                        truth.calls = Some(calls);
                        return Ok(truth);
                    }
                    _ => {}
                }
            }
        }
        bail!("the bus is closed")
    }
}

/// A request on its way.
pub(crate) type Asked = JoinHandle<Result<(), RequestError>>;

/// Waits for what becomes of a request, which must not take longer than it lives.
pub(crate) async fn outcome_of(asked: Asked) -> Result<Result<(), RequestError>> {
    let within = Duration::from_secs(12);
    Ok(timeout(within, asked)
        .await
        .context("a request without an outcome")??)
}

/// Link, agent and calls, by the contact centre itself.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Truth {
    app: Option<AppState>,
    agent: Option<AgentSync>,
    pub(crate) calls: Option<CallSync>,
}

impl Truth {
    fn is_known_to(&self, desk: &Desk) -> bool {
        !desk.is_stale()
            && desk.app() == self.app.as_ref()
            && desk.agent() == self.agent.as_ref()
            && desk.calls() == self.calls.as_ref()
    }
}

/// Whether the agent's own leg rings.
pub(crate) fn is_ringing(calls: &CallSync) -> bool {
    own_leg_is(calls, &ConnectionStatus::Connecting)
}

/// Whether the agent talks.
pub(crate) fn is_talking(calls: &CallSync) -> bool {
    own_leg_is(calls, &ConnectionStatus::Connected)
}

fn own_leg_is(calls: &CallSync, status: &ConnectionStatus) -> bool {
    calls
        .legs
        .iter()
        .any(|leg| leg.phone_number.is_none() && leg.status == *status)
}

fn branch() -> Result<Branch> {
    Ok(Branch::new("acme", AGENT)?)
}

async fn note_requests(mut port: Port, requests: Arc<Mutex<Vec<Request>>>) {
    while let Some(delivery) = port.recv().await {
        if let Delivery::Message { envelope, .. } = delivery
            && let Ok(Some(request)) = Request::read(envelope.envelope())
        {
            requests
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(request);
        }
    }
}

async fn note_rings(mut board: watch::Receiver<Board>, rings: Arc<Mutex<Rings>>) {
    let mut before = false;
    while board.changed().await.is_ok() {
        let now = {
            let board = board.borrow_and_update();
            let calls = board.desks.get(AGENT).and_then(Desk::calls);
            let Some(calls) = calls else { continue };
            let mut rings = rings.lock().unwrap_or_else(PoisonError::into_inner);
            let ringing = is_ringing(calls);
            if ringing {
                rings.begun += usize::from(!before);
                let contacts = calls.legs.iter().filter_map(|leg| leg.contact_id.as_ref());
                rings.contacts.extend(contacts.map(ToString::to_string));
            }
            ringing
        };
        before = now;
    }
}

/// The engine's clock, which a test can put forward as a computer's clock is that was asleep.
#[derive(Clone, Debug)]
pub(crate) struct TestClock {
    clock: offhook_engine::Clock,
    asleep: Arc<AtomicU64>,
}

impl TestClock {
    /// The computer has slept for this long.
    pub(crate) fn sleep(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.asleep.fetch_add(millis, Ordering::Relaxed);
    }

    fn slept(&self) -> Duration {
        Duration::from_millis(self.asleep.load(Ordering::Relaxed))
    }
}

impl Default for TestClock {
    fn default() -> Self {
        Self {
            clock: offhook_engine::Clock::start(),
            asleep: Arc::default(),
        }
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.clock.now() + self.slept()
    }

    fn instant(&self, moment: Timestamp) -> Option<Instant> {
        self.clock.instant(moment)?.checked_sub(self.slept())
    }
}
