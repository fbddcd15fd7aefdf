//! From the broker to the bus: a request is read, carried out at most once, and watched.

use std::time::Duration;

use offhook_protocol::{AgentRequest, Envelope, ErrorType, Request, Timestamp};
use tracing::{debug, warn};

use super::{
    Output, Owner, STATE_SYNC, STATE_TOPICS,
    judge::Plan,
    ledger::{Caller, Command, Known, MAX_CALLERS, MAX_UNDER_WAY, Question},
    outcome::failed,
    request::{self, Asked},
};
use crate::{Answer, Branch, Place, Presence, Publication, Stamp, Subject};

/// How far the clock of one who asks may be ahead of ours.
const CLOCK_SKEW: Duration = Duration::from_secs(2);
/// A command that is not settled within this is settled by the state.
const SETTLED_WITHIN: Duration = Duration::from_secs(8);

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

    /// Somebody else has spoken for this agent, or the broker for one who has gone.
    ///
    /// Brokers that tell a phone that another took over make this needless; Mosquitto before 2.0.15 does
    /// not. Of two phones the one that started later keeps the branch, and the other gives way. Whether
    /// it is still there does not matter: by connecting, this one may have thrown it off.
    fn handle_presence(&mut self, publication: &Publication, now: Timestamp) {
        let Ok(envelope) = Envelope::parse(&publication.payload) else {
            return;
        };
        let theirs = Stamp::read(&envelope).ok().and_then(|stamp| stamp.epoch);
        match theirs {
            Some(theirs) if theirs > self.epoch && self.announced => {
                self.outputs.push_back(Output::GiveWay);
            }
            Some(theirs) if theirs > self.epoch => {
                // This one started later, whatever the clocks say. Subscribers would pass over the
                // last will that the broker has.
                self.epoch = theirs.next();
                self.outputs.push_back(Output::Reconnect);
            }
            Some(_) | None => {
                self.announced |= theirs == Some(self.epoch);
                // The will of an earlier connection can come late: it is contradicted.
                if !publication.retain && Presence::read(&envelope) == Some(Presence::Offline) {
                    self.announce(now);
                }
            }
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
            Err(error) => {
                caller.id = request::readable_id(publication);
                self.answer(&caller, &Answer::Failed(error), now);
            }
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
            // That one may have carried it out, and its memory is gone.
            None if asked.epoch.is_some_and(|epoch| epoch != self.epoch) => failed(
                ErrorType::RequestExpired,
                "it was meant for an earlier start of this phone",
            ),
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
