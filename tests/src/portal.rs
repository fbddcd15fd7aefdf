//! The part of a desktop's portal that tells its programs what the person prefers.

use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use zbus::{Connection, Variant, interface, object_server::SignalEmitter};

use crate::session::Session;

const PATH: &str = "/org/freedesktop/portal/desktop";
const NAME: &str = "org.freedesktop.portal.Desktop";
const NAMESPACE: &str = "org.freedesktop.appearance";
const KEY: &str = "color-scheme";

/// What the person prefers programs to look like, as the portal has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub enum ColorScheme {
    Dark = 1,
    Light = 2,
}

/// The portal.
#[derive(Debug)]
pub struct Portal(Connection);

struct Settings(Mutex<ColorScheme>);

impl Portal {
    /// Takes the portal's name on the session's bus.
    pub async fn start(session: &Session, preferred: ColorScheme) -> Result<Self> {
        let connection = session.another_program().await?;
        let settings = Settings(Mutex::new(preferred));
        connection.object_server().at(PATH, settings).await?;
        connection.request_name(NAME).await?;
        Ok(Self(connection))
    }

    /// The person prefers something else.
    pub async fn prefer(&self, preferred: ColorScheme) -> Result<()> {
        let settings = self
            .0
            .object_server()
            .interface::<_, Settings>(PATH)
            .await?;
        *settings
            .get()
            .await
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = preferred;
        let emitter = settings.signal_emitter();
        Ok(Settings::setting_changed(emitter, NAMESPACE, KEY, value(preferred)).await?)
    }
}

#[interface(name = "org.freedesktop.portal.Settings")]
impl Settings {
    /// Packs the value twice, as the real one does.
    fn read(&self, namespace: &str, key: &str) -> zbus::fdo::Result<Variant<'static>> {
        if (namespace, key) != (NAMESPACE, KEY) {
            let what = format!("no setting {key} in {namespace}");
            return Err(zbus::fdo::Error::Failed(what));
        }
        let preferred = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Variant::Variant(Box::new(value(preferred))))
    }

    #[zbus(signal)]
    async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Variant<'_>,
    ) -> zbus::Result<()>;
}

fn value(preferred: ColorScheme) -> Variant<'static> {
    Variant::U32(preferred as u32)
}
