//! What goes through a broker: one request there and back, and a whole fleet of agents.

mod fleet;
mod listener;

use std::time::{Duration, Instant};

use anyhow::Result;
use offhook_bus::{Bus, Role};
use offhook_engine::{Clock, practise};
use offhook_practice::{Practice, Scenario};
use offhook_protocol::{Access, AgentRequest, Request};
use offhook_tests::broker::OpenBroker;
use offhook_uplink::{
    Branch, Identity, Order, Scope, Status, drive, follow,
    mqtt::{Config, Mqtt},
};
use tokio::{
    sync::{mpsc, watch},
    time::sleep,
};

use super::{
    engine::Echo,
    report::{Report, Unit},
};
use fleet::Fleet;
use listener::Listener;

/// How many agents there are in a fleet.
const FLEETS: [u32; 2] = [1_000, 10_000];
/// Subscribers that hear of all of them.
const LISTENERS: usize = 3;
/// Two rounds of call and pause: agents who began together are spread by then.
const SPREAD: Duration = Duration::from_secs(120);
/// For the last of them who came back to have said so.
const SETTLE: Duration = Duration::from_secs(5);
/// How long a fleet is listened to.
const LISTEN: Duration = Duration::from_secs(30);

const ROUND_TRIPS: usize = 250;
/// The first ones find cold caches.
const WARM_UP: usize = 20;
/// A person is not quicker.
const PACE: Duration = Duration::from_millis(20);

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    round_trips(report).await?;
    for agents in FLEETS {
        play(agents, report).await?;
    }
    Ok(())
}

/// A request and its answer through broker, uplink, bus and connector, beside the same bytes there and
/// back again.
async fn round_trips(report: &mut Report) -> Result<()> {
    let broker = OpenBroker::start().await?;
    let branch = Branch::new("default", "anna")?;
    let _phone = phone(&broker, branch.clone())?;
    let scope = Scope::controlling(&branch, "bench")?;
    let way = way(&broker, "bench")?;
    let (mut remote, follower) = follow(scope, way, Clock::start(), 1);
    tokio::spawn(follower);
    let is_there = |desk: &offhook_uplink::Desk| desk.presence().is_some() && !desk.is_stale();
    remote
        .board
        .wait_for(|board| board.desks.get("anna").is_some_and(is_there))
        .await?;

    let mut echo = Echo::start().await?;
    let question = Request::Agent(AgentRequest::StateSync);
    let bytes = question.envelope("bench").to_text().into_bytes();
    let (mut through_broker, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..WARM_UP + ROUND_TRIPS {
        sleep(PACE).await;
        let started = Instant::now();
        remote.request(question.clone()).await?;
        through_broker.push(started.elapsed());

        sleep(PACE).await;
        let started = Instant::now();
        echo.there_and_back(&bytes).await?;
        bare.push(started.elapsed());
    }
    report.percentiles(
        "broker: StateSync asked and answered",
        &through_broker[WARM_UP..],
        None,
    );
    report.percentiles(
        "broker: the bytes echoed by a bare socket",
        &bare[WARM_UP..],
        None,
    );
    Ok(())
}

/// A phone's end: bus, practice centre and uplink. Ends when the orders are dropped.
fn phone(broker: &OpenBroker, branch: Branch) -> Result<mpsc::Sender<Order>> {
    let clock = Clock::start();
    let bus = Bus::new();
    let scenario = Scenario::built_in("idle").unwrap_or_else(|| unreachable!("it comes with it"));
    let practice = Practice::new(scenario, 1, clock.timestamp());
    let centre = bus.join("practice", Access::Control, Role::Connector)?;
    tokio::spawn(practise(practice, centre, clock.clone()));
    let (orders, taken) = mpsc::channel(1);
    let (status, _) = watch::channel(Status::Connecting { after: None });
    let way = way(broker, &branch.client_id())?;
    let identity = Identity {
        branch,
        program: "bench".to_owned(),
        seed: 1,
    };
    let port = bus.join("uplink", Access::Control, Role::App)?;
    tokio::spawn(drive(identity, port, way, clock, taken, status));
    Ok(orders)
}

fn way(broker: &OpenBroker, client_id: &str) -> Result<Mqtt> {
    Ok(Mqtt::new(&Config {
        address: broker.url().parse()?,
        insecure: false,
        proxy: None,
        client_id: client_id.to_owned(),
        username: None,
        password: None,
        ca: None,
        identity: None,
    })?)
}

/// A fleet takes calls while others listen; then the broker is started anew.
async fn play(agents: u32, report: &mut Report) -> Result<()> {
    let mut broker = OpenBroker::start().await?;
    let fleet = Fleet::start(&broker.url(), agents)?;
    fleet.until_all_online(0.0).await?;
    sleep(SPREAD).await;

    let mut listeners = Vec::new();
    for number in 0..LISTENERS {
        let mut way = way(&broker, &format!("listener-{number}"))?;
        listeners.push(Listener::start(&mut way).await?);
    }
    let before = fleet.now()?;
    sleep(LISTEN).await;
    let held = fleet.since(before)?;
    let mut heard = Vec::new();
    for listener in listeners {
        heard.extend(listener.stop().await?);
    }

    let before = fleet.now()?;
    broker.stop()?;
    broker.start_again().await?;
    let back = fleet.until_all_online(before).await?;
    sleep(SETTLE).await;
    let after = fleet.since(before)?;

    let name = |what: &str| format!("broker, {agents} agents: {what}");
    report.figure(
        &name("calls"),
        held.mean("callsPerSecond"),
        Unit::PerSecond,
        None,
    );
    report.figure(
        &name("messages"),
        held.mean("messagesPerSecond"),
        Unit::PerSecond,
        None,
    );
    report.percentiles(&name("an event to each of 3 listeners"), &heard, None);
    let memory = held.most("bytesPerAgent") / 1024.0;
    report.figure(&name("memory of each"), memory, Unit::KiB, None);
    report.figure(
        &name("all back after a restart"),
        back - before,
        Unit::S,
        None,
    );
    let attempts = after.most("attemptsPerSecond");
    report.figure(
        &name("attempts then, at most"),
        attempts,
        Unit::PerSecond,
        None,
    );
    Ok(())
}
