//! Quick connects, and where a call goes.

use std::time::Duration;

use offhook_protocol::{Destination, Endpoint, Personal, Timestamp};
use serde_json::Value;

use crate::{
    page::{self, Opaque},
    requests::Refusal,
};

/// Quick connects are asked for again after this.
const FRESH: Duration = Duration::from_secs(5 * 60);

/// The quick connects as the panel gave them.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    entries: Vec<Entry>,
    taken_at: Option<Timestamp>,
}

#[derive(Debug)]
struct Entry {
    endpoint: Endpoint,
    /// As it came, to be handed back.
    raw: Opaque,
}

impl Directory {
    /// Takes the list of endpoints that `getEndpoints` gave back.
    pub(crate) fn take(&mut self, list: &Opaque, now: Timestamp) {
        let list = list.0.as_array().into_iter().flatten();
        let entry = |raw: &Value| {
            Some(Entry {
                endpoint: read(raw)?,
                raw: Opaque(raw.clone()),
            })
        };
        self.entries = list.filter_map(entry).collect();
        self.taken_at = Some(now);
    }

    /// What is known, if it ever was asked for.
    pub(crate) fn known(&self) -> Option<Vec<Endpoint>> {
        self.taken_at?;
        Some(self.entries.iter().map(|e| e.endpoint.clone()).collect())
    }

    /// What is known, unless it is too old.
    pub(crate) fn fresh(&self, now: Timestamp) -> Option<Vec<Endpoint>> {
        let age = now.saturating_duration_since(self.taken_at?);
        self.known().filter(|_| age < FRESH)
    }

    /// Where a call to this destination goes.
    pub(crate) fn look_up(&self, to: &Destination) -> Result<page::Endpoint, Refusal> {
        let number = match to {
            Destination::Number(number) => number,
            Destination::Endpoint(asked) => match (self.find(asked), &asked.phone_number) {
                (Some(known), _) => return Ok(page::Endpoint::QuickConnect(known.raw.clone())),
                (None, Some(number)) => number,
                (None, None) => return Err(Refusal::NotNow("Endpoint not found")),
            },
        };
        match is_phone_number(number.reveal()) {
            true => Ok(page::Endpoint::PhoneNumber(number.clone())),
            false => Err(Refusal::NotNow("Invalid phone number")),
        }
    }

    /// The same for a call that is no transfer: Amazon dials numbers only.
    pub(crate) fn look_up_number(&self, to: &Destination) -> Result<page::Endpoint, Refusal> {
        let known = match to {
            Destination::Number(_) => None,
            Destination::Endpoint(asked) => self.find(asked),
        };
        match known {
            Some(known) if known.endpoint.phone_number.is_none() => Err(Refusal::NotNow(
                "BadEndpointException: only a phone number can be dialled",
            )),
            _ => self.look_up(to),
        }
    }

    fn find(&self, asked: &Endpoint) -> Option<&Entry> {
        let same = |known: &str, asked: &str| !asked.is_empty() && known == asked;
        self.entries.iter().find(|entry| {
            same(&entry.endpoint.arn, &asked.arn) || same(&entry.endpoint.id, &asked.id)
        })
    }
}

fn read(raw: &Value) -> Option<Endpoint> {
    let text = |key: &str| {
        let text = raw.get(key).and_then(Value::as_str);
        text.filter(|text| !text.is_empty())
    };
    let arn = text("endpointARN").or_else(|| text("endpointId"))?;
    Some(Endpoint {
        arn: arn.to_owned(),
        id: text("endpointId").unwrap_or(arn).to_owned(),
        kind: text("type").unwrap_or_default().to_owned(),
        name: text("name").unwrap_or_default().into(),
        phone_number: text("phoneNumber").map(Personal::from),
    })
}

/// E.164, also without the plus, with room for short numbers.
fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (3..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}
