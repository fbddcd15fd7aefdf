//! What becomes of calls: success is what a snapshot shows, and nothing waits for ever.

use offhook_amazon::page::Said;
use serde_json::json;

use crate::{
    stage::Stage,
    streams::{
        AVAILABLE, CALLING, MISSED, RINGING, WRAP_UP, callee, caller, contact, over, own, ringing,
        third,
    },
};

const INVALID: &str = r#"{"type":"InvalidStateException","message":"Invalid contact state.","stack":[],"retryStatus":"none","statusCode":400}"#;
const NO_ANSWER: &str = "The Amazon Connect panel did not answer in time";
const NO_OUTCOME: &str = "Amazon Connect accepted it, but nothing came of it";

fn nothing() -> [String; 0] {
    []
}

#[test]
fn a_failure_is_told_in_amazons_own_words() {
    let table = [
        (INVALID, "InvalidStateException: Invalid contact state."),
        (
            r#"{"type":"BadEndpointException","message":"BadEndpointException: no"}"#,
            "BadEndpointException: no",
        ),
        (
            r#"{"type":"QuotaExceededException"}"#,
            "QuotaExceededException",
        ),
        (r#""{\"type\":\"A\",\"message\":\"B\"}""#, "A: B"),
        (
            "StateError: Contact X no longer exists.",
            "StateError: Contact X no longer exists.",
        ),
        ("[1, 2]", "[1, 2]"),
        ("{}", "Amazon Connect gave no reason"),
        ("", "Amazon Connect gave no reason"),
    ];
    for (error, text) in table {
        let mut stage = Stage::talking();
        stage.ask("Hold");
        assert_eq!(stage.failed(error), [format!("HOLD_CALL_FAILED: {text}")]);
        assert_eq!(stage.wait(60_000), nothing());
    }
}

#[test]
fn accept_hides_the_error_that_the_api_gave() {
    let mut stage = Stage::ringing();
    stage.said(Said::ApiError {
        error: r#"{"type":"Old","message":"of another call"}"#.into(),
    });
    stage.ask("Answer");
    stage.said(Said::ApiError {
        error: INVALID.into(),
    });
    assert_eq!(
        stage.failed("error"),
        ["ANSWER_CALL_FAILED: InvalidStateException: Invalid contact state."]
    );

    let mut stage = Stage::ringing();
    stage.said(Said::ApiError {
        error: INVALID.into(),
    });
    stage.ask("Answer");
    assert_eq!(stage.failed("error"), ["ANSWER_CALL_FAILED: error"]);
}

#[test]
fn no_answer_is_told_after_four_and_a_half_seconds() {
    let mut stage = Stage::ringing();
    stage.ask("Answer");
    assert_eq!(stage.wait(4_499), nothing());
    assert_eq!(stage.wait(1), [format!("ANSWER_CALL_FAILED: {NO_ANSWER}")]);
    assert_eq!(stage.returned(), nothing());
}

#[test]
fn what_was_accepted_must_be_seen_within_twenty_seconds() {
    let mut stage = Stage::talking();
    stage.ask("Hold");
    assert_eq!(stage.returned(), nothing());
    assert_eq!(stage.wait(19_999), nothing());
    assert_eq!(stage.wait(1), [format!("HOLD_CALL_FAILED: {NO_OUTCOME}")]);
}

#[test]
fn a_snapshot_settles_a_call_whose_answer_never_comes() {
    let mut stage = Stage::talking();
    stage.ask("Hold");
    stage.talk(&[caller("hold")]);
    assert_eq!(stage.wait(60_000), nothing());
}

/// Each call with what shows that it came true.
#[test]
fn every_call_is_settled_by_what_shows_it() {
    let settles = |mut stage: Stage, request: &str, data, show: &dyn Fn(&mut Stage)| {
        let asked = stage.ask_with(request, data);
        assert!(asked[0].starts_with("ask "), "{request}: {asked:?}");
        stage.returned();
        show(&mut stage);
        assert_eq!(stage.wait(60_000), nothing(), "{request}");
    };
    let none = || json!(null);
    let consulting = || {
        let mut stage = Stage::talking();
        stage.talk(&[caller("hold"), third("third", "connected")]);
        stage
    };
    settles(Stage::ringing(), "Answer", none(), &|stage| {
        stage.talk(&[caller("connected")]);
    });
    settles(Stage::ringing(), "Reject", none(), &|stage| {
        stage.update(MISSED, &[over("error")]);
    });
    settles(
        Stage::with(WRAP_UP, over("ended")),
        "ClearContact",
        none(),
        &|stage| {
            stage.update(AVAILABLE, &[]);
        },
    );
    settles(Stage::talking(), "Disconnect", none(), &|stage| {
        stage.update(WRAP_UP, &[over("ended")]);
    });
    settles(Stage::talking(), "SendDTMF", json!("5"), &|_| {});
    settles(
        Stage::talking(),
        "Consult",
        json!("+441632960042"),
        &|stage| {
            stage.talk(&[caller("hold"), third("third", "connecting")]);
        },
    );
    settles(consulting(), "Swap", none(), &|stage| {
        stage.talk(&[caller("connected"), third("third", "hold")]);
    });
    settles(consulting(), "Conference", none(), &|stage| {
        stage.talk(&[caller("connected"), third("third", "connected")]);
    });
    settles(consulting(), "Resume", json!("caller"), &|stage| {
        stage.talk(&[caller("connected"), third("third", "hold")]);
    });
    settles(consulting(), "Disconnect", json!("third"), &|stage| {
        stage.talk(&[caller("hold")]);
    });
    settles(
        Stage::open(),
        "SetMakeCall",
        json!("+441632960042"),
        &|stage| {
            let dialled = contact(
                "contact",
                "connecting",
                &[own("connected"), callee("connecting")],
            );
            stage.update(CALLING, &[dialled]);
        },
    );
}

#[test]
fn what_does_not_matter_any_more_is_given_up_silently() {
    for answered in [true, false] {
        let mut stage = Stage::talking();
        stage.ask("Hold");
        if answered {
            stage.returned();
        }
        stage.update(WRAP_UP, &[over("ended")]);
        assert_eq!(stage.wait(60_000), nothing());
    }
}

#[test]
fn a_refusal_is_told_although_the_call_is_over_already() {
    let mut stage = Stage::ringing();
    stage.ask("Answer");
    stage.update(MISSED, &[over("error")]);
    assert_eq!(
        stage.failed(INVALID),
        ["ANSWER_CALL_FAILED: InvalidStateException: Invalid contact state."]
    );
}

#[test]
fn the_same_call_is_not_made_twice_at_once() {
    let mut stage = Stage::talking();
    stage.ask("Hold");
    assert_eq!(stage.ask("Hold"), nothing());
    let error = "HOLD_CALL_FAILED: InvalidStateException: Invalid contact state.";
    assert_eq!(stage.failed(INVALID), [error, error]);
    assert_eq!(stage.ask("Hold"), ["ask hold contact caller"]);
}

#[test]
fn digits_may_be_sent_twice() {
    let mut stage = Stage::talking();
    for _ in 0..2 {
        let said = stage.ask_with("SendDTMF", json!("5"));
        assert_eq!(said, ["ask sendDigits contact caller 5"]);
    }
}

#[test]
fn several_calls_of_one_request_tell_one_error() {
    let mut stage = Stage::talking();
    stage.talk(&[caller("connected"), third("third", "connected")]);
    stage.ask("Disconnect");
    let last = stage.last_asked();
    assert_eq!(
        stage.fail(last - 1, INVALID),
        ["DISCONNECT_CALL_FAILED: InvalidStateException: Invalid contact state."]
    );
    assert_eq!(stage.fail(last, INVALID), nothing());
    assert_eq!(stage.wait(60_000), nothing());
}

#[test]
fn quick_connects_that_do_not_come_are_told() {
    let mut stage = Stage::open();
    stage.ask_agent("GetDirectConnects", None);
    assert_eq!(stage.wait(19_999), nothing());
    assert_eq!(
        stage.wait(1),
        [format!("DIRECT_CONNECTS_FAILED: {NO_ANSWER}")]
    );
}

#[test]
fn a_call_that_comes_in_is_not_the_one_that_was_dialled() {
    let mut stage = Stage::open();
    stage.ask_with("SetMakeCall", json!("+441632960042"));
    stage.returned();
    stage.update(RINGING, &[ringing()]);
    assert_eq!(
        stage.wait(20_000),
        [format!("MAKE_CALL_FAILED: {NO_OUTCOME}")]
    );
}
