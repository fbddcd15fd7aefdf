//! A desktop of its own: display, session bus, window manager, panel, notifications, home folder.

use std::{
    ffi::OsStr,
    fs::{self, Permissions},
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use zbus::{Connection, connection, fdo::DBusProxy};

use crate::{
    app::App,
    environment::{Environment, pictures},
    notifications::Notifications,
    process::Process,
    screen::Screen,
    tray,
    wait::{holds, until},
};

/// What kind of desktop.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where pictures of it go.
    pub pictures: PathBuf,
    /// Light or dark.
    pub theme: Theme,
    /// Whether there is a panel with a tray.
    pub panel: bool,
    /// Who shows notifications.
    pub notifications: Daemon,
}

/// Light or dark, for every program of the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Theme {
    Light,
    Dark,
}

/// Who shows notifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Daemon {
    /// Nobody.
    None,
    /// The test itself, see [`Notifications`]. It can do what makes real ones hard to live with.
    InTest,
    /// xfce4-notifyd: draws buttons.
    Xfce,
    /// dunst: has no buttons; `dunstctl action` answers the call.
    Dunst,
}

impl Setup {
    /// A light desktop with everything; pictures go to `target/screens/<name>`.
    pub fn new(name: &str) -> Result<Self> {
        Ok(Self {
            pictures: pictures()?.join(name),
            theme: Theme::Light,
            panel: true,
            notifications: Daemon::InTest,
        })
    }
}

/// A running desktop. Dropping it ends everything on it.
#[derive(Debug)]
pub struct Session {
    setup: Setup,
    environment: Environment,
    /// The screen, to look at windows and to click.
    pub screen: Screen,
    /// The session bus.
    pub bus: Connection,
    notifications: Option<Notifications>,
    // In the order in which they end: programs before the bus and the display they hang on.
    programs: Vec<Process>,
    _bus: Process,
    _display: DisplayServer,
    home: TempDir,
}

impl Session {
    /// Starts a desktop and waits until all of it is there.
    pub async fn start(setup: Setup) -> Result<Self> {
        let home = tempfile::tempdir()?;
        furnish(home.path(), &setup)?;
        fs::create_dir_all(&setup.pictures)?;

        let mut environment = Environment::new(home.path());
        let (display_server, display) = start_display(&environment, home.path())?;
        environment.set("DISPLAY", &display);
        let (bus_daemon, address) = start_bus(&environment, home.path())?;
        environment.set("DBUS_SESSION_BUS_ADDRESS", &address);

        let mut session = Self {
            screen: Screen::connect(&display)?,
            bus: connection::Builder::address(address.as_str())
                .build()
                .await?,
            notifications: None,
            environment,
            programs: Vec::new(),
            _bus: bus_daemon,
            _display: display_server,
            home,
            setup,
        };
        session.start_notifications(&address).await?;
        session.start_windows().await?;
        session.start_panel().await?;
        Ok(session)
    }

    /// A command with nothing in its environment but this desktop.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.environment.command(program)
    }

    /// Joins the session bus once more, for a program that the test plays.
    pub(crate) async fn another_program(&self) -> Result<Connection> {
        let address = self.environment.get("DBUS_SESSION_BUS_ADDRESS")?;
        Ok(connection::Builder::address(address).build().await?)
    }

    /// Where what programs print is kept, a file each.
    pub fn logs(&self) -> &Path {
        self.home.path()
    }

    /// Writes the person's settings, for a phone that is started after that.
    pub fn configure(&self, settings: &str) -> Result<()> {
        let folder = self.config_folder().join("offhook");
        fs::create_dir_all(&folder)?;
        Ok(fs::write(folder.join("settings.toml"), settings)?)
    }

    /// The folder of the person's configuration, where programs have one each.
    pub fn config_folder(&self) -> PathBuf {
        self.home.path().join("config")
    }

    /// The folder in which the phone says how to join its hub.
    pub fn hub_folder(&self) -> PathBuf {
        self.home.path().join("run/offhook")
    }

    /// The notification daemon of [`Daemon::InTest`].
    ///
    /// # Panics
    ///
    /// If the desktop was set up with another one.
    pub fn notifications(&self) -> &Notifications {
        self.notifications
            .as_ref()
            .expect("the desktop was set up with Daemon::InTest")
    }

    /// Takes a picture of the whole screen, named by stage and theme.
    pub fn picture(&self, stage: &str) -> Result<PathBuf> {
        let theme = match self.setup.theme {
            Theme::Light => "light",
            Theme::Dark => "dark",
        };
        let path = self.setup.pictures.join(format!("{stage}-{theme}.png"));
        let taken = self
            .command("import")
            .args(["-window", "root"])
            .arg(&path)
            .status()?;
        ensure!(taken.success(), "the screen could not be pictured");
        Ok(path)
    }

    /// As [`until`]; when it fails, a picture is taken and what the phone printed is told.
    pub async fn until<T>(
        &self,
        what: &str,
        ask: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        match until(what, ask).await {
            Ok(answer) => Ok(answer),
            Err(error) => {
                let picture = self.picture("failed")?;
                let said = fs::read_to_string(self.logs().join(App::LOG)).unwrap_or_default();
                Err(error.context(format!(
                    "see {}; the phone said:\n{said}",
                    picture.display()
                )))
            }
        }
    }

    async fn start_notifications(&mut self, address: &str) -> Result<()> {
        match self.setup.notifications {
            Daemon::None => {}
            Daemon::InTest => self.notifications = Some(Notifications::start(address).await?),
            Daemon::Xfce | Daemon::Dunst => {
                // The bus knows which one; see `furnish`.
                let name = "org.freedesktop.Notifications".try_into()?;
                DBusProxy::new(&self.bus)
                    .await?
                    .start_service_by_name(name, 0)
                    .await?;
            }
        }
        Ok(())
    }

    async fn start_windows(&mut self) -> Result<()> {
        self.run("xfwm4", "--compositor=off")?;
        until("the window manager", async || {
            Ok(holds(self.screen.is_managed()?))
        })
        .await
    }

    async fn start_panel(&mut self) -> Result<()> {
        if self.setup.panel {
            self.programs.push(self.open_panel().await?);
        }
        Ok(())
    }

    /// Starts a panel with a tray, on a desktop that was set up without.
    pub async fn open_panel(&self) -> Result<Process> {
        let mut panel = self.command("xfce4-panel");
        panel.arg("--disable-wm-check");
        let panel = Process::start(panel, self.logs())?;
        until("the panel's tray", async || {
            Ok(holds(tray::has_host(&self.bus).await))
        })
        .await?;
        Ok(panel)
    }

    /// Starts a program that runs as long as the desktop.
    fn run(&mut self, program: &str, argument: &str) -> Result<()> {
        let mut command = self.command(program);
        command.arg(argument);
        self.programs.push(Process::start(command, self.logs())?);
        Ok(())
    }
}

