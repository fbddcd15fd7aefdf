//! The trial, step by step.

use std::{env, fs};

use anyhow::{Result, bail, ensure};
use offhook_tests::{Content, Daemon, Process, Session, Setup, Wine, until};

use crate::registry::{MACHINE, PERSON, expected, written};

/// Where a phone for everybody lies.
const FOLDER: &str = r"C:\Program Files\Offhook";

/// By this key an installer finds what shows windows. Wine has nothing that could.
const WEBVIEW2: &str =
    r"HKCU\Software\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}";

/// The setup's exit codes, as much of them as gets through wine.
const INSTALLED: u8 = 0;
const NOT_WRITTEN: u8 = 2;
const PHONE_RUNS: u8 = 32;
const NO_WEBVIEW2: u8 = (1157 % 256) as u8;
const OTHER_INSTALLER: u8 = (1638 % 256) as u8;

pub(crate) async fn run() -> Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [setup, msi, next_setup, next_msi] = arguments.as_slice() else {
        bail!("name the setup and the .msi, then both of a higher version");
    };
    let session = Session::start(Setup {
        notifications: Daemon::None,
        ..Setup::new("wine")?
    })
    .await?;
    let wine = Wine::new(&session)?;
    let trial = Trial {
        session: &session,
        local: wine.read("cmd", &["/c", "echo %LOCALAPPDATA%"])?,
        clean: wine.content()?,
        wine,
    };
    trial.setup_that_cannot_write(setup)?;
    trial.setup_for_everybody(setup, next_setup, msi).await?;
    trial.setup_for_one_person(setup, next_setup).await?;
    trial.msi(msi, next_msi, setup)
}

struct Trial<'s> {
    session: &'s Session,
    wine: Wine<'s>,
    /// The folder of what belongs to the person and this machine.
    local: String,
    /// Before anything was installed.
    clean: Content,
}

