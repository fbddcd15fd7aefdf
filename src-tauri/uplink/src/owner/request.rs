//! A request as it comes from the broker: read, or refused with the reason.

use offhook_bus::is_source;
use offhook_protocol::{ApiError, Envelope, ErrorType, Request, Timestamp};

use crate::{Branch, Epoch, Publication, Stamp, Subject};

/// How long a request may be, in bytes: as at the hub.
const MAX_BYTES: usize = 64 * 1024;
/// How long its id may be, in bytes: a thousand of them are remembered.
const MAX_ID_BYTES: usize = 128;

/// A request that can be understood.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) envelope: Envelope,
    /// The app that asks.
    pub(crate) source: String,
    /// `None` if this version does not know it: it passes by.
    pub(crate) request: Option<Request>,
    pub(crate) id: Option<String>,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) epoch: Option<Epoch>,
}

impl Asked {
    /// Reads what was published under this subject of this branch.
    pub(crate) fn read(
        publication: &Publication,
        subject: &Subject,
        branch: &Branch,
    ) -> Result<Self, ApiError> {
        let bytes = publication.payload.len();
        if bytes > MAX_BYTES {
            let text = format!("{bytes} bytes are more than {MAX_BYTES}");
            return Err(ApiError::new(ErrorType::MessageTooLong, text));
        }
        if publication.retain {
            // It would be carried out again after every connection.
            return Err(bad("a request must not be retained"));
        }
        let envelope = Envelope::parse(&publication.payload)
            .map_err(|error| ApiError::new(ErrorType::UnreadableMessage, error.to_string()))?;
        if Subject::of(&envelope) != *subject {
            return Err(bad("topic and subtopic are not those it was published to"));
        }
        if !envelope.is_request() {
            return Err(bad("a request has no message"));
        }
        let stamp = Stamp::read(&envelope).map_err(|error| bad(&error.to_string()))?;
        if stamp.agent.is_some_and(|agent| agent != branch.agent()) {
            return Err(bad("it is for another agent"));
        }
        if stamp.id.as_ref().is_some_and(|id| id.len() > MAX_ID_BYTES) {
            return Err(bad("id is longer than 128 bytes"));
        }
        let source = match &envelope.source {
            Some(source) if is_source(source) => source.clone(),
            Some(_) | None => return Err(bad("source must name the app that asks")),
        };
        let request = Request::read(&envelope).map_err(|error| bad(&error.to_string()))?;
        Ok(Self {
            source,
            request,
            id: stamp.id,
            expires_at: stamp.expires_at,
            epoch: stamp.epoch,
            envelope,
        })
    }
}

/// The id of a request that is refused, if it can be made out.
pub(crate) fn readable_id(publication: &Publication) -> Option<String> {
    let envelope = Envelope::parse(&publication.payload).ok()?;
    Stamp::read(&envelope).ok()?.id
}

fn bad(text: &str) -> ApiError {
    ApiError::new(ErrorType::BadRequest, text)
}
