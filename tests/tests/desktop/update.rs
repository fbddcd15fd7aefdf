//! A new version of the phone. It runs from an AppImage here, the one kind of installation on Linux that
//! replaces itself.

use std::{fs, path::PathBuf};

use anyhow::Result;
use offhook_tests::{App, Publisher, Session, Setup, Theme, Tray, Window, program};
use tempfile::TempDir;

/// What the next version has and this one has not. A program ends before it.
const NEXT: &[u8] = b"0.2.0";

/// A phone as a person has downloaded it, and the publisher of the next.
struct Installation {
    publisher: Publisher,
    folder: TempDir,
    app_image: PathBuf,
}

impl Installation {
    async fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let app_image = folder.path().join("Offhook.AppImage");
        fs::copy(program("app_image")?, &app_image)?;
        Ok(Self {
            publisher: Publisher::start().await?,
            app_image,
            folder,
        })
    }

    async fn start<'s>(
        &self,
        session: &'s Session,
        scenario: &str,
    ) -> Result<(App<'s>, Window<'s>)> {
        let phone = program("offhook")?.display().to_string();
        let publisher = self.publisher.variables()?;
        let mut variables = vec![("OFFHOOK_TEST_PROGRAM", phone.as_str())];
        variables.extend(
            publisher
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        let arguments = ["--practice", scenario];
        let mut app = App::start_program(session, &self.app_image, &variables, &arguments).await?;
        let window = app.window().await?;
        Ok((app, window))
    }

    /// The next version, as a file.
    fn next(&self) -> Result<Vec<u8>> {
        Ok([fs::read(program("app_image")?)?.as_slice(), NEXT].concat())
    }

    fn is_next(&self) -> Result<bool> {
        Ok(fs::read(&self.app_image)?.ends_with(NEXT))
    }
}

async fn look(window: &Window<'_>) -> Result<()> {
    window.click("Settings").await?;
    window.click("Look now").await
}

#[tokio::test]
async fn it_is_offered_installed_and_started() -> Result<()> {
    let installation = Installation::new().await?;
    installation
        .publisher
        .publish("0.2.0", &installation.next()?)?;
    let session = Session::start(Setup::new("update")?).await?;
    let (mut app, window) = installation.start(&session, "idle").await?;

    window.wait_agent("ready").await?;
    look(&window).await?;
    window
        .wait_text("Offhook 0.2.0 is ready to install.")
        .await?;
    window.picture("1-offered-in-settings").await?;
    window.click("Phone").await?;
    window.picture("2-offered").await?;
    window.click_and_end("Install and restart").await?;

    assert_eq!(app.restarted().await?, ["--practice=idle"]);
    assert!(installation.is_next()?);
    session
        .until("the window of the next version", async || {
            Ok(session.screen.window("Offhook")?.map(drop))
        })
        .await
}

#[tokio::test]
async fn installed_from_the_tray_it_stays_hidden() -> Result<()> {
    let installation = Installation::new().await?;
    installation
        .publisher
        .publish("0.2.0", &installation.next()?)?;
    let setup = Setup {
        theme: Theme::Dark,
        ..Setup::new("update")?
    };
    let session = Session::start(setup).await?;
    let (mut app, window) = installation.start(&session, "idle").await?;

    window.wait_agent("ready").await?;
    look(&window).await?;
    window
        .wait_text("Offhook 0.2.0 is ready to install.")
        .await?;
    window.picture("1-offered-in-settings").await?;
    window.click("Phone").await?;
    window.picture("2-offered").await?;
    let title = "Offhook";
    let shown = session.screen.window(title)?.expect("the window is there");
    session.screen.close(shown)?;
    session
        .until("the window to be hidden", async || {
            Ok(session.screen.window(title)?.is_none().then_some(()))
        })
        .await?;
    let tray = Tray::find(&session).await?;
    tray.click("Install and restart: Offhook 0.2.0").await?;

    assert_eq!(app.restarted().await?, ["--practice=idle", "--hidden"]);
    assert!(installation.is_next()?);
    Ok(())
}

