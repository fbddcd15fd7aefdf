//! Reads a `tel:` or `callto:` link. Anybody may write one, so it is read strictly and nothing follows
//! from it but what a person sees.
//!
//! `tel:` is [RFC 3966](https://www.rfc-editor.org/rfc/rfc3966); `callto:` has no standard, and is read in
//! the same way. Taken as well is what the web has made common: `//` before the number, spaces, a `#` as
//! it is, and a comma (a pause) before digits to send after the call is connected.

use offhook_protocol::Personal;
use percent_encoding::percent_decode_str;

use crate::{
    notice::NoticeCode,
    requirements::{are_keys, dialable},
};

/// Longer links are refused unread, in bytes.
const LONGEST: usize = 512;

/// Longer extensions are passed over.
const LONGEST_EXTENSION: usize = 32;

/// What a link says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct CallLink {
    /// The number as it would be dialled.
    pub(crate) number: Personal,
    /// Keys to press when the call is connected.
    pub(crate) extension: Option<Personal>,
    /// The number counts only where the link was made: it has a context, and no country code.
    pub(crate) is_local: bool,
}

impl CallLink {
    pub(crate) fn parse(link: &Personal) -> Result<Self, NoticeCode> {
        let link = link.reveal();
        let (scheme, rest) = link.split_once(':').ok_or(NoticeCode::UnknownCallLink)?;
        if !["tel", "callto"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
        {
            return Err(NoticeCode::UnknownCallLink);
        }
        if link.len() > LONGEST {
            return Err(NoticeCode::BadCallLink);
        }
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (number, parameters) = rest.split_once(';').unwrap_or((rest, ""));
        let number = decoded(number).ok_or(NoticeCode::BadCallLink)?;
        let (number, after_pause) = number.split_once(',').unwrap_or((&number, ""));
        let number = dialable(number).ok_or(NoticeCode::BadCallLink)?;
        let extension = Some(after_pause.to_owned())
            .filter(|keys| !keys.is_empty())
            .or_else(|| parameter(parameters, "ext"))
            .or_else(|| parameter(parameters, "postd"))
            .and_then(|text| keys(&text));
        let has_context = parameter(parameters, "phone-context").is_some();
        Ok(Self {
            is_local: has_context && !number.reveal().starts_with('+'),
            number,
            extension,
        })
    }
}

/// The text behind percent-encoding, unless it is none that a person could have typed.
fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    let typed = !text.chars().any(char::is_control);
    typed.then(|| text.into_owned())
}

fn parameter(parameters: &str, name: &str) -> Option<String> {
    parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='))
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .and_then(|(_, value)| decoded(value))
}

