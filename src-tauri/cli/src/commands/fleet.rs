//! `fleet`: many agents that take practice calls, each with a connection to the broker of its own.

mod agent;
mod counted;
mod memory;
mod report;
mod robot;
mod room;

use std::{
    future::pending,
    io::{self, IsTerminal},
    sync::Arc,
    time::Duration,
};

use offhook_engine::Clock;
use offhook_practice::Scenario;
use offhook_uplink::{Branch, Trouble, mqtt::Mqtt};
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval, sleep, sleep_until, timeout},
};

use super::engine::watch_signals;
use crate::{
    args::FleetPlan,
    broker::BrokerArguments,
    failure::Failure,
    outcome::{Outcome, line},
};
use agent::Agent;
use counted::Counted;
use report::{Report, Tally};

/// The next call comes a second after the agent is ready.
const SCENARIO: &str = "busy-hour";
/// How long good-byes may take.
const GOOD_BYE: Duration = Duration::from_secs(30);

/// Plays the fleet until its time is over or the process is told to leave.
pub(super) async fn run(
    broker: &BrokerArguments,
    plan: &FleetPlan,
    json: bool,
) -> Result<Outcome, Failure> {
    let told_to_leave = watch_signals()?;
    room::make(plan.agents)?;
    let (stop, stopped) = watch::channel(false);
    let mut fleet = Fleet {
        way: broker.way("offhook.fleet")?,
        tenant: &broker.tenant,
        plan,
        clock: Clock::start(),
        tally: Arc::default(),
        stopped,
        agents: JoinSet::new(),
    };
    let mut report = Report::begin(plan.agents, Arc::clone(&fleet.tally));
    let playing = async {
        tokio::select! {
            over = fleet.play() => over,
            never = tell(&mut report, json) => never,
        }
    };
    let played = tokio::select! {
        over = playing => over,
        () = told_to_leave => Ok(()),
    };
    report.end();
    // Fails only if all have left already.
    let _ = stop.send(true);
    let good_bye = async { while fleet.agents.join_next().await.is_some() {} };
    // Those that did not make it are missed by the broker, which publishes their wills.
    let _ = timeout(GOOD_BYE, good_bye).await;
    if is_one_line(json) {
        line(io::stderr(), "")?;
    }
    played.and_then(|()| report.outcome())
}

struct Fleet<'a> {
    way: Mqtt,
    tenant: &'a str,
    plan: &'a FleetPlan,
    clock: Clock,
    tally: Arc<Tally>,
    stopped: watch::Receiver<bool>,
    agents: JoinSet<Option<Trouble>>,
}

impl Fleet<'_> {
    /// Lets the agents connect one after the other; returns when the time is over, or as soon as the
    /// broker wants one of them no more.
    async fn play(&mut self) -> Result<(), Failure> {
        let scenario = Scenario::built_in(SCENARIO)
            .unwrap_or_else(|| unreachable!("{SCENARIO} comes with it"));
        let began = Instant::now();
        for number in 0..self.plan.agents {
            let turn = f64::from(number) / f64::from(self.plan.connect_rate);
            tokio::select! {
                () = sleep_until(began + Duration::from_secs_f64(turn)) => {}
                refused = self.refused() => return Err(refused),
            }
            self.hire(number + 1, scenario.clone())?;
        }
        self.tally.all_have_begun();
        let over = async {
            match self.plan.duration {
                Some(duration) => sleep(duration).await,
                None => pending().await,
            }
        };
        tokio::select! {
            () = over => Ok(()),
            refused = self.refused() => Err(refused),
        }
    }

    /// Returns when an agent has stopped for good.
    async fn refused(&mut self) -> Failure {
        while let Some(left) = self.agents.join_next().await {
            if let Ok(Some(trouble)) = left {
                return Failure::Broker(trouble);
            }
        }
        pending().await
    }

    fn hire(&mut self, number: u32, scenario: Scenario) -> Result<(), Failure> {
        let branch = Branch::new(self.tenant, &format!("agent-{number}"))?;
        let way = self.way.named(&branch.client_id());
        let agent = Agent {
            branch,
            way: Counted::new(way, Arc::clone(&self.tally)),
            scenario,
            calls_per_hour: self.plan.calls_per_hour,
            clock: self.clock.clone(),
            tally: Arc::clone(&self.tally),
            seed: fastrand::u64(..),
        };
        self.agents.spawn(agent.work(self.stopped.clone()));
        Ok(())
    }
}

/// Prints every second how it goes: on a terminal one line that changes. Returns only when it cannot.
async fn tell(report: &mut Report, json: bool) -> Result<(), Failure> {
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        seconds.tick().await;
        let second = report.second();
        if json {
            line(io::stdout(), &second.json().to_string())?;
        } else if is_one_line(json) {
            report::overwrite(io::stderr(), &second.text())?;
        } else {
            line(io::stderr(), &second.text())?;
        }
    }
}

/// Whether what is said each second takes the place of what was said before.
fn is_one_line(json: bool) -> bool {
    !json && io::stderr().is_terminal()
}
