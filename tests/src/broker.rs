//! Debian's mosquitto, started with the configuration that Offhook ships.

mod certificates;
mod open;
mod ports;

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};
use offhook_uplink::mqtt::{Config, Identity, Mqtt, Password};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::{
    process::Process,
    wait::{holds, until},
};
use certificates::Certificates;
pub use open::OpenBroker;

/// The shipped files.
const CONFIGURATION: &str = include_str!("../../docs/brokers/mosquitto/mosquitto.conf");
const ACCESS: &str = include_str!("../../docs/brokers/mosquitto/acl");

/// Who may log in. The password is [`password_of`] the name.
const USERS: [&str; 5] = ["agent-7", "agent-8", "crm", "supervisor", "wallboard"];

/// A running broker. Ends when this is dropped.
#[derive(Debug)]
pub struct Broker {
    setup: Setup,
    folder: TempDir,
    certificates: Certificates,
    ports: Ports,
    process: Option<Process>,
}

/// What is other than in the shipped configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setup {
    /// Whether what is retained survives an end without warning.
    pub persistent: bool,
    /// Whether it answers at once.
    pub nodelay: bool,
}

impl Setup {
    /// As shipped, but nothing is kept on disk.
    pub const FORGETFUL: Self = Self {
        persistent: false,
        nodelay: true,
    };
    /// As shipped, and everything is on disk at once.
    pub const PERSISTENT: Self = Self {
        persistent: true,
        nodelay: true,
    };
}

/// The ways into the broker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// TCP.
    Tcp,
    /// TLS, with a user name and a password.
    Tls,
    /// TLS, with a certificate of the client's own.
    Certificate,
    /// WebSocket.
    WebSocket,
    /// WebSocket within TLS.
    SecureWebSocket,
}

/// Where the broker listens; the same after a restart.
#[derive(Clone, Copy, Debug)]
struct Ports {
    tcp: u16,
    tls: u16,
    certificate: u16,
    web_socket: u16,
    secure_web_socket: u16,
}

impl Broker {
    /// Starts one and waits until it listens everywhere.
    pub async fn start(setup: Setup) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut broker = Self {
            setup,
            certificates: Certificates::issue(folder.path())?,
            folder,
            ports: Ports::free()?,
            process: None,
        };
        broker.furnish()?;
        broker.start_again().await?;
        Ok(broker)
    }

    /// Asks it to end, and waits until it has: its clients are told.
    pub fn stop(&mut self) -> Result<()> {
        self.process.take().context("it runs")?.end()
    }

    /// Ends it without warning, and with nothing written down that was not already.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts it again on the same ports.
    pub async fn start_again(&mut self) -> Result<()> {
        let mut command = Command::new("mosquitto");
        command
            .arg("-c")
            .arg(self.folder.path().join("mosquitto.conf"))
            // Not on every PATH: it lives among the system's own programs.
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        self.process = Some(Process::start(command, self.folder.path())?);
        let ports = self.ports.all();
        until("the broker", async || {
            let listens = |port| TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok();
            Ok(holds(ports.into_iter().all(listens)))
        })
        .await
    }

    /// Lets it do nothing for a while, as a machine that swaps or a network that swallows.
    pub fn freeze(&self) -> Result<()> {
        self.process
            .as_ref()
            .context("it runs")?
            .signal(Signal::STOP)
    }

    /// Lets it go on.
    pub fn thaw(&self) -> Result<()> {
        self.process
            .as_ref()
            .context("it runs")?
            .signal(Signal::CONT)
    }

    /// Where it listens for this way.
    pub fn socket(&self, way: Way) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports.of(way)).into()
    }

    /// What connects this user, who calls the connection by that name.
    pub fn config(&self, way: Way, user: &str, client_id: &str) -> Result<Config> {
        self.config_through(self.socket(way), way, user, client_id)
    }

    /// As [`config`](Self::config), at another address that leads to it.
    pub fn config_through(
        &self,
        socket: SocketAddr,
        way: Way,
        user: &str,
        client_id: &str,
    ) -> Result<Config> {
        let with_certificate = way == Way::Certificate;
        Ok(Config {
            address: way.address(socket.port()).parse()?,
            insecure: false,
            proxy: None,
            client_id: client_id.to_owned(),
            username: (!with_certificate).then(|| user.to_owned()),
            password: (!with_certificate).then(|| Password::from(password_of(user))),
            ca: way.is_encrypted().then(|| self.authority()),
            identity: match with_certificate {
                true => Some(self.identity(user)?),
                false => None,
            },
        })
    }

    /// The way in for this user.
    pub fn way(&self, way: Way, user: &str, client_id: &str) -> Result<Mqtt> {
        Ok(Mqtt::new(&self.config(way, user, client_id)?)?)
    }

    /// The PEM file with the authority that has signed its certificate.
    pub fn authority(&self) -> PathBuf {
        self.certificates.authority()
    }

    /// A certificate for this user, signed by the same authority.
    pub fn identity(&self, user: &str) -> Result<Identity> {
        self.certificates.identity(user)
    }

    fn furnish(&self) -> Result<()> {
        let folder = self.folder.path();
        fs::write(folder.join("acl"), ACCESS)?;
        write_passwords(&folder.join("passwords"))?;
        fs::create_dir(folder.join("data"))?;
        fs::write(folder.join("mosquitto.conf"), self.configuration()?)?;
        Ok(())
    }

    /// The shipped configuration, with folders, ports and habits of this test.
    fn configuration(&self) -> Result<String> {
        let folder = self.folder.path().to_str().context("a plain name")?;
        let ports = &self.ports;
        let mut text = CONFIGURATION
            .replace("/etc/mosquitto/", &format!("{folder}/"))
            .replace("/var/lib/mosquitto/", &format!("{folder}/data/"));
        for (shipped, port) in [
            ("listener 1883 127.0.0.1", ports.tcp),
            ("listener 8883", ports.tls),
            ("listener 8884", ports.certificate),
            ("listener 8083", ports.secure_web_socket),
        ] {
            text = replace_line(&text, shipped, &format!("listener {port} 127.0.0.1"))?;
        }
        match self.setup.persistent {
            true => {
                text = replace_line(&text, "autosave_interval 60", "autosave_interval 1")?;
                text.push_str("autosave_on_changes true\n");
            }
            false => text = replace_line(&text, "persistence true", "persistence false")?,
        }
        if !self.setup.nodelay {
            text = replace_line(&text, "set_tcp_nodelay true", "set_tcp_nodelay false")?;
        }
        text.push_str(&format!(
            "listener {} 127.0.0.1\nprotocol websockets\n",
            ports.web_socket
        ));
        if rustix::process::geteuid().is_root() {
            // It would change to a user who must not see a private folder.
            text.push_str("user root\n");
        }
        Ok(text)
    }
}

