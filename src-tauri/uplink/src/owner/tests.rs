//! Conversations between a practice centre and the broker, with the owner between them and time in hand.

mod mirror;
mod once;
mod outcomes;
mod requests;

use std::time::Duration;

use offhook_practice::{Practice, Scenario};
use offhook_protocol::{AgentRequest, CallRequest, ErrorType, Event, Request};
use serde_json::json;

use super::*;
use crate::Answer;

const RESPONSES: &str = "cc/v1/acme/anna/rsp/crm";
/// A call at once that rings for 20 s.
const CALL: &str = r#"
    about = "A call."
    [[step]]
    after = "0s"
    do = { call = [{ from = "+441632960011", to = "+448081570001", queue = "Orders" }] }
"#;
/// Nothing happens by itself.
const QUIET: &str = r#"about = "Nobody calls.""#;

/// A call at once, and the first request of this name is never heard.
fn ignoring(request: &str) -> String {
    format!("{CALL}\n[[step]]\nafter = \"0s\"\ndo = {{ ignore-next = \"{request}\" }}\n")
}

struct Rig {
    owner: Owner,
    practice: Practice,
    now: Timestamp,
    /// What went to the broker and was not looked at yet.
    published: Vec<Publication>,
    /// What went onto the bus.
    sent: Vec<Envelope>,
    gave_way: bool,
    /// What the broker publishes if it misses the phone.
    will: Publication,
}

impl Rig {
    /// Connected, and what was published because of that looked at.
    fn online(scenario: &str) -> Self {
        let mut rig = Self::new(scenario);
        rig.connect();
        rig.published();
        rig
    }

    fn new(scenario: &str) -> Self {
        let now = Timestamp::from_millis(1_764_000_000_000);
        let branch = Branch::new("acme", "anna").unwrap();
        let owner = Owner::new(branch, "Offhook/test".to_owned(), 0, now);
        let mut rig = Self {
            will: owner.will(),
            owner,
            practice: Practice::new(Scenario::parse(scenario).unwrap(), 0, now),
            now,
            published: Vec::new(),
            sent: Vec::new(),
            gave_way: false,
        };
        rig.drain();
        rig
    }

    fn connect(&mut self) {
        self.will = self.owner.will();
        self.owner.connected(self.now);
        self.drain();
    }

    /// Lets everything happen that is due until then.
    fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        while let Some(due) = self.due().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.practice.handle_timeout(self.now);
            self.owner.handle_timeout(self.now);
            self.drain();
        }
        self.now = end;
    }

    fn due(&self) -> Option<Timestamp> {
        let due = [self.practice.poll_timeout(), self.owner.poll_timeout()];
        due.into_iter().flatten().min()
    }

    fn drain(&mut self) {
        loop {
            while let Some(envelope) = self.practice.poll_output() {
                self.owner.hear(&envelope, self.now);
            }
            match self.owner.poll_output() {
                Some(Output::Publish(publication)) => self.published.push(publication),
                Some(Output::Send { source, envelope }) => {
                    let source = Some(source);
                    let envelope = Envelope {
                        source,
                        ..*envelope
                    };
                    self.practice.handle(&envelope, self.now);
                    self.sent.push(envelope);
                }
                Some(Output::SampleState) => {
                    for state in self.practice.snapshot() {
                        self.owner.hear(&state, self.now);
                    }
                }
                Some(Output::GiveWay) => self.gave_way = true,
                Some(Output::Reconnect) => {
                    self.owner.disconnected();
                    self.will = self.owner.will();
                    self.owner.connected(self.now);
                }
                None => return,
            }
        }
    }

    /// What was published since the last look.
    fn published(&mut self) -> Vec<Publication> {
        std::mem::take(&mut self.published)
    }

    /// Hears from the broker what it says of itself, as every phone does.
    fn hear_itself(&mut self) {
        let presence = Publication {
            retain: false,
            ..self.owner.will()
        };
        self.receive(&presence);
    }

    fn receive(&mut self, publication: &Publication) {
        self.owner.handle_message(publication, self.now);
        self.drain();
    }

    /// Publishes the request, and returns the answers to it so far.
    fn ask(&mut self, request: &Publication) -> Vec<Answer> {
        self.published();
        self.receive(request);
        self.answers()
    }

    /// The answers that were published since the last look.
    fn answers(&mut self) -> Vec<Answer> {
        let published = self.published();
        let answers = published.iter().filter(|p| p.topic == RESPONSES);
        answers
            .map(|answer| Answer::read(&envelope(answer)).unwrap())
            .collect()
    }

    fn subtopics_sent(&self) -> Vec<&str> {
        self.sent.iter().map(|e| e.subtopic.as_str()).collect()
    }
}

fn envelope(publication: &Publication) -> Envelope {
    Envelope::parse(&publication.payload).unwrap()
}

fn stamp(publication: &Publication) -> Stamp {
    Stamp::read(&envelope(publication)).unwrap()
}

/// The levels below the agent's branch.
fn place(publication: &Publication) -> &str {
    publication.topic.strip_prefix("cc/v1/acme/anna/").unwrap()
}

/// A request as a program publishes it that knows the additional fields.
fn request(request: &Request, id: &str) -> Publication {
    let mut envelope = request.envelope("crm");
    envelope.extra.insert("id".to_owned(), json!(id));
    publication(&envelope)
}

fn call(request: CallRequest, id: &str) -> Publication {
    self::request(&Request::Call(request), id)
}

fn agent(request: AgentRequest, id: &str) -> Publication {
    self::request(&Request::Agent(request), id)
}

fn publication(envelope: &Envelope) -> Publication {
    Publication {
        topic: format!(
            "cc/v1/acme/anna/req/Amazon/{}/{}",
            envelope.topic, envelope.subtopic
        ),
        payload: envelope.to_text().into_bytes(),
        retain: false,
        expires_in: Some(Duration::from_secs(10)),
        response_topic: Some(RESPONSES.to_owned()),
        correlation: Some(b"c".to_vec()),
    }
}

/// The type and the text of a failure.
fn failure(answers: &[Answer]) -> (ErrorType, String) {
    match answers {
        [Answer::Failed(error)] => (error.kind.clone(), error.error_message.reveal().to_owned()),
        other => panic!("{other:?}"),
    }
}
