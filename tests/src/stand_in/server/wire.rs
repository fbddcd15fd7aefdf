//! The library's messages: `{event, data}` both ways, one wire for each panel.

use std::{collections::BTreeMap, sync::Arc};

use axum::extract::ws::{Message, WebSocket};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{ApiRequest, Shared, State, now};

/// What the library says of itself, and nobody answers.
const NOISE: [&str; 3] = ["log", "server_bound_internal_log", "client_metric"];

/// Requests for the softphone's own sake, which Amazon just takes.
const REPORTS: [&str; 3] = [
    "sendSoftphoneCallReport",
    "sendSoftphoneCallMetrics",
    "notifyContactIssue",
];

/// The panels that are connected.
#[derive(Debug, Default)]
pub(super) struct Wires {
    open: BTreeMap<u64, UnboundedSender<String>>,
    last: u64,
}

impl Wires {
    pub(super) fn count(&self) -> usize {
        self.open.len()
    }

    /// To every panel.
    pub(super) fn say(&self, event: &str, data: &Value) {
        for id in self.open.keys() {
            self.say_to(*id, event, data);
        }
    }

    fn say_to(&self, id: u64, event: &str, data: &Value) {
        if let Some(wire) = self.open.get(&id) {
            // A panel that has just gone need not hear it.
            let _ = wire.send(json!({ "event": event, "data": data }).to_string());
        }
    }

    fn open(&mut self) -> (u64, UnboundedReceiver<String>) {
        let (sender, receiver) = unbounded_channel();
        self.last += 1;
        self.open.insert(self.last, sender);
        (self.last, receiver)
    }
}

#[derive(Deserialize)]
struct Heard {
    event: String,
    #[serde(default)]
    data: Value,
}

/// Speaks with one panel until it goes.
pub(super) async fn attend(mut socket: WebSocket, shared: Arc<Shared>) {
    let (id, mut outgoing) = shared.state().greet();
    loop {
        tokio::select! {
            Some(text) = outgoing.recv() => {
                if socket.send(Message::text(text)).await.is_err() {
                    break;
                }
            }
            message = socket.recv() => {
                let Some(Ok(message)) = message else { break };
                let heard = message.to_text().ok().and_then(|text| serde_json::from_str(text).ok());
                let Some(Heard { event, data }) = heard else { continue };
                // The page has told its worker that it goes.
                if event == "close" {
                    break;
                }
                shared.state().hear(id, &event, &data);
                shared.touched.notify_one();
            }
        }
    }
    shared.state().wires.open.remove(&id);
}

impl State {
    /// The first words to a new panel.
    fn greet(&mut self) -> (u64, UnboundedReceiver<String>) {
        let (id, outgoing) = self.wires.open();
        if !self.is_silent {
            // The first acknowledgement needs a name for the panel, or the library stops.
            self.wires
                .say_to(id, "acknowledge", &json!({ "id": format!("panel-{id}") }));
            self.wires
                .say_to(id, "agent::update", &self.centre.update());
        }
        (id, outgoing)
    }

    fn hear(&mut self, id: u64, event: &str, data: &Value) {
        if event == "api_request" {
            self.requests.push(ApiRequest {
                method: data["method"].as_str().unwrap_or_default().to_owned(),
                params: data["params"].clone(),
            });
        }
        if self.is_silent {
            return;
        }
        match event {
            "synchronize" => self.wires.say_to(id, "acknowledge", &Value::Null),
            "api_request" => self.answer(id, data),
            "master_request" => self.grant(id, data),
            "broadcast" => self.pass_on(data),
            "terminate" => self.end_session(),
            // The rest is set-up and logging.
            _ => {}
        }
        self.tell_news();
    }

    fn answer(&mut self, id: u64, request: &Value) {
        let method = request["method"].as_str().unwrap_or_default();
        let answer = match REPORTS.contains(&method) {
            true => Some(Ok(json!({}))),
            false => self.centre.api(method, &request["params"], now()),
        };
        let (data, err) = match answer {
            Some(Ok(data)) => (data, None),
            Some(Err(error)) => (Value::Null, Some(error.text())),
            None => return,
        };
        let response = json!({
            "event": "api_response",
            "requestId": request["requestId"],
            "data": data,
            "err": err,
        });
        self.wires.say_to(id, "api_response", &response);
    }

    /// Every panel may do what only one may, since there is no other browser.
    fn grant(&self, id: u64, request: &Value) {
        let response = json!({
            "event": "master_response",
            "requestId": request["requestId"],
            "data": {
                "masterId": format!("panel-{id}"),
                "isMaster": true,
                "takeOver": false,
                "topic": request["params"]["topic"],
            },
            "err": null,
        });
        self.wires.say_to(id, "master_response", &response);
    }

    /// To every panel, the one that said it included: the library waits for its own words.
    fn pass_on(&mut self, broadcast: &Value) {
        let event = broadcast["event"].as_str().unwrap_or_default();
        if NOISE.contains(&event) {
            return;
        }
        self.wires.say(event, &broadcast["data"]);
        if event == "mute" {
            self.centre.mute(broadcast["data"]["mute"] == true);
        }
    }
}
