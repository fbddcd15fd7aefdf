//! A publisher of new versions: a key, a release, and a web server for it.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Result, ensure};
use data_encoding::BASE64;
use minisign::KeyPair;
use tempfile::TempDir;

use crate::{chromium::Site, environment::program};

/// Publishes releases at an address on loopback. Ends when this is dropped.
#[derive(Debug)]
pub struct Publisher {
    keys: KeyPair,
    release: TempDir,
    site: Site,
}

impl Publisher {
    /// Makes a new key, and serves an empty folder.
    pub async fn start() -> Result<Self> {
        let release = tempfile::tempdir()?;
        Ok(Self {
            keys: KeyPair::generate_unencrypted_keypair()?,
            site: Site::start(release.path()).await?,
            release,
        })
    }

    /// What a phone is built with whose publisher this is.
    pub fn variables(&self) -> Result<[(&'static str, String); 2]> {
        let key = BASE64.encode(self.keys.pk.to_box()?.to_string().as_bytes());
        let url = format!("{}/latest.json", self.site.local_origin());
        Ok([("OFFHOOK_UPDATE_KEY", key), ("OFFHOOK_UPDATE_URL", url)])
    }

    /// Publishes a release with this package, as the project's own releases are, in the place of the last
    /// one. The file of the package may be tampered with.
    pub fn publish(&self, version: &str, package: &[u8]) -> Result<PathBuf> {
        for last in fs::read_dir(self.release.path())? {
            fs::remove_file(last?.path())?;
        }
        let file = self.file(&format!("offhook_{version}_x86_64.AppImage"));
        fs::write(&file, package)?;
        let key = BASE64.encode(self.keys.sk.to_box(None)?.to_string().as_bytes());
        let published = Command::new(program("xtask")?)
            .args(["manifest", "--version", version, "--artifacts"])
            .arg(self.release.path())
            .args(["--base-url", &self.site.local_origin()])
            .env(
                "CARGO_MANIFEST_DIR",
                concat!(env!("CARGO_MANIFEST_DIR"), "/../xtask"),
            )
            .env("TAURI_SIGNING_PRIVATE_KEY", key)
            .status()?;
        ensure!(published.success(), "the release cannot be published");
        Ok(file)
    }

    /// The signature of the announcement, to be tampered with.
    pub fn signature(&self) -> PathBuf {
        self.file("latest.json.sig")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.release.path().join(name)
    }
}
