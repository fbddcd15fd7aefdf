//! Amazon's own text of an error.

use offhook_protocol::Personal;
use serde_json::Value;

/// The text of what a call failed with. Where the library hides it, the error of the API that was heard
/// last tells more.
pub(crate) fn of(error: &Personal, heard: Option<&Personal>) -> String {
    let said = error.reveal().trim();
    let hidden = said.is_empty() || said.trim_matches('"').eq_ignore_ascii_case("error");
    match heard {
        Some(heard) if hidden => read(heard.reveal().trim()),
        Some(_) | None => read(said),
    }
}

/// Errors are JSON text, `{"type", "message", …}`, at times as a string within JSON, or a plain text.
fn read(text: &str) -> String {
    match serde_json::from_str(text) {
        Ok(Value::String(inner)) => read(&inner),
        Ok(Value::Object(error)) => {
            let part = |key| error.get(key).and_then(Value::as_str).unwrap_or_default();
            match (part("type"), part("message")) {
                ("", "") => "Amazon Connect gave no reason".to_owned(),
                (kind, "") => kind.to_owned(),
                (kind, message) if message.contains(kind) => message.to_owned(),
                (kind, message) => format!("{kind}: {message}"),
            }
        }
        _ if text.is_empty() => "Amazon Connect gave no reason".to_owned(),
        _ => text.to_owned(),
    }
}
