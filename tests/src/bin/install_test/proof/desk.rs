//! A desktop on which the phone of a system is used.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
};

use anyhow::{Context, Result, bail, ensure};
use offhook_tests::{Daemon, Process, Session, Setup, Theme, Tray, XWindow};
use serde_json::Value;

use super::root::{PERSON, Root, finish};

/// The exit code of `offhookctl` if there is no phone.
const NO_PHONE: i32 = 3;

/// Display, window manager, panel and notifications run outside of the system, and are reached from inside
/// over sockets only: what the phone needs of libraries and files, the system has to have.
pub(crate) struct Desk<'r> {
    pub(crate) session: Session,
    root: &'r Root,
    environment: BTreeMap<OsString, OsString>,
}

impl<'r> Desk<'r> {
    /// Starts a desktop, with nobody's phone on it.
    pub(crate) async fn start(root: &'r Root, pictures: &Path) -> Result<Self> {
        let session = Session::start(Setup {
            pictures: pictures.to_owned(),
            theme: Theme::Light,
            panel: true,
            notifications: Daemon::InTest,
        })
        .await?;
        root.share(Path::new("/tmp/.X11-unix"))?;
        // The bus is in there. The panel looks for tray icons where the phone says that it puts them.
        let shared = session.logs();
        fs::set_permissions(shared, Permissions::from_mode(0o711))?;
        root.share(shared)?;
        let runtime = shared.join("person");
        fs::create_dir(&runtime)?;
        fs::set_permissions(&runtime, Permissions::from_mode(0o700))?;
        let (user, group) = ids(root)?;
        chown(&runtime, Some(user), Some(group))?;

        let outside = session.command("phone");
        let mut environment: BTreeMap<OsString, OsString> = outside
            .get_envs()
            .filter(|(name, _)| !name.to_string_lossy().starts_with("XDG_"))
            .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
            .collect();
        environment.insert("XDG_RUNTIME_DIR".into(), runtime.into());
        Ok(Self {
            session,
            root,
            environment,
        })
    }

    /// Lets the person run a program, and returns what it prints.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        finish(
            self.command("timeout")
                .args(["--foreground", "60", program])
                .args(arguments),
        )
    }

    /// Starts the phone in the tray, and waits until it is online.
    pub(crate) async fn start_phone(&self, arguments: &[&str]) -> Result<Process> {
        let mut command = self.command("offhook");
        command.arg("--hidden").args(arguments);
        let phone = Process::start(command, self.session.logs())?;
        self.online().await?;
        Ok(phone)
    }

    /// Starts what a desktop file says, as a session does at login.
    pub(crate) fn launch(&self, file: &str) -> Result<Process> {
        let mut command = self.command("gio");
        command.args(["launch", file]);
        Process::start(command, self.session.logs())
    }

    /// Waits until a phone is online and its agent is there.
    pub(crate) async fn online(&self) -> Result<()> {
        self.until_status("the phone to be online", |status| {
            status["link"] == "online" && status["agent"]["loggedIn"] == true
        })
        .await
    }

    /// Ends the phone as a person does.
    pub(crate) async fn quit(&self) -> Result<()> {
        Tray::find(&self.session).await?.click("Quit").await?;
        self.until("the phone to end", async || {
            Ok(self.status()?.is_none().then_some(()))
        })
        .await
    }

    /// Waits until the first call is in this phase.
    pub(crate) async fn until_phase(&self, phase: &str) -> Result<()> {
        self.until_status(&format!("a call to be {phase}"), |status| {
            status["contacts"][0]["phase"] == phase
        })
        .await
    }

    /// Waits until the phone's window is there, with something in it.
    pub(crate) async fn until_window(&self) -> Result<XWindow> {
        self.until("the window", async || {
            let window = self.session.screen.window("Offhook")?;
            let painted = window.map(|window| self.session.screen.is_painted(window));
            Ok(window.filter(|_| matches!(painted, Some(Ok(true)))))
        })
        .await
    }

    /// What `offhookctl status` says; none if there is no phone.
    pub(crate) fn status(&self) -> Result<Option<Value>> {
        let output = self
            .command("offhookctl")
            .args(["status", "--json"])
            .output()?;
        match output.status.code() {
            Some(0) => Ok(Some(serde_json::from_slice(&output.stdout)?)),
            Some(NO_PHONE) => Ok(None),
            _ => bail!(
                "offhookctl says {}",
                String::from_utf8_lossy(&output.stderr)
            ),
        }
    }

    /// As [`Session::until`], with what the phone has printed if it fails.
    pub(crate) async fn until<T>(
        &self,
        what: &str,
        ask: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let answer = self.session.until(what, ask).await;
        answer.with_context(|| {
            let printed = fs::read_to_string(self.session.logs().join("chroot.log"));
            format!("the phone printed:\n{}", printed.unwrap_or_default())
        })
    }

    async fn until_status(&self, what: &str, is_so: impl Fn(&Value) -> bool) -> Result<()> {
        self.until(what, async || {
            Ok(self.status()?.filter(|status| is_so(status)).map(|_| ()))
        })
        .await
    }

    fn command(&self, program: &str) -> std::process::Command {
        let environment = self.environment.iter();
        self.root.as_person(
            environment.map(|(name, value)| (&**name, &**value)),
            program,
        )
    }
}

/// The person's and the group's number.
fn ids(root: &Root) -> Result<(u32, u32)> {
    let line = root.run("getent", &["passwd", PERSON])?;
    let fields: Vec<&str> = line.split(':').collect();
    ensure!(
        fields.len() > 3,
        "an account has a user and a group: {line}"
    );
    Ok((fields[2].parse()?, fields[3].parse()?))
}
