//! PulseAudio with one output that goes nowhere but can be heard.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::{Child, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

/// Set, to the folder of the server, in the environment of the run that has its own.
pub(crate) const OWN_SERVER: &str = "OFFHOOK_TEST_OWN_SERVER";

/// How many samples per second are heard.
pub(crate) const RATE: u32 = 48_000;

const DEADLINE: Duration = Duration::from_secs(20);

/// This program again, where only a server in this folder is found: ALSA's default output leads to
/// it and there is no other.
pub(crate) fn environment(home: &Path) -> Command {
    let asound = home.join("asound.conf");
    fs::write(
        &asound,
        "pcm.!default { type pulse hint { show on description \"Test output\" } }\n",
    )
    .expect("the folder is writable");
    let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
    command
        .env(OWN_SERVER, home)
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .env("XDG_CONFIG_HOME", home)
        .env("PULSE_SERVER", format!("unix:{}", socket(home).display()))
        .env("ALSA_CONFIG_PATH", asound);
    command
}

fn home() -> PathBuf {
    std::env::var_os(OWN_SERVER)
        .expect("set by the first run")
        .into()
}

fn socket(home: &Path) -> PathBuf {
    home.join("pulse.socket")
}

/// A running server; killed when dropped.
pub(crate) struct Server(Child);

impl Server {
    pub(crate) fn start() -> Self {
        let socket = socket(&home());
        // What the one before left would look like a running server.
        fs::remove_file(&socket).ok();
        let server = Command::new("pulseaudio")
            .args([
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
            ])
            .args([
                "-L",
                &format!("module-null-sink sink_name=ring rate={RATE}"),
            ])
            .args([
                "-L",
                &format!("module-native-protocol-unix socket={}", socket.display()),
            ])
            .stderr(Stdio::null())
            .spawn()
            .expect("pulseaudio is installed");
        let server = Self(server);
        wait_until("the server answers", || pactl(&["info"]).is_some());
        server
    }

    /// Whether something plays.
    pub(crate) fn in_use(&self) -> bool {
        pactl(&["list", "short", "sink-inputs"]).is_some_and(|inputs| !inputs.is_empty())
    }

    /// Starts to listen to what is played.
    pub(crate) fn listen(&self) -> Ear {
        let mut recorder = Command::new("parec")
            .args([
                "--device=ring.monitor",
                "--raw",
                "--format=s16le",
                "--channels=1",
            ])
            .arg(format!("--rate={RATE}"))
            .arg("--latency-msec=20")
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec is installed");
        let samples = recorder.stdout.take().expect("it is piped");
        Ear { recorder, samples }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        end(&mut self.0);
    }
}

/// Hears what the server plays, in real time.
pub(crate) struct Ear {
    recorder: Child,
    samples: ChildStdout,
}

impl Ear {
    /// The loudest sample of the next 10 ms, from 0 to 1. Waits for them.
    pub(crate) fn next_10_ms(&mut self) -> f32 {
        let mut bytes = [0; RATE as usize / 100 * 2];
        self.samples
            .read_exact(&mut bytes)
            .expect("the recorder runs");
        bytes
            .chunks_exact(2)
            .map(|sample| f32::from(i16::from_le_bytes([sample[0], sample[1]])).abs() / 32_768.0)
            .fold(0.0, f32::max)
    }

    /// Waits until something is heard.
    pub(crate) fn hear(&mut self) {
        let start = Instant::now();
        while self.next_10_ms() < 0.02 {
            assert!(start.elapsed() < DEADLINE, "nothing is heard");
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        end(&mut self.recorder);
    }
}

/// Waits for a condition that holds sooner or later.
pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < DEADLINE, "not in time: {what}");
        std::thread::yield_now();
    }
}

fn pactl(arguments: &[&str]) -> Option<String> {
    let output = Command::new("pactl")
        .args(arguments)
        .output()
        .expect("pactl is installed");
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn end(child: &mut Child) {
    // It may have ended by itself.
    child.kill().ok();
    child.wait().ok();
}
