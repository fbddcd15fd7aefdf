//! Where settings, policy, logs and the connection file are.

use std::path::PathBuf;

/// The files of one installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The person's settings.
    pub settings: PathBuf,
    /// The administrator's policy, which wins.
    pub policy: PathBuf,
    /// The folder of the log files.
    pub logs: PathBuf,
    /// The folder of what Offhook keeps for itself.
    pub data: PathBuf,
    /// Whether secrets go into the operating system's keychain, if there is one.
    pub keychain: bool,
    /// The folder of the hub's connection file; without it other programs cannot find the hub.
    pub runtime: Option<PathBuf>,
}

impl Default for Places {
    /// The platform's own places. Without a home everything lies in the working directory.
    fn default() -> Self {
        let config = dirs::config_dir().unwrap_or_default();
        let data = dirs::data_local_dir().unwrap_or_default();
        let logs = dirs::state_dir()
            .or_else(dirs::data_local_dir)
            .unwrap_or_default();
        Self {
            settings: config.join("offhook").join("settings.toml"),
            policy: policy(),
            logs: logs.join("offhook"),
            data: data.join("offhook"),
            keychain: true,
            runtime: offhook_bus::runtime_directory(),
        }
    }
}

#[cfg(windows)]
fn policy() -> PathBuf {
    let shared = std::env::var_os("ProgramData").unwrap_or_else(|| r"C:\ProgramData".into());
    PathBuf::from(shared).join("Offhook").join("policy.toml")
}

#[cfg(target_os = "macos")]
fn policy() -> PathBuf {
    PathBuf::from("/Library/Application Support/Offhook/policy.toml")
}

#[cfg(not(any(windows, target_os = "macos")))]
fn policy() -> PathBuf {
    PathBuf::from("/etc/offhook/policy.toml")
}
