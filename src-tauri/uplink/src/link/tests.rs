use proptest::{collection::vec, prelude::*};

use super::*;

fn start() -> Timestamp {
    Timestamp::from_millis(0)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn lost() -> Trouble {
    Trouble::Lost("reset".to_owned())
}

fn closed() -> Trouble {
    Trouble::Closed("restart".to_owned())
}

/// Online since the given time.
fn online(seed: u64, since: Timestamp) -> Link {
    let mut link = Link::new(seed, since);
    link.subscribed(since);
    link
}

/// How long it waits now.
fn wait(link: &Link, now: Timestamp) -> Duration {
    let Status::Waiting { until, .. } = link.status() else {
        panic!("{:?}", link.status());
    };
    until.saturating_duration_since(now)
}

/// The shortest and the longest wait that comes about with many seeds.
fn waits(make: impl Fn(u64) -> Duration) -> (Duration, Duration) {
    let waits: Vec<Duration> = (0..2_000).map(make).collect();
    let shortest = waits.iter().min().copied().unwrap_or_default();
    (shortest, waits.iter().max().copied().unwrap_or_default())
}

/// Waits are spread over the whole of 0 to `most`, and never longer.
fn assert_spread(most: Duration, make: impl Fn(u64) -> Duration) {
    let (shortest, longest) = waits(make);
    assert!(shortest <= most / 50, "{shortest:?} of {most:?}");
    assert!(longest <= most, "{longest:?} of {most:?}");
    assert!(longest >= most - most / 50, "{longest:?} of {most:?}");
}

#[test]
fn the_first_attempt_is_made_at_once() {
    let link = Link::new(0, start());
    assert!(link.wanted().is_some());
    assert_eq!(link.status(), Status::Connecting { after: None });
}

#[test]
fn an_attempt_has_ten_seconds_until_it_is_subscribed() {
    let mut link = Link::new(0, start());
    assert_eq!(link.poll_timeout(), Some(start() + secs(10)));
    link.handle_timeout(start() + secs(9));
    assert!(link.wanted().is_some());
    link.handle_timeout(start() + secs(10));
    assert_eq!(link.wanted(), None);
    assert!(matches!(
        link.status(),
        Status::Waiting {
            trouble: Trouble::TimedOut,
            ..
        }
    ));
}

#[test]
fn failures_are_backed_off_from_with_full_jitter() {
    for (failures, most) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (40, 30)] {
        assert_spread(secs(most), |seed| {
            let mut link = Link::new(seed, start());
            for _ in 1..failures {
                link.lost(lost(), start());
                link.retry(start());
            }
            link.lost(lost(), start());
            wait(&link, start())
        });
    }
}

#[test]
fn a_broker_that_closes_is_come_back_to_over_five_seconds() {
    assert_spread(secs(5), |seed| {
        let mut link = online(seed, start());
        link.lost(closed(), start());
        wait(&link, start())
    });
}

#[test]
fn a_broker_that_closes_again_and_again_is_backed_off_from() {
    assert_spread(secs(30), |seed| {
        let mut link = online(seed, start());
        for _ in 0..6 {
            link.lost(closed(), start());
            link.retry(start());
            link.subscribed(start());
        }
        link.lost(closed(), start());
        wait(&link, start())
    });
}

#[test]
fn only_a_connection_that_lasted_is_a_fresh_start() {
    for (lasted, most) in [(29, 30), (30, 1)] {
        assert_spread(secs(most), |seed| {
            let mut link = Link::new(seed, start());
            for _ in 0..10 {
                link.lost(lost(), start());
                link.retry(start());
            }
            link.subscribed(start());
            link.lost(lost(), start() + secs(lasted));
            wait(&link, start() + secs(lasted))
        });
    }
}

#[test]
fn a_wait_ends_in_another_attempt_that_knows_why() {
    let mut link = Link::new(0, start());
    let first = link.wanted();
    link.lost(lost(), start());
    let due = link.poll_timeout().unwrap();
    link.handle_timeout(due);
    assert_ne!(link.wanted(), first);
    assert_eq!(
        link.status(),
        Status::Connecting {
            after: Some(lost())
        }
    );
}

#[test]
fn a_connection_is_replaced_at_once_and_only_if_there_is_one() {
    let mut link = online(0, start());
    let before = link.wanted();
    link.replace(start());
    assert_eq!(link.status(), Status::Connecting { after: None });
    assert!(link.wanted() > before);

    link.lost(Trouble::TakenOver, start());
    link.replace(start());
    assert_eq!(link.wanted(), None);
}

#[test]
fn silence_is_noticed_in_twenty_seconds() {
    let mut link = online(0, start());
    let heard = start() + secs(7);
    link.heard(heard);
    assert_eq!(link.poll_timeout(), Some(heard + secs(20)));
    link.handle_timeout(heard + secs(20));
    assert!(matches!(
        link.status(),
        Status::Waiting {
            trouble: Trouble::Silent,
            ..
        }
    ));
}

#[test]
fn silence_after_a_publication_is_noticed_in_five() {
    let mut link = online(0, start());
    let published = start() + secs(1);
    link.published(published);
    link.published(published + secs(4));
    assert_eq!(link.poll_timeout(), Some(published + secs(5)));

    link.heard(published + secs(4));
    assert_eq!(link.poll_timeout(), Some(published + secs(24)), "answered");
}

