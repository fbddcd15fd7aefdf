//! What the phone may cost at most on a quiet machine with two cores.
//!
//! Every budget is a decision of the project. Beside it stands, where there is one, the cost of a
//! bare program that does only the unavoidable part, measured on such a machine without a graphics
//! card: the phone cannot do better, and should not do much worse.

/// A limit, in the unit of the figure that it is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// Not more than this.
    pub(crate) most: f64,
    /// What a bare program needs.
    pub(crate) bare: Option<f64>,
}

/// Milliseconds until the phone decides to notify.
pub(crate) const DECISION: Budget = Budget::of(1.0);

/// Milliseconds until the notification daemon is called. Bare: a WebSocket client that parses the
/// frame and makes the call.
pub(crate) const NOTIFICATION: Budget = Budget::above(10.0, 2.7);

/// Milliseconds until the window shows the call. Bare: a page with eleven buttons in WebKitGTK that
/// gets the frame from a WebSocket, until its next frame is drawn.
pub(crate) const WINDOW: Budget = Budget::above(50.0, 31.0);

/// Milliseconds from the start of the program to its tray icon. Bare: a Tauri program with a tray icon
/// and nothing else.
pub(crate) const TRAY: Budget = Budget::above(150.0, 90.0);

/// Milliseconds from asking for the window to seeing it, when there was none. Bare: a Tauri program
/// with an almost empty page.
pub(crate) const WINDOW_ON_DEMAND: Budget = Budget::above(500.0, 363.0);

/// MiB in the tray before there was any window. Bare: as for [`TRAY`].
pub(crate) const TRAY_MEMORY: Budget = Budget::above(40.0, 29.0);

/// Processes in the tray before there was any window: the phone alone, none of WebKit's.
pub(crate) const TRAY_PROCESSES: Budget = Budget::of(1.0);

/// Per cent of a core in the tray.
pub(crate) const TRAY_PROCESSOR: Budget = Budget::above(0.0, 0.0);

/// MiB a minute after the window was closed. Bare: a Tauri program that destroyed its window.
pub(crate) const CLOSED_MEMORY: Budget = Budget::above(90.0, 80.0);

impl Budget {
    const fn of(most: f64) -> Self {
        Self { most, bare: None }
    }

    const fn above(most: f64, bare: f64) -> Self {
        Self {
            most,
            bare: Some(bare),
        }
    }
}
