//! The gate: which announcement of a new version is believed.

use data_encoding::BASE64;
use minisign_verify::{PublicKey, Signature};
use offhook_core::UpdateProblem;
use semver::Version;
use serde_json::Value;

/// Why an announcement is not believed.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    /// The signature is none, not the publisher's, or not of this announcement.
    #[error("the announcement is not signed by the publisher: {0}")]
    Unsigned(&'static str),
    /// An announcement of the past, shown again.
    #[error("version {0} is announced, which is older than this one")]
    Older(Version),
    /// The publisher has signed something else.
    #[error("the announcement cannot be read: {0}")]
    Unreadable(String),
}

impl Refused {
    pub(super) const fn problem(&self) -> UpdateProblem {
        match self {
            Self::Unsigned(_) => UpdateProblem::Unsigned,
            Self::Older(_) => UpdateProblem::Older,
            Self::Unreadable(_) => UpdateProblem::Unreadable,
        }
    }
}

/// The announcement, if it is newer than this program. `signature` and `key` are as Tauri's command line
/// writes them: minisign's files in Base64.
///
/// # Errors
/// [`Refused`]. Nothing in an announcement is read before its signature was verified.
pub(super) fn read(
    announcement: &[u8],
    signature: &[u8],
    key: &str,
    own: &Version,
) -> Result<Option<Value>, Refused> {
    verify(announcement, signature, key)?;
    let unreadable = |what: &dyn ToString| Refused::Unreadable(what.to_string());
    let announcement: Value =
        serde_json::from_slice(announcement).map_err(|error| unreadable(&error))?;
    let version = announcement
        .get("version")
        .and_then(Value::as_str)
        .ok_or_else(|| unreadable(&"it names no version"))?;
    let version: Version = version.parse().map_err(|error| unreadable(&error))?;
    // By precedence: another build of the same version is not a newer one.
    match version.cmp_precedence(own) {
        std::cmp::Ordering::Less => Err(Refused::Older(version)),
        std::cmp::Ordering::Equal => Ok(None),
        std::cmp::Ordering::Greater => Ok(Some(announcement)),
    }
}

fn verify(announcement: &[u8], signature: &[u8], key: &str) -> Result<(), Refused> {
    let key = public_key(key).ok_or(Refused::Unsigned("this build's key is no key"))?;
    let signature = text(signature)
        .and_then(|text| Signature::decode(&text).ok())
        .ok_or(Refused::Unsigned("there is no signature"))?;
    key.verify(announcement, &signature, false)
        .map_err(|_| Refused::Unsigned("the signature does not fit"))
}

/// The publisher's key, if it is one.
pub(super) fn public_key(key: &str) -> Option<PublicKey> {
    PublicKey::decode(&text(key.as_bytes())?).ok()
}

fn text(base64: &[u8]) -> Option<String> {
    let bytes = BASE64.decode(base64.trim_ascii()).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests;
