//! What a ringing call does to the desktop.

use anyhow::Result;
use offhook_tests::{App, Session, Setup, Tray};

use crate::practise;

#[tokio::test]
async fn caller_called_number_and_queue_can_be_read_everywhere() -> Result<()> {
    let session = Session::start(Setup::new("ringing-facts")?).await?;
    let (_app, window) = practise(&session, "default").await?;
    let tray = Tray::find(&session).await?;
    let idle = tray.icon().await?;

    window.wait_phase("ringing").await?;
    let notification = session
        .until("a notification", async || {
            Ok(session.notifications().shown().pop())
        })
        .await?;
    let menu: Vec<String> = tray
        .menu()
        .await?
        .into_iter()
        .map(|line| line.label)
        .collect();
    for fact in ["+441632960011", "+448081570001", "Orders"] {
        window.wait_text(fact).await?;
        assert!(
            notification.body.contains(fact),
            "{fact} in {notification:?}"
        );
        assert!(
            menu.iter().any(|line| line.contains(fact)),
            "{fact} in {menu:?}"
        );
    }
    assert_ne!(tray.icon().await?, idle);
    Ok(())
}

#[tokio::test]
async fn the_window_comes_up_and_the_keyboard_stays_where_it_was() -> Result<()> {
    let session = Session::start(Setup::new("raised")?).await?;
    let other = session.screen.open("Customer records")?;
    session
        .until("the other program to have the keyboard", async || {
            Ok((session.screen.active()? == Some(other)).then_some(()))
        })
        .await?;

    let mut app = App::start(&session, &["--hidden", "--practice", "default"]).await?;
    let window = app.window().await?;
    window.wait_phase("ringing").await?;
    let phone = session
        .until("the window", async || session.screen.window("Offhook"))
        .await?;
    session
        .until("the window to be seen", async || {
            Ok(session.screen.is_visible(phone)?.then_some(()))
        })
        .await?;
    window.picture("raised").await?;
    assert_eq!(session.screen.active()?, Some(other));
    Ok(())
}

#[tokio::test]
async fn a_covered_window_comes_up_and_the_keyboard_stays_where_it_was() -> Result<()> {
    let session = Session::start(Setup::new("covered")?).await?;
    let (_app, window) = practise(&session, "default").await?;
    window.wait_agent("ready").await?;
    let phone = session
        .until("the window", async || session.screen.window("Offhook"))
        .await?;
    let other = session.screen.open("Customer records")?;
    session
        .until("the other program to be in front", async || {
            let active = session.screen.active()? == Some(other);
            Ok((active && session.screen.is_above(other, phone)?).then_some(()))
        })
        .await?;

    window.wait_phase("ringing").await?;
    session
        .until("the window to come up", async || {
            Ok(session.screen.is_above(phone, other)?.then_some(()))
        })
        .await?;
    assert_eq!(session.screen.active()?, Some(other));
    Ok(())
}
