//! What goes wrong: one thing at a time, drawn from the seed.

use std::time::Duration;

use fastrand::Rng;
use turmoil::Sim;

use crate::{broker, crm, desk, log::Log, supervisor};

/// Between two faults at most.
const WELL: Duration = Duration::from_secs(8);
/// Most faults at most.
const SHORT: Duration = Duration::from_secs(4);
/// Some faults at most: longer than a connection bears silence.
const LONG: Duration = Duration::from_secs(30);

/// Draws faults and mends them.
pub(crate) struct Faults {
    rng: Rng,
    at: Duration,
    present: Option<Fault>,
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// Nothing passes between this machine and the broker, and nobody is told.
    Cut(&'static str),
    /// What is sent between these machines arrives later, all at once.
    Held(&'static str, &'static str),
    /// The broker crashes and has forgotten everything.
    Crash,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            rng: Rng::with_seed(!seed),
            at: Duration::from_secs(1),
            present: None,
        }
    }

    /// Lets go wrong, or mends, what is due.
    pub(crate) fn step(&mut self, sim: &mut Sim<'_>, log: &Log) {
        if sim.elapsed() < self.at {
            return;
        }
        let longest = match self.present.take() {
            Some(fault) => {
                mend(fault, sim, log);
                WELL
            }
            None => {
                let fault = self.draw();
                log.note(sim.elapsed(), format_args!("{fault:?}"));
                cause(fault, sim);
                self.present = Some(fault);
                match self.rng.u8(..4) {
                    0 => LONG,
                    _ => SHORT,
                }
            }
        };
        self.at = sim.elapsed() + longest.mul_f64(self.rng.f64());
    }

    /// Mends what is wrong.
    pub(crate) fn end(&mut self, sim: &mut Sim<'_>, log: &Log) {
        if let Some(fault) = self.present.take() {
            mend(fault, sim, log);
        }
    }

    fn draw(&mut self) -> Fault {
        let machine = [desk::HOST, supervisor::HOST][self.rng.usize(..2)];
        match self.rng.u8(..4) {
            0 => Fault::Cut(machine),
            1 => Fault::Held(machine, broker::HOST),
            // They are on one machine in truth: nothing is lost between them.
            2 => Fault::Held(crm::HOST, desk::HOST),
            _ => Fault::Crash,
        }
    }
}

fn cause(fault: Fault, sim: &mut Sim<'_>) {
    match fault {
        Fault::Cut(machine) => sim.partition(machine, broker::HOST),
        Fault::Held(one, other) => sim.hold(one, other),
        Fault::Crash => sim.crash(broker::HOST),
    }
}

fn mend(fault: Fault, sim: &mut Sim<'_>, log: &Log) {
    log.note(sim.elapsed(), format_args!("no more {fault:?}"));
    match fault {
        Fault::Cut(machine) => sim.repair(machine, broker::HOST),
        Fault::Held(one, other) => sim.release(one, other),
        Fault::Crash => sim.bounce(broker::HOST),
    }
}
