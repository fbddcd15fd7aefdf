//! Room for that many connections.

use crate::failure::Failure;

/// Files that the program needs beside those of the agents.
#[cfg(unix)]
const OTHERS: u64 = 64;

/// Raises the number of files that may be open as far as it is allowed.
#[cfg(unix)]
pub(super) fn make(agents: u32) -> Result<(), Failure> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let allowed = match setrlimit(Resource::Nofile, raised) {
        Ok(()) => limit.maximum,
        Err(_) => limit.current,
    };
    let fit = allowed.map(|allowed| allowed.saturating_sub(OTHERS));
    match (allowed, fit) {
        (Some(allowed), Some(fit)) if u64::from(agents) > fit => Err(Failure::TooManyAgents {
            wanted: agents,
            allowed,
            fit,
        }),
        _ => Ok(()),
    }
}

/// There is no such limit.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere there is a limit")]
pub(super) fn make(_agents: u32) -> Result<(), Failure> {
    Ok(())
}
