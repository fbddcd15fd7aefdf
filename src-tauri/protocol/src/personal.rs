//! Text about a person, kept out of every log.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A phone number, a name, an attribute's value or any other text about a person.
///
/// `Debug` prints a placeholder and there is no `Display`, so neither `{:?}` nor a tracing field can
/// carry the text into a log. Showing it to the agent or writing it on the wire is a visible
/// [`reveal`](Self::reveal) or a serialisation.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Personal(String);

impl Personal {
    /// Wraps a text that must not be logged.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the agent's eyes or the wire.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Personal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹personal›")
    }
}

impl From<&str> for Personal {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Personal {
    fn from(text: String) -> Self {
        Self(text)
    }
}
