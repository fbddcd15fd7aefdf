//! The log: what happened, never about whom.
//!
//! Text about people is redacted by its type ([`offhook_protocol::Personal`]), so every level may be
//! switched on. `OFFHOOK_LOG` sets the levels (e.g. `debug`, `info,offhook_bus=trace`).

use std::{io, path::Path};

use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::{
    Layer, filter::Targets, fmt, layer::SubscriberExt, util::SubscriberInitExt,
};

/// How many days' files are kept.
const DAYS: usize = 7;

/// Why nothing is logged to a file.
#[derive(Debug, thiserror::Error)]
#[error("no log file can be written: {0}")]
pub struct LogError(#[from] InitError);

/// Starts logging to a file a day in this folder, and to standard error.
///
/// # Errors
///
/// The file cannot be written. Standard error is logged to all the same.
pub fn log_to(folder: &Path) -> Result<(), LogError> {
    let levels = std::env::var("OFFHOOK_LOG").ok();
    let levels: Targets = levels
        .and_then(|levels| levels.parse().ok())
        .unwrap_or_else(usual_levels);
    let terminal = fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(io::IsTerminal::is_terminal(&io::stderr()));
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("offhook")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder);
    let (file, result) = match appender {
        Ok(appender) => (
            Some(
                fmt::layer()
                    .with_ansi(false)
                    .with_writer(std::sync::Mutex::new(appender)),
            ),
            Ok(()),
        ),
        Err(error) => (None, Err(error.into())),
    };
    let registry = tracing_subscriber::registry()
        .with(file.with_filter(levels.clone()))
        .with(terminal.with_filter(levels));
    if registry.try_init().is_err() {
        tracing::debug!("logging was started before");
    }
    result
}

/// Quiet: a healthy day writes a few lines.
fn usual_levels() -> Targets {
    Targets::new()
        .with_default(tracing::Level::WARN)
        .with_target("offhook", tracing::Level::INFO)
}
