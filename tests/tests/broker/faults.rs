//! What goes wrong between a phone and the broker, and that nothing is wrong afterwards.
//!
//! After each fault: everybody who follows the agent knows what the contact centre knows, it rang once,
//! nothing was carried out twice, and each request has an outcome.

use std::time::Duration;

use anyhow::{Result, ensure};
use offhook_protocol::{CallRequest, Envelope, ErrorType, Request, Timestamp};
use offhook_tests::{
    broker::{Setup, Way},
    proxy::{Blow, Weather},
};
use offhook_uplink::{
    Answer, Clock, Order, Outcome, Publication, RequestError, Scope, Stamp, follow,
};
use tokio::time::{Instant, sleep, timeout};

use crate::client::{Client, publication};
use crate::stage::{Stage, TestClock, is_ringing, is_talking, outcome_of};

const NOBODY: Weather = Weather {
    down: true,
    ..Weather::FAIR
};
const SILENT: Weather = Weather {
    frozen: true,
    ..Weather::FAIR
};

#[tokio::test]
async fn a_call_is_answered_and_ended_over_the_broker() -> Result<()> {
    let mut stage = Stage::ringing(Setup::FORGETFUL).await?;
    for (request, at_the_end) in [
        (CallRequest::Answer, "connected"),
        (CallRequest::Hold(None), "hold"),
        (CallRequest::Resume(None), "connected"),
        (CallRequest::Disconnect(None), "disconnected"),
        (CallRequest::ClearContact, ""),
    ] {
        stage.ask(request).await??;
        stage.agree().await?;
        let calls = stage.truth().await?.calls.unwrap_or_default();
        let own = calls.legs.iter().find(|leg| leg.phone_number.is_none());
        let status = own
            .map(|leg| leg.status.as_str().to_owned())
            .unwrap_or_default();
        assert_eq!(status, at_the_end);
    }
    stage.rang_once()
}

#[tokio::test]
async fn a_latecomer_knows_everything_at_once() -> Result<()> {
    let stage = Stage::ringing(Setup::FORGETFUL).await?;
    let scope = Scope::all("acme")?;
    let way = stage.broker.way(Way::Tcp, "wallboard", "wallboard")?;
    let (mut wallboard, work) = follow(scope, way, TestClock::default(), 10);
    let follower = tokio::spawn(work);
    let seen = wallboard.board.wait_for(|board| {
        board.desks.get(crate::stage::AGENT).is_some_and(|desk| {
            desk.presence().is_some()
                && desk.app().is_some()
                && desk.agent().is_some()
                && desk.calls().is_some_and(is_ringing)
        })
    });
    timeout(Duration::from_secs(2), seen).await??;
    follower.abort();
    Ok(())
}

#[tokio::test]
async fn a_phone_that_logged_out_is_offline_and_leaves_nothing() -> Result<()> {
    let stage = Stage::ringing(Setup::FORGETFUL).await?;
    stage.order(Order::Stop).await?;
    let mut board = stage.crm.board.clone();
    timeout(
        Duration::from_secs(5),
        board.wait_for(|board| board.desks[crate::stage::AGENT].is_stale()),
    )
    .await??;

    let asked = Instant::now();
    assert_eq!(
        stage.ask(CallRequest::Answer).await?,
        Err(RequestError::Offline)
    );
    ensure!(
        asked.elapsed() < Duration::from_secs(1),
        "{:?}",
        asked.elapsed()
    );
    assert_eq!(answers(&stage), 0);
    Ok(())
}

