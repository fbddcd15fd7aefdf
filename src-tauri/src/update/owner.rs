//! Whose business it is to bring new versions: the phone's own, unless somebody else manages its files.

use tauri::AppHandle;

/// A package manager or an administrator owns the program's files. On Linux only an AppImage is the
/// person's own.
#[cfg(target_os = "linux")]
pub(super) fn is_somebody_else(app: &AppHandle) -> bool {
    use tauri::Manager;

    app.env().appimage.is_none()
}

/// An administrator has installed the program for the whole machine: outside of the person's own folder.
#[cfg(windows)]
pub(super) fn is_somebody_else(_app: &AppHandle) -> bool {
    let own = std::env::var_os("LOCALAPPDATA").map(std::path::PathBuf::from);
    let program = std::env::current_exe().ok();
    !own.zip(program)
        .is_some_and(|(own, program)| program.starts_with(own))
}

/// Nobody does: macOS asks for an administrator's password where one is needed.
#[cfg(not(any(target_os = "linux", windows)))]
pub(super) fn is_somebody_else(_app: &AppHandle) -> bool {
    false
}
