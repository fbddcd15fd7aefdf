//! What the desktop and its shells know of the package.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tokio::time::sleep;

use crate::proof::{desk::Desk, package::ID};

/// What a link leads to: a number that is nobody's.
const NUMBER: &str = "+15550100";

/// How long a person waits before pressing a key once more.
const AGAIN: Duration = Duration::from_secs(1);

/// The person reads the manuals.
pub(super) fn manuals(desk: &Desk<'_>) -> Result<()> {
    for program in ["offhook", "offhookctl"] {
        let manual = desk.run("man", &[program])?;
        let title = format!("{program}(1)");
        ensure!(
            manual.contains(&title),
            "the manual of {program} reads:\n{manual}"
        );
    }
    Ok(())
}

/// Each shell finds by itself what completes the programs' command lines.
pub(super) fn completions(desk: &Desk<'_>) -> Result<String> {
    let bash = ". /usr/share/bash-completion/bash_completion; _completion_loader offhookctl; complete -p offhookctl";
    let zsh = "autoload -Uz compinit; compinit -u; print ${_comps[offhookctl]}";
    let fish = "complete --do-complete 'offhookctl an'";
    for (shell, script, wanted) in [
        ("bash", bash, "_offhookctl"),
        ("zsh", zsh, "_offhookctl"),
        ("fish", fish, "answer"),
    ] {
        let said = desk.run(shell, &["-c", script])?;
        ensure!(said.contains(wanted), "{shell} completes with: {said}");
    }
    Ok("bash, zsh, fish".to_owned())
}

/// Both ways by which desktops find the program for a link.
pub(super) fn handlers(desk: &Desk<'_>) -> Result<String> {
    let desktop = format!("{ID}.desktop");
    for scheme in ["x-scheme-handler/tel", "x-scheme-handler/callto"] {
        let by_xdg = desk.run("xdg-mime", &["query", "default", scheme])?;
        let by_gio = desk.run("gio", &["mime", scheme])?;
        ensure!(
            by_xdg.trim() == desktop && by_gio.contains(&desktop),
            "for {scheme} xdg-mime says {by_xdg}, and gio {by_gio}"
        );
    }
    Ok("tel, callto".to_owned())
}

/// A link brings up the window of the phone that runs, with the number; Return dials it.
pub(super) async fn link(desk: &Desk<'_>) -> Result<String> {
    let _phone = desk.start_phone(&["--practice", "idle"]).await?;
    desk.run("xdg-open", &[&format!("tel:{NUMBER}")])?;

    let window = desk.until_window().await?;
    desk.until("the window to have the keyboard", async || {
        Ok((desk.session.screen.active()? == Some(window)).then_some(()))
    })
    .await?;
    desk.until("the number to be dialled", async || {
        desk.session.screen.press_return()?;
        // The page may not be ready for keys yet: then the person presses again.
        sleep(AGAIN).await;
        let status = desk.status()?.context("the phone is gone")?;
        Ok((status["contacts"][0]["number"] == NUMBER).then_some(()))
    })
    .await?;
    let dialled = desk.session.picture("dialled")?;
    desk.until_phase("connected").await?;
    desk.run("offhookctl", &["hangup"])?;
    desk.run("offhookctl", &["clear"])?;
    desk.quit().await?;
    Ok(dialled.display().to_string())
}
