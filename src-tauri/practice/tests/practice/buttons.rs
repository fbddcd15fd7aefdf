//! The table of buttons in the protocol page, row by row.

use offhook_protocol::{Button, CallEvent, LegType};
use serde_json::json;

use crate::stage::Stage;

fn rows(stage: &Stage) -> Vec<(LegType, CallEvent, String)> {
    stage
        .legs
        .iter()
        .map(|leg| {
            let buttons = leg.buttons.as_ref().unwrap();
            let known: Vec<&Button> = buttons.iter().map(|(button, _)| button).collect();
            assert_eq!(known, Button::KNOWN.iter().collect::<Vec<_>>());
            let enabled: Vec<&str> = Button::KNOWN
                .iter()
                .filter(|button| buttons.enables(button))
                .map(Button::as_str)
                .collect();
            (leg.leg.clone(), leg.event.clone(), enabled.join(" "))
        })
        .collect()
}

fn check(stage: &Stage, table: &[(LegType, CallEvent, &str)]) {
    let expected: Vec<(LegType, CallEvent, String)> = table
        .iter()
        .map(|(leg, event, enabled)| (leg.clone(), event.clone(), (*enabled).to_owned()))
        .collect();
    assert_eq!(rows(stage), expected);
}

#[test]
fn each_leg_enables_the_buttons_of_the_table() {
    use CallEvent::{Acw, Connected, Connecting, Dropped, Hold, Missed, Rejected};
    use LegType::{Agent, Inbound, Outbound};

    let mut stage = Stage::ringing();
    check(
        &stage,
        &[
            (Agent, Connecting, "answer reject"),
            (Inbound, Connected, ""),
        ],
    );
    stage.wait(20_000);
    check(
        &stage,
        &[(Agent, Missed, "clearContact"), (Inbound, Dropped, "")],
    );

    let mut stage = Stage::ringing();
    stage.ask("Reject");
    check(
        &stage,
        &[(Agent, Rejected, "clearContact"), (Inbound, Dropped, "")],
    );

    let mut stage = Stage::talking();
    check(
        &stage,
        &[
            (Agent, Connected, "consult numberpad"),
            (Inbound, Connected, "disconnect hold"),
        ],
    );
    stage.ask("Hold");
    check(
        &stage,
        &[
            (Agent, Hold, "consult numberpad"),
            (Inbound, Hold, "disconnect resume"),
        ],
    );
    stage.ask("Disconnect");
    check(
        &stage,
        &[(Agent, Acw, "clearContact"), (Inbound, Dropped, "")],
    );
    stage.ask("ClearContact");
    check(&stage, &[(Agent, Dropped, ""), (Inbound, Dropped, "")]);

    let mut stage = Stage::open("about = \"\"");
    stage.ask_with("SetMakeCall", json!("+441632960042"));
    check(
        &stage,
        &[
            (Agent, Connecting, ""),
            (Outbound, Connecting, "disconnect"),
        ],
    );
    stage.wait(3_000);
    check(
        &stage,
        &[
            (Agent, Connected, "consult numberpad"),
            (Outbound, Connected, "disconnect hold"),
        ],
    );

    let mut stage = Stage::consulting();
    check(
        &stage,
        &[
            (Agent, Connected, "numberpad swap transfer conference"),
            (Inbound, Hold, "disconnect resume"),
            (Outbound, Connected, "disconnect hold"),
        ],
    );
    stage.ask("Conference");
    check(
        &stage,
        &[
            (Agent, Connected, "consult numberpad transfer"),
            (Inbound, Connected, "disconnect hold"),
            (Outbound, Connected, "disconnect hold"),
        ],
    );

    let somebody = stage.leg(&Outbound);
    stage.ask_with("Hold", somebody);
    check(
        &stage,
        &[
            (Agent, Connected, "numberpad swap transfer conference"),
            (Inbound, Connected, "disconnect hold"),
            (Outbound, Hold, "disconnect resume"),
        ],
    );

    let mut stage = Stage::conference();
    stage.ask_with("Consult", json!("+441632960042"));
    check(
        &stage,
        &[
            (Agent, Connected, ""),
            (Inbound, Hold, "disconnect resume"),
            (Outbound, Hold, "disconnect resume"),
            (Outbound, Connecting, "disconnect"),
        ],
    );
    stage.wait(3_000);
    check(
        &stage,
        &[
            (Agent, Connected, "consult numberpad transfer conference"),
            (Inbound, Hold, "disconnect resume"),
            (Outbound, Hold, "disconnect resume"),
            (Outbound, Connected, "disconnect hold"),
        ],
    );
}
