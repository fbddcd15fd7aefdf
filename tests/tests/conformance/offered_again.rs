//! The connector to Amazon Connect and the phone together, where neither alone shows it.

use offhook_amazon::{Amazon, Output, Setup, Update, Way, page::Opaque, page::Said};
use offhook_core::{Act, Effect, Input, Phone, Preferences, Time};
use offhook_protocol::{Event, Timestamp};
use offhook_tests::stand_in::{Centre, Offer};
use serde_json::{Value, json};

const OPENING: i64 = 1_795_251_600_000;

/// Hands an update to the connector and what it tells to the phone. How often the window comes up,
/// which a call brings about once for each of the agent's legs.
fn raises(amazon: &mut Amazon, phone: &mut Phone, update: &Value) -> usize {
    let said = Said::Update(Box::new(Update {
        snapshot: Opaque(update["snapshot"].clone()),
        configuration: Opaque(update["configuration"].clone()),
    }));
    amazon.said(said, Timestamp::from_millis(OPENING));
    let mut raises = 0;
    while let Some(output) = amazon.poll_output() {
        let Output::Bus(envelope) = output else {
            continue;
        };
        let event = Event::read(&envelope).expect("the connector tells events");
        phone.handle(Input::Event(event), Time::default());
        let effects = std::iter::from_fn(|| phone.poll_effect());
        raises += effects
            .filter(|effect| matches!(effect, Effect::Act(Act::Raise)))
            .count();
    }
    raises
}

/// Amazon offers a call that the agent missed to the same agent again: the contact is the same, the agent's
/// connection is not.
#[test]
fn a_call_that_is_offered_again_brings_the_window_up_again() {
    let now = Timestamp::from_millis(OPENING);
    let setup = Setup {
        instance: "https://example.my.connect.aws".parse().expect("a URL"),
        way: Way::Panel,
    };
    let mut amazon = Amazon::new(setup, now);
    let mut phone = Phone::new(Preferences::default(), Time::default());
    let mut centre = Centre::new(now);
    let idle = centre.update();
    centre.offer_call(Offer::default(), now);
    let ringing = centre.update();
    let with = |path: &str, value: Value| {
        let mut update = ringing.clone();
        let field = update.pointer_mut(path).expect("it has this field");
        *field = value;
        update
    };
    let missed = with("/snapshot/contacts/0/state/type", json!("missed"));
    let agent = "/snapshot/contacts/0/connections/0/connectionId";
    let again = with(agent, json!("the-agents-second-connection"));
    let updates = [&idle, &ringing, &ringing, &missed, &idle, &again, &again];
    let raised = updates.map(|update| raises(&mut amazon, &mut phone, update));
    assert_eq!(raised, [0, 1, 0, 0, 0, 1, 0]);
}
