//! The whole uplink between a real bus and a broker in memory, on paused time.

mod desks;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use offhook_bus::{Bus, Role};
use offhook_practice::{Practice, Scenario};
use offhook_protocol::{Access, CallRequest, Envelope, Request, Timestamp};
use serde_json::json;
use tokio::{
    task::{JoinHandle, yield_now},
    time::{Instant, timeout},
};

use super::*;
use crate::{
    Answer, Epoch, Loss, Place, Presence, Refusal, Stamp, Subject,
    testing::{Broker, MemoryConnection, Mood},
};

const CALL: &str = r#"
    about = "A call after a second."
    [[step]]
    after = "1s"
    do = { call = [{ from = "+441632960011", to = "+448081570001", queue = "Orders", ring = "1h" }] }
"#;
const QUIET: &str = r#"about = "Nobody calls.""#;

/// Paused time, and a computer that can be asleep.
#[derive(Clone)]
struct TestClock {
    started: Instant,
    /// In milliseconds.
    asleep: Arc<AtomicU64>,
}

impl TestClock {
    fn start() -> Self {
        Self {
            started: Instant::now(),
            asleep: Arc::default(),
        }
    }

    fn sleep(&self, span: Duration) {
        let millis = u64::try_from(span.as_millis()).unwrap();
        self.asleep.fetch_add(millis, Ordering::Relaxed);
    }

    fn origin(&self) -> Timestamp {
        let asleep = Duration::from_millis(self.asleep.load(Ordering::Relaxed));
        Timestamp::from_millis(1_764_000_000_000) + asleep
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        self.origin() + self.started.elapsed()
    }

    fn instant(&self, moment: Timestamp) -> Option<Instant> {
        let span = moment.saturating_duration_since(self.origin());
        self.started.checked_add(span)
    }
}

/// A desk with an uplink, and everything around it.
struct Desk {
    broker: Broker,
    bus: Bus,
    clock: TestClock,
    orders: mpsc::Sender<Order>,
    status: watch::Receiver<Status>,
    uplink: JoinHandle<()>,
}

impl Desk {
    fn start(broker: &Broker) -> Self {
        Self::start_by(TestClock::start(), broker)
    }

    fn start_by(clock: TestClock, broker: &Broker) -> Self {
        let bus = Bus::new();
        let port = bus.join("uplink", Access::Control, Role::App).unwrap();
        let (orders, order_receiver) = mpsc::channel(1);
        let (status_sender, status) = watch::channel(Status::Connecting { after: None });
        let identity = Identity {
            branch: branch(),
            program: "Offhook/test".to_owned(),
            seed: 0,
        };
        let transport = broker.transport(&branch().client_id());
        let uplink = tokio::spawn(drive(
            identity,
            port,
            transport,
            clock.clone(),
            order_receiver,
            status_sender,
        ));
        Self {
            broker: broker.clone(),
            bus,
            clock,
            orders,
            status,
            uplink,
        }
    }

    /// Waits until it is online, with a practice centre that plays this.
    async fn online(broker: &Broker, scenario: &str) -> Self {
        let mut desk = Self::start(broker);
        desk.practise(scenario);
        desk.until(is_online).await;
        desk
    }

    fn practise(&self, scenario: &str) {
        let port = self.bus.join("practice", Access::Control, Role::Connector);
        let practice = Practice::new(Scenario::parse(scenario).unwrap(), 0, self.clock.now());
        tokio::spawn(practise(port.unwrap(), practice, self.clock.clone()));
    }

    /// The status, once it is like this.
    async fn until(&mut self, is_it: impl FnMut(&Status) -> bool) -> Status {
        let status = timeout(Duration::from_secs(120), self.status.wait_for(is_it)).await;
        status.unwrap().unwrap().clone()
    }

    async fn order(&self, order: Order) {
        self.orders.send(order).await.unwrap();
    }

    async fn ended(self) -> Broker {
        timeout(Duration::from_secs(10), self.uplink)
            .await
            .unwrap()
            .unwrap();
        self.broker
    }
}

