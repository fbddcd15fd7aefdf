//! A centre on a clock that the test moves.

use std::time::Duration;

use offhook_protocol::Timestamp;
use offhook_tests::stand_in::{Centre, Offer};
use serde_json::{Value, json};

const START: i64 = 1_586_421_430_000;

/// A centre, and a clock that the test moves.
pub(crate) struct Stage {
    pub(crate) centre: Centre,
    pub(crate) now: Timestamp,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let now = Timestamp::from_millis(START);
        Self {
            centre: Centre::new(now),
            now,
        }
    }

    /// Lets time go by, with all that happens meanwhile.
    pub(crate) fn wait(&mut self, millis: u64) {
        let until = self.now + Duration::from_millis(millis);
        while let Some(at) = self.centre.poll_timeout().filter(|at| *at <= until) {
            self.centre.handle_timeout(at);
        }
        self.now = until;
    }

    #[track_caller]
    pub(crate) fn api(&mut self, method: &str, params: Value) -> Value {
        let answer = self.centre.api(method, &params, self.now);
        answer.expect("an answer").expect("success")
    }

    /// How the request is refused.
    #[track_caller]
    pub(crate) fn refusal(&mut self, method: &str, params: Value) -> Value {
        let answer = self.centre.api(method, &params, self.now);
        let error = answer.expect("an answer").expect_err("a refusal");
        serde_json::from_str(&error.text()).expect("JSON text")
    }

    /// A call that is ringing: its ids.
    pub(crate) fn ringing(&mut self) -> Ids {
        let contact = self.centre.offer_call(Offer::default(), self.now);
        self.ids(contact)
    }

    /// A call that was answered.
    pub(crate) fn talking(&mut self) -> Ids {
        let ids = self.ringing();
        self.api("acceptContact", json!({ "contactId": ids.contact }));
        self.wait(200);
        ids
    }

    /// A call, and a third party who answered.
    pub(crate) fn consulting(&mut self) -> (Ids, String) {
        let ids = self.talking();
        self.api("createAdditionalConnection", add(&ids.contact));
        self.centre.callee_answers(&ids.contact, self.now);
        (ids, self.connection_id(2))
    }

    pub(crate) fn ids(&self, contact: String) -> Ids {
        Ids {
            contact,
            own: self.connection_id(0),
            customer: self.connection_id(1),
        }
    }

    pub(crate) fn connection_id(&self, at: usize) -> String {
        let connection = &self.connections()[at];
        connection["connectionId"]
            .as_str()
            .expect("an id")
            .to_owned()
    }

    pub(crate) fn snapshot(&self) -> Value {
        self.centre.update()["snapshot"].clone()
    }

    pub(crate) fn connections(&self) -> Vec<Value> {
        let connections = self.snapshot()["contacts"][0]["connections"].clone();
        connections.as_array().cloned().unwrap_or_default()
    }

    /// Agent and first contact in a line.
    pub(crate) fn told(&self) -> String {
        let snapshot = self.snapshot();
        let mut told = snapshot["state"]["name"].as_str().unwrap_or("?").to_owned();
        if let Some(state) = snapshot["contacts"][0]["state"]["type"].as_str() {
            told += &format!(", {state}:");
        }
        for connection in self.connections() {
            let word = |value: &Value| value.as_str().unwrap_or("?").to_owned();
            let (kind, state) = (
                word(&connection["type"]),
                word(&connection["state"]["type"]),
            );
            told += &format!(" {kind} {state}");
        }
        told
    }
}

pub(crate) struct Ids {
    pub(crate) contact: String,
    pub(crate) own: String,
    pub(crate) customer: String,
}

pub(crate) fn phone_number(number: &str) -> Value {
    json!({
        "type": "phone_number", "phoneNumber": number, "name": null,
        "endpointARN": null, "agentLogin": null, "queue": null,
    })
}

pub(crate) fn add(contact: &str) -> Value {
    json!({ "contactId": contact, "endpoint": phone_number("+442079460001") })
}

pub(crate) fn of_connection(contact: &str, connection: &str) -> Value {
    json!({ "contactId": contact, "connectionId": connection })
}

pub(crate) fn default_queue(stage: &Stage) -> Value {
    stage.centre.update()["configuration"]["routingProfile"]["defaultOutboundQueue"]["queueARN"]
        .clone()
}
