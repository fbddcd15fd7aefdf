//! Amazon Connect: how soon a call in the panel is noticed, and what the hidden panel costs.

use std::time::{Duration, Instant};

use anyhow::Result;
use offhook_bus::Connection;
use offhook_tests::{
    Process as Program, Session, Setup, program,
    stand_in::{Offer, Options, Server, now},
};
use tokio::time::sleep;

use super::{
    footprint::{SETTLE, Tree},
    report::Report,
};

const CALLS: usize = 120;

/// Between two calls, so that nothing of the last one is under way.
const QUIET: Duration = Duration::from_millis(100);

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let session = Session::start(Setup::new("bench")?).await?;
    let server = Server::start(Options::default()).await?;
    session.configure(&format!(
        "connector = \"amazon\"\n[amazon]\ninstance = \"{}\"\nway = \"control\"\n",
        server.instance()
    ))?;
    let mut command = session.command(program("offhook")?);
    command.arg("--hidden");
    let _phone = Program::start(command, session.logs())?;
    session
        .until("the panel", async || {
            Ok((server.panels() == 1).then_some(()))
        })
        .await?;
    sleep(SETTLE).await;

    let mut noticed = Vec::new();
    for _ in 0..CALLS {
        let before = session.notifications().raised().len();
        let called = Instant::now();
        let contact = server.centre().offer_call(Offer::default(), now());
        let raised = session
            .until("the notification", async || {
                Ok(session
                    .notifications()
                    .raised()
                    .get(before)
                    .map(|raised| raised.at))
            })
            .await?;
        noticed.push(raised.duration_since(called));
        server.centre().remove(&contact, now());
        session
            .until("the notification to go", async || {
                Ok(session.notifications().shown().is_empty().then_some(()))
            })
            .await?;
        sleep(QUIET).await;
    }
    report.percentiles(
        "Amazon Connect: update at the panel's wire to the notification daemon",
        &noticed,
        None,
    );

    sleep(SETTLE).await;
    let pid = Connection::find_in(&session.hub_folder())?.pid;
    let processes = Tree::of(pid)?;
    processes.memory(report, "panel hidden, no window", None)?;
    processes
        .processor(report, "panel hidden, no window", None)
        .await
}
