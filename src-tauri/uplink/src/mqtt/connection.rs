//! One connection to a broker.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt, future, future::BoxFuture, stream::FuturesUnordered};
use rumqttc::{
    AsyncClient, ClientError, ConnectionError, Event, EventLoop, Incoming, Publish, PublishNotice,
    PublishNoticeError, PublishOptions, PublishProperties, PublishResult, QoS, SubscribeFilter,
    SubscribeNotice, SubscribeNoticeError,
};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

use super::failure;
use crate::{Connection, Happening, Loss, Outcome, Publication, Ticket};

/// What may happen before the broker is left waiting until somebody has asked for it.
const BACKLOG: usize = 256;
/// How long a good-bye may take.
const GOOD_BYE: Duration = Duration::from_secs(2);
/// An estimate, on the safe side, of what a packet holds beside texts and payload: header, lengths, kinds.
const OVERHEAD: usize = 32;

/// A connection that a broker has accepted.
pub struct MqttConnection {
    client: AsyncClient,
    happenings: mpsc::Receiver<Happening>,
    /// What the broker has yet to answer. Nothing comes of what a lost connection took with it.
    answers: FuturesUnordered<BoxFuture<'static, Option<Happening>>>,
    /// The largest packet the broker takes, in bytes.
    largest: Option<u32>,
    pump: JoinHandle<()>,
}

impl MqttConnection {
    /// Takes over an event loop on which the broker has accepted the connection.
    pub(super) fn new(client: AsyncClient, events: EventLoop, largest: Option<u32>) -> Self {
        let (sender, happenings) = mpsc::channel(BACKLOG);
        Self {
            client,
            happenings,
            answers: FuturesUnordered::new(),
            largest,
            pump: tokio::spawn(pump(events, sender)),
        }
    }

    /// Whether the broker takes a packet of this size. The library would give up the connection.
    fn fits(&self, publication: &Publication) -> bool {
        let size = OVERHEAD
            + publication.topic.len()
            + publication.payload.len()
            + publication.response_topic.as_ref().map_or(0, String::len)
            + publication.correlation.as_ref().map_or(0, Vec::len);
        self.largest
            .is_none_or(|largest| u32::try_from(size).is_ok_and(|size| size <= largest))
    }

    fn answer_at_once(&self, happening: Happening) {
        self.answers.push(future::ready(Some(happening)).boxed());
    }
}

impl Connection for MqttConnection {
    fn subscribe(&mut self, filters: &[String]) {
        let filters = filters
            .iter()
            .map(|filter| SubscribeFilter::new(filter, QoS::AtLeastOnce));
        match self.client.try_subscribe_many_tracked(filters) {
            Ok(notice) => self.answers.push(subscribed(notice).boxed()),
            // The loss is about to be told.
            Err(ClientError::RequestChannelDisconnected(_)) => {}
            Err(error) => self.answer_at_once(Happening::NotSubscribed {
                reason: error.to_string(),
            }),
        }
    }

    fn publish(&mut self, ticket: Ticket, publication: Publication) {
        let refused = |reason| Happening::Published(ticket, Outcome::Refused { reason });
        if !self.fits(&publication) {
            return self.answer_at_once(refused("it is larger than the broker allows".to_owned()));
        }
        let (topic, payload, options) = into_parts(publication);
        match self.client.try_publish_tracked(topic, payload, options) {
            Ok(notice) => self.answers.push(published(ticket, notice).boxed()),
            // The loss is about to be told.
            Err(ClientError::RequestChannelDisconnected(_)) => {}
            Err(error) => self.answer_at_once(refused(error.to_string())),
        }
    }

    async fn next(&mut self) -> Happening {
        loop {
            tokio::select! {
                // An answer that came before the loss is told before it.
                biased;
                Some(answer) = self.answers.next() => if let Some(happening) = answer {
                    return happening;
                },
                happening = self.happenings.recv() => {
                    return happening
                        .unwrap_or_else(|| Happening::Lost(Loss::Network("it has ended".to_owned())));
                }
            }
        }
    }

    async fn close(mut self) {
        let good_bye = async {
            while !self.answers.is_empty() {
                if let Happening::Lost(_) = self.next().await {
                    return;
                }
            }
            // Fails only if the connection is gone, and then there is nobody to say it to.
            let _ = self.client.try_disconnect();
            while self.happenings.recv().await.is_some() {}
        };
        // A broker that does not answer misses us, and publishes the will.
        let _ = timeout(GOOD_BYE, good_bye).await;
    }
}

impl Drop for MqttConnection {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

/// Keeps the event loop going, for it must never be cut off in the midst of a packet.
async fn pump(mut events: EventLoop, happenings: mpsc::Sender<Happening>) {
    loop {
        let happening = match events.poll().await {
            Ok(Event::Incoming(Incoming::Publish(publish))) => Happening::Message(message(publish)),
            Ok(Event::Incoming(_)) => Happening::Alive,
            Ok(Event::Outgoing(_) | Event::Auth(_)) => continue,
            Err(ConnectionError::RequestsDone) => return,
            Err(error) => {
                // Fails only if nobody listens any more.
                let _ = happenings
                    .send(Happening::Lost(failure::loss(&error)))
                    .await;
                return;
            }
        };
        if happenings.send(happening).await.is_err() {
            return;
        }
    }
}

async fn subscribed(notice: SubscribeNotice) -> Option<Happening> {
    let reason = match notice.wait_completion_async().await {
        Ok(()) => return Some(Happening::Subscribed),
        Err(SubscribeNoticeError::Recv | SubscribeNoticeError::SessionReset) => return None,
        Err(SubscribeNoticeError::V5SubAckFailure(reasons)) => format!("{reasons:?}"),
        Err(error) => error.to_string(),
    };
    Some(Happening::NotSubscribed { reason })
}

async fn published(ticket: Ticket, notice: PublishNotice) -> Option<Happening> {
    let outcome = match notice.wait_async().await {
        Ok(PublishResult::Qos1(ack)) => failure::outcome(ack.reason),
        // Nothing but quality of service 1 is ever sent.
        Ok(
            PublishResult::Qos0Flushed
            | PublishResult::Qos2Completed(_)
            | PublishResult::Qos2PubRecRejected(_),
        )
        | Err(PublishNoticeError::Recv | PublishNoticeError::SessionReset) => return None,
        Err(error) => Outcome::Refused {
            reason: error.to_string(),
        },
    };
    Some(Happening::Published(ticket, outcome))
}

fn into_parts(publication: Publication) -> (String, Vec<u8>, PublishOptions) {
    let properties = PublishProperties {
        message_expiry_interval: publication.expires_in.map(whole_seconds),
        response_topic: publication.response_topic,
        correlation_data: publication.correlation.map(Into::into),
        ..PublishProperties::default()
    };
    let options = PublishOptions::at_least_once()
        .retain(publication.retain)
        .properties(properties);
    (publication.topic, publication.payload, options)
}

fn message(publish: Publish) -> Publication {
    let properties = publish.properties.unwrap_or_default();
    Publication {
        topic: String::from_utf8_lossy(&publish.topic).into_owned(),
        payload: publish.payload.into(),
        retain: publish.retain,
        expires_in: properties
            .message_expiry_interval
            .map(|seconds| Duration::from_secs(seconds.into())),
        response_topic: properties.response_topic,
        correlation: properties.correlation_data.map(Into::into),
    }
}

/// Rounded up: what is to live for half a second must not be dead at once.
fn whole_seconds(time: Duration) -> u32 {
    let seconds = time.as_millis().div_ceil(1_000);
    u32::try_from(seconds).unwrap_or(u32::MAX)
}