#[tokio::test]
async fn the_broker_is_restarted_while_it_rings() -> Result<()> {
    for setup in [Setup::FORGETFUL, Setup::PERSISTENT] {
        let mut stage = Stage::ringing(setup).await?;
        stage.broker.stop()?;
        stage.offline().await?;
        sleep(Duration::from_secs(3)).await;
        stage.broker.start_again().await?;
        back_and_answered(&mut stage).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_broker_is_killed_while_it_rings() -> Result<()> {
    for setup in [Setup::FORGETFUL, Setup::PERSISTENT] {
        let mut stage = Stage::ringing(setup).await?;
        stage.broker.kill();
        stage.offline().await?;
        stage.broker.start_again().await?;
        back_and_answered(&mut stage).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_network_is_cut_while_it_rings() -> Result<()> {
    for blow in [Blow::Cut, Blow::Reset, Blow::HalfClose] {
        let mut stage = Stage::ringing(Setup::FORGETFUL).await?;
        stage.network.set(NOBODY);
        stage.network.strike(blow);
        stage.offline().await?;
        stage.network.set(Weather::FAIR);
        back_and_answered(&mut stage).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_network_is_cut_during_answer() -> Result<()> {
    for blow in [Blow::Cut, Blow::Reset] {
        let mut stage = Stage::ringing(Setup::FORGETFUL).await?;
        // The request is on its way to the phone, or its outcome on the way back.
        stage.network.set(Weather {
            delay: Duration::from_millis(50),
            ..Weather::FAIR
        });
        let asked = stage.begin(CallRequest::Answer);
        sleep(Duration::from_millis(75)).await;
        stage.network.set(NOBODY);
        stage.network.strike(blow);
        stage.offline().await?;
        stage.network.set(Weather::FAIR);
        stage.online().await?;
        ended(&mut stage, outcome_of(asked).await?).await?;
    }
    Ok(())
}

#[tokio::test]
async fn nothing_comes_through_during_answer() -> Result<()> {
    let mut stage = Stage::ringing(Setup::FORGETFUL).await?;
    stage.network.set(SILENT);
    let asked = stage.begin(CallRequest::Answer);
    let outcome = outcome_of(asked).await?;
    assert_eq!(outcome, Err(RequestError::TimedOut));
    stage.offline().await?;
    stage.network.set(Weather::FAIR);
    stage.online().await?;
    // It was lost with the connection, and nobody brings it again.
    assert_eq!(answers(&stage), 0);
    back_and_answered(&mut stage).await
}

#[tokio::test]
async fn an_answer_that_has_expired_answers_nothing() -> Result<()> {
    let mut stage = Stage::ringing(Setup::FORGETFUL).await?;
    let mut late = Client::connect(&stage.broker, "crm").await?;
    let answers_to = "cc/v1/acme/agent-7/rsp/crm";
    late.subscribe(answers_to).await?;

    let mut request = Request::Call(CallRequest::Answer).envelope("late");
    let expired = Timestamp::from_millis(stage.clock.now().as_millis() - 3_000);
    Stamp {
        id: Some("0".to_owned()),
        expires_at: Some(expired),
        ..Stamp::default()
    }
    .write(&mut request);
    let published = late
        .publish(Publication {
            response_topic: Some(answers_to.to_owned()),
            ..publication(
                "cc/v1/acme/agent-7/req/Amazon/InboundCall/Answer",
                &request.to_text(),
            )
        })
        .await?;
    assert_eq!(published, Outcome::Taken);

    let told = Envelope::parse(&late.message().await?.payload)?;
    let Some(Answer::Failed(error)) = Answer::read(&told) else {
        anyhow::bail!("{told:?}");
    };
    assert_eq!(error.kind, ErrorType::RequestExpired);
    assert_eq!(answers(&stage), 0);
    back_and_answered(&mut stage).await
}

#[tokio::test]
async fn the_broker_is_killed_during_answer() -> Result<()> {
    for setup in [Setup::FORGETFUL, Setup::PERSISTENT] {
        let mut stage = Stage::ringing(setup).await?;
        stage.network.set(Weather {
            delay: Duration::from_millis(50),
            ..Weather::FAIR
        });
        let asked = stage.begin(CallRequest::Answer);
        sleep(Duration::from_millis(75)).await;
        stage.broker.kill();
        stage.offline().await?;
        stage.network.set(Weather::FAIR);
        stage.broker.start_again().await?;
        stage.online().await?;
        ended(&mut stage, outcome_of(asked).await?).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_network_is_cut_during_a_call_that_goes_on() -> Result<()> {
    let mut stage = Stage::talking(Setup::FORGETFUL).await?;
    stage.network.set(NOBODY);
    stage.network.strike(Blow::Reset);
    stage.offline().await?;
    stage.network.set(Weather::FAIR);
    stage.online().await?;
    stage.agree().await?;
    stage.see("talking", is_talking).await?;
    stage.ask(CallRequest::Disconnect(None)).await??;
    stage.agree().await?;
    assert_eq!(answers(&stage), 1);
    stage.rang_once()
}

#[tokio::test]
async fn a_call_ends_while_the_network_is_cut() -> Result<()> {
    let mut stage = Stage::talking(Setup::FORGETFUL).await?;
    stage.network.set(NOBODY);
    stage.network.strike(Blow::Cut);
    stage.offline().await?;
    for request in [CallRequest::Disconnect(None), CallRequest::ClearContact] {
        stage.person_asks(request).await?;
    }
    stage.network.set(Weather::FAIR);
    stage.online().await?;
    stage.agree().await?;
    stage.see("no call", |calls| calls.legs.is_empty()).await?;
    stage.rang_once()
}

#[tokio::test]
async fn the_broker_is_frozen_while_it_rings() -> Result<()> {
    let mut stage = Stage::ringing(Setup::FORGETFUL).await?;
    stage.broker.freeze()?;
    stage.offline().await?;
    stage.broker.thaw()?;
    back_and_answered(&mut stage).await
}

#[tokio::test]
async fn the_computer_sleeps_while_it_rings() -> Result<()> {
    let mut stage = Stage::ringing(Setup::FORGETFUL).await?;
    stage.clock.sleep(Duration::from_secs(3_600));
    stage.offline().await?;
    back_and_answered(&mut stage).await
}

#[tokio::test]
async fn a_slow_network_that_splits_everything_is_only_slow() -> Result<()> {
    let mut stage = Stage::start(Setup::FORGETFUL).await?;
    stage.network.set(Weather {
        piece: 1,
        delay: Duration::from_millis(20),
        ..Weather::FAIR
    });
    stage.see("ringing", is_ringing).await?;
    back_and_answered(&mut stage).await
}

/// The phone is back, still rings, and is answered: once.
async fn back_and_answered(stage: &mut Stage) -> Result<()> {
    stage.online().await?;
    stage.agree().await?;
    stage.see("ringing", is_ringing).await?;
    stage.ask(CallRequest::Answer).await??;
    stage.agree().await?;
    stage.see("talking", is_talking).await?;
    assert_eq!(answers(stage), 1);
    stage.rang_once()
}

/// Whatever became of an Answer in a fault, it is what everybody knows, and it was carried out once at
/// most; one that came to nothing can be asked for again.
async fn ended(stage: &mut Stage, outcome: Result<(), RequestError>) -> Result<()> {
    stage.agree().await?;
    let carried_out = answers(stage);
    let talking = stage
        .truth()
        .await?
        .calls
        .is_some_and(|calls| is_talking(&calls));
    ensure!(carried_out <= 1, "answered {carried_out} times");
    assert_eq!(talking, carried_out == 1, "{outcome:?}");
    if outcome.is_ok() {
        ensure!(talking, "it was said to be done");
    }
    if !talking {
        stage.ask(CallRequest::Answer).await??;
        stage.agree().await?;
        stage.see("talking", is_talking).await?;
    }
    stage.rang_once()
}

fn answers(stage: &Stage) -> usize {
    let asked = stage.carried_out();
    let answer = Request::Call(CallRequest::Answer);
    asked
        .into_iter()
        .filter(|request| *request == answer)
        .count()
}
