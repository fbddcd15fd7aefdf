//! The engine: the loop that owns the phone, and what it is wired to.
//!
//! ```text
//!   connector --.                                   .--> Shell::show   window, tray
//!   apps (hub) --+-- bus -- Port -- Phone::handle --+--> Shell::act    ring, notify, raise
//!   Handle -----------------------'                 '--> Port::send    requests
//! ```
//!
//! [`start`] runs it on a thread of its own: one input, all effects, one view, then the next input.
//! A connector that speaks through a window (Amazon Connect's panel) gives its orders to
//! [`Shell::panel`] and hears through [`Handle::panel`].
//!
//! Nothing outside that thread touches the phone; the [`Handle`] only sends.
#![warn(missing_docs)]

mod apps;
mod clock;
mod connector;
mod engine;
mod handle;
mod logging;
mod panel;
mod private_file;
mod secrets;
pub mod settings;
mod shell;
mod uplink;

pub use apps::{AppView, AppsView, HubState, KeptIn, Question};
pub use clock::Clock;
pub use connector::{PracticeError, practise};
pub use engine::{Options, StartError, start};
pub use handle::Handle;
pub use logging::{LogError, log_to};
pub use panel::{PanelEvent, PanelId, PanelOrder};
pub use shell::{Headless, Shell};
