//! One desk, a CRM at its hub, a broker and a supervisor there, in simulated time: on a network that is
//! cut, held up and mended, with a broker that crashes and a hub that closes. The same seed has the same
//! faults.
//!
//! `OFFHOOK_SEEDS` says how many seeds are tried (50 if absent), `OFFHOOK_SEED` which one alone.

mod broker;
mod centre;
mod clock;
mod crm;
mod desk;
mod faults;
mod hub;
mod judge;
mod log;
mod phone;
mod supervisor;

use std::{
    env,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, anyhow};
use fastrand::Rng;
use offhook_bus::Bus;
use tokio::sync::watch;
use turmoil::Sim;

use hub::File;
use log::Log;

/// How many seeds are tried if nobody says.
const USUAL_SEEDS: u64 = 50;
/// How long faults happen.
const TROUBLED: Duration = Duration::from_secs(120);
/// How long everything is well after that: longer than the longest wait before a connection, and a
/// command.
const QUIET: Duration = Duration::from_secs(60);

#[test]
fn calls_survive_whatever_happens_on_the_way() -> Result<()> {
    let number = |name| match env::var(name) {
        Ok(text) => text
            .parse()
            .map(Some)
            .with_context(|| format!("{name} is no number")),
        Err(_) => Ok(None),
    };
    let seeds = match (number("OFFHOOK_SEED")?, number("OFFHOOK_SEEDS")?) {
        (Some(seed), _) => seed..seed + 1,
        (None, many) => 0..many.unwrap_or(USUAL_SEEDS),
    };
    let next = AtomicU64::new(seeds.start);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if !seeds.contains(&seed) {
                return Ok(());
            }
            simulate(seed)?;
        }
    };
    let threads = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().expect("no panic"))
    })
}

fn simulate(seed: u64) -> Result<()> {
    let log = Log::default();
    play(seed, &log).with_context(|| format!("OFFHOOK_SEED={seed}\n{}", log.story()))
}

fn play(seed: u64, log: &Log) -> Result<()> {
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .tick_duration(Duration::from_millis(20))
        .max_message_latency(Duration::from_millis(80))
        .simulation_duration(TROUBLED + QUIET * 2)
        .build();
    let bus = Bus::new();
    let (board, supervisor) = watch::channel(None);
    let (shown_by_phone, phone) = watch::channel(None);
    let (shown_by_crm, crm) = watch::channel(None);
    let seen = judge::Seen {
        supervisor,
        phone,
        crm,
    };
    let file = File::default();
    sim.host(broker::HOST, broker::serve);
    let desk = desk::work(seed, bus.clone(), file.clone(), log.clone(), shown_by_phone);
    sim.client(desk::HOST, desk);
    let supervisor = supervisor::work(seed, log.clone(), board);
    sim.client(supervisor::HOST, supervisor);
    let crm = crm::work(file, log.clone(), Rng::with_seed(seed), shown_by_crm);
    sim.client(crm::HOST, crm);
    let mut faults = faults::Faults::new(seed);
    while sim.elapsed() < TROUBLED {
        faults.step(&mut sim, log);
        step(&mut sim)?;
    }
    faults.end(&mut sim, log);
    let mut steps = |span| {
        let until = sim.elapsed() + span;
        while sim.elapsed() < until {
            step(&mut sim)?;
        }
        Ok(())
    };
    steps(QUIET)?;
    judge::state(&bus, &seen, steps)?;
    judge::story(log)
}

fn step(sim: &mut Sim<'_>) -> Result<()> {
    sim.step().map(drop).map_err(|error| anyhow!("{error}"))
}
