//! The follower at a broker that says what the test tells it to.

use std::time::Duration;

use offhook_protocol::{CallRequest, Envelope, ErrorType, Timestamp};
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
    time::Instant,
};

use super::*;
use crate::{
    Answer, Connection, Epoch, Happening, Loss, Outcome, Presence, Publication, Refusal, Stamp,
    Subject, Ticket, Trouble,
};

/// What the follower does on a connection.
#[derive(Debug, PartialEq)]
enum Done {
    Subscribed(Vec<String>),
    Published(Ticket, Publication),
}

/// The follower's end of a connection.
struct Wire {
    done: UnboundedSender<Done>,
    happenings: UnboundedReceiver<Happening>,
}

impl Connection for Wire {
    fn subscribe(&mut self, filters: &[String]) {
        self.done.send(Done::Subscribed(filters.to_vec())).unwrap();
    }

    fn publish(&mut self, ticket: Ticket, publication: Publication) {
        self.done
            .send(Done::Published(ticket, publication))
            .unwrap();
    }

    async fn next(&mut self) -> Happening {
        self.happenings
            .recv()
            .await
            .unwrap_or(Happening::Lost(Loss::Network("cut".to_owned())))
    }

    async fn close(self) {}
}

/// The connections that the test hands out.
struct Wires(UnboundedReceiver<Result<Wire, Refusal>>);

impl Transport for Wires {
    type Connection = Wire;

    async fn connect(&mut self, will: Option<Publication>) -> Result<Wire, Refusal> {
        assert_eq!(will, None, "who only follows leaves nothing behind");
        match self.0.recv().await {
            Some(wire) => wire,
            None => std::future::pending().await,
        }
    }
}

struct TestClock(Instant);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(0) + self.0.elapsed()
    }

    fn instant(&self, moment: Timestamp) -> Option<Instant> {
        let since = moment.saturating_duration_since(Timestamp::from_millis(0));
        self.0.checked_add(since)
    }
}

/// A follower, and the broker that it believes in.
struct Stage {
    remote: Remote,
    wires: UnboundedSender<Result<Wire, Refusal>>,
    follower: JoinHandle<()>,
}

/// The broker's end of a connection.
struct Broker {
    done: UnboundedReceiver<Done>,
    say: UnboundedSender<Happening>,
}

fn anna() -> Branch {
    Branch::new("acme", "anna").unwrap()
}

fn controlling() -> Scope {
    Scope::controlling(&anna(), "crm").unwrap()
}

impl Stage {
    fn of(scope: Scope) -> Self {
        let (wires, taken) = unbounded_channel();
        let (remote, follower) = follow(scope, Wires(taken), TestClock(Instant::now()), 7);
        let follower = tokio::spawn(follower);
        Self {
            remote,
            wires,
            follower,
        }
    }

    /// Lets the follower connect and subscribe.
    async fn connect(&mut self) -> Broker {
        let (done, did) = unbounded_channel();
        let (say, happenings) = unbounded_channel();
        self.wires.send(Ok(Wire { done, happenings })).unwrap();
        let mut broker = Broker { done: did, say };
        let subscribed = broker.done.recv().await.unwrap();
        assert!(matches!(subscribed, Done::Subscribed(_)), "{subscribed:?}");
        broker.say(Happening::Subscribed);
        self.until(|board| matches!(board.status, Status::Online { .. }))
            .await;
        broker
    }

    async fn until(&mut self, so: impl FnMut(&Board) -> bool) {
        self.remote.board.wait_for(so).await.unwrap();
    }
}

impl Broker {
    fn say(&self, happening: Happening) {
        self.say.send(happening).unwrap();
    }

    fn publish(&self, place: &Place, mut envelope: Envelope, stamp: &Stamp) {
        stamp.write(&mut envelope);
        self.say(Happening::Message(Publication {
            topic: anna().topic(place),
            payload: envelope.to_text().into_bytes(),
            retain: false,
            expires_in: None,
            response_topic: None,
            correlation: None,
        }));
    }

