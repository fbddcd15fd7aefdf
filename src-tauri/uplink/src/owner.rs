//! The one writer of an agent's branch: what the bus says goes to the broker, what is asked at the
//! broker goes to the bus, and who asked is told what became of it.
//!
//! ```text
//!   bus                          owner                        broker
//!   event ---------------------> counted ------------------> evt
//!              state wanted <--- after it
//!   StateSync -----------------> compared with the last ---> st
//!   request <------------------- read, once <--------------- req
//!   StateSync, error ----------> judged -------------------> rsp
//! ```
//!
//! The contract: one input, then [`poll_output`](Owner::poll_output) until there is none, then
//! [`poll_timeout`](Owner::poll_timeout). What is on the bus is counted whether there is a connection or
//! not; what is published without one is lost, and the whole state follows after the next.

mod judge;
mod ledger;
mod request;
#[cfg(test)]
mod tests;

use std::{collections::VecDeque, time::Duration};

use offhook_protocol::{AgentRequest, ApiError, Envelope, ErrorType, Event, Request, Timestamp};
use serde_json::Value;
use tracing::{debug, warn};

use crate::{Answer, Branch, Epoch, Place, Presence, Publication, Stamp, Subject};
use judge::{Outlook, Plan, Sight};
use ledger::{Caller, Command, Known, Ledger, MAX_CALLERS, MAX_UNDER_WAY, Question};
use request::Asked;

/// Topics whose messages come from the contact centre, and are mirrored.
const CENTRE_TOPICS: [&str; 5] = ["App", "Agent", "InboundCall", "OutboundCall", "Error"];
/// Topics that have a state.
const STATE_TOPICS: [&str; 3] = ["App", "Agent", "InboundCall"];
const STATE_SYNC: &str = "StateSync";
/// Of two states that differ in these alone, the later is no news: they count down by themselves.
const COUNTDOWNS: [&str; 2] = ["retryInMs", "sessionEndsInMs"];

/// What is longer is not published: AWS IoT Core takes no more.
const MAX_PAYLOAD: usize = 128 * 1024;
const EVENT_EXPIRES_IN: Duration = Duration::from_secs(60);
const ANSWER_EXPIRES_IN: Duration = Duration::from_secs(30);

/// How far the clock of one who asks may be ahead of ours.
const CLOCK_SKEW: Duration = Duration::from_secs(2);
/// A command that is not settled within this is settled by the state.
const SETTLED_WITHIN: Duration = Duration::from_secs(8);
/// How long to wait for the state that decides: ten seconds in all.
const LAST_LOOK: Duration = Duration::from_secs(2);
/// A state that was asked for and did not come is asked for again after this, with the next event.
const STATE_WITHIN: Duration = Duration::from_secs(5);

/// What the owner wants done.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    /// At the broker.
    Publish(Publication),
    /// On the bus, for this app.
    Send {
        source: String,
        envelope: Box<Envelope>,
    },
    /// The three states are wanted from the bus, in the order of its events.
    SampleState,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Owner {
    branch: Branch,
    program: String,
    epoch: Epoch,
    /// How many events there were.
    seq: u64,
    sight: Sight,
    sample_asked: Option<Timestamp>,
    online: Option<Online>,
    ledger: Ledger,
    outputs: VecDeque<Output>,
}

/// What subscribers have been told since the connection came up.
#[derive(Debug)]
struct Online {
    since: Timestamp,
    /// By topic, as in [`STATE_TOPICS`].
    states: [Option<Value>; 3],
}

impl Owner {
    /// The owner of this branch. `program` is its name and version, `random` tells two epochs of one
    /// millisecond apart.
    pub(crate) fn new(branch: Branch, program: String, random: u128, now: Timestamp) -> Self {
        Self {
            branch,
            program,
            epoch: Epoch::new(now, random),
            seq: 0,
            sight: Sight::default(),
            sample_asked: None,
            online: None,
            ledger: Ledger::default(),
            outputs: VecDeque::new(),
        }
    }

    /// What to do next.
    pub(crate) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due.
    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.ledger.poll_timeout()
    }

    /// What the broker is to publish when it misses this client.
    pub(crate) fn will(&self) -> Publication {
        let mut envelope = Presence::Offline.envelope();
        Stamp {
            agent: Some(self.branch.agent().to_owned()),
            epoch: Some(self.epoch),
            ..Stamp::default()
        }
        .write(&mut envelope);
        retained(self.branch.topic(&Place::Presence), envelope.to_text())
    }
}

/// The connection.
impl Owner {
    /// Connected and subscribed: says so, and follows up with the whole state.
    pub(crate) fn connected(&mut self, now: Timestamp) {
        self.online = Some(Online {
            since: now,
            states: Default::default(),
        });
        self.announce(now);
        self.sample_state(now);
    }

