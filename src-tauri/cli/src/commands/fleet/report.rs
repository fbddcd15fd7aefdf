//! How the fleet does.

use std::{
    io::{self, Write},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use offhook_uplink::{Status, Trouble};
use serde_json::{Value, json};
use tokio::time::Instant;

use super::memory;
use crate::{
    broker,
    failure::Failure,
    outcome::Outcome,
    terminal::{fit, size},
};

/// What was counted so far, of all agents together.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Attempts to connect to the broker.
    pub(super) attempts: AtomicU64,
    /// Messages published.
    pub(super) messages: AtomicU64,
    /// Of these, those that the broker has taken.
    pub(super) taken: AtomicU64,
    /// Calls answered by agents who were online.
    pub(super) calls: AtomicU64,
    /// What the contact centre or the bus refused, and connections that were refused or lost.
    pub(super) errors: AtomicU64,
    /// Who came back after a connection was lost.
    reconnects: AtomicU64,
    /// Who is online now.
    online: AtomicU64,
    /// All agents were told to connect.
    complete: AtomicBool,
    /// The last reason why an agent was not online.
    trouble: Mutex<Option<Trouble>>,
}

impl Tally {
    pub(super) fn count(what: &AtomicU64) {
        what.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn all_have_begun(&self) {
        self.complete.store(true, Ordering::Relaxed);
    }

    fn failed(&self, trouble: &Trouble) {
        Self::count(&self.errors);
        *self.last_trouble() = Some(trouble.clone());
    }

    fn last_trouble(&self) -> MutexGuard<'_, Option<Trouble>> {
        self.trouble.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Counts {
        let read = |what: &AtomicU64| what.load(Ordering::Relaxed);
        Counts {
            attempts: read(&self.attempts),
            messages: read(&self.messages),
            calls: read(&self.calls),
            errors: read(&self.errors),
            reconnects: read(&self.reconnects),
        }
    }
}

/// What was counted up to a moment, or from one to the next.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    attempts: u64,
    messages: u64,
    calls: u64,
    errors: u64,
    reconnects: u64,
}

impl Counts {
    fn since(self, before: Self) -> Self {
        Self {
            attempts: self.attempts - before.attempts,
            messages: self.messages - before.messages,
            calls: self.calls - before.calls,
            errors: self.errors - before.errors,
            reconnects: self.reconnects - before.reconnects,
        }
    }
}

/// Whether one agent is online, as it is counted.
pub(super) struct Whereabouts<'a> {
    tally: &'a Tally,
    online: bool,
    was_online: bool,
}

impl<'a> Whereabouts<'a> {
    pub(super) fn new(tally: &'a Tally) -> Self {
        Self {
            tally,
            online: false,
            was_online: false,
        }
    }

    pub(super) fn is_online(&self) -> bool {
        self.online
    }

    pub(super) fn see(&mut self, status: &Status) {
        if let Status::Waiting { trouble, .. } | Status::Stopped { trouble } = status {
            self.tally.failed(trouble);
        }
        let online = matches!(status, Status::Online { .. });
        match (self.online, online) {
            (false, true) => {
                Tally::count(&self.tally.online);
                if self.was_online {
                    Tally::count(&self.tally.reconnects);
                }
                self.was_online = true;
            }
            (true, false) => {
                self.tally.online.fetch_sub(1, Ordering::Relaxed);
            }
            (true, true) | (false, false) => {}
        }
        self.online = online;
    }
}

/// What has been seen of the tally.
pub(super) struct Report {
    agents: u32,
    tally: Arc<Tally>,
    began: Instant,
    last: (Instant, Counts),
    /// When the last agent had been told to connect, and what was counted by then.
    complete: Option<(Instant, Counts)>,
    /// What was counted from then to the end, and how long that took.
    held: Option<(Duration, Counts)>,
    most_attempts: f64,
    most_online: u64,
}

impl Report {
    pub(super) fn begin(agents: u32, tally: Arc<Tally>) -> Self {
        let now = Instant::now();
        Self {
            agents,
            tally,
            began: now,
            last: (now, Counts::default()),
            complete: None,
            held: None,
            most_attempts: 0.0,
            most_online: 0,
        }
    }

