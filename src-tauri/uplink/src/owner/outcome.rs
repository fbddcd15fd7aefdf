//! What became of requests, and that those who asked are told.

use std::time::Duration;

use offhook_protocol::{ApiError, ErrorType, Timestamp};

use super::{
    Owner,
    judge::Outlook,
    ledger::{Caller, Command},
    retained,
};
use crate::{Answer, Publication, Stamp};

/// How long to wait for the state that decides: ten seconds in all.
const LAST_LOOK: Duration = Duration::from_secs(2);
const ANSWER_EXPIRES_IN: Duration = Duration::from_secs(30);

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
    pub(super) fn judge(&mut self, now: Timestamp) {
        let outlook = |command: &Command| self.sight.outlook(&command.request, &command.goal);
        let decided =
            |command: &mut Command| command.last_look || outlook(command) != Outlook::Open;
        for command in self.ledger.take(decided) {
            match self.sight.outlook(&command.request, &command.goal) {
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
    pub(super) fn fail(&mut self, error: &ApiError, now: Timestamp) {
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

    pub(super) fn settle(&mut self, callers: &[Caller], answer: &Answer, now: Timestamp) {
        for caller in callers {
            self.ledger.remember(caller, answer, now);
            self.answer(caller, answer, now);
        }
    }

    pub(super) fn answer(&mut self, caller: &Caller, answer: &Answer, now: Timestamp) {
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

pub(super) fn failed(kind: ErrorType, text: &str) -> Answer {
    Answer::Failed(ApiError::new(kind, text))
}
