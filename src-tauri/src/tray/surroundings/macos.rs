//! The menu bar, which colours its icons by itself.

use std::future::{Ready, ready};

use offhook_engine::settings::TrayIcon;

use super::drawing::Drawing;

/// What the tray icon is seen on.
#[derive(Clone, Default)]
pub(super) struct Surroundings {}

impl Surroundings {
    /// Nothing has to be drawn anew.
    pub(super) fn watch(self, _changed: impl Fn() + Send) -> Ready<()> {
        ready(())
    }

    /// The one drawing that there is.
    pub(super) fn drawing(&self, _chosen: TrayIcon) -> Drawing {
        Drawing::Template
    }
}