#[test]
fn what_cannot_be_helped_by_trying_again_stops_it() {
    for trouble in [
        Trouble::Login,
        Trouble::Certificate("expired".to_owned()),
        Trouble::TakenOver,
    ] {
        let mut link = online(0, start());
        link.lost(trouble.clone(), start());
        assert_eq!(link.status(), Status::Stopped { trouble });
        assert_eq!(link.poll_timeout(), None);
        link.tick(start() + secs(3_600));
        assert_eq!(link.wanted(), None, "not even after sleep");
        link.retry(start());
        assert!(link.wanted().is_some(), "the person asked");
    }
}

#[test]
fn sleep_cuts_the_connection_and_makes_another_within_a_second() {
    let asleep = secs(3_600);
    assert_spread(secs(1), |seed| {
        let mut link = online(seed, start());
        for _ in 0..10 {
            link.lost(lost(), start());
            link.retry(start());
        }
        link.subscribed(start());
        link.tick(start() + secs(1));
        link.tick(start() + secs(1) + asleep);
        wait(&link, start() + secs(1) + asleep)
    });
}

#[test]
fn after_sleep_a_long_wait_becomes_a_short_one() {
    for seed in 0..100 {
        let mut link = Link::new(seed, start());
        for _ in 0..10 {
            link.lost(lost(), start());
            link.retry(start());
        }
        link.lost(lost(), start());
        let awake = start() + secs(7);
        link.tick(awake);
        assert!(wait(&link, awake) <= secs(1));
    }
}

#[test]
fn a_tick_that_is_a_little_late_is_no_sleep() {
    let mut link = online(0, start());
    let wanted = link.wanted();
    link.tick(start() + secs(6));
    link.tick(start() + secs(12));
    assert_eq!(link.wanted(), wanted);
}

#[test]
fn every_loss_has_its_trouble() {
    let text = || "x".to_owned();
    for (loss, trouble) in [
        (Loss::Network(text()), Trouble::Lost(text())),
        (Loss::Broker(text()), Trouble::Closed(text())),
        (Loss::TakenOver, Trouble::TakenOver),
        (Loss::Refused(Refusal::Login), Trouble::Login),
        (
            Loss::Refused(Refusal::Unreachable(text())),
            Trouble::Unreachable(text()),
        ),
        (
            Loss::Refused(Refusal::Certificate(text())),
            Trouble::Certificate(text()),
        ),
        (
            Loss::Refused(Refusal::Broker(text())),
            Trouble::Refused(text()),
        ),
    ] {
        assert_eq!(Trouble::from(loss), trouble);
    }
}

#[derive(Clone, Debug)]
enum Input {
    Pass(u64),
    Tick,
    Subscribed,
    Heard,
    Published,
    Lost(Trouble),
    Retry,
    Replace,
}

fn inputs() -> impl Strategy<Value = Input> {
    prop_oneof![
        4 => (0_u64..8_000).prop_map(Input::Pass),
        2 => Just(Input::Tick),
        2 => Just(Input::Subscribed),
        1 => Just(Input::Heard),
        1 => Just(Input::Published),
        1 => prop_oneof![
            Just(lost()),
            Just(closed()),
            Just(Trouble::TakenOver),
            Just(Trouble::Login),
            Just(Trouble::Overrun),
        ]
        .prop_map(Input::Lost),
        1 => Just(Input::Retry),
        1 => Just(Input::Replace),
    ]
}

proptest! {
    /// One who keeps just the connection that is wanted never has two, none outlives what may be waited
    /// for, and unless it stopped there is always something due.
    #[test]
    fn there_is_one_connection_or_a_reason_and_an_end_of_it(
        seed in any::<u64>(),
        inputs in vec(inputs(), 0..80),
    ) {
        let mut now = start();
        let mut link = Link::new(seed, now);
        let mut last = link.wanted();
        for input in inputs {
            match input {
                Input::Pass(millis) => {
                    now = now + Duration::from_millis(millis);
                    link.handle_timeout(now);
                }
                Input::Tick => link.tick(now),
                Input::Subscribed => link.subscribed(now),
                Input::Heard => link.heard(now),
                Input::Published => link.published(now),
                Input::Lost(trouble) => link.lost(trouble, now),
                Input::Retry => link.retry(now),
                Input::Replace => link.replace(now),
            }
            let wanted = link.wanted();
            if let (Some(wanted), Some(before)) = (wanted, last) {
                prop_assert!(wanted >= before, "a connection that was given up is wanted again");
            }
            last = wanted.or(last);
            match (link.status(), link.poll_timeout()) {
                (Status::Stopped { trouble }, due) => {
                    prop_assert!(trouble.is_final());
                    prop_assert_eq!(due, None);
                }
                (Status::Waiting { until, trouble }, due) => {
                    prop_assert!(!trouble.is_final());
                    prop_assert_eq!(due, Some(until));
                    prop_assert!(until.saturating_duration_since(now) <= LONGEST_BACKOFF);
                }
                (Status::Connecting { .. }, due) => {
                    prop_assert!(due.unwrap() <= now + CONNECT_WITHIN);
                }
                (Status::Online { .. }, due) => prop_assert!(due.unwrap() <= now + SILENCE),
            }
        }
    }
}