    fn presence(&self, presence: &Presence) {
        let stamp = Stamp {
            epoch: Some(Epoch::new(Timestamp::from_millis(0), 0)),
            seq: Some(3),
            ..Stamp::default()
        };
        self.publish(&Place::Presence, presence.envelope(), &stamp);
    }

    /// The next request, and its id.
    async fn asked(&mut self) -> (Ticket, Publication, Envelope, String) {
        let Some(Done::Published(ticket, publication)) = self.done.recv().await else {
            panic!("nothing was asked");
        };
        let envelope = Envelope::parse(&publication.payload).unwrap();
        let id = Stamp::read(&envelope).unwrap().id.unwrap();
        (ticket, publication, envelope, id)
    }

    fn answer(&self, request: &Envelope, id: &str, answer: &Answer) {
        let stamp = Stamp {
            in_reply_to: Some(id.to_owned()),
            ..Stamp::default()
        };
        let instance = "crm".to_owned();
        let envelope = answer.envelope(&Subject::of(request));
        self.publish(&Place::Answer { instance }, envelope, &stamp);
    }
}

fn online() -> Presence {
    Presence::Online {
        since: Timestamp::from_millis(0),
        program: "Offhook".to_owned(),
    }
}

fn answer_the_call() -> Request {
    Request::Call(CallRequest::Answer)
}

