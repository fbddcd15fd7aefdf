//! One agent, two desks.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_second_desk_takes_over_and_the_first_does_not_fight() {
    let broker = Broker::default();
    let mut first = Desk::online(&broker, QUIET).await;
    let mut second = Desk::online(&broker, QUIET).await;
    let stopped = first.until(is_stopped).await;
    let trouble = Trouble::TakenOver;
    assert_eq!(stopped, Status::Stopped { trouble });
    time::sleep(Duration::from_secs(3_600)).await;
    assert_eq!(broker.attempts(), 2);
    assert!(matches!(presence(&broker), Some(Presence::Online { .. })));

    first.order(Order::Retry).await;
    first.until(is_online).await;
    second.until(is_stopped).await;
}

/// What one who follows the agent makes of it.
struct Supervisor {
    connection: MemoryConnection,
    knows: crate::Desk,
}

impl Supervisor {
    async fn start(broker: &Broker) -> Self {
        Self {
            connection: watcher(broker).await,
            knows: crate::Desk::default(),
        }
    }

    async fn until(&mut self, is_it: impl Fn(&crate::Desk) -> bool) {
        let wanted = async {
            while !is_it(&self.knows) {
                if let Happening::Message(message) = self.connection.next().await
                    && let Some((_, place)) = Branch::read(&message.topic)
                {
                    let now = Timestamp::from_millis(0);
                    self.knows
                        .hear(&place, &message.payload, message.retain, now);
                }
            }
        };
        timeout(Duration::from_secs(60), wanted).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_phone_that_took_the_agent_back_is_missed_when_it_is_gone() {
    let broker = Broker::default();
    let mut supervisor = Supervisor::start(&broker).await;
    let mut first = Desk::online(&broker, QUIET).await;
    time::sleep(Duration::from_secs(60)).await;
    let began = Epoch::new(first.clock.now(), 0);
    let second = Desk::start_by(first.clock.clone(), &broker);
    second.practise(QUIET);
    first.until(is_stopped).await;
    let is_there = |desk: &crate::Desk| matches!(desk.presence(), Some(Presence::Online { .. }));
    supervisor
        .until(|desk| desk.epoch() >= Some(began) && is_there(desk))
        .await;
    let seconds = supervisor.knows.epoch();

    first.order(Order::Retry).await;
    supervisor
        .until(|desk| desk.epoch() > seconds && is_there(desk))
        .await;
    first.uplink.abort();
    supervisor.until(crate::Desk::is_stale).await;
}

#[tokio::test(start_paused = true)]
async fn who_is_asked_to_connect_while_it_is_connected_still_gives_way() {
    let broker = Broker::default();
    let mut first = Desk::online(&broker, QUIET).await;
    first.order(Order::Retry).await;
    time::sleep(Duration::from_secs(60)).await;
    broker.publish(Publication {
        topic: branch().topic(&Place::Presence),
        payload: presence_of_a_start_at(first.clock.now()),
        retain: true,
        expires_in: None,
        response_topic: None,
        correlation: None,
    });
    let trouble = Trouble::TakenOver;
    assert_eq!(
        first.until(is_stopped).await,
        Status::Stopped { trouble },
        "the other started later"
    );
}

/// What a phone says of itself that started then.
fn presence_of_a_start_at(started: Timestamp) -> Vec<u8> {
    let mut envelope = Presence::Offline.envelope();
    Stamp {
        epoch: Some(Epoch::new(started, 0)),
        ..Stamp::default()
    }
    .write(&mut envelope);
    envelope.to_text().into_bytes()
}
