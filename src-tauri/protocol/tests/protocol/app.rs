//! The link and the handshake.

use offhook_protocol::{Access, AppState, Envelope, Event, Hello, Link, Register, Registered};
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
        };
        assert_eq!(
            Event::read(&app.sync_envelope()),
            Some(Event::App(app.clone()))
        );
        assert_eq!(Event::read(&app.change_envelope()), Some(Event::App(app)));
    }
}

#[test]
fn a_peer_that_only_knows_its_init_state_is_understood() {
    let nothing = AppState {
        link: None,
        connector: None,
        retry_in_ms: None,
    };
    let published = json!({ "initState": "Loaded" });
    assert_eq!(
        told("App", "StateSync", published),
        Some(Event::App(nothing))
    );
}

#[test]
fn the_handshake_survives_writing() {
    let hello = Hello {
        versions: vec![1],
        hub: "Offhook 0.1.0".to_owned(),
        nonce: "00ff".to_owned(),
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