    /// The connection is gone, and with it what was to be published.
    pub(crate) fn disconnected(&mut self) {
        self.online = None;
        self.outputs
            .retain(|output| !matches!(output, Output::Publish(_)));
    }

    fn announce(&mut self, now: Timestamp) {
        if let Some(online) = &self.online {
            let presence = Presence::Online {
                since: online.since,
                program: self.program.clone(),
            };
            self.retain(&Place::Presence, presence.envelope(), now);
        }
    }

    /// Takes back what is retained, before an orderly end.
    pub(crate) fn farewell(&mut self, now: Timestamp) {
        for topic in STATE_TOPICS {
            let place = Place::State(state_of(topic));
            let nothing = retained(self.branch.topic(&place), String::new());
            self.outputs.push_back(Output::Publish(nothing));
        }
        self.retain(&Place::Presence, Presence::Offline.envelope(), now);
    }
}

/// The bus.
impl Owner {
    /// Somebody on the bus said this. Requests of others are not mirrored.
    pub(crate) fn hear(&mut self, envelope: &Envelope, now: Timestamp) {
        if envelope.is_request() || !CENTRE_TOPICS.contains(&envelope.topic.as_str()) {
            return;
        }
        let topic = STATE_TOPICS
            .iter()
            .position(|topic| envelope.topic == *topic);
        match topic.filter(|_| envelope.subtopic == STATE_SYNC) {
            Some(topic) => self.hear_state(topic, envelope, now),
            None => self.hear_event(envelope, now),
        }
    }

    /// Something was said on the bus that nobody knows any more. The whole state follows.
    pub(crate) fn missed(&mut self) {
        // The gap in the count tells subscribers.
        self.seq += 1;
    }

    fn hear_event(&mut self, envelope: &Envelope, now: Timestamp) {
        self.seq += 1;
        let event = Place::Event(Subject::of(envelope));
        let publication = |topic, payload| Publication {
            retain: false,
            expires_in: Some(EVENT_EXPIRES_IN),
            ..retained(topic, payload)
        };
        self.publish(&event, envelope.clone(), now, publication);
        self.tell(envelope, now);
        match Event::read(envelope) {
            Some(Event::Error(error)) => self.fail(&error, now),
            Some(_) | None if self.is_sample_due(now) => self.sample_state(now),
            Some(_) | None => {}
        }
    }

    fn hear_state(&mut self, topic: usize, envelope: &Envelope, now: Timestamp) {
        match Event::read(envelope) {
            Some(Event::CallSync(calls)) => self.sight.calls = calls,
            Some(Event::AgentSync(agent)) => self.sight.agent = agent,
            Some(_) | None => {}
        }
        let state = envelope.message.as_ref().map(without_countdowns);
        if let Some(online) = &mut self.online
            && online.states[topic] != state
        {
            online.states[topic] = state;
            self.retain(&Place::State(Subject::of(envelope)), envelope.clone(), now);
        }
        self.tell(envelope, now);
        // The calls come last.
        if STATE_TOPICS[topic] == "InboundCall" {
            self.sample_asked = None;
            self.judge(now);
        }
    }

    /// Answers those who wait for this.
    fn tell(&mut self, envelope: &Envelope, now: Timestamp) {
        let subject = Subject::of(envelope);
        for question in self
            .ledger
            .take_questions(|question| question.wanted == subject)
        {
            let message = envelope.message.clone().unwrap_or_default();
            self.answer(&question.caller, &Answer::Told(message), now);
        }
    }

    /// An event needs no state of its own while one is on its way: that one stands behind the event.
    fn is_sample_due(&self, now: Timestamp) -> bool {
        self.sample_asked.is_none_or(|at| at + STATE_WITHIN <= now)
    }

    fn sample_state(&mut self, now: Timestamp) {
        self.sample_asked = Some(now);
        self.outputs.push_back(Output::SampleState);
    }
}

/// Requests.
impl Owner {
    /// Somebody published this in the agent's branch.
    pub(crate) fn handle_message(&mut self, publication: &Publication, now: Timestamp) {
        match Branch::read(&publication.topic) {
            Some((branch, Place::Request(subject))) if branch == self.branch => {
                self.handle_request(publication, subject, now);
            }
            Some((branch, Place::Presence)) if branch == self.branch => {
                self.handle_presence(publication, now);
            }
            Some(_) | None => debug!("a message at no place for requests"),
        }
    }

    /// The will of an earlier connection can come late: it is contradicted.
    fn handle_presence(&mut self, publication: &Publication, now: Timestamp) {
        let envelope = Envelope::parse(&publication.payload).ok();
        let presence = envelope.as_ref().and_then(Presence::read);
        if presence == Some(Presence::Offline) && !publication.retain {
            self.announce(now);
        }
    }

