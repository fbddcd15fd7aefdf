//! The real phone on a virtual desktop: what a person sees, hears of and clicks.
#![cfg(target_os = "linux")]

mod amazon;
mod apps;
mod broker;
mod call;
mod link;
mod links;
mod login;
mod notification;
mod outgoing;
mod ringing;
mod third_party;
mod tray;
mod update;
mod window;

use anyhow::Result;
use offhook_tests::{App, Session, Window};

/// Starts the phone with a scenario of the practice centre, and waits for its window.
async fn practise<'s>(session: &'s Session, scenario: &str) -> Result<(App<'s>, Window<'s>)> {
    let mut app = App::start(session, &["--practice", scenario]).await?;
    let window = app.window().await?;
    Ok((app, window))
}
