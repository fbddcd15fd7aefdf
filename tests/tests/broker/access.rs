//! Who may say and hear what, by the access list that Offhook ships.

use anyhow::Result;
use offhook_tests::broker::{Broker, Setup};
use offhook_uplink::Outcome;

use crate::client::{Client, publication, retained};

const ANSWER: &str = "req/Amazon/InboundCall/Answer";
const EVENT: &str = "evt/Amazon/Agent/StateChange";

#[tokio::test]
async fn nobody_commands_another_agents_phone_but_the_crm() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut phone = Client::connect(&broker, "agent-7").await?;
    phone.subscribe(&of("agent-7", "req/#")).await?;

    for user in ["agent-8", "supervisor", "wallboard"] {
        let mut client = Client::connect(&broker, user).await?;
        let outcome = client
            .publish(publication(&of("agent-7", ANSWER), user))
            .await?;
        assert_eq!(outcome, refused(), "{user}");
    }
    let mut crm = Client::connect(&broker, "crm").await?;
    let outcome = crm
        .publish(publication(&of("agent-7", ANSWER), "crm"))
        .await?;
    assert_eq!(outcome, Outcome::Taken);

    // The first that arrives: nothing of the others came through.
    assert_eq!(phone.message().await?.payload, b"crm");
    Ok(())
}

#[tokio::test]
async fn nobody_speaks_for_another_agents_phone() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    for user in ["agent-8", "crm", "supervisor", "wallboard"] {
        let mut client = Client::connect(&broker, user).await?;
        for place in ["st/presence", "st/Amazon/Agent/StateSync", EVENT, "rsp/crm"] {
            let outcome = client
                .publish(retained(&of("agent-7", place), "made up"))
                .await?;
            assert_eq!(outcome, refused(), "{user} {place}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn everybody_hears_what_they_may_and_no_more() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut phone = Client::connect(&broker, "agent-7").await?;
    for (user, may_hear) in [
        ("agent-8", vec!["rsp/agent-8"]),
        ("wallboard", vec!["st/presence"]),
        ("supervisor", vec!["st/presence", EVENT]),
        ("crm", vec!["st/presence", EVENT, "rsp/crm"]),
    ] {
        let mut listener = Client::connect(&broker, user).await?;
        listener.subscribe(&of("agent-7", "#")).await?;
        for place in ["st/presence", EVENT, ANSWER, "rsp/crm", "rsp/agent-8"] {
            phone
                .publish(publication(&of("agent-7", place), place))
                .await?;
        }
        // Everybody hears answers under their own name, so this ends what may be heard.
        let last = of("agent-7", &format!("rsp/{user}"));
        phone.publish(publication(&last, "the end")).await?;

        let mut heard = Vec::new();
        loop {
            match String::from_utf8(listener.message().await?.payload)? {
                end if end == "the end" => break,
                place => heard.push(place),
            }
        }
        assert_eq!(heard, may_hear, "{user}");
    }
    Ok(())
}

fn of(agent: &str, place: &str) -> String {
    format!("cc/v1/acme/{agent}/{place}")
}

fn refused() -> Outcome {
    Outcome::Refused {
        reason: "it is not allowed".to_owned(),
    }
}