    /// A request that cannot be answered is not carried out either.
    fn handle_request(&mut self, publication: &Publication, subject: Subject, now: Timestamp) {
        if publication
            .response_topic
            .as_ref()
            .is_some_and(|topic| !self.may_answer_to(topic))
        {
            warn!(
                ?subject,
                "a request wants its answer outside of this agent's rsp/"
            );
            return;
        }
        let mut caller = Caller {
            id: None,
            subject,
            response_topic: publication.response_topic.clone(),
            correlation: publication.correlation.clone(),
        };
        match Asked::read(publication, &caller.subject, &self.branch) {
            Ok(asked) => {
                caller.id.clone_from(&asked.id);
                self.serve(asked, caller, now);
            }
            Err(error) => self.answer(&caller, &Answer::Failed(error), now),
        }
    }

    fn may_answer_to(&self, topic: &str) -> bool {
        matches!(
            Branch::read(topic),
            Some((branch, Place::Answer { .. })) if branch == self.branch
        )
    }

    fn serve(&mut self, asked: Asked, caller: Caller, now: Timestamp) {
        let known = asked.id.as_deref();
        let known = known.and_then(|id| self.ledger.find(id, &caller.subject, now));
        let answer = match known {
            Some(Known::UnderWay(command)) => join(command, caller.clone()),
            Some(Known::Settled(answer)) => answer,
            Some(Known::Misused) => {
                failed(ErrorType::BadRequest, "the id was used for another request")
            }
            None if asked.expires_at.is_some_and(|at| at + CLOCK_SKEW < now) => {
                failed(ErrorType::RequestExpired, "expiresAt is past")
            }
            None => return self.carry_out(asked, caller, now),
        };
        self.answer(&caller, &answer, now);
    }

    fn carry_out(&mut self, asked: Asked, caller: Caller, now: Timestamp) {
        let Some(request) = asked.request.clone() else {
            self.send(asked);
            return self.settle(&[caller], &Answer::Accepted, now);
        };
        let Some(failure) = request.failure() else {
            return self.ask(asked, &request, caller, now);
        };
        match self.sight.plan(&request) {
            Plan::Nothing => self.settle(&[caller], &Answer::Done, now),
            Plan::Send => {
                self.send(asked);
                self.settle(&[caller], &Answer::Done, now);
            }
            Plan::Watch(slot, goal) => {
                let full = self.ledger.commands.len() >= MAX_UNDER_WAY;
                let answer = match self.ledger.at(&slot) {
                    Some(command) if command.request == request => join(command, caller.clone()),
                    Some(_) => busy(),
                    None if full => busy(),
                    None => {
                        self.ledger.commands.push(Command {
                            request,
                            slot,
                            goal,
                            failure,
                            callers: vec![caller.clone()],
                            until: now + SETTLED_WITHIN,
                            last_look: false,
                        });
                        self.send(asked);
                        self.sample_state(now);
                        Answer::Accepted
                    }
                };
                self.answer(&caller, &answer, now);
            }
        }
    }

    /// Gets what somebody wants to know. The state is fetched for this one alone; without an address for
    /// the answer it is published again.
    fn ask(&mut self, asked: Asked, request: &Request, caller: Caller, now: Timestamp) {
        let wanted = match request {
            Request::Agent(AgentRequest::GetStates) => Subject {
                subtopic: "GetStates".to_owned(),
                ..caller.subject.clone()
            },
            Request::Agent(_) | Request::Call(_) | Request::AppStateSync => caller.subject.clone(),
        };
        if self.ledger.questions.len() >= MAX_UNDER_WAY {
            return self.answer(&caller, &busy(), now);
        }
        if wanted.subtopic == STATE_SYNC {
            self.forget_published(&wanted, &caller);
            self.sample_state(now);
        } else {
            self.send(asked);
        }
        self.ledger.questions.push(Question {
            wanted,
            caller,
            until: now + SETTLED_WITHIN,
        });
    }

    fn forget_published(&mut self, wanted: &Subject, caller: &Caller) {
        let topic = STATE_TOPICS.iter().position(|topic| wanted.topic == *topic);
        if let (Some(online), Some(topic), None) = (&mut self.online, topic, &caller.response_topic)
        {
            online.states[topic] = None;
        }
    }

    fn send(&mut self, asked: Asked) {
        self.outputs.push_back(Output::Send {
            source: asked.source,
            envelope: Box::new(asked.envelope),
        });
    }
}