/// Lays out a home folder: settings of the desktop, and what the bus may start.
fn furnish(home: &Path, setup: &Setup) -> Result<()> {
    let config = home.join("config");
    let panel = config.join("xfce4/xfconf/xfce-perchannel-xml");
    fs::create_dir_all(&panel)?;
    fs::write(
        panel.join("xfce4-panel.xml"),
        include_str!("../assets/xfce4-panel.xml"),
    )?;

    fs::create_dir_all(config.join("gtk-3.0"))?;
    let dark = u8::from(setup.theme == Theme::Dark);
    fs::write(
        config.join("gtk-3.0/settings.ini"),
        format!(
            "[Settings]\ngtk-theme-name=Adwaita\ngtk-icon-theme-name=Adwaita\n\
             gtk-font-name=DejaVu Sans 10\ngtk-application-prefer-dark-theme={dark}\n"
        ),
    )?;

    fs::create_dir_all(config.join("dunst"))?;
    fs::write(
        config.join("dunst/dunstrc"),
        include_str!("../assets/dunstrc"),
    )?;

    let services = home.join("services");
    fs::create_dir(&services)?;
    let daemon = match setup.notifications {
        Daemon::None | Daemon::InTest => None,
        Daemon::Xfce => Some("org.xfce.xfce4-notifyd.Notifications.service"),
        Daemon::Dunst => Some("org.knopwob.dunst.service"),
    };
    for service in ["org.xfce.Xfconf.service"].into_iter().chain(daemon) {
        let installed = Path::new("/usr/share/dbus-1/services").join(service);
        symlink(installed, services.join(service))?;
    }

    let runtime = home.join("run");
    fs::create_dir(&runtime)?;
    Ok(fs::set_permissions(runtime, Permissions::from_mode(0o700))?)
}

/// Ends by itself when this is dropped: the lock file with its display's number goes then, which stays when
/// it is killed.
#[derive(Debug)]
struct DisplayServer(Option<Process>);

impl Drop for DisplayServer {
    fn drop(&mut self) {
        if let Some(server) = self.0.take() {
            // Fails only if it has ended already.
            let _ = server.end();
        }
    }
}

/// Returns the display server and the name of its display.
fn start_display(environment: &Environment, logs: &Path) -> Result<(DisplayServer, String)> {
    let mut command = environment.command("Xvfb");
    command.args([
        "-displayfd",
        "1",
        "-nolisten",
        "tcp",
        "-screen",
        "0",
        "1024x768x24",
    ]);
    let (process, number) = Process::start_and_read_line(command, logs)?;
    Ok((DisplayServer(Some(process)), format!(":{number}")))
}

/// Returns the session bus and its address.
fn start_bus(environment: &Environment, home: &Path) -> Result<(Process, String)> {
    let config = home.join("session.conf");
    let folder = home
        .to_str()
        .context("the temporary folder has a plain name")?;
    let text = include_str!("../assets/session.conf").replace("@FOLDER@", folder);
    fs::write(&config, text)?;
    let mut command = environment.command("dbus-daemon");
    command
        .args(["--nofork", "--print-address=1", "--config-file"])
        .arg(config);
    Process::start_and_read_line(command, home)
}