impl Trial<'_> {
    fn setup_that_cannot_write(&self, setup: &str) -> Result<()> {
        println!("The setup, with a folder in the place of a file: ends with an error.");
        let folder = self.wine.path(FOLDER)?;
        fs::create_dir_all(folder.join("LICENSE.txt"))?;
        self.install(setup, &["/S", "/AllUsers"], NOT_WRITTEN)?;
        Ok(fs::remove_dir(folder.join("LICENSE.txt"))?)
    }

    async fn setup_for_everybody(&self, setup: &str, next: &str, msi: &str) -> Result<()> {
        println!("The setup, for everybody, without WebView2: installed, with a warning.");
        self.install(setup, &["/S", "/AllUsers"], NO_WEBVIEW2)?;
        self.check_registry(MACHINE, FOLDER)?;
        self.wine
            .read("reg", &["add", WEBVIEW2, "/v", "pv", "/d", "1.0", "/f"])?;

        println!("The phone: in the tray, and takes a call.");
        let phone = self.start_phone()?;
        self.see_tray_icon().await?;
        self.wait_for_call("ringing").await?;
        self.ask_phone("answer")?;
        self.wait_for_call("connected").await?;

        println!("An upgrade during the call: the call goes on.");
        self.install(next, &["/S"], INSTALLED)?;
        self.check_registry(MACHINE, FOLDER)?;
        self.wait_for_call("connected").await?;

        println!("Removal during the call: refused.");
        self.refuse_removal(FOLDER, "/AllUsers")?;
        self.wait_for_call("connected").await?;
        self.ask_phone("hangup")?;
        drop(phone);
        self.check_log()?;

        println!("The .msi beside it: refused.");
        let refused = self.wine.code("msiexec", &["/i", msi, "/qn"])?;
        ensure!(refused != INSTALLED, "the .msi is installed as well");
        self.check_registry(MACHINE, FOLDER)?;

        println!("Removal: nothing is left but what the person made.");
        self.remove(FOLDER, "/AllUsers").await
    }

    async fn setup_for_one_person(&self, setup: &str, next: &str) -> Result<()> {
        let folder = format!(r"{}\Programs\Offhook", self.local);
        println!("The setup, for one person.");
        self.install(setup, &["/S", "/CurrentUser"], INSTALLED)?;
        self.check_registry(PERSON, &folder)?;

        println!("An upgrade as the phone does it.");
        self.install(next, &["/S", "/CurrentUser"], INSTALLED)?;
        self.check_registry(PERSON, &folder)?;

        println!("Removal: nothing is left but what the person made.");
        self.remove(&folder, "/CurrentUser").await
    }

    fn msi(&self, msi: &str, next: &str, setup: &str) -> Result<()> {
        println!("The .msi: writes the same as the setup for everybody, also over an older one.");
        for package in [msi, next] {
            self.wine.read("msiexec", &["/i", package, "/qn"])?;
            self.check_registry(MACHINE, FOLDER)?;
        }
        println!("The setup beside it: refused.");
        self.install(setup, &["/S", "/AllUsers"], OTHER_INSTALLER)?;
        self.check_registry(MACHINE, FOLDER)?;
        println!("Its removal: nothing is left but what the person made.");
        self.wine.read("msiexec", &["/x", next, "/qn"])?;
        self.check_removed()
    }

    fn install(&self, setup: &str, options: &[&str], expected: u8) -> Result<()> {
        let code = self.wine.code(setup, options)?;
        ensure!(code == expected, "the setup ended with {code}");
        Ok(())
    }

    fn refuse_removal(&self, folder: &str, whose: &str) -> Result<()> {
        // With the last option it does not start a copy of itself, whose end would tell nothing. It takes
        // all that follows, unquoted.
        let option = format!("_?={folder}");
        let options: Vec<&str> = ["/S", whose].into_iter().chain(option.split(' ')).collect();
        let code = self
            .wine
            .code(format!(r"{folder}\uninstall.exe"), &options)?;
        ensure!(code == PHONE_RUNS, "the removal ended with {code}");
        Ok(())
    }

    async fn remove(&self, folder: &str, whose: &str) -> Result<()> {
        let uninstall = format!(r"{folder}\uninstall.exe");
        self.wine.read(uninstall, &["/S", whose])?;
        let folder = self.wine.path(folder)?;
        until("the removal", async || Ok((!folder.exists()).then_some(()))).await?;
        self.check_removed()
    }

    /// What is registered for a phone in `folder` is all that was written.
    fn check_registry(&self, hive: &str, folder: &str) -> Result<()> {
        let written = written(&self.wine.content()?.since(&self.clean));
        let expected = expected(hive, folder);
        ensure!(
            written == expected,
            "not expected: {:#?}\nmissing: {:#?}",
            &written - &expected,
            &expected - &written
        );
        Ok(())
    }

    fn check_removed(&self) -> Result<()> {
        let left = self.wine.content()?.since(&self.clean);
        let made = format!(r"{}\offhook\", self.local);
        let (made, forgotten): (Vec<_>, Vec<_>) =
            left.files.iter().partition(|file| file.starts_with(&made));
        ensure!(
            forgotten.is_empty() && written(&left).is_empty(),
            "left: {forgotten:#?} {:#?}",
            left.registry
        );
        for file in made {
            println!("  stays: {file}");
        }
        Ok(())
    }

    fn start_phone(&self) -> Result<Process> {
        let program = format!(r"{FOLDER}\offhook.exe");
        self.wine.start(&program, &["--hidden", "--practice"])
    }

    async fn see_tray_icon(&self) -> Result<()> {
        let screen = &self.session.screen;
        self.session
            .until("the tray icon", async || {
                match screen.embedded_by("explorer.exe")? {
                    Some(icon) => Ok(screen.is_painted(icon)?.then_some(())),
                    None => Ok(None),
                }
            })
            .await?;
        println!("  {}", self.session.picture("tray")?.display());
        Ok(())
    }

    async fn wait_for_call(&self, phase: &str) -> Result<()> {
        until(&format!("a call that is {phase}"), async || {
            let status = self.ask_phone("status").unwrap_or_default();
            Ok(status.contains(&format!("Call:    {phase}")).then_some(()))
        })
        .await
    }

    fn ask_phone(&self, what: &str) -> Result<String> {
        self.wine.read(format!(r"{FOLDER}\offhookctl.exe"), &[what])
    }

    /// Nothing went wrong but that there was no WebView2 to show a window with.
    fn check_log(&self) -> Result<()> {
        for entry in fs::read_dir(self.wine.path(&format!(r"{}\offhook", self.local))?)? {
            let path = entry?.path();
            if path.extension().is_some_and(|kind| kind == "log") {
                let log = fs::read_to_string(path)?;
                let bad = log.lines().find(|line| {
                    (line.contains(" ERROR ") || line.contains(" WARN "))
                        && !line.contains("Could not find the webview runtime")
                });
                ensure!(bad.is_none(), "in the log: {bad:?}");
            }
        }
        Ok(())
    }
}
