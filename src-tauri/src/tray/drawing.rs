//! The pictures of the tray icon. `icons/render.sh` makes them.

use offhook_core::tray::Icon;
use tauri::{image::Image, include_image};

/// How the icon is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Drawing {
    /// For dark panels.
    #[cfg(not(target_os = "macos"))]
    Light,
    /// For light panels.
    #[cfg(not(target_os = "macos"))]
    Dark,
    /// A shape that the system colours.
    #[cfg(target_os = "macos")]
    Template,
}

impl Drawing {
    pub(super) fn of(self, icon: Icon) -> Image<'static> {
        match self {
            #[cfg(not(target_os = "macos"))]
            Self::Light => light(icon),
            #[cfg(not(target_os = "macos"))]
            Self::Dark => dark(icon),
            #[cfg(target_os = "macos")]
            Self::Template => template(icon),
        }
    }
}

#[cfg(not(target_os = "macos"))]
fn light(icon: Icon) -> Image<'static> {
    match icon {
        Icon::Ready => include_image!("../icons/tray/light/ready.png"),
        Icon::NotReady => include_image!("../icons/tray/light/not-ready.png"),
        Icon::Ringing => include_image!("../icons/tray/light/ringing.png"),
        Icon::OnCall => include_image!("../icons/tray/light/on-call.png"),
        Icon::OnHold => include_image!("../icons/tray/light/on-hold.png"),
        Icon::WrapUp => include_image!("../icons/tray/light/wrap-up.png"),
        Icon::Lost => include_image!("../icons/tray/light/lost.png"),
    }
}

#[cfg(not(target_os = "macos"))]
fn dark(icon: Icon) -> Image<'static> {
    match icon {
        Icon::Ready => include_image!("../icons/tray/dark/ready.png"),
        Icon::NotReady => include_image!("../icons/tray/dark/not-ready.png"),
        Icon::Ringing => include_image!("../icons/tray/dark/ringing.png"),
        Icon::OnCall => include_image!("../icons/tray/dark/on-call.png"),
        Icon::OnHold => include_image!("../icons/tray/dark/on-hold.png"),
        Icon::WrapUp => include_image!("../icons/tray/dark/wrap-up.png"),
        Icon::Lost => include_image!("../icons/tray/dark/lost.png"),
    }
}

#[cfg(target_os = "macos")]
fn template(icon: Icon) -> Image<'static> {
    match icon {
        Icon::Ready => include_image!("../icons/tray/template/ready.png"),
        Icon::NotReady => include_image!("../icons/tray/template/not-ready.png"),
        Icon::Ringing => include_image!("../icons/tray/template/ringing.png"),
        Icon::OnCall => include_image!("../icons/tray/template/on-call.png"),
        Icon::OnHold => include_image!("../icons/tray/template/on-hold.png"),
        Icon::WrapUp => include_image!("../icons/tray/template/wrap-up.png"),
        Icon::Lost => include_image!("../icons/tray/template/lost.png"),
    }
}