/// Outcomes.
impl Owner {
    /// Lets happen what is due.
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) {
        // Nobody waits for these any more.
        self.ledger
            .questions
            .retain(|question| question.until > now);
        let is_lost = |command: &mut Command| command.last_look && command.until <= now;
        for command in self.ledger.take(is_lost) {
            self.give_up(&command, now);
        }
        let mut looks = false;
        for command in &mut self.ledger.commands {
            if command.until <= now {
                command.last_look = true;
                command.until = now + LAST_LOOK;
                looks = true;
            }
        }
        if looks {
            self.sample_state(now);
        }
    }

    /// Settles what the state decides.
    fn judge(&mut self, now: Timestamp) {
        let outlook = |command: &Command| self.sight.outlook(&command.goal);
        let decided =
            |command: &mut Command| command.last_look || outlook(command) != Outlook::Open;
        for command in self.ledger.take(decided) {
            match self.sight.outlook(&command.goal) {
                Outlook::Reached => self.settle(&command.callers, &Answer::Done, now),
                Outlook::Missed => {
                    let answer = failed(command.failure, "The call is over");
                    self.settle(&command.callers, &answer, now);
                }
                Outlook::Open => self.give_up(&command, now),
            }
        }
    }

    /// The contact centre complains. Errors name no request, so everybody whose it may be is told.
    fn fail(&mut self, error: &ApiError, now: Timestamp) {
        let answer = Answer::Failed(error.clone());
        for command in self.ledger.take(|command| command.fails_by(&error.kind)) {
            self.settle(&command.callers, &answer, now);
        }
        for question in self
            .ledger
            .take_questions(|question| question.fails_by(&error.kind))
        {
            self.answer(&question.caller, &answer, now);
        }
    }

    fn give_up(&mut self, command: &Command, now: Timestamp) {
        let answer = failed(command.failure.clone(), "No answer from the contact centre");
        self.settle(&command.callers, &answer, now);
    }

    fn settle(&mut self, callers: &[Caller], answer: &Answer, now: Timestamp) {
        for caller in callers {
            self.ledger.remember(caller, answer, now);
            self.answer(caller, answer, now);
        }
    }

    fn answer(&mut self, caller: &Caller, answer: &Answer, now: Timestamp) {
        let (Some(topic), Some(_)) = (&caller.response_topic, &self.online) else {
            return;
        };
        let mut envelope = answer.envelope(&caller.subject);
        Stamp {
            in_reply_to: caller.id.clone(),
            ..self.stamp(now)
        }
        .write(&mut envelope);
        let publication = Publication {
            retain: false,
            expires_in: Some(ANSWER_EXPIRES_IN),
            correlation: caller.correlation.clone(),
            ..retained(topic.clone(), envelope.to_text())
        };
        self.push(publication);
    }
}

/// Publications.
impl Owner {
    fn retain(&mut self, place: &Place, envelope: Envelope, now: Timestamp) {
        self.publish(place, envelope, now, retained);
    }

    fn publish(
        &mut self,
        place: &Place,
        mut envelope: Envelope,
        now: Timestamp,
        publication: impl FnOnce(String, String) -> Publication,
    ) {
        if self.online.is_some() {
            self.stamp(now).write(&mut envelope);
            self.push(publication(self.branch.topic(place), envelope.to_text()));
        }
    }

    fn push(&mut self, publication: Publication) {
        match publication.payload.len() {
            ..=MAX_PAYLOAD => self.outputs.push_back(Output::Publish(publication)),
            bytes => warn!(bytes, "too long for the broker, and not published"),
        }
    }

    fn stamp(&self, now: Timestamp) -> Stamp {
        Stamp {
            agent: Some(self.branch.agent().to_owned()),
            epoch: Some(self.epoch),
            seq: Some(self.seq),
            at: Some(now),
            ..Stamp::default()
        }
    }
}

fn join(command: &mut Command, caller: Caller) -> Answer {
    if command.callers.contains(&caller) {
        return Answer::Accepted;
    }
    if command.callers.len() >= MAX_CALLERS {
        return busy();
    }
    command.callers.push(caller);
    Answer::Accepted
}

fn busy() -> Answer {
    failed(ErrorType::Busy, "Another request is under way there")
}

fn failed(kind: ErrorType, text: &str) -> Answer {
    Answer::Failed(ApiError::new(kind, text))
}

fn retained(topic: String, payload: String) -> Publication {
    Publication {
        topic,
        payload: payload.into_bytes(),
        retain: true,
        expires_in: None,
        response_topic: None,
        correlation: None,
    }
}

fn state_of(topic: &str) -> Subject {
    Subject {
        topic: topic.to_owned(),
        subtopic: STATE_SYNC.to_owned(),
    }
}

fn without_countdowns(message: &Value) -> Value {
    let mut message = message.clone();
    if let Value::Object(fields) = &mut message {
        fields.retain(|field, _| !COUNTDOWNS.contains(&field.as_str()));
    }
    message
}
