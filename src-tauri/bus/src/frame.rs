//! An envelope on its way to many ports.

use std::fmt;

use offhook_protocol::Envelope;
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// An envelope with its wire text, which is written once however many ports it goes to.
#[derive(Clone)]
pub struct Frame {
    envelope: Envelope,
    text: Utf8Bytes,
}

impl Frame {
    pub(crate) fn new(envelope: Envelope) -> Self {
        let text = envelope.to_text().into();
        Self { envelope, text }
    }

    /// The envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The envelope as wire text, on one line.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The wire text, shared.
    pub(crate) fn shared_text(&self) -> Utf8Bytes {
        self.text.clone()
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.envelope.fmt(f)
    }
}
