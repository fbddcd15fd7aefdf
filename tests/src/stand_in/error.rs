//! How Amazon refuses.

use serde_json::json;

/// How Amazon refuses a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmazonError {
    kind: String,
    message: String,
}

impl AmazonError {
    /// E.g. `InvalidStateException`, and what Amazon says about it.
    pub fn new(kind: &str, message: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            message: message.to_owned(),
        }
    }

    /// As the wire has it: JSON text.
    pub fn text(&self) -> String {
        json!({
            "type": self.kind,
            "message": self.message,
            "stack": [],
            "retryStatus": "none",
            "statusCode": 400,
        })
        .to_string()
    }
}
