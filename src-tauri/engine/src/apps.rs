//! The other apps: who may join the hub, who has joined, and who asks to.

mod view;

pub use view::{AppView, AppsView, HubState, KeptIn, Question};
