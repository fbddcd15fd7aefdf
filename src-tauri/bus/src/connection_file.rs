//! The file that tells other programs of the same person where the hub is and how to join it.

#[cfg_attr(unix, path = "connection_file/private_unix.rs")]
#[cfg_attr(not(unix), path = "connection_file/private_by_default.rs")]
mod private;

use std::{
    env,
    fs::{self, File},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::Secret;

/// Its name in the [`runtime_directory`].
const NAME: &str = "hub.json";

/// What an app must know to join the hub: the content of `hub.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// The hub's address, e.g. `ws://127.0.0.1:49152/v1`.
    pub url: String,
    /// What to prove the knowledge of.
    pub secret: Secret,
    /// The process that runs the hub.
    pub pid: u32,
}

/// Why there is no [`Connection`] to be had. The sentences are for the person.
#[derive(Debug, Error)]
pub enum FindError {
    /// There is no file, or the process that wrote it has gone.
    #[error("Offhook is not running.")]
    NotRunning,
    /// Somebody else could have read the secret.
    #[error("{0} can be read by others. Restart Offhook to have it written anew.")]
    Exposed(PathBuf),
    /// Somebody else could have written it.
    #[error("{0} belongs to somebody else.")]
    NotOurs(PathBuf),
    /// The file is there and cannot be read.
    #[error("{path} cannot be read: {error}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The operating system's reason.
        error: io::Error,
    },
    /// The file is not what it should be.
    #[error("{0} is not a connection file of Offhook.")]
    Malformed(PathBuf),
}

/// The directory of the connection file: `OFFHOOK_RUNTIME_DIR` if that is set; else `offhook` in the
/// person's runtime directory; where there is none, `offhook/run` in the person's local data directory.
/// `None` if the person has no home.
pub fn runtime_directory() -> Option<PathBuf> {
    let set = env::var_os("OFFHOOK_RUNTIME_DIR").filter(|directory| !directory.is_empty());
    set.map(PathBuf::from)
        .or_else(|| Some(dirs::runtime_dir()?.join("offhook")))
        .or_else(|| Some(dirs::data_local_dir()?.join("offhook/run")))
}

impl Connection {
    /// Finds the hub of the running phone.
    ///
    /// # Errors
    ///
    /// [`FindError`].
    pub fn find() -> Result<Self, FindError> {
        Self::find_in(&runtime_directory().ok_or(FindError::NotRunning)?)
    }

    /// Finds the hub whose connection file is in this directory.
    ///
    /// # Errors
    ///
    /// [`FindError`].
    pub fn find_in(directory: &Path) -> Result<Self, FindError> {
        let path = directory.join(NAME);
        let unreadable = |error| FindError::Unreadable {
            path: path.clone(),
            error,
        };
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(FindError::NotRunning);
            }
            Err(error) => return Err(unreadable(error)),
        };
        private::check(&file, &path)?;
        let mut text = String::new();
        file.read_to_string(&mut text).map_err(unreadable)?;
        let connection: Self =
            serde_json::from_str(&text).map_err(|_| FindError::Malformed(path.clone()))?;
        match private::is_running(connection.pid) {
            true => Ok(connection),
            false => Err(FindError::NotRunning),
        }
    }
}

/// The connection file of a running hub; dropping it removes the file, unless another hub has written
/// its own since.
#[derive(Debug)]
pub struct ConnectionFile {
    path: PathBuf,
    text: String,
}

impl ConnectionFile {
    /// Writes the file into the [`runtime_directory`], readable by its owner alone. The file of an
    /// earlier hub is replaced.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn publish(connection: &Connection) -> io::Result<Self> {
        let directory = runtime_directory()
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home directory"))?;
        Self::publish_in(&directory, connection)
    }

    /// Writes the file into this directory, which is made, private, if it is not there.
    ///
    /// # Errors
    ///
    /// The operating system's.
    pub fn publish_in(directory: &Path, connection: &Connection) -> io::Result<Self> {
        private::create_directory(directory)?;
        let path = directory.join(NAME);
        let text = serde_json::to_string(connection)?;
        // Temporary files are private from the start, and take their name only when they are whole.
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(text.as_bytes())?;
        file.persist(&path)?;
        Ok(Self { path, text })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for ConnectionFile {
    fn drop(&mut self) {
        let ours = fs::read_to_string(&self.path).is_ok_and(|text| text == self.text);
        if ours && let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, "the connection file cannot be removed");
        }
    }
}
