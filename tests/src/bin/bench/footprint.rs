//! What the phone costs while nothing happens: memory and processor time of all its processes.

use std::time::Duration;

use anyhow::{Context, Result};
use offhook_tests::{App, Session, Setup, Tray};
use procfs::process::{Process, all_processes};
use tokio::time::sleep;

use crate::report::{Unit, print};

/// Long enough for whatever starts late to have started.
const SETTLE: Duration = Duration::from_secs(10);
const WATCH: Duration = Duration::from_secs(30);
const AFTER_CLOSING: Duration = Duration::from_secs(60);

pub(crate) async fn measure() -> Result<()> {
    let session = Session::start(Setup::new("bench")?).await?;
    let mut app = App::start(&session, &["--hidden", "--practice", "idle"]).await?;
    let tray = Tray::find(&session).await?;
    let pid = app.hub.pid;

    sleep(SETTLE).await;
    let processes = Tree::of(pid)?;
    processes.print_memory("in the tray", Some(40.0))?;
    processes.print_cpu("in the tray", Some(0.0)).await?;
    print(
        "in the tray: processes",
        processes.len(),
        Unit::Count,
        Some(1.0),
    );

    tray.click("Show window").await?;
    app.window().await?.wait_link("online").await?;
    sleep(SETTLE).await;
    let processes = Tree::of(pid)?;
    processes.print_memory("with the window open", None)?;
    processes.print_cpu("with the window open", None).await?;

    let window = session
        .screen
        .window("Offhook")?
        .context("the window is open")?;
    session.screen.close(window)?;
    sleep(AFTER_CLOSING).await;
    Tree::of(pid)?.print_memory("a minute after closing it", Some(90.0))
}

/// A process and everything it started.
struct Tree(Vec<Process>);

impl Tree {
    fn of(pid: u32) -> Result<Self> {
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

    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    fn len(&self) -> f64 {
        self.0.len() as f64
    }

    fn print_memory(&self, when: &str, budget: Option<f64>) -> Result<()> {
        let shared = self.memory(&["Pss"])?;
        let private = self.memory(&["Private_Clean", "Private_Dirty"])?;
        print(
            &format!("{when}: memory, shared pages by share (PSS)"),
            shared,
            Unit::MiB,
            budget,
        );
        print(
            &format!("{when}: memory, private"),
            private,
            Unit::MiB,
            None,
        );
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2^52 bytes")]
    fn memory(&self, kinds: &[&str]) -> Result<f64> {
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
    async fn print_cpu(&self, when: &str, budget: Option<f64>) -> Result<()> {
        let before = self.ticks()?;
        sleep(WATCH).await;
        let ticks = (self.ticks()? - before) as f64;
        let seconds = ticks / procfs::ticks_per_second() as f64;
        let share = 100.0 * seconds / WATCH.as_secs_f64();
        print(
            &format!("{when}: processor, of one core"),
            share,
            Unit::PerCent,
            budget,
        );
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
