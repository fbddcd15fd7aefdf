//! The link and the handshake.

use offhook_protocol::{
    Access, AppState, Check, Envelope, Event, Hello, Link, Pair, PairPending, Paired, Problem,
    Progress, Register, Registered, Step,
};
use serde_json::json;

use crate::told;

#[test]
fn the_state_of_the_link_survives_writing() {
    for (link, retry_in_ms) in [
        (Link::None, None),
        (Link::Connecting, None),
        (Link::Online, None),
        (Link::Lost, Some(4_000)),
    ] {
        let app = AppState {
            link: Some(link),
            connector: Some("practice".to_owned()),
            retry_in_ms,
            ..AppState::default()
        };
        assert_eq!(
            Event::read(&app.sync_envelope()),
            Some(Event::App(app.clone()))
        );
        assert_eq!(Event::read(&app.change_envelope()), Some(Event::App(app)));
    }
}

#[test]
fn a_set_up_check_survives_writing() {
    let progress = [Progress::Passed, Progress::Waiting, Progress::Failed];
    let check: Vec<Check> = Step::KNOWN
        .iter()
        .zip(progress.into_iter().cycle())
        .map(|(step, progress)| Check {
            step: step.clone(),
            progress,
            problem: (progress == Progress::Failed).then_some(Problem::LoginNeeded),
        })
        .collect();
    let app = AppState {
        link: Some(Link::Online),
        session_ends_in_ms: Some(1_800_000),
        check,
        ..AppState::default()
    };
    assert_eq!(Event::read(&app.sync_envelope()), Some(Event::App(app)));
}

#[test]
fn a_step_that_cannot_be_read_is_left_out_and_an_unknown_one_is_carried() {
    let message = json!({ "check": [
        { "step": "page" },
        { "step": "page", "progress": "half" },
        { "step": "headset", "progress": "failed", "problem": "unplugged" },
    ] });
    let Some(Event::App(app)) = told("App", "StateSync", message) else {
        panic!("it is the app's state");
    };
    let headset = Check {
        step: Step::Other("headset".to_owned()),
        progress: Progress::Failed,
        problem: Some(Problem::Other("unplugged".to_owned())),
    };
    assert_eq!(app.check, [headset]);
}

#[test]
fn every_problem_and_step_is_read_as_it_is_written() {
    for problem in Problem::KNOWN {
        assert_eq!(Problem::parse(problem.as_str()), *problem);
    }
    for step in Step::KNOWN {
        assert_eq!(Step::parse(step.as_str()), *step);
    }
}

#[test]
fn a_peer_that_only_knows_its_init_state_is_understood() {
    let published = json!({ "initState": "Loaded" });
    assert_eq!(
        told("App", "StateSync", published),
        Some(Event::App(AppState::default()))
    );
}

#[test]
fn the_handshake_survives_writing() {
    let hello = Hello {
        versions: vec![1],
        hub: "Offhook 0.1.0".to_owned(),
        nonce: "00ff".to_owned(),
        hub_id: None,
    };
    let register = Register {
        version: 1,
        access: Access::Control,
        client_nonce: "ff00".to_owned(),
        proof: "ab".to_owned(),
    };
    let registered = Registered {
        access: Access::Observe,
        proof: "cd".to_owned(),
        heartbeat_sec: 20,
    };
    assert_eq!(Register::read(&hello.envelope()), None);
    assert_eq!(Hello::read(&hello.envelope()), Some(hello));
    assert_eq!(Register::read(&register.envelope()), Some(register));
    assert_eq!(Registered::read(&registered.envelope()), Some(registered));
    let incomplete = Envelope::event("App", "Registered", json!({ "access": "observe" }));
    assert_eq!(Registered::read(&incomplete), None);
}

#[test]
fn a_pairing_survives_writing() {
    let pair = Pair {
        version: 1,
        access: Access::Control,
    };
    let pending = PairPending {
        code: "0042".to_owned(),
        expires_in_sec: 120,
    };
    let paired = Paired {
        access: Access::Observe,
        secret: "00ff".into(),
    };
    assert_eq!(Pair::read(&pair.envelope()), Some(pair));
    assert_eq!(PairPending::read(&pending.envelope()), Some(pending));
    assert_eq!(Paired::read(&paired.envelope()), Some(paired.clone()));
    assert!(!format!("{paired:?}").contains("00ff"));
}

#[test]
fn a_page_is_told_which_phone_greets_it_and_a_program_is_not() {
    let greeting = |hub_id: Option<&str>| Hello {
        versions: vec![1],
        hub: "Offhook/0.1.0".to_owned(),
        nonce: "00ff".to_owned(),
        hub_id: hub_id.map(str::to_owned),
    };
    let page = greeting(Some("0123")).envelope();
    assert!(page.to_text().contains(r#""hubId":"0123""#));
    assert_eq!(Hello::read(&page), Some(greeting(Some("0123"))));
    let program = greeting(None).envelope();
    assert!(!program.to_text().contains("hubId"));
    assert_eq!(Hello::read(&program), Some(greeting(None)));
}
