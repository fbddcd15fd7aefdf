use std::path::PathBuf;

use offhook_uplink::Branch;
use serde_json::{Value, json};

use super::*;

/// All that is needed.
const COMPLETE: &str = r#"
[broker]
url = "mqtts://broker.example.com"
tenant = "acme"
username = "erin"
"#;

/// The change that the window asks for with this.
fn broker(change: Value) -> SettingsChange {
    serde_json::from_value(json!({ "broker": change })).unwrap()
}

/// Every setting that is a text.
const TEXTS: [(&str, &str); 8] = [
    ("url", "mqtts://broker.example.com"),
    ("tenant", "acme"),
    ("agent", "7f3c"),
    ("username", "erin"),
    ("ca", "/ca.pem"),
    ("certificate", "/c.pem"),
    ("key", "/k.pem"),
    ("proxy", "http://proxy.example.com:3128"),
];

/// The only problem's text.
fn problem(settings: &Settings) -> &str {
    let [problem] = &settings.view().problems[..] else {
        panic!("{:?}", settings.view().problems)
    };
    &problem.text
}

#[test]
fn without_an_address_there_is_no_broker_and_nothing_is_missing() {
    let settings = Home::with("[broker]\ntenant = \"acme\"\nkey = \"/k.pem\"\n").load();
    assert_eq!(settings.broker(), None);
    assert!(settings.view().problems.is_empty());
}

#[test]
fn every_key_of_the_broker_is_in_force() {
    let settings = Home::with(
        r#"
[broker]
url = "wss://broker.example.com/mqtt"
tenant = "acme"
agent = "7f3c"
username = "erin"
ca = "/etc/ssl/acme.pem"
certificate = "/etc/ssl/erin.pem"
key = "/etc/ssl/erin.key"
proxy = "http://proxy.example.com:3128"
insecure = true
"#,
    )
    .load();
    let expected = BrokerSetup {
        address: "wss://broker.example.com/mqtt".parse().unwrap(),
        insecure: true,
        branch: Branch::new("acme", "7f3c").unwrap(),
        username: Some("erin".to_owned()),
        ca: Some(PathBuf::from("/etc/ssl/acme.pem")),
        identity: Some((
            PathBuf::from("/etc/ssl/erin.pem"),
            PathBuf::from("/etc/ssl/erin.key"),
        )),
        proxy: Some("http://proxy.example.com:3128".parse().unwrap()),
    };
    assert_eq!(settings.broker(), Some(expected));
    assert!(settings.view().broker.insecure.value);
}

#[test]
fn the_agent_is_who_logs_in_unless_it_is_said() {
    let agent_in = |settings: &Settings| {
        let setup = settings.broker();
        setup.map(|setup| setup.branch.agent().to_owned())
    };
    let agent = |text: &str| agent_in(&Home::with(text).load());
    assert_eq!(agent(COMPLETE).as_deref(), Some("erin"));
    let said = format!("{COMPLETE}agent = \"7f3c\"\n");
    assert_eq!(agent(&said).as_deref(), Some("7f3c"));

    let nameless = COMPLETE.replace("username = \"erin\"\n", "");
    let settings = Home::with(&nameless).load();
    let usual = settings.view().broker.usual_agent.clone();
    assert_eq!(agent_in(&settings), usual);
    assert_eq!(usual.is_none(), !settings.view().problems.is_empty());
}

#[test]
fn what_is_missing_for_the_broker_is_told() {
    for (from, to, told) in [
        ("tenant = \"acme\"\n", "", "broker.tenant"),
        ("mqtts:", "mqtt:", "broker.insecure"),
        ("mqtts:", "ws:", "broker.insecure"),
        ("tenant", "certificate = \"/c.pem\"\ntenant", "(broker.key)"),
        ("acme", &"a".repeat(99), "(broker.tenant, broker.agent)"),
        ("tenant", "key = \"/k.pem\"\ntenant", "(broker.certificate)"),
    ] {
        let settings = Home::with(&COMPLETE.replace(from, to)).load();
        assert!(problem(&settings).contains(told), "{settings:?}");
        assert_eq!(settings.broker(), None);
    }
}

