//! The fields that an envelope carries beyond the published ones, at its top level. All are optional:
//! peers that know only the published fields work.

use std::fmt;

use offhook_protocol::{Envelope, Timestamp};
use serde_json::{Map, Value, json};
use thiserror::Error;
use uuid::{Builder, Uuid};

/// The version of these fields.
const VERSION: u32 = 1;

/// One life of an agent's owner: a later start is the greater epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Epoch(Uuid);

impl Epoch {
    /// The epoch of an owner that started then. `random` tells two of one millisecond apart.
    pub fn new(started: Timestamp, random: u128) -> Self {
        Self(ordered_uuid(started, random))
    }

    /// The next greater one.
    pub fn next(self) -> Self {
        Self(Uuid::from_u128(self.0.as_u128().saturating_add(1)))
    }
}

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A new id for a request.
pub fn request_id(now: Timestamp, random: u128) -> String {
    ordered_uuid(now, random).to_string()
}

/// A UUID of version 7.
fn ordered_uuid(at: Timestamp, random: u128) -> Uuid {
    let millis = u64::try_from(at.as_millis()).unwrap_or_default();
    let [_, _, _, _, _, _, random @ ..] = random.to_be_bytes();
    Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// The additional fields of an envelope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// `id`: names a request.
    pub id: Option<String>,
    /// `inReplyTo`: the `id` of the request that this answers.
    pub in_reply_to: Option<String>,
    /// `agent`: whose message this is.
    pub agent: Option<String>,
    /// `epoch`: in which life of the owner it was said. In a request: for which it is meant.
    pub epoch: Option<Epoch>,
    /// `seq`: counts the events of one epoch from 1. In a state, an answer and a presence: the last
    /// event before it, 0 if there was none.
    pub seq: Option<u64>,
    /// `ts`: when it was said, by the sender's clock.
    pub at: Option<Timestamp>,
    /// `expiresAt`: a request is not carried out any more after this moment of the sender's clock.
    pub expires_at: Option<Timestamp>,
}

/// A field is there, and is not what it should be. To read on without it could carry out what must not
/// be carried out.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{field} must be {expected}")]
pub struct BadField {
    /// The field.
    pub field: &'static str,
    /// What it should have been.
    pub expected: &'static str,
}

impl Stamp {
    /// Reads the fields. A null is as good as nothing.
    ///
    /// # Errors
    ///
    /// [`BadField`].
    pub fn read(envelope: &Envelope) -> Result<Self, BadField> {
        let fields = Fields(&envelope.extra);
        Ok(Self {
            id: fields.text("id")?.map(str::to_owned),
            in_reply_to: fields.text("inReplyTo")?.map(str::to_owned),
            agent: fields.text("agent")?.map(str::to_owned),
            epoch: fields.read("epoch", "a UUID", |value| {
                value.as_str()?.parse().ok().map(Epoch)
            })?,
            seq: fields.read("seq", "a number of events", Value::as_u64)?,
            at: fields.moment("ts")?,
            expires_at: fields.moment("expiresAt")?,
        })
    }

    /// Writes the fields that there are, and the version.
    pub fn write(&self, envelope: &mut Envelope) {
        let moment = |at: Option<Timestamp>| at.map(|at| json!(at.to_string()));
        let fields = [
            ("v", Some(json!(VERSION))),
            ("id", self.id.as_ref().map(|id| json!(id))),
            ("inReplyTo", self.in_reply_to.as_ref().map(|id| json!(id))),
            ("agent", self.agent.as_ref().map(|agent| json!(agent))),
            ("epoch", self.epoch.map(|epoch| json!(epoch.to_string()))),
            ("seq", self.seq.map(|seq| json!(seq))),
            ("ts", moment(self.at)),
            ("expiresAt", moment(self.expires_at)),
        ];
        for (field, value) in fields {
            if let Some(value) = value {
                envelope.extra.insert(field.to_owned(), value);
            }
        }
    }
}

