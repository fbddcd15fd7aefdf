//! `tail`: the bus as it goes by.

use std::io;

use offhook_bus::{Client, Connection};
use offhook_protocol::Access;

use crate::{
    failure::Failure,
    outcome::{Outcome, line},
    session::SOURCE,
};

/// Prints every envelope until Offhook closes or nobody reads any more.
pub(crate) async fn run() -> Result<Outcome, Failure> {
    let mut client = Client::connect(&Connection::find()?, SOURCE, Access::Observe).await?;
    while let Some(envelope) = client.recv().await? {
        match line(io::stdout(), &envelope.to_text()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return Ok(Outcome::printed());
            }
            written => written?,
        }
    }
    Err(Failure::Closed)
}
