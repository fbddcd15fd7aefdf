//! Plays one practice call through the real window on a virtual desktop and pictures every stage.
#![expect(clippy::print_stdout, reason = "it tells a person what it does")]

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    demo::play().await
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("There is a virtual desktop on Linux only: start `offhook --practice` instead.");
}

#[cfg(target_os = "linux")]
mod demo {
    use anyhow::Result;
    use offhook_tests::{App, Daemon, ESCAPE, Session, Setup, Window};

    pub(crate) async fn play() -> Result<()> {
        let session = Session::start(Setup {
            notifications: Daemon::Xfce,
            ..Setup::new("")?
        })
        .await?;
        let mut app = App::start(&session, &["--practice"]).await?;
        let window = app.window().await?;

        window.wait_agent("ready").await?;
        picture(&window, "1-ready", "The phone waits for a call.").await?;
        window.wait_phase("ringing").await?;
        picture(
            &window,
            "2-ringing",
            "A call rings: window, tray icon, notification.",
        )
        .await?;

        window.press("answer").await?;
        window.wait_phase("talking").await?;
        picture(&window, "3-talking", "Answered.").await?;
        window.press("hold").await?;
        window.wait_phase("onHold").await?;
        picture(&window, "4-on-hold", "On hold.").await?;
        window.press("resume").await?;
        window.wait_phase("talking").await?;
        picture(&window, "5-resumed", "Resumed.").await?;

        window.press("numberpad").await?;
        window.type_keys("12#").await?;
        window.wait_text("12#").await?;
        picture(&window, "6-keypad", "Digits are sent as they are pressed.").await?;
        window.type_keys(ESCAPE).await?;

        window.press("disconnect").await?;
        window.wait_phase("wrapUp").await?;
        picture(&window, "7-wrap-up", "Hung up: after-call work.").await?;
        window.press("clearContact").await?;
        window.wait_no_contact().await?;
        picture(&window, "8-cleared", "Cleared: ready for the next call.").await
    }

    async fn picture(window: &Window<'_>, stage: &str, what: &str) -> Result<()> {
        let path = window.picture(stage).await?;
        println!("{what} {}", path.display());
        Ok(())
    }
}
