use std::io::Cursor;

use minisign::KeyPair;
use serde_json::json;

use super::*;

/// A key to sign with, and its public half as a build has it.
struct Publisher {
    pair: KeyPair,
    key: String,
}

impl Publisher {
    fn new() -> Self {
        let pair = KeyPair::generate_unencrypted_keypair().unwrap();
        let key = BASE64.encode(pair.pk.to_box().unwrap().to_string().as_bytes());
        Self { pair, key }
    }

    fn sign(&self, announcement: &[u8]) -> Vec<u8> {
        let data = Cursor::new(announcement);
        let signature = minisign::sign(None, &self.pair.sk, data, None, None).unwrap();
        BASE64.encode(signature.to_string().as_bytes()).into_bytes()
    }

    fn read(&self, announcement: &[u8], signature: &[u8]) -> Result<Option<Value>, Refused> {
        read(announcement, signature, &self.key, &version("0.2.0"))
    }
}

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn announce(version: &str) -> Vec<u8> {
    json!({ "version": version, "platforms": {} })
        .to_string()
        .into_bytes()
}

#[test]
fn what_the_publisher_has_signed_is_believed_if_it_is_newer() {
    let publisher = Publisher::new();
    for (announced, own, newer) in [
        ("0.2.1", "0.2.0", Some(true)),
        ("0.10.0", "0.9.0", Some(true)),
        ("1.0.0", "1.0.0-rc.1", Some(true)),
        ("1.0.0-rc.2", "1.0.0-rc.1", Some(true)),
        ("1.0.0-rc.1", "0.9.0", Some(true)),
        ("0.2.0", "0.2.0", Some(false)),
        ("0.2.0+later.build", "0.2.0", Some(false)),
        ("0.1.9", "0.2.0", None),
        ("0.9.0", "0.10.0", None),
        ("1.0.0-rc.1", "1.0.0", None),
    ] {
        let text = announce(announced);
        let read = read(&text, &publisher.sign(&text), &publisher.key, &version(own));
        let expected = match newer {
            Some(true) => Ok(Some(serde_json::from_slice(&text).unwrap())),
            Some(false) => Ok(None),
            None => Err(Refused::Older(version(announced))),
        };
        assert_eq!(read, expected, "{announced} for {own}");
    }
}

#[test]
fn what_the_publisher_has_not_signed_is_refused() {
    let publisher = Publisher::new();
    let text = announce("0.3.0");
    let good = publisher.sign(&text);
    assert!(publisher.read(&text, &good).is_ok());

    let mut tampered = text.clone();
    tampered[14] += 1;
    let plain = BASE64.decode(&good).unwrap();
    let mut forged = String::from_utf8(plain.clone()).unwrap();
    forged = forged.replace("timestamp:", "timestamp:9");
    let forged = BASE64.encode(forged.as_bytes()).into_bytes();
    for (case, text, signature) in [
        ("no signature", &text, Vec::new()),
        ("not Base64", &text, b"-----".to_vec()),
        (
            "no signature in it",
            &text,
            BASE64.encode(b"hello").into_bytes(),
        ),
        ("minisign's own form", &text, plain),
        ("cut off", &text, good[..good.len() / 2].to_vec()),
        ("another comment", &text, forged),
        ("another key", &text, Publisher::new().sign(&text)),
        (
            "of something else",
            &text,
            publisher.sign(b"something else"),
        ),
        ("another text", &tampered, good.clone()),
        ("no text", &Vec::new(), good.clone()),
    ] {
        let refused = publisher.read(text, &signature).unwrap_err();
        assert_eq!(
            refused.problem(),
            UpdateProblem::Unsigned,
            "{case}: {refused}"
        );
    }
    let refused = read(&text, &good, "no key", &version("0.2.0")).unwrap_err();
    assert_eq!(refused.problem(), UpdateProblem::Unsigned);
}

#[test]
fn what_is_signed_but_no_announcement_is_refused_and_said_to_be() {
    let publisher = Publisher::new();
    let deep = "[".repeat(100_000);
    for text in [
        "",
        "offhook",
        "null",
        "{}",
        r#"{"version": 3}"#,
        r#"{"version": "latest"}"#,
        r#"{"version": "v0.3"}"#,
        r#"{"version": "0.3.0""#,
        &deep,
    ] {
        let text = text.as_bytes();
        let refused = publisher.read(text, &publisher.sign(text)).unwrap_err();
        assert_eq!(refused.problem(), UpdateProblem::Unreadable, "{refused}");
        let refused = publisher.read(text, b"").unwrap_err();
        assert_eq!(
            refused.problem(),
            UpdateProblem::Unsigned,
            "nothing is read unsigned"
        );
    }
}

/// They were written by `tauri signer`.
#[test]
fn the_files_of_tauris_command_line_are_understood() {
    let text = include_bytes!("tests/latest.json");
    let signature = include_bytes!("tests/latest.json.sig");
    let key = include_str!("tests/publisher.pub");
    let read = read(text, signature, key, &version("0.2.0")).unwrap();
    assert_eq!(read.unwrap()["version"], "0.3.0");
}
