//! What is known about people does not get into a log.

use offhook_amazon::{
    Seen, Update,
    page::{Opaque, Said},
};
use serde_json::json;
use url::Url;

use crate::{
    stage::{Stage, request},
    streams::{RINGING, caller, ringing, snapshot, with},
};

const SECRETS: [&str; 6] = [
    "161081111",
    "441632960042",
    "Robin",
    "Platinum",
    "7391",
    "Courier",
];

fn assert_silent(debug: &str) {
    for secret in SECRETS {
        assert!(!debug.contains(secret), "{debug} tells {secret}");
    }
}

fn platinum() -> serde_json::Value {
    let attributes = json!({ "Tier": { "name": "Tier", "value": "Platinum" } });
    with(ringing(), "attributes", attributes)
}

#[test]
fn what_the_page_says_is_not_printed() {
    let (stage, _) = Stage::raw(offhook_amazon::Way::Panel);
    let said = [
        Said::Update(Box::new(Update {
            snapshot: Opaque(snapshot(RINGING, &[platinum()])),
            configuration: Opaque(stage.configuration),
        })),
        Said::Returned {
            id: 1,
            data: Some(Opaque(json!([{ "name": "Courier" }]))),
        },
        Said::Failed {
            id: 1,
            error: "cannot call +441632960042".into(),
        },
        Said::ApiError {
            error: "cannot call +441632960042".into(),
        },
        Said::Thrown {
            text: "Robin is undefined".into(),
        },
        Said::SoftphoneError {
            error_type: "other".to_owned(),
            error_message: Some("Robin has no microphone".into()),
        },
    ];
    for said in said {
        assert_silent(&format!("{said:?}"));
    }
}

#[test]
fn neither_the_connector_nor_what_it_wants_is_printed() {
    let mut stage = Stage::open();
    stage.ask_agent("GetDirectConnects", None);
    let desk = json!({ "endpointARN": "arn:1", "name": "Courier", "phoneNumber": "+441632960042" });
    stage.returned_with(json!([desk]));
    let mut outputs = stage.take_for(snapshot(RINGING, &[platinum()]));
    stage.talk(&[caller("connected")]);
    let requests = [
        ("Consult", json!("+441632960042")),
        ("Consult", desk),
        ("SendDTMF", json!("7391")),
    ];
    for (subtopic, data) in requests {
        let request = request("InboundCall", subtopic, Some(data));
        stage.amazon.handle(&request, stage.now);
        outputs.extend(stage.outputs());
    }
    assert_eq!(outputs.len(), 7);
    assert_silent(&format!("{outputs:?} {:?}", stage.amazon));
}

#[test]
fn the_secrets_of_a_login_are_not_printed() {
    let url = Url::parse("https://Robin:7391@sso.example.com/start?code=7391#7391").unwrap();
    let seen = [Seen::Loading(url.clone()), Seen::Loaded(url)];
    assert_eq!(
        format!("{seen:?}"),
        "[Loading(https://sso.example.com/start), Loaded(https://sso.example.com/start)]"
    );
}
