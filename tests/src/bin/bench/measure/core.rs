//! What an event costs the phone itself, without any IO.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use anyhow::Result;
use offhook_core::{Input, Phone, Preferences, Time, tray::Tray};

use super::{
    conversation,
    report::{Report, Unit},
};

const CALLS: usize = 200;
const ROUNDS: usize = 51;

/// What is done with the phone after each input.
type Look = fn(&Phone);

pub(crate) fn measure(report: &mut Report) -> Result<()> {
    let inputs = conversation::record(CALLS)?;
    let looks: [(&str, Look); 3] = [
        ("core: an event handled", |_| ()),
        ("core: and the view projected", |phone| {
            black_box(phone.view());
        }),
        ("core: and the tray projected from it", |phone| {
            black_box(Tray::of(&phone.view()));
        }),
    ];
    let mut whole = 0.0;
    for (name, look) in looks {
        whole = nanoseconds_per_event(&inputs, look);
        report.figure(name, whole, Unit::Ns, None);
    }
    report.figure(
        "core: events with all of it",
        1e9 / whole,
        Unit::PerSecond,
        None,
    );
    Ok(())
}

/// The median over the rounds. A round is the whole day on a new phone.
#[expect(clippy::cast_precision_loss, reason = "thousands")]
fn nanoseconds_per_event(inputs: &[(Input, Time)], look: Look) -> f64 {
    let mut rounds: Vec<Duration> = (0..ROUNDS).map(|_| round(inputs, look)).collect();
    rounds.sort_unstable();
    rounds[ROUNDS / 2].as_secs_f64() * 1e9 / inputs.len() as f64
}

fn round(inputs: &[(Input, Time)], look: Look) -> Duration {
    let inputs = inputs.to_vec();
    let Some((_, opening)) = inputs.first() else {
        return Duration::ZERO;
    };
    let mut phone = Phone::new(Preferences::default(), *opening);
    let started = Instant::now();
    for (input, now) in inputs {
        phone.handle(input, now);
        while let Some(effect) = phone.poll_effect() {
            black_box(effect);
        }
        black_box(phone.poll_timeout());
        look(&phone);
    }
    started.elapsed()
}
