//! What is heard, one test each.

use libtest_mimic::Trial;
use offhook_desktop::ringer::{Output, Ringer, outputs};

use crate::server::{Server, wait_until};

macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        /// All tests of this file.
        pub(crate) fn tests() -> Vec<Trial> {
            vec![$(Trial::test(stringify!($name), || { $name(); Ok(()) })),*]
        }
    };
}

tests! {
    it_rings_until_it_is_stopped,
    it_falls_silent_soon_and_releases_the_output,
    a_trial_ends_by_itself,
    a_trial_does_not_end_a_ring,
    a_missing_output_means_the_default_one,
    a_lost_server_is_survived,
    outputs_are_listed_by_name,
}

/// Between the order and the silence at most this, measured at the monitor of the output, which adds
/// its own 20 ms; a machine under load adds some more.
const SILENT_WITHIN_10_MS: usize = 25;

fn ringer() -> Ringer {
    Ringer::start().expect("the system has threads")
}

fn loud() -> Output {
    Output {
        device: None,
        volume: 100,
    }
}

fn it_rings_until_it_is_stopped() {
    let server = Server::start();
    let mut ear = server.listen();
    let ringer = ringer();
    ringer.ring(loud());
    for _cadence in 0..2 {
        ear.hear();
        // One cadence has 1.5 s of sound and silence of at least 1 s.
        let heard = (0..300).map(|_| ear.next_10_ms()).fold(0.0, f32::max);
        assert!((0.2..1.0).contains(&heard), "{heard}");
    }
}

fn it_falls_silent_soon_and_releases_the_output() {
    let server = Server::start();
    let mut ear = server.listen();
    let ringer = ringer();
    ringer.ring(loud());
    ear.hear();
    ringer.stop();
    // Without the stop, the first chimes would sound for more than a second.
    let heard: Vec<_> = (0..100).map(|_| ear.next_10_ms() > 0.005).collect();
    let last = heard.iter().rposition(|&sound| sound).unwrap_or(0);
    assert!(last <= SILENT_WITHIN_10_MS, "silent after {last}0 ms");
    wait_until("the output is released", || !server.in_use());
}

fn a_trial_ends_by_itself() {
    let server = Server::start();
    let mut ear = server.listen();
    let ringer = ringer();
    ringer.try_out(loud());
    ear.hear();
    wait_until("the output is released", || !server.in_use());
}

fn a_trial_does_not_end_a_ring() {
    let server = Server::start();
    let mut ear = server.listen();
    let ringer = ringer();
    ringer.ring(loud());
    ringer.try_out(loud());
    ear.hear();
    // Past the end of the trial, and past the pause of the cadence.
    for _ in 0..250 {
        ear.next_10_ms();
    }
    ear.hear();
}

fn a_missing_output_means_the_default_one() {
    let server = Server::start();
    let mut ear = server.listen();
    let ringer = ringer();
    ringer.ring(Output {
        device: Some("headset that was unplugged".to_owned()),
        volume: 100,
    });
    ear.hear();
}

fn a_lost_server_is_survived() {
    let ringer = ringer();
    // No server at all.
    ringer.ring(loud());
    ringer.stop();

    // One that is lost while it rings.
    let server = Server::start();
    let mut ear = server.listen();
    ringer.ring(loud());
    ear.hear();
    drop((ear, server));
    ringer.stop();
    ringer.ring(loud());
    ringer.stop();

    // And one that works again.
    let server = Server::start();
    let mut ear = server.listen();
    ringer.ring(loud());
    ear.hear();
}

fn outputs_are_listed_by_name() {
    let server = Server::start();
    assert_eq!(outputs(), ["Test output"]);
    drop(server);
}
