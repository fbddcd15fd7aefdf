//! What is measured, in which order.

mod amazon;
mod attack;
mod broker;
mod budget;
mod calls;
mod clicks;
mod conversation;
mod core;
mod desktop;
mod engine;
mod footprint;
mod report;
mod startup;

use std::{env, process::ExitCode};

use anyhow::{Context, Result};

use self::report::Report;

/// A part of the table.
#[derive(Clone, Copy)]
enum Section {
    Core,
    Engine,
    Attack,
    Startup,
    Desktop,
    Footprint,
    Amazon,
    Broker,
}

const SECTIONS: [(&str, Section); 8] = [
    ("core", Section::Core),
    ("engine", Section::Engine),
    ("attack", Section::Attack),
    ("startup", Section::Startup),
    ("desktop", Section::Desktop),
    ("footprint", Section::Footprint),
    ("amazon", Section::Amazon),
    ("broker", Section::Broker),
];

/// Measures the sections that are named, or all, and prints the table.
pub(crate) fn run(arguments: impl Iterator<Item = String>) -> Result<ExitCode> {
    let (flags, names): (Vec<_>, Vec<_>) = arguments.partition(|it| it == "--strict");
    let sections = wanted(&names)?;

    let folder = tempfile::tempdir()?;
    #[expect(unsafe_code, reason = "no other thread runs yet that could read it")]
    unsafe {
        // The engine in this process must not take the place of a phone that the person uses.
        env::set_var("OFFHOOK_RUNTIME_DIR", folder.path());
    }
    let report = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(measure(&sections))?;
    Ok(match !flags.is_empty() && report.over_budget() > 0 {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

fn wanted(names: &[String]) -> Result<Vec<Section>> {
    if names.is_empty() {
        return Ok(SECTIONS.map(|(_, section)| section).to_vec());
    }
    names
        .iter()
        .map(|name| {
            let section = SECTIONS.iter().find(|(known, _)| known == name);
            let known = SECTIONS.map(|(known, _)| known).join(", ");
            let (_, section) =
                section.with_context(|| format!("{name:?} is no section; there are {known}"))?;
            Ok(*section)
        })
        .collect()
}

async fn measure(sections: &[Section]) -> Result<Report> {
    let mut report = Report::begin();
    for section in sections {
        match section {
            Section::Core => core::measure(&mut report)?,
            Section::Engine => engine::measure(&mut report).await?,
            Section::Attack => attack::measure(&mut report).await?,
            Section::Startup => startup::measure(&mut report).await?,
            Section::Desktop => desktop::measure(&mut report).await?,
            Section::Footprint => footprint::measure(&mut report).await?,
            Section::Amazon => amazon::measure(&mut report).await?,
            Section::Broker => broker::measure(&mut report).await?,
        }
    }
    Ok(report)
}
