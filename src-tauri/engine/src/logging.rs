//! The log: what happened, never about whom.
//!
//! Text about people is redacted by its type ([`offhook_protocol::Personal`]), so every level may be
//! switched on. `OFFHOOK_LOG` sets the levels (e.g. `debug`, `info,offhook_bus=trace`).

use std::{
    env::{self, VarError},
    error::Error,
    fs, io,
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing::warn;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// How many days' files are kept.
const DAYS: usize = 7;

/// Why nothing is logged to a file.
#[derive(Debug, thiserror::Error)]
#[error("no log file can be written in {}: {reason}", folder.display())]
pub struct LogError {
    folder: PathBuf,
    reason: Box<dyn Error + Send + Sync>,
}

/// Starts logging to a file a day in this folder, and to standard error. An `OFFHOOK_LOG` that cannot be
/// read is logged, and the usual levels are in force.
///
/// # Errors
///
/// The file cannot be written. Standard error is logged to all the same.
pub fn log_to(folder: &Path) -> Result<(), LogError> {
    let (levels, problem) = match chosen_levels() {
        Ok(levels) => (levels, None),
        Err(problem) => (usual_levels(), Some(problem)),
    };
    let terminal = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()));
    let (file, result) = match daily_file(folder) {
        Ok(appender) => {
            let layer = fmt::layer()
                .with_ansi(false)
                .with_writer(Mutex::new(appender));
            (Some(layer), Ok(()))
        }
        Err(reason) => {
            let folder = folder.to_owned();
            (None, Err(LogError { folder, reason }))
        }
    };
    let registry = tracing_subscriber::registry()
        .with(file.with_filter(levels.clone()))
        .with(terminal.with_filter(levels));
    if registry.try_init().is_err() {
        tracing::debug!("logging was started before");
    }
    if let Some(problem) = problem {
        warn!(%problem, "OFFHOOK_LOG is not understood, the usual levels are in force");
    }
    result
}

fn daily_file(folder: &Path) -> Result<RollingFileAppender, Box<dyn Error + Send + Sync>> {
    // The appender would look for old files in it first, and print that it is not there.
    fs::create_dir_all(folder)?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("offhook")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)?;
    Ok(appender)
}

/// What `OFFHOOK_LOG` says, or what is wrong with it.
fn chosen_levels() -> Result<Targets, Box<dyn Error>> {
    match env::var("OFFHOOK_LOG") {
        Ok(levels) => Ok(levels.parse()?),
        Err(VarError::NotPresent) => Ok(usual_levels()),
        Err(error @ VarError::NotUnicode(_)) => Err(error.into()),
    }
}

/// Quiet: a healthy day writes a few lines.
fn usual_levels() -> Targets {
    Targets::new()
        .with_default(tracing::Level::WARN)
        .with_target("offhook", tracing::Level::INFO)
}
