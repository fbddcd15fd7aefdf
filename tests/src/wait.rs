//! Waiting for something to become true.

use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::{Instant, sleep};

/// How long anything on the desktop may take on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Asks again and again until there is an answer; fails at the deadline, naming what it waited for.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + DEADLINE;
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if Instant::now() >= deadline {
            bail!("waited {DEADLINE:?} in vain for {what}");
        }
        sleep(Duration::from_millis(20)).await;
    }
}

/// `Some(())` if the condition holds, for [`until`].
pub(crate) fn holds(condition: bool) -> Option<()> {
    condition.then_some(())
}