    /// What happened since this was last asked.
    pub(super) fn second(&mut self) -> Second {
        let now = Instant::now();
        let counts = self.tally.now();
        let (then, before) = std::mem::replace(&mut self.last, (now, counts));
        let online = self.tally.online.load(Ordering::Relaxed);
        if self.tally.complete.load(Ordering::Relaxed) {
            self.complete.get_or_insert((now, counts));
        }
        let news = counts.since(before);
        let second = Second {
            after: now - self.began,
            agents: self.agents,
            online,
            attempts: rate(news.attempts, now - then),
            messages: rate(news.messages, now - then),
            calls: rate(news.calls, now - then),
            reconnects: counts.reconnects,
            errors: counts.errors,
            bytes_per_agent: self.bytes_per_agent(),
        };
        self.most_attempts = self.most_attempts.max(second.attempts);
        self.most_online = self.most_online.max(online);
        second
    }

    /// What comes later are good-byes.
    pub(super) fn end(&mut self) {
        self.second();
        let (now, counts) = self.last;
        let (began, before) = self.complete.unwrap_or((self.began, Counts::default()));
        self.held = Some((now - began, counts.since(before)));
    }

    /// The summary. A fleet of which the broker took nothing has failed: an agent that may not publish is
    /// online just for the moment until it is told so.
    pub(super) fn outcome(&self) -> Result<Outcome, Failure> {
        if self.tally.taken.load(Ordering::Relaxed) > 0 {
            return Ok(self.summary());
        }
        Err(match self.tally.last_trouble().take() {
            Some(trouble) => Failure::Broker(trouble),
            None => Failure::Late(self.began.elapsed().as_secs_f64().round()),
        })
    }

    fn summary(&self) -> Outcome {
        let (lasted, held) = self.held.unwrap_or_default();
        let total = self.tally.now();
        let (calls, messages) = (rate(held.calls, lasted), rate(held.messages, lasted));
        let memory = self.bytes_per_agent();
        let mut lines = vec![
            format!(
                "{} agents, {} of them online at once.",
                self.agents, self.most_online
            ),
            format!(
                "{calls:.1} calls and {messages:.0} messages per second, over {:.0} s.",
                lasted.as_secs_f64()
            ),
            format!(
                "{} calls, {} reconnects, {} errors; at most {:.0} attempts to connect in a second.",
                total.calls, total.reconnects, total.errors, self.most_attempts
            ),
        ];
        let trouble = self.tally.last_trouble().as_ref().map(broker::sentence);
        let told = trouble.iter();
        lines.extend(told.map(|trouble| format!("The last trouble: {trouble}")));
        lines.extend(memory.map(|bytes| format!("{} KiB of memory for each.", bytes / 1024)));
        let json = json!({
            "done": true,
            "agents": self.agents,
            "mostOnline": self.most_online,
            "seconds": lasted.as_secs_f64(),
            "callsPerSecond": calls,
            "messagesPerSecond": messages,
            "calls": total.calls,
            "reconnects": total.reconnects,
            "errors": total.errors,
            "lastTrouble": trouble,
            "mostAttemptsPerSecond": self.most_attempts,
            "bytesPerAgent": memory,
        });
        Outcome::told(lines.join("\n"), json)
    }
}

impl Report {
    fn bytes_per_agent(&self) -> Option<u64> {
        Some(memory::resident()? / u64::from(self.agents))
    }
}

/// What happened in about a second.
pub(super) struct Second {
    after: Duration,
    agents: u32,
    online: u64,
    attempts: f64,
    messages: f64,
    calls: f64,
    reconnects: u64,
    errors: u64,
    bytes_per_agent: Option<u64>,
}

impl Second {
    pub(super) fn text(&self) -> String {
        format!(
            "{:5.0} s  {} of {} online  {} reconnects  {} errors  {:.1} calls/s  {:.0} messages/s  {:.0} attempts/s",
            self.after.as_secs_f64(),
            self.online,
            self.agents,
            self.reconnects,
            self.errors,
            self.calls,
            self.messages,
            self.attempts,
        )
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "after": self.after.as_secs_f64(),
            "online": self.online,
            "callsPerSecond": self.calls,
            "messagesPerSecond": self.messages,
            "attemptsPerSecond": self.attempts,
            "reconnects": self.reconnects,
            "errors": self.errors,
            "bytesPerAgent": self.bytes_per_agent,
        })
    }
}

/// Writes over the line before, as much as there is room for.
pub(super) fn overwrite(mut to: impl Write, text: &str) -> io::Result<()> {
    use crossterm::{
        cursor::MoveToColumn,
        queue,
        style::Print,
        terminal::{Clear, ClearType},
    };
    let (columns, _) = size();
    queue!(
        to,
        MoveToColumn(0),
        Print(fit(text, columns)),
        Clear(ClearType::UntilNewLine)
    )?;
    to.flush()
}

fn rate(count: u64, over: Duration) -> f64 {
    match over.is_zero() {
        true => 0.0,
        false => count as f64 / over.as_secs_f64(),
    }
}
