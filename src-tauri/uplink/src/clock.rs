//! Time, as the loops take it that wait for it.

use offhook_protocol::Timestamp;
use tokio::time::Instant;

/// The clock that those live by who only get the time as an argument.
pub trait Clock: Send {
    /// Now. Never goes back.
    fn now(&self) -> Timestamp;

    /// When that moment comes, by the clock of the loops. `None` if it is beyond counting.
    fn instant(&self, moment: Timestamp) -> Option<Instant>;
}
