use std::io::Cursor;

use data_encoding::BASE64;
use minisign::{PublicKey, SignatureBox};
use serde_json::Value;
use tempfile::TempDir;

use super::{signer::tests::with_new_key, *};

fn release(packages: &[&str]) -> (TempDir, Options) {
    let folder = tempfile::tempdir().unwrap();
    for name in packages {
        fs::write(folder.path().join(name), format!("this is {name}")).unwrap();
    }
    let options = Options {
        version: "1.2.3".parse().unwrap(),
        artifacts: folder.path().to_owned(),
        base_url: "https://example.com/v1.2.3/".parse().unwrap(),
        notes: "What is new.".to_owned(),
    };
    (folder, options)
}

/// Verifies a signature of these bytes, and returns what it says about them.
fn verified(signature: &str, data: &[u8], key: &PublicKey) -> String {
    let text = BASE64.decode(signature.as_bytes()).unwrap();
    let signature = SignatureBox::from_string(std::str::from_utf8(&text).unwrap()).unwrap();
    minisign::verify(key, &signature, Cursor::new(data), true, false, false).unwrap();
    signature.trusted_comment().unwrap()
}

#[test]
fn every_package_is_named_with_its_address_and_a_signature_for_this_version() {
    let (folder, options) = release(&[
        "Offhook_1.2.3_amd64.AppImage",
        "offhook_1.2.3_x64-setup.exe",
        "offhook_1.2.3_aarch64.app.tar.gz",
        "offhook_1.2.3_x86_64.app.tar.gz",
        "offhook_1.2.3_amd64.deb",
        "SHA256SUMS",
    ]);
    let (signer, key) = with_new_key();
    write(&options, &signer).unwrap();

    let text = fs::read(folder.path().join("latest.json")).unwrap();
    let signature = fs::read_to_string(folder.path().join("latest.json.sig")).unwrap();
    verified(&signature, &text, &key);

    let announcement: Value = serde_json::from_slice(&text).unwrap();
    assert_eq!(announcement["version"], "1.2.3");
    assert_eq!(announcement["notes"], "What is new.");
    let platforms = announcement["platforms"].as_object().unwrap();
    let targets: Vec<&str> = platforms.keys().map(String::as_str).collect();
    assert_eq!(targets, package::TARGETS);
    for platform in platforms.values() {
        let url = platform["url"].as_str().unwrap();
        let name = url.strip_prefix("https://example.com/v1.2.3/").unwrap();
        let signature = platform["signature"].as_str().unwrap();
        let said = verified(signature, format!("this is {name}").as_bytes(), &key);
        let said: Vec<&str> = said.split('\t').collect();
        assert_eq!(said[1..], [&format!("file:{name}"), "version:1.2.3"]);
        let beside = fs::read_to_string(folder.path().join(format!("{name}.sig"))).unwrap();
        assert_eq!(beside, signature);
    }
}

#[test]
fn a_release_that_cannot_be_announced_is_refused() {
    for (packages, reason) in [
        (&["offhook_1.2.3_amd64.deb"][..], "no package"),
        (&["Offhook.AppImage"], "for which processor"),
        (
            &["a_1.2.3_x86_64.AppImage", "b_1.2.3_amd64.AppImage"],
            "two packages for linux-x86_64",
        ),
        (
            &["offhook_1.2.3-rc.1_x64-setup.exe"],
            "is not of version 1.2.3",
        ),
        (&["offhook_11.2.3_x64-setup.exe"], "is not of version 1.2.3"),
    ] {
        let (folder, options) = release(packages);
        let error = write(&options, &with_new_key().0).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!folder.path().join("latest.json").exists());
    }
}

#[test]
fn targets_without_a_package_are_named() {
    let platforms = ["linux-x86_64", "darwin-aarch64"].map(|target| (target.to_owned(), ()));
    assert_eq!(
        missing(&platforms.into()),
        ["darwin-x86_64", "windows-x86_64"]
    );
}

#[test]
fn options_that_make_no_sense_are_refused() {
    for (line, reason) in [
        ("--version 1.2.3 --artifacts /", "--base-url is missing"),
        ("--version 1.2", "not a version"),
        ("--base-url http://example.com/", "https://"),
        ("--base-url example.com", "not an address"),
        ("--notes /nowhere/notes.md", "cannot be read"),
        ("--version", "needs a value"),
        ("--colour red", "no option --colour"),
    ] {
        let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let error = Options::read(&arguments).unwrap_err();
        assert!(error.to_string().contains(reason), "{line}: {error}");
    }
    let line = "--version 1.2.3 --artifacts /tmp --base-url https://example.com/a";
    let arguments: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let url = Options::read(&arguments).unwrap().base_url;
    assert_eq!(url.join("b").unwrap().as_str(), "https://example.com/a/b");
}