impl Way {
    const fn is_encrypted(self) -> bool {
        match self {
            Self::Tcp | Self::WebSocket => false,
            Self::Tls | Self::Certificate | Self::SecureWebSocket => true,
        }
    }

    /// The address of the broker, or of whatever leads to it on this port.
    fn address(self, port: u16) -> String {
        match self {
            Self::Tcp => format!("mqtt://127.0.0.1:{port}"),
            Self::Tls | Self::Certificate => format!("mqtts://localhost:{port}"),
            Self::WebSocket => format!("ws://127.0.0.1:{port}/mqtt"),
            Self::SecureWebSocket => format!("wss://localhost:{port}/mqtt"),
        }
    }
}

impl Ports {
    fn free() -> Result<Self> {
        Ok(Self {
            tcp: ports::free()?,
            tls: ports::free()?,
            certificate: ports::free()?,
            web_socket: ports::free()?,
            secure_web_socket: ports::free()?,
        })
    }

    const fn of(&self, way: Way) -> u16 {
        match way {
            Way::Tcp => self.tcp,
            Way::Tls => self.tls,
            Way::Certificate => self.certificate,
            Way::WebSocket => self.web_socket,
            Way::SecureWebSocket => self.secure_web_socket,
        }
    }

    const fn all(&self) -> [u16; 5] {
        [
            self.tcp,
            self.tls,
            self.certificate,
            self.web_socket,
            self.secure_web_socket,
        ]
    }
}

/// The password of a user.
pub fn password_of(user: &str) -> String {
    format!("{user}-password")
}

fn write_passwords(path: &Path) -> Result<()> {
    let plain: String = USERS
        .iter()
        .map(|user| format!("{user}:{}\n", password_of(user)))
        .collect();
    fs::write(path, plain)?;
    let hashed = Command::new("mosquitto_passwd")
        .arg("-U")
        .arg(path)
        .status()
        .context("mosquitto_passwd does not start; `cargo xtask test` installs what is missing")?;
    ensure!(hashed.success(), "mosquitto_passwd failed");
    Ok(())
}

/// Replaces one whole line, which must be there.
fn replace_line(text: &str, line: &str, with: &str) -> Result<String> {
    ensure!(
        text.lines().filter(|it| *it == line).count() == 1,
        "the shipped configuration has no single line {line:?}"
    );
    Ok(text
        .lines()
        .map(|it| if it == line { with } else { it })
        .flat_map(|it| [it, "\n"])
        .collect())
}
