//! Every request in every situation: done, or refused with its documented error.

use serde_json::{Value, json};

use crate::stage::Stage;

type Opening = fn() -> Stage;

fn idle() -> Stage {
    Stage::open("about = \"\"")
}

fn dialling() -> Stage {
    let mut stage = idle();
    stage.ask_with("SetMakeCall", json!("+441632960042"));
    stage
}

fn held() -> Stage {
    let mut stage = Stage::talking();
    stage.ask("Hold");
    stage
}

/// Two who wait and one who does not.
fn partly_held() -> Stage {
    let mut stage = Stage::conference();
    stage.ask_with("Consult", json!("+441632960042"));
    stage.wait(3_000);
    stage
}

fn wrap_up() -> Stage {
    let mut stage = Stage::talking();
    stage.ask("Disconnect");
    stage
}

fn missed() -> Stage {
    let mut stage = Stage::ringing();
    stage.wait(20_000);
    stage
}

const SITUATIONS: [(&str, Opening); 10] = [
    ("idle", idle),
    ("ringing", Stage::ringing),
    ("dialling", dialling),
    ("talking", Stage::talking),
    ("held", held),
    ("consulting", Stage::consulting),
    ("conference", Stage::conference),
    ("partly held", partly_held),
    ("wrap-up", wrap_up),
    ("missed", missed),
];

/// Request, its argument, its error, and the situations in which it is done.
fn table() -> Vec<(&'static str, Value, &'static str, &'static [&'static str])> {
    let number = json!("+441632960042");
    vec![
        (
            "Answer",
            Value::Null,
            "ANSWER_CALL_FAILED: Answering call failed.",
            &["ringing"],
        ),
        (
            "Reject",
            Value::Null,
            "REJECT_CALL_FAILED: Rejecting call failed.",
            &["ringing"],
        ),
        (
            "ClearContact",
            Value::Null,
            "CLEAR_CONTACT_FAILED: Clearing contact failed.",
            &["wrap-up", "missed"],
        ),
        (
            "Hold",
            Value::Null,
            "HOLD_CALL_FAILED: Call hold failed.",
            &["talking", "consulting", "conference", "partly held"],
        ),
        (
            "Resume",
            Value::Null,
            "RESUME_CALL_FAILED: Resuming call failed.",
            &["held", "consulting", "partly held"],
        ),
        (
            "Disconnect",
            Value::Null,
            "DISCONNECT_CALL_FAILED: Disconnecting call failed.",
            &[
                "dialling",
                "talking",
                "held",
                "consulting",
                "conference",
                "partly held",
            ],
        ),
        (
            "SetMakeCall",
            number.clone(),
            "MAKE_CALL_FAILED: Make call failed.",
            &["idle"],
        ),
        (
            "SendDTMF",
            json!("5"),
            "SEND_DTMF_FAILED: Failed to send DTMF.",
            &["talking", "held", "consulting", "conference", "partly held"],
        ),
        (
            "Consult",
            number,
            "CONSULT_CALL_FAILED: Consulting failed.",
            &["talking", "held", "conference", "partly held"],
        ),
        (
            "Swap",
            Value::Null,
            "SWAP_CALL_FAILED: Swapping calls failed.",
            &["consulting"],
        ),
        (
            "Conference",
            Value::Null,
            "CONFERENCE_CALL_FAILED: Joining calls failed.",
            &["consulting", "partly held"],
        ),
        (
            "Transfer",
            Value::Null,
            "TRANSFER_CALL_FAILED: Transferring call failed.",
            &["consulting", "conference", "partly held"],
        ),
    ]
}

#[test]
fn each_request_is_done_or_refused_as_documented() {
    for (name, open) in SITUATIONS {
        for (subtopic, data, error, done_in) in table() {
            let mut stage = open();
            let before = stage.snapshot();
            let said = stage.send(&crate::stage::request("InboundCall", subtopic, Some(data)));
            let errors: Vec<String> = said
                .iter()
                .filter_map(|envelope| envelope.data.as_ref())
                .map(|data| {
                    format!(
                        "{}: {}",
                        data["errorType"].as_str().unwrap(),
                        data["msg"].as_str().unwrap()
                    )
                })
                .collect();
            if done_in.contains(&name) {
                assert_eq!(errors, [""; 0], "{subtopic} while {name}");
            } else {
                assert_eq!(
                    (errors, said.len()),
                    (vec![error.to_owned()], 1),
                    "{subtopic} while {name}"
                );
                assert_eq!(
                    stage.snapshot(),
                    before,
                    "{subtopic} while {name} changed something"
                );
            }
        }
    }
}

#[test]
fn an_id_of_nobody_is_refused() {
    for (subtopic, error) in [
        ("Hold", "HOLD_CALL_FAILED: Connection not found"),
        ("Resume", "RESUME_CALL_FAILED: Connection not found"),
        ("Disconnect", "DISCONNECT_CALL_FAILED: Connection not found"),
    ] {
        assert_eq!(
            Stage::talking().ask_with(subtopic, json!("nobody")),
            [error]
        );
    }
}

#[test]
fn agents_and_queues_cannot_be_dialled() {
    for kind in ["agent", "queue"] {
        let mut stage = idle();
        let endpoint = stage.quick_connect(kind);
        assert_eq!(
            stage.ask_with("SetMakeCall", endpoint),
            ["MAKE_CALL_FAILED: BadEndpointException: Outbound calls need a phone number"]
        );
    }
}

#[test]
fn nobody_is_called_who_cannot_be() {
    for (to, text) in [
        (json!("twelve"), "Invalid phone number"),
        (json!("+4416329600421632960042"), "Invalid phone number"),
        (
            json!({ "endpointARN": "arn:nowhere" }),
            "Endpoint not found",
        ),
    ] {
        let said = idle().ask_with("SetMakeCall", to.clone());
        assert_eq!(said, [format!("MAKE_CALL_FAILED: {text}")]);
        let said = Stage::talking().ask_with("Consult", to);
        assert_eq!(said, [format!("CONSULT_CALL_FAILED: {text}")]);
    }
}