#[test]
fn a_way_without_encryption_is_taken_on_this_machine_or_where_it_is_allowed() {
    for host in ["localhost", "127.0.0.1", "127.9.9.9:1883", "[::1]:1883"] {
        for scheme in ["mqtt", "ws"] {
            let home = Home::with(COMPLETE);
            let mut settings = home.load();
            let url = broker(json!({ "url": format!("{scheme}://{host}") }));
            settings.change(&url).unwrap();
            assert!(settings.broker().is_some(), "{scheme}://{host}");
        }
    }
    let text = COMPLETE.replace("mqtts:", "mqtt:") + "insecure = true\n";
    assert!(Home::with(&text).load().broker().is_some());

    let home = Home::with(&text);
    home.write_policy("[broker]\ninsecure = false\n");
    assert_eq!(home.load().broker(), None, "the administrator forbids it");
}

#[test]
fn what_is_no_broker_is_refused_and_told_by_line() {
    for address in [
        "broker.example.com",
        "broker.example.com:8883",
        "mqtts:broker.example.com",
        "mqtts://",
        "mqtts:///topic",
        "mqtts://broker.example.com/mqtt",
        "mqtts://erin:secret@broker.example.com",
        "wss://erin@broker.example.com/mqtt",
        "wss://broker.example.com/mqtt?token=secret",
        "wss://broker.example.com/#mqtt",
        "https://broker.example.com",
        "amqps://broker.example.com",
    ] {
        let home = Home::new();
        let refused = home
            .load()
            .change(&broker(json!({ "url": address })))
            .unwrap_err();
        assert!(refused.text.contains("mqtts://"), "{address}: {refused:?}");
        assert!(!home.places().settings.exists());
        let view = Home::with(&format!("[broker]\nurl = \"{address}\"\n")).view();
        assert_eq!(view.problems[0].line, Some(2), "{address}");
        for told in [&refused.text, &view.problems[0].text] {
            assert!(!told.contains("secret"), "{told}");
        }
    }
}

#[test]
fn what_is_no_proxy_is_refused() {
    for proxy in [
        "proxy.example.com:3128",
        "https://proxy.example.com",
        "socks5://proxy.example.com",
        "http://erin:secret@proxy.example.com:3128",
        "http://proxy.example.com:3128/proxy.pac",
    ] {
        let change = broker(json!({ "proxy": proxy }));
        let refused = Home::new().load().change(&change).unwrap_err();
        assert!(
            refused.text.contains("http://proxy"),
            "{proxy}: {refused:?}"
        );
        assert!(!refused.text.contains("secret"), "{refused:?}");
    }
}

#[test]
fn a_path_that_depends_on_where_offhook_starts_is_refused() {
    for key in ["ca", "certificate", "key"] {
        let change = broker(json!({ key: "certs/acme.pem" }));
        let refused = Home::new().load().change(&change).unwrap_err();
        assert!(refused.text.contains("whole path"), "{refused:?}");
    }
}

#[test]
fn what_is_saved_of_the_broker_is_read_again_and_cleared_by_an_empty_text() {
    let home = Home::new();
    let mut settings = home.load();
    let change: serde_json::Map<_, _> = TEXTS
        .map(|(key, value)| (key.to_owned(), json!(value)))
        .into_iter()
        .collect();
    settings.change(&broker(change.into())).unwrap();
    settings
        .change(&broker(json!({ "insecure": true })))
        .unwrap();
    assert_eq!(&home.view(), settings.view());
    let view = serde_json::to_value(&settings.view().broker).unwrap();
    for (key, value) in TEXTS {
        assert_eq!(view[key]["value"], value, "{key}");
    }
    assert!(settings.broker().is_some() && settings.view().broker.insecure.value);

    for (key, _) in TEXTS {
        settings.change(&broker(json!({ key: "" }))).unwrap();
        let view = serde_json::to_value(&home.view().broker).unwrap();
        assert_eq!(view[key]["value"], Value::Null, "{key}");
    }
}

#[test]
fn each_setting_of_the_broker_can_be_locked() {
    let texts = TEXTS.map(|(key, value)| (key, json!(value)));
    for (key, value) in texts.into_iter().chain([("insecure", json!(true))]) {
        let home = Home::new();
        let change = broker(json!({ key: value }));
        home.load().change(&change).unwrap();
        home.write_policy(&format!("[broker]\n{key} = {value}\n"));
        let refused = home.load().change(&change).unwrap_err();
        assert!(refused.text.contains("administrator"), "{key}: {refused:?}");
        let view = serde_json::to_value(&home.view().broker).unwrap();
        assert_eq!(view[key], json!({ "value": value, "locked": true }));
    }
}
