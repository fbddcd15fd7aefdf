//! Effects, notices and the tray in words short enough for a fixture.

use std::collections::BTreeMap;

use offhook_core::{
    Act, Effect, Notification, NotificationKey, UpdateOrder, View,
    tray::{Entry, Tray},
};
use offhook_protocol::Envelope;
use serde_json::{Value, json};

pub(crate) fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Send(request) => request_line(&request.envelope("test")),
        Effect::RetryBroker => "retry broker".to_owned(),
        Effect::Act(act) => match act {
            Act::Ring(contact) => format!("ring {contact}"),
            Act::StopRing => "stop ring".to_owned(),
            Act::Notify(notification) => notification_line(notification),
            Act::Withdraw(key) => format!("withdraw {}", key_words(key)),
            Act::Raise => "raise".to_owned(),
            Act::Show => "show".to_owned(),
            Act::ShowPanel => "show panel".to_owned(),
            Act::Update(order) => update_words(*order),
            Act::Quit => "quit".to_owned(),
        },
    }
}

fn update_words(order: UpdateOrder) -> String {
    let how = |hidden| if hidden { "hidden" } else { "shown" };
    match order {
        UpdateOrder::Look => "look for an update".to_owned(),
        UpdateOrder::Download => "download the update".to_owned(),
        UpdateOrder::Install => "install the update".to_owned(),
        UpdateOrder::Restart { hidden } => format!("restart, {}", how(hidden)),
    }
}

fn request_line(envelope: &Envelope) -> String {
    let address = format!("send {}/{}", envelope.topic, envelope.subtopic);
    match &envelope.data {
        Some(Value::Object(keys)) => {
            let sorted: BTreeMap<_, _> = keys.iter().collect();
            format!("{address} {}", json!(sorted))
        }
        Some(data) => format!("{address} {data}"),
        None => address,
    }
}

fn notification_line(notification: &Notification) -> String {
    let key = key_words(&notification.key);
    let body = notification.body.reveal();
    let actions = if notification.actions {
        ", with buttons"
    } else {
        ""
    };
    format!("notify {key}: {} ({body}){actions}", notification.title)
}

fn key_words(key: &NotificationKey) -> String {
    match key {
        NotificationKey::Ringing(contact) => format!("ringing {contact}"),
        NotificationKey::Missed(contact) => format!("missed {contact}"),
        NotificationKey::Failure => "failure".to_owned(),
        NotificationKey::SetUp => "set-up".to_owned(),
    }
}

/// The first contact's buttons: as they are if enabled, in brackets if only shown, with a mark while
/// pending.
pub(crate) fn buttons(view: &View) -> String {
    let shown = view
        .contacts
        .iter()
        .take(1)
        .flat_map(|contact| &contact.buttons);
    let word = |button: &offhook_core::ButtonView| {
        let mark = if button.pending { "…" } else { "" };
        match button.enabled {
            true => format!("{}{mark}", button.button.as_str()),
            false => format!("({}){mark}", button.button.as_str()),
        }
    };
    shown.map(word).collect::<Vec<_>>().join(" ")
}

/// One line a menu entry; what cannot be clicked is in brackets, lines of a submenu are indented.
pub(crate) fn menu(tray: &Tray) -> Vec<String> {
    entries(&tray.menu, "")
}

fn entries(menu: &[Entry], indent: &str) -> Vec<String> {
    let lines = |entry: &Entry| match entry {
        Entry::Label(text) => vec![format!("{indent}= {}", text.reveal())],
        Entry::Item {
            text,
            enabled: true,
            ..
        } => vec![format!("{indent}{text}")],
        Entry::Item {
            text,
            enabled: false,
            ..
        } => vec![format!("{indent}({text})")],
        Entry::Menu {
            text,
            entries: inner,
        } => {
            let mut lines = vec![format!("{indent}{text} >")];
            lines.extend(entries(inner, &format!("{indent}  ")));
            lines
        }
        Entry::Separator => vec![format!("{indent}--")],
    };
    menu.iter().flat_map(lines).collect()
}
