//! Notifications of the desktop: with a daemon in the test, with two real ones, with none.

use anyhow::{Context, Result, ensure};
use offhook_tests::{Daemon, Raised, Session, Setup};

use crate::practise;

#[tokio::test]
async fn a_call_is_answered_from_its_notification() -> Result<()> {
    let session = Session::start(Setup::new("notification-answer")?).await?;
    let (_app, window) = practise(&session, "default").await?;

    let ringing = shown(&session).await?;
    assert_eq!(ringing.actions, ["answer", "reject", "default"]);
    session
        .notifications()
        .press_until_gone(ringing.id, "answer")
        .await?;
    window.wait_phase("talking").await?;
    gone(&session).await
}

#[tokio::test]
async fn a_call_is_rejected_from_its_notification() -> Result<()> {
    let session = Session::start(Setup::new("notification-reject")?).await?;
    let (_app, window) = practise(&session, "default").await?;

    let ringing = shown(&session).await?;
    session
        .notifications()
        .press_until_gone(ringing.id, "reject")
        .await?;
    window.wait_phase("rejected").await?;
    gone(&session).await
}

#[tokio::test]
async fn waving_a_notification_away_rejects_nothing() -> Result<()> {
    let session = Session::start(Setup::new("notification-dismissed")?).await?;
    let (_app, window) = practise(&session, "default").await?;

    let ringing = shown(&session).await?;
    session.notifications().dismiss(ringing.id).await?;
    // The phone has seen the dismissal once it sees what came after it.
    window.press("answer").await?;
    window.wait_phase("talking").await
}

#[tokio::test]
async fn a_notification_is_withdrawn_when_the_call_is_answered_in_the_window() -> Result<()> {
    let session = Session::start(Setup::new("notification-withdrawn")?).await?;
    let (_app, window) = practise(&session, "default").await?;

    shown(&session).await?;
    window.press("answer").await?;
    gone(&session).await
}

#[tokio::test]
async fn a_missed_call_leaves_a_notification_of_its_own() -> Result<()> {
    let session = Session::start(Setup::new("notification-missed")?).await?;
    let (_app, window) = practise(&session, "missed").await?;

    let ringing = shown(&session).await?;
    // Where the window shows it, nothing else needs to say it.
    let phone = session.screen.window("Offhook")?;
    session.screen.close(phone.context("it came up to ring")?)?;
    window.wait_phase("missed").await?;
    let missed = session
        .until("the notification of the missed call", async || {
            let shown = session.notifications().shown();
            Ok(shown
                .into_iter()
                .find(|raised| raised.summary != ringing.summary))
        })
        .await?;
    assert!(!missed.actions.contains(&"answer".to_owned()), "{missed:?}");
    assert_eq!(session.notifications().shown().len(), 1);
    Ok(())
}

#[tokio::test]
async fn after_a_restart_of_the_daemon_an_old_number_answers_nothing() -> Result<()> {
    let session = Session::start(Setup::new("daemon-restarted")?).await?;
    let (_app, window) = practise(&session, "default").await?;

    let ringing = shown(&session).await?;
    session.notifications().die().await?;
    session
        .notifications()
        .come_back_for_another(&["actions", "body"])
        .await?;
    // That has the number that the call's had before.
    session.notifications().press(ringing.id, "answer").await?;

    // The next click is seen after that one, and finds the call still ringing.
    window.press("reject").await?;
    window.wait_phase("rejected").await
}

#[tokio::test]
async fn without_buttons_a_click_on_the_notification_opens_the_window() -> Result<()> {
    let session = Session::start(Setup::new("no-actions")?).await?;
    session.notifications().die().await?;
    session.notifications().come_back(&["body"]).await?;
    let (_app, window) = practise(&session, "default").await?;

    window.wait_agent("ready").await?;
    let phone = session
        .until("the window", async || session.screen.window("Offhook"))
        .await?;
    session.screen.close(phone)?;
    let ringing = shown(&session).await?;
    assert_eq!(ringing.actions, [""; 0]);
    session
        .until("the window to have the keyboard", async || {
            // The phone listens only a moment after it has shown the notification.
            session.notifications().dismiss(ringing.id).await?;
            Ok((session.screen.active()? == session.screen.window("Offhook")?).then_some(()))
        })
        .await
}

#[tokio::test]
async fn without_a_daemon_a_call_still_rings_in_the_window() -> Result<()> {
    let setup = Setup {
        notifications: Daemon::None,
        ..Setup::new("no-daemon")?
    };
    let session = Session::start(setup).await?;
    let (_app, window) = practise(&session, "default").await?;

    window.press("answer").await?;
    window.wait_phase("talking").await
}

#[tokio::test]
async fn the_answer_button_that_xfce_draws_is_clicked() -> Result<()> {
    let setup = Setup {
        notifications: Daemon::Xfce,
        ..Setup::new("xfce")?
    };
    let session = Session::start(setup).await?;
    let (_app, window) = practise(&session, "default").await?;

    let popup = session
        .until("the notification", async || {
            session.screen.popup("xfce4-notifyd")
        })
        .await?;
    window.picture("ringing").await?;
    // Three buttons at the lower edge, beside the icon: Answer, Reject, Show.
    let place = session.screen.place(popup)?;
    session
        .screen
        .click(place.x + place.width / 3, place.y + place.height - 30)?;
    window.wait_phase("talking").await?;
    session
        .until("the notification to go", async || {
            Ok(session
                .screen
                .popup("xfce4-notifyd")?
                .is_none()
                .then_some(()))
        })
        .await
}

#[tokio::test]
async fn dunst_answers_by_its_command() -> Result<()> {
    let setup = Setup {
        notifications: Daemon::Dunst,
        ..Setup::new("dunst")?
    };
    let session = Session::start(setup).await?;
    let (_app, window) = practise(&session, "default").await?;

    window.wait_phase("ringing").await?;
    session
        .until("the notification", async || {
            let count = session
                .command("dunstctl")
                .args(["count", "displayed"])
                .output()?;
            Ok((count.stdout.trim_ascii() == b"1").then_some(()))
        })
        .await?;
    window.picture("ringing").await?;
    ensure!(
        session
            .command("dunstctl")
            .args(["action", "0"])
            .status()?
            .success()
    );
    window.wait_phase("talking").await
}

/// Waits for the only notification on the screen.
async fn shown(session: &Session) -> Result<Raised> {
    session
        .until("a notification", async || {
            Ok(session.notifications().shown().pop())
        })
        .await
}

/// Waits until no notification is on the screen.
async fn gone(session: &Session) -> Result<()> {
    session
        .until("no notification", async || {
            Ok(session.notifications().shown().is_empty().then_some(()))
        })
        .await
}