struct Fields<'a>(&'a Map<String, Value>);

impl<'a> Fields<'a> {
    fn text(&self, field: &'static str) -> Result<Option<&'a str>, BadField> {
        self.read(field, "a text", Value::as_str)
    }

    fn moment(&self, field: &'static str) -> Result<Option<Timestamp>, BadField> {
        self.read(field, "an ISO 8601 timestamp", |value| {
            Timestamp::parse(value.as_str()?)
        })
    }

    fn read<T>(
        &self,
        field: &'static str,
        expected: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, BadField> {
        match self.0.get(field) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => match read(value) {
                Some(value) => Ok(Some(value)),
                None => Err(BadField { field, expected }),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::{option::of, prelude::*};

    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn the_fields_stand_at_the_top_level() {
        let mut envelope = Envelope::new("InboundCall", "Answer");
        Stamp {
            id: Some("1".to_owned()),
            in_reply_to: Some("0".to_owned()),
            agent: Some("anna".to_owned()),
            epoch: Some(Epoch::new(at(0x0192_f0c1_2345), 0)),
            seq: Some(7),
            at: Some(at(0)),
            expires_at: Some(at(10_000)),
        }
        .write(&mut envelope);
        let expected = json!({
            "channel": "Amazon",
            "topic": "InboundCall",
            "subtopic": "Answer",
            "v": 1,
            "id": "1",
            "inReplyTo": "0",
            "agent": "anna",
            "epoch": "0192f0c1-2345-7000-8000-000000000000",
            "seq": 7,
            "ts": "1970-01-01T00:00:00.000Z",
            "expiresAt": "1970-01-01T00:00:10.000Z",
        });
        assert_eq!(json!(envelope), expected);
    }

    #[test]
    fn published_fields_alone_are_an_empty_stamp() {
        let envelope = Envelope::new("InboundCall", "Answer");
        assert_eq!(Stamp::read(&envelope), Ok(Stamp::default()));
    }

    #[test]
    fn a_field_of_another_type_is_not_read_over() {
        for (field, value) in [
            ("id", json!(4)),
            ("epoch", json!("yesterday")),
            ("seq", json!(-1)),
            ("expiresAt", json!(1_764_000_000)),
            ("expiresAt", json!("soon")),
        ] {
            let mut envelope = Envelope::new("InboundCall", "Answer");
            envelope.extra.insert(field.to_owned(), value);
            assert_eq!(Stamp::read(&envelope).unwrap_err().field, field);
        }
    }

    #[test]
    fn a_later_start_is_the_greater_epoch() {
        assert!(Epoch::new(at(1), u128::MAX) < Epoch::new(at(2), 0));
        assert_ne!(Epoch::new(at(1), 1), Epoch::new(at(1), 2));
        let epoch = Epoch::new(at(1), 1);
        assert!(epoch < epoch.next() && epoch.next() < Epoch::new(at(2), 0));
    }

    prop_compose! {
        fn stamps()(
            id in of("\\PC*"),
            in_reply_to in of("\\PC*"),
            agent in of("\\PC*"),
            epoch in of((0..i64::MAX, any::<u128>())),
            seq in of(any::<u64>()),
            times in of((0_i64..4_000_000_000_000, 0_i64..4_000_000_000_000)),
        ) -> Stamp {
            Stamp {
                id,
                in_reply_to,
                agent,
                epoch: epoch.map(|(started, random)| Epoch::new(at(started), random)),
                seq,
                at: times.map(|times| at(times.0)),
                expires_at: times.map(|times| at(times.1)),
            }
        }
    }

    proptest! {
        #[test]
        fn a_stamp_reads_back_from_the_wire(stamp in stamps()) {
            let mut envelope = Envelope::new("InboundCall", "Answer");
            stamp.write(&mut envelope);
            let read = Envelope::parse(envelope.to_text().as_bytes()).unwrap();
            prop_assert_eq!(Stamp::read(&read), Ok(stamp));
        }
    }
}