#[tokio::test]
async fn during_a_call_it_is_not_offered() -> Result<()> {
    let installation = Installation::new().await?;
    installation
        .publisher
        .publish("0.2.0", &installation.next()?)?;
    let session = Session::start(Setup::new("update-call")?).await?;
    let (_app, window) = installation.start(&session, "default").await?;
    let install = "Install and restart: Offhook 0.2.0";

    window.wait_phase("ringing").await?;
    window.press("answer").await?;
    window.wait_phase("talking").await?;
    look(&window).await?;
    window
        .wait_text("Offhook 0.2.0 can be installed when your call is finished.")
        .await?;
    assert!(!window.text().await?.contains("Install and restart"));
    let tray = Tray::find(&session).await?;
    let offers = |line: &offhook_tests::Line| line.label == install;
    assert!(!tray.menu().await?.iter().any(offers));

    window.click("Phone").await?;
    window.press("disconnect").await?;
    window.wait_phase("wrapUp").await?;
    assert!(!window.text().await?.contains("Install and restart"));
    window.press("clearContact").await?;
    window
        .wait_text("Offhook 0.2.0 is ready to install.")
        .await?;
    window.click("Later").await?;
    window.click("Settings").await?;
    window
        .wait_text("Offhook 0.2.0 is offered again tomorrow.")
        .await?;
    assert!(!installation.is_next()?);
    Ok(())
}

#[tokio::test]
async fn what_is_not_the_publishers_or_not_newer_is_refused() -> Result<()> {
    let installation = Installation::new().await?;
    let publisher = &installation.publisher;
    let next = installation.next()?;
    let session = Session::start(Setup::new("update-refused")?).await?;
    let (app, window) = installation.start(&session, "idle").await?;
    window.wait_agent("ready").await?;

    look(&window).await?;
    window.wait_text("gives no usable answer").await?;

    publisher.publish("0.1.0", &next)?;
    window.click("Look now").await?;
    window.wait_text("You have the newest version.").await?;

    publisher.publish("0.0.9", &next)?;
    window.click("Look now").await?;
    window
        .wait_text("offers an older version than this one")
        .await?;
    app.wait_log("problem=Older").await?;

    publisher.publish("0.2.0", &next)?;
    fs::remove_file(publisher.signature())?;
    window.click("Look now").await?;
    window
        .wait_text("not signed by Offhook's publisher")
        .await?;
    app.wait_log("problem=Unsigned").await?;
    window.picture("unsigned").await?;

    // The announcement is good, and the package is not what it announces.
    let package = publisher.publish("0.2.0", &next)?;
    fs::write(package, [&next, NEXT].concat())?;
    window.click("Look now").await?;
    window.click("Install and restart").await?;
    window
        .wait_text("The new version could not be installed.")
        .await?;
    window
        .wait_text("not signed by Offhook's publisher")
        .await?;
    assert!(!installation.is_next()?);
    assert!(app.is_running());
    Ok(())
}

/// A browser that is an AppImage, and has started an installed phone for a link.
#[tokio::test]
async fn the_file_of_another_app_image_is_left_alone() -> Result<()> {
    let installation = Installation::new().await?;
    let session = Session::start(Setup::new("update-foreign")?).await?;
    let publisher = installation.publisher.variables()?;
    let file = installation.app_image.display().to_string();
    let folder = installation.folder.path().display().to_string();
    let mut variables = vec![("APPIMAGE", file.as_str()), ("APPDIR", folder.as_str())];
    variables.extend(
        publisher
            .iter()
            .map(|(name, value)| (*name, value.as_str())),
    );
    let arguments = ["--practice", "idle"];
    let mut app =
        App::start_program(&session, &program("offhook")?, &variables, &arguments).await?;
    let window = app.window().await?;

    window.wait_agent("ready").await?;
    window.click("Settings").await?;
    window
        .wait_text("New versions come the way this one came")
        .await?;
    assert!(!window.text().await?.contains("Look now"));
    Ok(())
}

#[tokio::test]
async fn switched_off_it_is_not_looked_for() -> Result<()> {
    let installation = Installation::new().await?;
    let session = Session::start(Setup::new("update-off")?).await?;
    session.configure("[updates]\ncheck = false\n")?;
    let (_app, window) = installation.start(&session, "idle").await?;

    window.wait_agent("ready").await?;
    window.click("Settings").await?;
    window
        .wait_text("Offhook does not look for new versions.")
        .await?;
    assert!(!window.text().await?.contains("Look now"));
    Ok(())
}
