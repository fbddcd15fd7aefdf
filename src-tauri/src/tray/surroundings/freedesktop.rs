//! The panel, whose colour no desktop tells. It is guessed from what the person prefers for programs.

use std::{
    env,
    sync::{Arc, Mutex, PoisonError},
};

use futures_lite::StreamExt;
use gtk::prelude::GtkSettingsExt;
use offhook_engine::settings::TrayIcon;
use zbus::{Connection, OwnedVariant, Variant, proxy};

use super::drawing::Drawing;

/// The setting of the [Settings portal](https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html)
/// that says whether the person prefers dark programs.
const NAMESPACE: &str = "org.freedesktop.appearance";
const COLOR_SCHEME: &str = "color-scheme";

/// What the tray icon is seen on, as far as that is known.
#[derive(Clone, Default)]
pub(super) struct Surroundings {
    /// What the desktop prefers, if it has a portal and says so.
    preferred: Arc<Mutex<Option<Shade>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shade {
    Light,
    Dark,
}

impl Surroundings {
    /// Follows the desktop, and calls back when it has said something new.
    pub(super) async fn watch(self, changed: impl Fn() + Send) {
        if let Err(error) = self.listen(changed).await {
            tracing::debug!(%error, "the desktop does not tell its colours");
        }
    }

    async fn listen(&self, changed: impl Fn() + Send) -> zbus::Result<()> {
        let portal = SettingsProxy::new(&Connection::session().await?).await?;
        // First, so that no change is missed.
        let mut changes = portal
            .receive_setting_changed_with_args(&[(0, NAMESPACE), (1, COLOR_SCHEME)])
            .await?;
        match portal.read(NAMESPACE, COLOR_SCHEME).await {
            Ok(now) => {
                self.hear(&now);
                changed();
            }
            // It may still tell when that changes.
            Err(error) => tracing::debug!(%error, "the desktop does not tell its colours now"),
        }
        while let Some(change) = changes.next().await {
            match change.args() {
                Ok(change) => {
                    self.hear(change.value());
                    changed();
                }
                Err(error) => tracing::debug!(%error, "the desktop's word is not understood"),
            }
        }
        Ok(())
    }

    fn hear(&self, color_scheme: &Variant<'_>) {
        *self
            .preferred
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = preferred(color_scheme);
    }

    /// The chosen drawing, or the one that suits the panel. For the main thread.
    pub(super) fn drawing(&self, chosen: TrayIcon) -> Drawing {
        match chosen {
            TrayIcon::Light => Drawing::Light,
            TrayIcon::Dark => Drawing::Dark,
            TrayIcon::Auto => match self.panel() {
                Shade::Light => Drawing::Dark,
                Shade::Dark => Drawing::Light,
            },
        }
    }

    fn panel(&self) -> Shade {
        if is_gnome(&env::var("XDG_CURRENT_DESKTOP").unwrap_or_default()) {
            return Shade::Dark;
        }
        let preferred = *self
            .preferred
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        preferred.unwrap_or_else(theme)
    }
}

/// GNOME's panel is dark, whatever programs are.
fn is_gnome(desktops: &str) -> bool {
    desktops.split(':').any(|desktop| desktop == "GNOME")
}

/// 0 is no preference, and so is what the portal may say in times to come.
fn preferred(color_scheme: &Variant<'_>) -> Option<Shade> {
    match color_scheme.downcast_ref::<u32>().ok()? {
        1 => Some(Shade::Dark),
        2 => Some(Shade::Light),
        _ => None,
    }
}

/// The shade of the programs' theme.
fn theme() -> Shade {
    let dark = gtk::Settings::default().is_some_and(|settings| {
        let named = settings.gtk_theme_name().unwrap_or_default();
        settings.is_gtk_application_prefer_dark_theme() || named.to_lowercase().contains("dark")
    });
    match dark {
        true => Shade::Dark,
        false => Shade::Light,
    }
}

#[proxy(
    interface = "org.freedesktop.portal.Settings",
    default_service = "org.freedesktop.portal.Desktop",
    default_path = "/org/freedesktop/portal/desktop"
)]
trait Settings {
    fn read(&self, namespace: &str, key: &str) -> zbus::Result<OwnedVariant>;

    #[zbus(signal)]
    fn setting_changed(&self, namespace: &str, key: &str, value: Variant<'_>) -> zbus::Result<()>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portals_word_is_read_however_it_is_packed() {
        let packed = |value: u32| Variant::Variant(Box::new(value.into()));
        assert_eq!(preferred(&1u32.into()), Some(Shade::Dark));
        assert_eq!(preferred(&packed(2)), Some(Shade::Light));
        for nothing in [packed(0), packed(3), "dark".into()] {
            assert_eq!(preferred(&nothing), None);
        }
    }

    #[test]
    fn gnome_is_known_by_its_name_among_others() {
        assert!(is_gnome("GNOME") && is_gnome("ubuntu:GNOME"));
        assert!(!is_gnome("XFCE") && !is_gnome("GNOME-Flashback:Unity") && !is_gnome(""));
    }
}