/// The practice centre as a connector.
async fn practise(mut port: Port, mut practice: Practice, clock: TestClock) {
    loop {
        while let Some(envelope) = practice.poll_output() {
            port.send(envelope).unwrap();
        }
        let due = practice.poll_timeout().and_then(|due| clock.instant(due));
        let due = async {
            match due {
                Some(due) => time::sleep_until(due).await,
                None => future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = due => practice.handle_timeout(clock.now()),
            delivery = port.recv() => match delivery {
                Some(Delivery::Message { envelope, .. }) => {
                    practice.handle(envelope.envelope(), clock.now());
                }
                Some(Delivery::StateWanted { by }) => {
                    for state in practice.snapshot() {
                        port.send_to(by, state).unwrap();
                    }
                }
                Some(Delivery::Resynced) => {}
                None => return,
            },
        }
    }
}

fn branch() -> Branch {
    Branch::new("acme", "anna").unwrap()
}

fn is_online(status: &Status) -> bool {
    matches!(status, Status::Online { .. })
}

fn waits_for(status: &Status, why: &Trouble) -> bool {
    matches!(status, Status::Waiting { trouble, .. } if trouble == why)
}

fn is_stopped(status: &Status) -> bool {
    matches!(status, Status::Stopped { .. })
}

fn presence(broker: &Broker) -> Option<Presence> {
    let retained = broker.retained(&branch().topic(&Place::Presence))?;
    Presence::read(&Envelope::parse(&retained.payload).unwrap())
}

fn state(broker: &Broker, topic: &str) -> Option<Envelope> {
    let subject = Subject {
        topic: topic.to_owned(),
        subtopic: "StateSync".to_owned(),
    };
    let retained = broker.retained(&branch().topic(&Place::State(subject)))?;
    Some(Envelope::parse(&retained.payload).unwrap())
}

/// Somebody elsewhere who gets all that is published about the agent.
async fn watcher(broker: &Broker) -> MemoryConnection {
    let mut connection = broker.transport("watcher").connect(None).await.unwrap();
    connection.subscribe(&["cc/v1/acme/anna/#".to_owned()]);
    connection
}

/// The next publication at a place like this.
async fn next(connection: &mut MemoryConnection, place: &str) -> Envelope {
    let wanted = async {
        loop {
            if let Happening::Message(publication) = connection.next().await
                && publication.topic.contains(place)
                && !publication.payload.is_empty()
            {
                return Envelope::parse(&publication.payload).unwrap();
            }
        }
    };
    timeout(Duration::from_secs(60), wanted).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_late_joiner_finds_presence_and_state() {
    let broker = Broker::default();
    let desk = Desk::online(&broker, QUIET).await;
    let mut watcher = watcher(&broker).await;
    next(&mut watcher, "/st/Amazon/InboundCall/StateSync").await;
    assert!(matches!(presence(&broker), Some(Presence::Online { .. })));
    let agent = state(&desk.broker, "Agent").unwrap().message.unwrap();
    assert_eq!(agent["agentState"]["name"], "Available");
}

/// A request of one who knows only the published fields.
fn answer() -> Publication {
    let answer = Request::Call(CallRequest::Answer).envelope("crm");
    Publication {
        topic: "cc/v1/acme/anna/req/Amazon/InboundCall/Answer".to_owned(),
        payload: answer.to_text().into_bytes(),
        retain: false,
        expires_in: None,
        response_topic: Some("cc/v1/acme/anna/rsp/crm".to_owned()),
        correlation: None,
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_is_answered_from_elsewhere() {
    let broker = Broker::default();
    let _desk = Desk::online(&broker, CALL).await;
    let mut watcher = watcher(&broker).await;
    let event = next(
        &mut watcher,
        "/evt/Amazon/InboundCall/InboundCallStateChange",
    )
    .await;
    assert_eq!(event.message.unwrap()["call"]["event"], "connecting");

    broker.publish(answer());
    for expected in [Answer::Accepted, Answer::Done] {
        let answer = next(&mut watcher, "/rsp/crm").await;
        assert_eq!(Answer::read(&answer), Some(expected));
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_cut_everything_is_told_anew_and_the_count_goes_on() {
    let broker = Broker::default();
    let mut desk = Desk::online(&broker, CALL).await;
    let epoch = |envelope: &Envelope| Stamp::read(envelope).unwrap().epoch;
    let mut watcher = watcher(&broker).await;
    let before = next(&mut watcher, "/st/Amazon/InboundCall").await;

    broker.set_mood(Mood::Refusing(Refusal::Unreachable("refused".to_owned())));
    broker.cut(&Loss::Network("reset".to_owned()));
    assert_eq!(presence(&broker), Some(Presence::Offline));
    desk.until(|status| waits_for(status, &Trouble::Unreachable("refused".to_owned())))
        .await;
    time::sleep(Duration::from_secs(10)).await;
    broker.set_mood(Mood::Serving);
    desk.until(is_online).await;

    let mut watcher = self::watcher(&broker).await;
    let after = loop {
        let state = next(&mut watcher, "/st/Amazon/InboundCall").await;
        if Stamp::read(&state).unwrap().seq > Stamp::read(&before).unwrap().seq {
            break state;
        }
    };
    assert_eq!(epoch(&after), epoch(&before));
    let calls = &after.message.unwrap()["calls"];
    assert!(!calls.as_array().unwrap().is_empty(), "it rang meanwhile");
    assert!(matches!(presence(&broker), Some(Presence::Online { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_will_that_comes_late_does_not_leave_the_phone_offline() {
    let broker = Broker::default();
    let _desk = Desk::online(&broker, QUIET).await;
    let mut watcher = watcher(&broker).await;
    next(&mut watcher, "/st/presence").await;
    broker.publish(Publication {
        topic: branch().topic(&Place::Presence),
        payload: Presence::Offline.envelope().to_text().into_bytes(),
        retain: true,
        expires_in: None,
        response_topic: None,
        correlation: None,
    });
    for _ in ["the will", "the contradiction"] {
        next(&mut watcher, "/st/presence").await;
    }
    assert!(matches!(presence(&broker), Some(Presence::Online { .. })));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_not_tried_again() {
    let broker = Broker::default();
    broker.set_mood(Mood::Refusing(Refusal::Login));
    let mut desk = Desk::start(&broker);
    let trouble = Trouble::Login;
    assert_eq!(desk.until(is_stopped).await, Status::Stopped { trouble });
    time::sleep(Duration::from_secs(3_600)).await;
    assert_eq!(broker.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_is_away_is_tried_again_less_and_less_often() {
    let broker = Broker::default();
    broker.set_mood(Mood::Refusing(Refusal::Unreachable("refused".to_owned())));
    let _desk = Desk::start(&broker);
    time::sleep(Duration::from_secs(60)).await;
    let soon = broker.attempts();
    time::sleep(Duration::from_secs(3_600)).await;
    let later = broker.attempts() - soon;
    // Half of the longest wait on average.
    assert!((180..320).contains(&later), "{later}");
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_accepts_nobody_is_given_up_after_ten_seconds() {
    let broker = Broker::default();
    broker.set_mood(Mood::Frozen);
    let mut desk = Desk::start(&broker);
    let started = Instant::now();
    desk.until(|status| waits_for(status, &Trouble::TimedOut))
        .await;
    assert_eq!(started.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_freezes_is_noticed_in_twenty_seconds() {
    let broker = Broker::default();
    let mut desk = Desk::online(&broker, QUIET).await;
    yield_now().await;
    broker.set_mood(Mood::Frozen);
    let frozen = Instant::now();
    desk.until(|status| waits_for(status, &Trouble::Silent))
        .await;
    assert!(frozen.elapsed() <= Duration::from_secs(20));
}

#[tokio::test(start_paused = true)]
async fn what_is_said_to_a_frozen_broker_is_missed_in_five_seconds() {
    let broker = Broker::default();
    let mut desk = Desk::online(&broker, CALL).await;
    yield_now().await;
    broker.set_mood(Mood::Frozen);
    let frozen = Instant::now();
    desk.until(|status| waits_for(status, &Trouble::Silent))
        .await;
    // It rang after one second.
    assert!(frozen.elapsed() <= Duration::from_secs(6));
}

#[tokio::test(start_paused = true)]
async fn after_sleep_it_is_back_in_two_seconds() {
    let broker = Broker::default();
    let mut desk = Desk::online(&broker, QUIET).await;
    desk.clock.sleep(Duration::from_secs(8 * 3_600));
    let awake = Instant::now();
    desk.until(|status| waits_for(status, &Trouble::Slept))
        .await;
    desk.until(is_online).await;
    assert!(awake.elapsed() <= Duration::from_secs(2));
    assert_eq!(broker.attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_waited_while_the_computer_was_asleep_is_not_carried_out() {
    let broker = Broker::default();
    let mut desk = Desk::online(&broker, CALL).await;
    let mut watcher = watcher(&broker).await;
    next(&mut watcher, "/evt/Amazon/InboundCall").await;
    desk.clock.sleep(Duration::from_secs(60));
    broker.publish(answer());
    desk.until(|status| waits_for(status, &Trouble::Slept))
        .await;
    desk.until(is_online).await;
    let calls = loop {
        let state = next(&mut watcher, "/st/Amazon/InboundCall").await;
        if Stamp::read(&state).unwrap().at >= Some(desk.clock.origin()) {
            break state.message.unwrap();
        }
    };
    assert_eq!(calls["calls"][0]["status"], "connecting");
}

/// A broker that talks without end.
struct Flood;

impl Transport for Flood {
    type Connection = Flooded;

    async fn connect(&mut self, _: Option<Publication>) -> Result<Flooded, Refusal> {
        Ok(Flooded { messages: 0 })
    }
}

struct Flooded {
    messages: u32,
}

impl Connection for Flooded {
    fn subscribe(&mut self, _: &[String]) {}

    fn publish(&mut self, _: Ticket, _: Publication) {}

    async fn next(&mut self) -> Happening {
        self.messages += 1;
        assert!(self.messages < 1_000, "nothing else is listened to");
        Happening::Message(answer())
    }

    async fn close(self) {}
}

#[tokio::test]
async fn a_broker_that_talks_without_end_keeps_no_order_waiting() {
    let (orders, listening) = mpsc::channel(1);
    orders.send(Order::Stop).await.unwrap();
    let bus = Bus::new();
    let identity = Identity {
        branch: branch(),
        program: "Offhook/test".to_owned(),
        seed: 0,
    };
    let port = bus.join("uplink", Access::Control, Role::App).unwrap();
    let (status, _) = watch::channel(Status::Connecting { after: None });
    drive(identity, port, Flood, TestClock::start(), listening, status).await;
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_lets_nothing_be_published_says_why() {
    let broker = Broker::default();
    broker.set_mood(Mood::Forbidding);
    let mut desk = Desk::start(&broker);
    let why = Trouble::Refused("not authorized".to_owned());
    desk.until(|status| waits_for(status, &why)).await;
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_takes_less_than_there_is_to_say_is_given_up() {
    let broker = Broker::default();
    let mut desk = Desk::start(&broker);
    let connector = desk.bus.join("flood", Access::Control, Role::Connector);
    let mut connector = connector.unwrap();
    if let Some(Delivery::StateWanted { by }) = connector.recv().await {
        let state = Envelope::event("App", "StateSync", json!({}));
        connector.send_to(by, state).unwrap();
    }
    desk.until(is_online).await;
    broker.set_mood(Mood::Frozen);
    let frozen = Instant::now();
    for number in 0..=MAX_UNANSWERED {
        let event = Envelope::event("InboundCall", "Counted", json!(number));
        connector.send(event).unwrap();
        yield_now().await;
    }
    desk.until(|status| waits_for(status, &Trouble::Overrun))
        .await;
    assert_eq!(frozen.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_stop_takes_back_what_is_retained() {
    let broker = Broker::default();
    let desk = Desk::online(&broker, QUIET).await;
    let mut watcher = watcher(&broker).await;
    next(&mut watcher, "/st/Amazon/InboundCall").await;
    desk.order(Order::Stop).await;
    let broker = desk.ended().await;
    assert_eq!(presence(&broker), Some(Presence::Offline));
    for topic in ["App", "Agent", "InboundCall"] {
        assert_eq!(state(&broker, topic), None);
    }
}

#[tokio::test(start_paused = true)]
async fn it_ends_with_the_bus_and_with_who_gives_the_orders() {
    let broker = Broker::default();
    let desk = Desk::online(&broker, QUIET).await;
    desk.bus.close();
    desk.ended().await;

    let mut desk = Desk::online(&broker, QUIET).await;
    desk.orders = mpsc::channel(1).0;
    desk.ended().await;
}

#[tokio::test(start_paused = true)]
async fn it_stops_while_it_waits_and_while_it_connects() {
    for mood in [Mood::Frozen, Mood::Refusing(Refusal::Login)] {
        let broker = Broker::default();
        broker.set_mood(mood);
        let desk = Desk::start(&broker);
        yield_now().await;
        desk.order(Order::Stop).await;
        desk.ended().await;
    }
}
