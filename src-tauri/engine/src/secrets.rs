//! Secrets: in the operating system's keychain, or in a file where there is none.

mod file;
#[cfg(test)]
mod tests;

use std::{
    io,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use keyring::Entry;
use offhook_protocol::Personal;

use crate::{apps::KeptIn, settings::Places};

/// Whose secrets they are, as a keychain shows it to the person.
const SERVICE: &str = "Offhook";

/// Why a secret cannot be kept or had. The sentences are for the person and tell no secret.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SecretError {
    /// The keychain does not help. Its own words are for the log.
    #[error("{}", match is_closed {
        true => "The system's keychain is locked, or it has no default collection. Unlock it, or set one \
                 up in the system's password app.",
        false => "The system's keychain does not work. Offhook's log says why.",
    })]
    Keychain { words: String, is_closed: bool },
    #[error("{path} cannot be used: {error}.")]
    File { path: PathBuf, error: io::Error },
    #[error("No random bytes: {0}.")]
    Random(String),
    #[error("The work on a secret broke off: {0}.")]
    BrokeOff(#[from] tokio::task::JoinError),
}

/// The secrets of one person on this computer. Clones share them.
///
/// A keychain may ask the person for leave and answer minutes later, so the work is done on threads of
/// its own, one piece at a time.
#[derive(Clone, Debug)]
pub(crate) struct Secrets {
    keeper: Arc<Mutex<Keeper>>,
}

#[derive(Debug)]
struct Keeper {
    /// A keychain is to be used if there is one.
    keychain: bool,
    /// What is used otherwise.
    file: PathBuf,
}

impl Secrets {
    pub(crate) fn new(places: &Places) -> Self {
        let keeper = Keeper {
            keychain: places.keychain,
            file: places.data.join("secrets.json"),
        };
        Self {
            keeper: Arc::new(Mutex::new(keeper)),
        }
    }

    /// Where they are kept.
    pub(crate) async fn kept_in(&self) -> Result<KeptIn, SecretError> {
        self.work(|keeper| Ok(keeper.kept_in())).await
    }

    /// The secret of this name, if there is one.
    pub(crate) async fn get(&self, name: &'static str) -> Result<Option<Personal>, SecretError> {
        self.work(|keeper| keeper.get(name)).await
    }

    /// Keeps a secret in place of the one before; nothing removes it.
    pub(crate) async fn set(
        &self,
        name: &'static str,
        secret: Option<Personal>,
    ) -> Result<(), SecretError> {
        self.work(move |keeper| keeper.set(name, secret.as_ref()))
            .await
    }

    async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Keeper) -> Result<T, SecretError> + Send + 'static,
    ) -> Result<T, SecretError> {
        let keeper = Arc::clone(&self.keeper);
        let work = move || work(&keeper.lock().unwrap_or_else(PoisonError::into_inner));
        tokio::task::spawn_blocking(work).await?
    }
}

impl Keeper {
    fn kept_in(&self) -> KeptIn {
        match self.keychain && Entry::store_status().is_ok() {
            true => KeptIn::Keychain,
            false => KeptIn::File,
        }
    }

    fn get(&self, name: &str) -> Result<Option<Personal>, SecretError> {
        match self.kept_in() {
            KeptIn::Keychain => match Entry::new(SERVICE, name)?.get_password() {
                Err(keyring::Error::NoEntry) => Ok(None),
                got => Ok(Some(got?.into())),
            },
            KeptIn::File => file::get(&self.file, name).map_err(|error| self.file_error(error)),
        }
    }

    fn set(&self, name: &str, secret: Option<&Personal>) -> Result<(), SecretError> {
        match (self.kept_in(), secret) {
            (KeptIn::Keychain, Some(secret)) => {
                Ok(Entry::new(SERVICE, name)?.set_password(secret.reveal())?)
            }
            (KeptIn::Keychain, None) => match Entry::new(SERVICE, name)?.delete_credential() {
                Err(keyring::Error::NoEntry) => Ok(()),
                removed => Ok(removed?),
            },
            (KeptIn::File, secret) => {
                file::set(&self.file, name, secret).map_err(|error| self.file_error(error))
            }
        }
    }

    fn file_error(&self, error: io::Error) -> SecretError {
        let path = self.file.clone();
        SecretError::File { path, error }
    }
}

impl From<keyring::Error> for SecretError {
    fn from(error: keyring::Error) -> Self {
        Self::Keychain {
            // Not kept whole: its `Debug` may hold what was read.
            words: error.to_string(),
            is_closed: matches!(error, keyring::Error::NoStorageAccess(_)),
        }
    }
}