#[tokio::test(start_paused = true)]
async fn what_is_published_is_on_the_board() {
    let mut stage = Stage::of(Scope::one(&anna()));
    let broker = stage.connect().await;
    broker.presence(&online());
    stage
        .until(|board| {
            let desk = board.desks.get("anna");
            desk.is_some_and(|desk| desk.presence() == Some(&online()))
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_request_ends_with_its_answer() {
    let mut stage = Stage::of(controlling());
    let mut broker = stage.connect().await;
    let play = async {
        let (_, asked, request, id) = broker.asked().await;
        assert_eq!(asked.topic, "cc/v1/acme/anna/req/Amazon/InboundCall/Answer");
        assert_eq!(
            asked.response_topic.as_deref(),
            Some("cc/v1/acme/anna/rsp/crm")
        );
        assert_eq!(asked.expires_in, Some(Duration::from_secs(8)));
        assert!(!asked.retain);
        broker.answer(&request, "another", &Answer::Failed(no()));
        broker.answer(&request, &id, &Answer::Accepted);
        broker.answer(&request, &id, &Answer::Done);
    };
    let (outcome, ()) = tokio::join!(stage.remote.request(answer_the_call()), play);
    assert_eq!(outcome, Ok(()));
}

fn no() -> ApiError {
    ApiError::new(ErrorType::AnswerCallFailed, "No contact found")
}

#[tokio::test(start_paused = true)]
async fn a_request_that_fails_says_why() {
    let mut stage = Stage::of(controlling());
    let mut broker = stage.connect().await;
    let play = async {
        let (_, _, request, id) = broker.asked().await;
        broker.answer(&request, &id, &Answer::Failed(no()));
    };
    let (outcome, ()) = tokio::join!(stage.remote.request(answer_the_call()), play);
    assert_eq!(outcome, Err(RequestError::Failed(no())));
}

#[tokio::test(start_paused = true)]
async fn what_the_broker_cannot_deliver_is_told_at_once() {
    let reason = "not authorised".to_owned();
    let refused = Outcome::Refused {
        reason: reason.clone(),
    };
    for (outcome, error) in [
        (Outcome::NobodyThere, RequestError::Offline),
        (refused, RequestError::Refused(reason)),
    ] {
        let mut stage = Stage::of(controlling());
        let mut broker = stage.connect().await;
        let asked_at = Instant::now();
        let play = async {
            let (ticket, ..) = broker.asked().await;
            broker.say(Happening::Published(ticket, outcome));
        };
        let (outcome, ()) = tokio::join!(stage.remote.request(answer_the_call()), play);
        assert_eq!(outcome, Err(error));
        assert_eq!(asked_at.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_is_known_to_be_away_is_not_asked() {
    let mut stage = Stage::of(controlling());
    let broker = stage.connect().await;
    broker.presence(&Presence::Offline);
    stage.until(|board| board.desks.contains_key("anna")).await;
    let outcome = stage.remote.request(answer_the_call()).await;
    assert_eq!(outcome, Err(RequestError::Offline));
    assert!(broker.done.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_request_without_an_answer_is_given_up() {
    let mut stage = Stage::of(controlling());
    let mut broker = stage.connect().await;
    let asked_at = Instant::now();
    let play = async {
        let (ticket, _, request, id) = broker.asked().await;
        broker.say(Happening::Published(ticket, Outcome::Taken));
        broker.answer(&request, &id, &Answer::Accepted);
    };
    let (outcome, ()) = tokio::join!(stage.remote.request(answer_the_call()), play);
    assert_eq!(outcome, Err(RequestError::TimedOut));
    assert_eq!(asked_at.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_the_connection_broke_under_is_asked_again_under_the_same_id() {
    let mut stage = Stage::of(controlling());
    let mut broker = stage.connect().await;
    let remote = &stage.remote;
    let asking = remote.request(answer_the_call());
    let wires = stage.wires.clone();
    let play = async {
        let (_, _, _, id) = broker.asked().await;
        broker.say(Happening::Lost(Loss::Network("cut".to_owned())));
        let (done, did) = unbounded_channel();
        let (say, happenings) = unbounded_channel();
        wires.send(Ok(Wire { done, happenings })).unwrap();
        let mut broker = Broker { done: did, say };
        let subscribed = broker.done.recv().await;
        assert!(matches!(subscribed, Some(Done::Subscribed(_))));
        assert!(broker.done.is_empty(), "nothing before it is subscribed");
        broker.say(Happening::Subscribed);
        let (_, _, request, again) = broker.asked().await;
        assert_eq!(again, id);
        broker.answer(&request, &id, &Answer::Done);
        broker
    };
    let (outcome, broker) = tokio::join!(asking, play);
    assert_eq!(outcome, Ok(()));
    assert!(broker.done.is_empty());
}

#[tokio::test(start_paused = true)]
async fn states_that_nobody_tells_are_asked_for_by_one_who_may() {
    let mut stage = Stage::of(controlling());
    let mut broker = stage.connect().await;
    broker.presence(&online());
    for topic in ["App", "Agent", "InboundCall"] {
        let (_, asked, ..) = broker.asked().await;
        let expected = format!("cc/v1/acme/anna/req/Amazon/{topic}/StateSync");
        assert_eq!(asked.topic, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn one_who_only_watches_asks_nothing() {
    for scope in [Scope::one(&anna()), Scope::all("acme").unwrap()] {
        let mut stage = Stage::of(scope);
        let mut broker = stage.connect().await;
        broker.presence(&online());
        let outcome = stage.remote.request(answer_the_call()).await;
        assert_eq!(outcome, Err(RequestError::OnlyWatches));
        let silence = tokio::time::timeout(Duration::from_secs(15), broker.done.recv()).await;
        assert!(silence.is_err(), "{silence:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_login_is_not_tried_again() {
    let mut stage = Stage::of(Scope::one(&anna()));
    stage.wires.send(Err(Refusal::Login)).unwrap();
    let stopped = Status::Stopped {
        trouble: Trouble::Login,
    };
    stage.until(|board| board.status == stopped).await;
}

#[tokio::test(start_paused = true)]
async fn the_follower_ends_when_nobody_wants_to_know() {
    let mut stage = Stage::of(Scope::one(&anna()));
    let broker = stage.connect().await;
    drop(stage.remote);
    stage.follower.await.unwrap();
    assert!(broker.say.is_closed());
}