/// The keys of the number pad, without pauses and ornaments. Anything else is passed over, so that a link
/// can put no words in front of a person.
fn keys(text: &str) -> Option<Personal> {
    let ornament = |c: &char| matches!(c, ' ' | '-' | '.' | '(' | ')' | ',' | 'p' | 'w');
    let keys: String = text.chars().filter(|c| !ornament(c)).collect();
    (keys.len() <= LONGEST_EXTENSION && are_keys(&keys)).then(|| keys.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(link: &str) -> Result<CallLink, NoticeCode> {
        CallLink::parse(&link.into())
    }

    /// The number, when the link says nothing else.
    fn number(link: &str) -> Option<String> {
        let read = parse(link).ok()?;
        assert_eq!((read.extension, read.is_local), (None, false), "{link}");
        Some(read.number.reveal().to_owned())
    }

    #[test]
    fn the_number_is_read_however_it_is_written() {
        for (link, expected) in [
            ("tel:+442079460123", "+442079460123"),
            ("TEL:+44-20-7946-0123", "+442079460123"),
            ("tel:+1-(201).555/0123", "+12015550123"),
            ("tel:%2B44%2020%207946%200123", "+442079460123"),
            ("tel://+442079460123", "+442079460123"),
            ("callto:+44 20 7946 0123", "+442079460123"),
            ("CallTo://+442079460123/", "+442079460123"),
            ("tel:4711", "4711"),
            ("tel:*100#", "*100#"),
            ("tel:*100%23", "*100#"),
            ("tel:+442079460123;isub=1;x-crm=a%20b", "+442079460123"),
            ("tel:+442079460123;phone-context=+44", "+442079460123"),
            ("tel:+44\u{2011}20\u{a0}7946\u{a0}0123", "+442079460123"),
        ] {
            assert_eq!(number(link).as_deref(), Some(expected), "{link}");
        }
    }

    #[test]
    fn an_extension_is_kept_apart_from_the_number() {
        for (link, expected) in [
            ("tel:+442079460123;ext=12-34", "1234"),
            ("tel:+442079460123;phone-context=+44;EXT=12", "12"),
            ("tel:+442079460123;postd=pp12%23", "12#"),
            ("tel:+442079460123,,12", "12"),
            ("tel:+442079460123%2C12", "12"),
            ("tel:+442079460123;ext=12;ext=13", "12"),
        ] {
            let read = parse(link).unwrap();
            assert_eq!(read.number.reveal(), "+442079460123", "{link}");
            assert_eq!(read.extension, Some(expected.into()), "{link}");
        }
        let too_long = "7".repeat(LONGEST_EXTENSION + 1);
        for passed_over in ["", "none", "call%20now%201", "1%0A2", &too_long] {
            let link = format!("tel:4711;ext={passed_over}");
            assert_eq!(number(&link).as_deref(), Some("4711"), "{link}");
        }
    }

    #[test]
    fn a_number_with_a_context_and_without_a_country_code_is_local() {
        let read = parse("tel:863-1234;phone-context=+1-914-555").unwrap();
        assert_eq!(read.number, "8631234".into());
        assert!(read.is_local);
        assert!(!parse("tel:863-1234").unwrap().is_local);
    }

    #[test]
    fn what_is_no_link_to_a_number_is_refused() {
        for link in [
            "",
            "+442079460123",
            "sip:4711",
            "https://tel:4711",
            " tel:4711",
        ] {
            assert_eq!(parse(link), Err(NoticeCode::UnknownCallLink), "{link}");
        }
        for link in [
            "tel:",
            "tel:;ext=12",
            "tel:,12",
            "tel:+",
            "tel:++44",
            "tel:0800-FLOWERS",
            "tel:４７１１",
            "tel:4711%",
            "tel:4711%zz",
            "tel:4711%ff",
            "tel:47\n11",
            "tel:47%0A11",
            "tel:47%0011",
            "tel:47\u{202e}11",
            "tel:4711%3Bext=12",
            "tel:4711?call",
            "callto:someone@example.com",
            "tel:\u{fffd}",
            "tel:111111111111111111111111111111111",
        ] {
            assert_eq!(parse(link), Err(NoticeCode::BadCallLink), "{link}");
        }
        let long = format!("tel:4711;x={}", "a".repeat(LONGEST));
        assert_eq!(parse(&long), Err(NoticeCode::BadCallLink));
    }

    proptest! {
        /// Whatever a link says, only what could be typed comes out of it.
        #[test]
        fn anything_can_be_read(link in "(?i:tel|callto):(//)?[+0-9*#%;=,. a-z\\PC\n]{0,80}") {
            let dialled = |c: char| c.is_ascii_digit() || matches!(c, '+' | '*' | '#');
            if let Ok(read) = parse(&link) {
                prop_assert_eq!(dialable(read.number.reveal()), Some(read.number.clone()));
                let shown = read.extension.iter().chain([&read.number]);
                prop_assert!(shown.flat_map(|text| text.reveal().chars()).all(dialled));
            }
        }

        /// A number that can be dialled is the same in a link, in either way of writing it.
        #[test]
        fn a_number_comes_back(number in "\\+?[0-9*#]{1,30}") {
            let encoded: String = number.bytes().map(|byte| format!("%{byte:02X}")).collect();
            for link in [format!("tel:{number}"), format!("callto://{encoded}")] {
                let read = parse(&link).map(|read| read.number);
                prop_assert_eq!(read, Ok(number.as_str().into()));
            }
        }
    }
}
