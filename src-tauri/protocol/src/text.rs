//! Looking at JSON text before it is parsed.

use std::borrow::Cow;

/// Replaces no-break spaces (U+00A0) outside strings by spaces. Every published sample is indented
/// with them, and no strict parser takes one.
pub(crate) fn with_plain_spaces(text: &str) -> Cow<'_, str> {
    if !text.contains('\u{a0}') {
        return Cow::Borrowed(text);
    }
    let mut strings = Strings::default();
    let plain = |c: char| match strings.inside(c) {
        false if c == '\u{a0}' => ' ',
        _ => c,
    };
    Cow::Owned(text.chars().map(plain).collect())
}

/// How deep the brackets of a JSON text nest.
pub(crate) fn depth(text: &str) -> usize {
    let mut strings = Strings::default();
    let (mut depth, mut deepest) = (0_usize, 0);
    for c in text.chars() {
        if strings.inside(c) {
            continue;
        }
        match c {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What is wrong, without quoting the text: `serde_json` quotes a wrong value, and that could be a
/// phone number in a log.
pub(crate) fn explain(error: &serde_json::Error) -> String {
    use serde_json::error::Category;
    match error.classify() {
        Category::Eof => "the text ends too early".to_owned(),
        Category::Syntax | Category::Io => "this is not JSON".to_owned(),
        Category::Data => {
            let said = error.to_string();
            match said.strip_prefix("missing field ").and_then(|rest| rest.split('`').nth(1)) {
                Some(field) => format!("the key \"{field}\" is missing"),
                None => "a value is not of the kind it must be (channel, topic and subtopic are strings)".to_owned(),
            }
        }
    }
}

/// Follows a JSON text and tells which characters belong to strings.
#[derive(Default)]
struct Strings {
    open: bool,
    escaped: bool,
}

impl Strings {
    fn inside(&mut self, c: char) -> bool {
        if !self.open {
            self.open = c == '"';
            return self.open;
        }
        match c {
            _ if self.escaped => self.escaped = false,
            '\\' => self.escaped = true,
            '"' => self.open = false,
            _ => {}
        }
        true
    }
}
