//! `send -`: one envelope as it is.

use std::io::{self, Read};

use offhook_protocol::{Envelope, Event};

use super::PROBE;
use crate::{
    failure::Failure,
    outcome::{Outcome, line},
    session::{SOURCE, Session},
};

/// Sends the envelope from standard input, and prints what comes back before the answer to a request
/// that was sent behind it. An error among that is the envelope's.
pub(crate) async fn run(session: &mut Session) -> Result<Outcome, Failure> {
    let mut text = Vec::new();
    io::stdin().read_to_end(&mut text)?;
    let mut envelope = Envelope::parse(&text)?;
    envelope.source.get_or_insert_with(|| SOURCE.to_owned());
    session.send(&envelope).await?;
    session.request(&PROBE).await?;
    let mut answers_to_come = match envelope == PROBE.envelope(SOURCE) {
        true => 2,
        false => 1,
    };
    loop {
        let envelope = session.next().await?;
        match Event::read(&envelope) {
            Some(Event::Error(error)) => return Err(Failure::Failed(error)),
            Some(Event::CallSync(_)) => answers_to_come -= 1,
            _ => {}
        }
        if answers_to_come == 0 {
            return Ok(Outcome::printed());
        }
        line(io::stdout(), &envelope.to_text())?;
    }
}
