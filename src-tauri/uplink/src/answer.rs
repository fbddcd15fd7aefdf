//! What one who asked is told: the payload of `…/rsp/{instance}`.

use offhook_protocol::{ApiError, Envelope, ErrorType};
use serde_json::{Map, Value, json};

use crate::Subject;

/// An answer to a request. The envelope's [`Stamp`](crate::Stamp) tells which request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The request is on its way to the contact centre; the outcome follows.
    Accepted,
    /// It was carried out.
    Done,
    /// What was asked for.
    Told(Value),
    /// It came to nothing.
    Failed(ApiError),
}

impl Answer {
    /// Whether more follows.
    pub fn is_last(&self) -> bool {
        *self != Self::Accepted
    }

    /// The envelope, without a stamp, under the address of the request: `message: {outcome}`, or the
    /// message that was asked for, or `error: {type, code, message}` and no message.
    pub fn envelope(&self, request: &Subject) -> Envelope {
        let (topic, subtopic) = (&request.topic, &request.subtopic);
        match self {
            Self::Accepted => Envelope::event(topic, subtopic, json!({ "outcome": "accepted" })),
            Self::Done => Envelope::event(topic, subtopic, json!({ "outcome": "done" })),
            Self::Told(message) => Envelope::event(topic, subtopic, message.clone()),
            Self::Failed(error) => Envelope {
                extra: Map::from_iter([("error".to_owned(), wire(error))]),
                ..Envelope::new(topic, subtopic)
            },
        }
    }

    /// Reads it. `None` if it is no answer.
    pub fn read(envelope: &Envelope) -> Option<Self> {
        if let Some(error) = envelope.extra.get("error") {
            return read_error(error).map(Self::Failed);
        }
        let message = envelope.message.as_ref()?;
        Some(match message.get("outcome").and_then(Value::as_str) {
            Some("accepted") => Self::Accepted,
            Some("done") => Self::Done,
            Some(_) | None => Self::Told(message.clone()),
        })
    }
}

fn wire(error: &ApiError) -> Value {
    json!({
        "type": error.kind.as_str(),
        "code": error.error_message,
        "message": error.msg,
    })
}

fn read_error(error: &Value) -> Option<ApiError> {
    let text = |key| error.get(key).and_then(Value::as_str);
    let kind = ErrorType::parse(text("type")?);
    let msg = text("message").unwrap_or(kind.msg()).into();
    Some(ApiError {
        error_message: text("code").unwrap_or_default().into(),
        kind,
        msg,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject() -> Subject {
        Subject {
            topic: "InboundCall".to_owned(),
            subtopic: "Answer".to_owned(),
        }
    }

    #[test]
    fn answers_read_back_from_the_wire() {
        let failed = ApiError::new(ErrorType::AnswerCallFailed, "No contact found");
        for answer in [
            Answer::Accepted,
            Answer::Done,
            Answer::Told(json!([{"label": "Lunch"}])),
            Answer::Told(json!(null)),
            Answer::Failed(failed),
        ] {
            let text = answer.envelope(&subject()).to_text();
            let envelope = Envelope::parse(text.as_bytes()).unwrap();
            assert_eq!(Subject::of(&envelope), subject());
            assert_eq!(Answer::read(&envelope), Some(answer));
        }
    }

    #[test]
    fn a_failure_has_the_documented_keys() {
        let failed = ApiError::new(ErrorType::AnswerCallFailed, "No contact found");
        let envelope = Answer::Failed(failed).envelope(&subject());
        let expected = json!({
            "type": "ANSWER_CALL_FAILED",
            "code": "No contact found",
            "message": "Answering call failed.",
        });
        assert_eq!(envelope.extra["error"], expected);
        assert_eq!(envelope.message, None);
    }

    #[test]
    fn what_says_nothing_is_no_answer() {
        let mut envelope = Envelope::new("InboundCall", "Answer");
        assert_eq!(Answer::read(&envelope), None);
        envelope.extra.insert("error".to_owned(), json!("no"));
        assert_eq!(Answer::read(&envelope), None);
    }

    #[test]
    fn only_accepted_is_not_the_last() {
        assert!(!Answer::Accepted.is_last());
        assert!(Answer::Done.is_last());
    }
}
