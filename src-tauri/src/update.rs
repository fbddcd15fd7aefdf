//! New versions: looks for one, downloads it and puts it in this program's place, when the phone orders
//! it.
//!
//! The announcement is a file of Tauri's updater and, beside it, its signature. It is believed only if
//! the publisher's key has signed it ([`announcement`]); then it names the package's address and
//! signature. Tauri's updater downloads the package and verifies that it was signed for just this version;
//! it is installed under the running program ([`install`]).

mod announcement;
mod fetch;
mod install;
mod owner;
mod publisher;

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use offhook_core::{UpdateNews, UpdateOrder, UpdateProblem, UpdatesOff};
use offhook_engine::{Handle, settings::SettingsView};
use serde_json::Value;
use tauri::{AppHandle, Manager, async_runtime::spawn_blocking};
use tauri_plugin_updater::{Update, UpdaterExt};
use tokio::{sync::Notify, time::sleep};

use self::{announcement::Refused, fetch::FetchError, publisher::Publisher};
use crate::restart;

/// How long the server may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long a download may take. A server that sends a byte now and then is never silent.
const LONGEST_DOWNLOAD: Duration = Duration::from_secs(30 * 60);

/// How large a package may be, in bytes.
const LARGEST_PACKAGE: usize = 512 << 20;

/// Carries out what is ordered about new versions. Clones share what was found.
#[derive(Clone)]
pub(crate) struct Updater {
    app: AppHandle,
    /// Without one there are no new versions.
    publisher: Option<Publisher>,
    found: Arc<Mutex<Found>>,
}

/// What was found so far.
#[derive(Default)]
struct Found {
    /// The announcement that was believed.
    announcement: Value,
    /// What it announces, once it was downloaded and verified.
    package: Vec<u8>,
}

/// Why there is no new version, although one was ordered.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Fetch(#[from] FetchError),
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error(transparent)]
    Updater(#[from] tauri_plugin_updater::Error),
    #[error(transparent)]
    Desktop(#[from] tauri::Error),
    #[error("the package is larger than {LARGEST_PACKAGE} bytes")]
    TooLarge,
    #[error("the download takes longer than {LONGEST_DOWNLOAD:?}")]
    TooSlow,
    #[error("nothing was found that could be installed")]
    NothingFound,
    #[error("the setup failed: {0}")]
    Setup(#[from] io::Error),
}

impl Failure {
    fn problem(&self) -> UpdateProblem {
        use tauri_plugin_updater::Error;

        match self {
            Self::Fetch(_)
            | Self::TooSlow
            | Self::Updater(
                Error::Reqwest(_) | Error::Network(_) | Error::InsecureTransportProtocol,
            ) => UpdateProblem::Unreachable,
            Self::Refused(refused) => refused.problem(),
            Self::Updater(Error::TargetNotFound(_) | Error::TargetsNotFound(_)) => {
                UpdateProblem::OtherSystem
            }
            Self::Updater(Error::Serialization(_)) => UpdateProblem::Unreadable,
            Self::Updater(
                Error::Minisign(_)
                | Error::Base64(_)
                | Error::SignatureUtf8(_)
                | Error::MissingSignedVersion
                | Error::SignedVersionMismatch { .. },
            ) => UpdateProblem::Unsigned,
            Self::Updater(_)
            | Self::Desktop(_)
            | Self::TooLarge
            | Self::NothingFound
            | Self::Setup(_) => UpdateProblem::NotInstalled,
        }
    }
}

impl Updater {
    pub(crate) fn new(app: AppHandle) -> Self {
        fetch::prepare();
        Self {
            app,
            publisher: Publisher::built_in(),
            found: Arc::default(),
        }
    }

    /// Whether new versions can be had, or why not.
    pub(crate) fn available(&self) -> Result<(), UpdatesOff> {
        match &self.publisher {
            None => Err(UpdatesOff::NotBuiltIn),
            Some(_) if owner::is_somebody_else(&self.app) => Err(UpdatesOff::Elsewhere),
            Some(_) => Ok(()),
        }
    }

    /// Takes note of where to look.
    pub(crate) fn follow(&mut self, settings: &SettingsView) {
        if let Some(publisher) = &mut self.publisher {
            publisher.look_at(settings.updates_url.value.as_deref());
        }
    }

    /// Does as it is told, in a task of its own, and tells the phone what came of it.
    pub(crate) fn carry_out(&self, order: UpdateOrder) {
        let this = self.clone();
        tauri::async_runtime::spawn(async move {
            let done = match order {
                UpdateOrder::Look => this.look().await,
                UpdateOrder::Download => this.download().await,
                UpdateOrder::Install => this.install().await,
                UpdateOrder::Restart { hidden } => return restart::restart(&this.app, hidden),
            };
            let news = done.unwrap_or_else(|failure| {
                let detail = failure.to_string();
                let problem = failure.problem();
                tracing::warn!(?order, ?problem, detail, "no new version");
                UpdateNews::Failed { problem, detail }
            });
            this.app.state::<Handle>().update(news).await;
        });
    }

    async fn look(&self) -> Result<UpdateNews, Failure> {
        let publisher = self.publisher.as_ref().ok_or(Failure::NothingFound)?;
        let (announcement, signature) = fetch::announcement(&publisher.url).await?;
        let own = &self.app.package_info().version;
        let key = &publisher.key;
        let Some(announcement) = announcement::read(&announcement, &signature, key, own)? else {
            return Ok(UpdateNews::Newest);
        };
        // Also says whether there is a package for this system.
        let version = self.update(&announcement)?.version;
        tracing::info!(version, "there is a new version");
        *self.found() = Found {
            announcement,
            package: Vec::new(),
        };
        Ok(UpdateNews::Found { version })
    }

    async fn download(&self) -> Result<UpdateNews, Failure> {
        let announcement = self.found().announcement.clone();
        let update = self.update(&announcement)?;
        let mut length = 0;
        let too_large = Notify::new();
        let download = update.download(
            |chunk, _| {
                length += chunk;
                if length > LARGEST_PACKAGE {
                    too_large.notify_one();
                }
            },
            || {},
        );
        let package = tokio::select! {
            biased;
            () = too_large.notified() => return Err(Failure::TooLarge),
            () = sleep(LONGEST_DOWNLOAD) => return Err(Failure::TooSlow),
            package = download => package?,
        };
        let version = update.version;
        tracing::info!(version, "the new version is downloaded");
        let mut found = self.found();
        if found.announcement == announcement {
            found.package = package;
        }
        Ok(UpdateNews::Downloaded { version })
    }

    async fn install(&self) -> Result<UpdateNews, Failure> {
        let found = std::mem::take(&mut *self.found());
        let update = self.update(&found.announcement)?;
        let version = update.version.clone();
        spawn_blocking(move || install::install(&update, &found.package)).await??;
        tracing::info!(version, "the new version is installed");
        Ok(UpdateNews::Installed)
    }

    /// The update that an announcement is about.
    fn update(&self, announcement: &Value) -> Result<Update, Failure> {
        let publisher = self.publisher.as_ref().ok_or(Failure::NothingFound)?;
        let builder = self
            .app
            .updater_builder()
            .endpoints(vec![publisher.url.clone()])?
            .pubkey(&publisher.key)
            .configure_client(|client| client.connect_timeout(PATIENCE).read_timeout(PATIENCE));
        let update = builder.build()?.restore_update(announcement.clone())?;
        update.ok_or(Failure::NothingFound)
    }

    fn found(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
