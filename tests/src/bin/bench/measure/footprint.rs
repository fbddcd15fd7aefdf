//! What the phone costs while nothing happens: memory and processor time of all its processes.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use offhook_bus::Connection;
use offhook_tests::{Process as Program, Session, Setup, Tray, program};
use procfs::process::{Process, all_processes};
use tokio::time::sleep;

use super::{
    budget::{self, Budget},
    report::{Report, Unit},
    startup::painted,
};

/// Long enough for whatever starts late to have started.
pub(crate) const SETTLE: Duration = Duration::from_secs(10);
const WATCH: Duration = Duration::from_secs(30);
const AFTER_CLOSING: Duration = Duration::from_secs(60);

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let session = Session::start(Setup::new("bench")?).await?;
    let mut command = session.command(program("offhook")?);
    command.args(["--hidden", "--practice", "idle"]);
    let _phone = Program::start(command, session.logs())?;
    let tray = Tray::find(&session).await?;
    sleep(SETTLE).await;
    let pid = Connection::find_in(&session.hub_folder())?.pid;

    let processes = Tree::of(pid)?;
    report.figure(
        "tray: processes",
        processes.len(),
        Unit::Count,
        Some(budget::TRAY_PROCESSES),
    );
    processes.memory(report, "tray", Some(budget::TRAY_MEMORY))?;
    processes
        .processor(report, "tray", Some(budget::TRAY_PROCESSOR))
        .await?;

    tray.click("Show window").await?;
    painted(&session).await?;
    sleep(SETTLE).await;
    let processes = Tree::of(pid)?;
    processes.memory(report, "window open", None)?;
    processes.processor(report, "window open", None).await?;

    let window = session.screen.window("Offhook")?;
    session
        .screen
        .close(window.context("the window is open")?)?;
    let closed = Instant::now();
    while Tree::of(pid)?.has_page()? || closed.elapsed() < AFTER_CLOSING {
        sleep(Duration::from_secs(1)).await;
    }
    let processes = Tree::of(pid)?;
    processes.memory(
        report,
        "window closed for a minute",
        Some(budget::CLOSED_MEMORY),
    )?;
    processes
        .processor(report, "window closed for a minute", None)
        .await
}

/// A process and everything it started.
pub(crate) struct Tree(Vec<Process>);

impl Tree {
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let mut pids = vec![i32::try_from(pid)?];
        let parents: Vec<(i32, i32)> = all_processes()?
            .filter_map(|process| process.ok()?.stat().ok())
            .map(|stat| (stat.pid, stat.ppid))
            .collect();
        let mut next = 0;
        while let Some(&parent) = pids.get(next) {
            pids.extend(
                parents
                    .iter()
                    .filter(|(_, of)| *of == parent)
                    .map(|(pid, _)| pid),
            );
            next += 1;
        }
        Ok(Self(
            pids.into_iter()
                .map(Process::new)
                .collect::<Result<_, _>>()?,
        ))
    }

    /// Whether a window's page is kept.
    fn has_page(&self) -> Result<bool> {
        for process in &self.0 {
            // The kernel cuts names off.
            if process.stat()?.comm.starts_with("WebKitWebProces") {
                return Ok(true);
            }
        }
        Ok(false)
    }

    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    fn len(&self) -> f64 {
        self.0.len() as f64
    }

    pub(crate) fn memory(
        &self,
        report: &mut Report,
        when: &str,
        budget: Option<Budget>,
    ) -> Result<()> {
        let shared = self.mebibytes(&["Pss"])?;
        let private = self.mebibytes(&["Private_Clean", "Private_Dirty"])?;
        let name = format!("{when}: memory, shared pages by share (PSS)");
        report.figure(&name, shared, Unit::MiB, budget);
        report.figure(
            &format!("{when}: memory, private"),
            private,
            Unit::MiB,
            None,
        );
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
    fn mebibytes(&self, kinds: &[&str]) -> Result<f64> {
        let mut bytes = 0;
        for process in &self.0 {
            for map in process.smaps_rollup()?.memory_map_rollup {
                bytes += kinds
                    .iter()
                    .filter_map(|kind| map.extension.map.get(*kind))
                    .sum::<u64>();
            }
        }
        Ok(bytes as f64 / f64::from(1 << 20))
    }

    #[expect(clippy::cast_precision_loss, reason = "ticks of half a minute")]
    pub(crate) async fn processor(
        &self,
        report: &mut Report,
        when: &str,
        budget: Option<Budget>,
    ) -> Result<()> {
        let before = self.ticks()?;
        sleep(WATCH).await;
        let ticks = (self.ticks()? - before) as f64;
        let seconds = ticks / procfs::ticks_per_second() as f64;
        let share = 100.0 * seconds / WATCH.as_secs_f64();
        let name = format!("{when}: processor, of one core");
        report.figure(&name, share, Unit::PerCent, budget);
        Ok(())
    }

    fn ticks(&self) -> Result<u64> {
        let mut ticks = 0;
        for process in &self.0 {
            let stat = process.stat()?;
            ticks += stat.utime + stat.stime;
        }
        Ok(ticks)
    }
}
