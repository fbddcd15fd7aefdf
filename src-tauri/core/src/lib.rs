//! The phone.
#![warn(missing_docs)]

mod effect;
mod notice;
mod time;
pub mod tray;
mod view;

pub use effect::{Act, Effect};
pub use notice::{MAX_NOTICES, NoticeCode, NoticeView, Notification, NotificationKey, Tone};
pub use time::Time;
pub use view::*;
