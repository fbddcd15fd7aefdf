//! Scenario files, and the scenarios that come with the program.

use offhook_practice::Scenario;

use crate::stage::Stage;

#[test]
fn each_built_in_scenario_plays_for_an_hour() {
    for name in Scenario::names() {
        let scenario = Scenario::built_in(name).unwrap();
        assert!(!scenario.about().is_empty());
        let mut stage = Stage::with(scenario, 3);
        for _ in 0..360 {
            stage.wait(10_000);
            stage.ask("Answer");
            stage.wait(5_000);
            stage.ask("Disconnect");
            stage.ask("ClearContact");
        }
    }
    assert!(Scenario::built_in("no such scenario").is_none());
}

#[test]
fn idle_stays_idle() {
    let mut stage = Stage::with(Scenario::built_in("idle").unwrap(), 3);
    stage.drain();
    assert_eq!(stage.wait(86_400_000), [""; 0]);
}

#[test]
fn the_default_offers_one_call_after_another() {
    let mut stage = Stage::with(Scenario::built_in("default").unwrap(), 3);
    let mut callers = Vec::new();
    for _ in 0..6 {
        let heard = stage.wait(15_000);
        assert!(
            heard.contains(&"agent connecting: answer reject".to_owned()),
            "{heard:?}"
        );
        callers.push(stage.legs.last().unwrap().phone_number.clone());
        stage.ask("Answer");
        stage.ask("Disconnect");
        stage.ask("ClearContact");
    }
    assert_eq!(callers[0], callers[5], "from the start again");
    callers.sort();
    callers.dedup();
    assert_eq!(callers.len(), 5);
}

#[test]
fn the_same_seed_gives_the_same_day_and_another_seed_another() {
    let day = |seed| {
        let mut stage = Stage::with(Scenario::built_in("random").unwrap(), seed);
        let mut heard = Vec::new();
        for _ in 0..20 {
            heard.extend(stage.wait_for(30_000));
            heard.extend(stage.send(&crate::stage::request("Agent", "SetReady", None)));
        }
        heard
    };
    assert_eq!(day(1), day(1));
    assert_ne!(day(1), day(2));
}

#[test]
fn a_late_driver_gets_what_happened_in_the_order_it_happened() {
    let mut prompt = Stage::with(Scenario::built_in("missed").unwrap(), 3);
    let mut late = Stage::with(Scenario::built_in("missed").unwrap(), 3);
    prompt.drain();
    late.drain();
    let heard = prompt.wait_for(60_000);
    late.now = prompt.now;
    let unknown = crate::stage::request("InboundCall", "Unknown", None);
    assert_eq!(late.send(&unknown), heard);
}

#[test]
fn a_broken_scenario_is_reported_by_line_and_column() {
    for (text, line, column, what) in [
        ("about = ", 1, 9, "string values must be quoted"),
        ("", 1, 1, "missing field `about`"),
        (
            "about = \"\"\nrepeat = 1",
            2,
            10,
            "invalid type: integer `1`, expected a boolean",
        ),
        (
            "about = \"\"\nrepeat = true",
            2,
            10,
            "must take a second or more",
        ),
        (
            "about = \"é\"\ncolour = 1",
            2,
            1,
            "unknown field `colour`, expected one of",
        ),
        (
            "about = \"\"\n[[step]]\nafter = \"1s\"\ndo = \"dance\"",
            4,
            6,
            "unknown variant `dance`, expected one of `call`",
        ),
        (
            "about = \"\"\n[[step]]\nafter = \"soon\"\ndo = \"customer-hangs-up\"",
            3,
            9,
            "",
        ),
        (
            "about = \"\"\n[[step]]\nafter = \"1s\"\ndo = { call = [] }",
            4,
            15,
            "name at least one call",
        ),
        (
            "about = \"\"\n[[step]]\nafter = \"1s\"\nwhen = \"talking\"\ndo = { call = [{ from = \"1\", to = \"2\", queue = \"q\" }] }",
            5,
            15,
            "leave `when` out",
        ),
        (
            "about = \"\"\n[[step]]\nafter = \"1s\"\nchance = 101\ndo = \"customer-hangs-up\"",
            4,
            10,
            "0 to 100",
        ),
        (
            "about = \"\"\n[[step]]\nafter = \"1s\"\ndo = { ignore-next = \"Dance\" }",
            4,
            22,
            "unknown variant `Dance`, expected one of `Answer`",
        ),
    ] {
        let error = Scenario::parse(text).unwrap_err();
        assert_eq!(
            (error.line, error.column),
            (line, column),
            "{text}\n{error}"
        );
        assert!(error.what.contains(what), "{text}\n{error}");
    }
}
