//! What was asked for: what is under way, and what became of the rest.

use std::{collections::VecDeque, time::Duration};

use offhook_protocol::{ErrorType, Request, Timestamp};

use super::{
    STATE_SYNC,
    judge::{Goal, Slot},
};
use crate::{Answer, Subject};

/// How many commands, and how many questions, are under way at most.
pub(crate) const MAX_UNDER_WAY: usize = 64;
/// How many wait for the outcome of one command at most.
pub(crate) const MAX_CALLERS: usize = 16;
/// How many outcomes are remembered at most.
const MAX_REMEMBERED: usize = 1_000;
/// How long an outcome is remembered.
const REMEMBERED_FOR: Duration = Duration::from_secs(10 * 60);

/// What cannot be done because the contact centre is out of reach fails with one of these.
const OUT_OF_REACH: [ErrorType; 2] = [ErrorType::LinkDown, ErrorType::NoConnector];

/// One who asked, and where the answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    pub(crate) id: Option<String>,
    pub(crate) subject: Subject,
    /// `None` if no answer is wanted.
    pub(crate) response_topic: Option<String>,
    pub(crate) correlation: Option<Vec<u8>>,
}

/// A command under way.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) request: Request,
    pub(crate) slot: Slot,
    pub(crate) goal: Goal,
    /// The error that tells that it came to nothing.
    pub(crate) failure: ErrorType,
    pub(crate) callers: Vec<Caller>,
    pub(crate) until: Timestamp,
    /// The time is up, and the next state decides.
    pub(crate) last_look: bool,
}

impl Command {
    /// Whether this error tells that it came to nothing. Errors name no request.
    pub(crate) fn fails_by(&self, error: &ErrorType) -> bool {
        let no_state = *error == ErrorType::AgentStateNotFound && self.slot == Slot::AgentState;
        *error == self.failure || no_state || OUT_OF_REACH.contains(error)
    }
}

/// Somebody wants to be told something: the next message with this subject.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) wanted: Subject,
    pub(crate) caller: Caller,
    pub(crate) until: Timestamp,
}

impl Question {
    /// Whether this error tells that there will be no answer. The state is there even so.
    pub(crate) fn fails_by(&self, error: &ErrorType) -> bool {
        let is_state = self.wanted.subtopic == STATE_SYNC;
        !is_state && (*error == ErrorType::DirectConnectsFailed || OUT_OF_REACH.contains(error))
    }
}

#[derive(Debug)]
struct Remembered {
    id: String,
    subject: Subject,
    answer: Answer,
    at: Timestamp,
}

/// What is known of a request's id.
pub(crate) enum Known<'a> {
    /// It is under way.
    UnderWay(&'a mut Command),
    /// This became of it.
    Settled(Answer),
    /// It was used for something else.
    Misused,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) commands: Vec<Command>,
    pub(crate) questions: Vec<Question>,
    remembered: VecDeque<Remembered>,
}

impl Ledger {
    /// What is known of this id. `None` for a new one.
    pub(crate) fn find(
        &mut self,
        id: &str,
        subject: &Subject,
        now: Timestamp,
    ) -> Option<Known<'_>> {
        self.forget(now);
        let is_it = |caller: &Caller| caller.id.as_deref() == Some(id);
        if let Some(command) = self
            .commands
            .iter_mut()
            .find(|command| command.callers.iter().any(is_it))
        {
            let same = command
                .callers
                .iter()
                .any(|c| is_it(c) && c.subject == *subject);
            return Some(match same {
                true => Known::UnderWay(command),
                false => Known::Misused,
            });
        }
        let remembered = self.remembered.iter().find(|known| known.id == id)?;
        Some(match remembered.subject == *subject {
            true => Known::Settled(remembered.answer.clone()),
            false => Known::Misused,
        })
    }

    /// The command that is under way there.
    pub(crate) fn at(&mut self, slot: &Slot) -> Option<&mut Command> {
        self.commands
            .iter_mut()
            .find(|command| command.slot == *slot)
    }

    /// Remembers what became of a request, if it has an id.
    pub(crate) fn remember(&mut self, caller: &Caller, answer: &Answer, now: Timestamp) {
        let Some(id) = caller.id.clone() else {
            return;
        };
        self.remembered.push_back(Remembered {
            id,
            subject: caller.subject.clone(),
            answer: answer.clone(),
            at: now,
        });
        self.forget(now);
    }

    /// Takes out the commands that this is true of.
    pub(crate) fn take(&mut self, which: impl FnMut(&mut Command) -> bool) -> Vec<Command> {
        self.commands.extract_if(.., which).collect()
    }

    /// Takes out the questions that this is true of.
    pub(crate) fn take_questions(
        &mut self,
        which: impl FnMut(&mut Question) -> bool,
    ) -> Vec<Question> {
        self.questions.extract_if(.., which).collect()
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        let commands = self.commands.iter().map(|command| command.until);
        let questions = self.questions.iter().map(|question| question.until);
        commands.chain(questions).min()
    }

    fn forget(&mut self, now: Timestamp) {
        while let Some(oldest) = self.remembered.front()
            && (self.remembered.len() > MAX_REMEMBERED || oldest.at + REMEMBERED_FOR <= now)
        {
            self.remembered.pop_front();
        }
    }
}
