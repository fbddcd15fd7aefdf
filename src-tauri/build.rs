use std::path::Path;

use tauri_build::{AppManifest, Attributes};

/// Every command. `capabilities/window.json` allows the window each of them but `panel_says`, which the
/// panel's page alone may call.
const COMMANDS: &[&str] = &[
    "dispatch",
    "current_view",
    "current_settings",
    "change_settings",
    "ring_devices",
    "test_ring",
    "panel_says",
];

fn main() {
    let built = ["../ui/dist/index.html", "../ui/dist-connector/script.js"];
    if !built.into_iter().all(|file| Path::new(file).exists()) {
        println!(
            "cargo::error=The window is not built yet. Run `cargo xtask run`, or `npm ci` and \
             `npm run build` in the folder `ui`."
        );
        return;
    }
    let manifest = AppManifest::new().commands(COMMANDS);
    if let Err(error) = tauri_build::try_build(Attributes::new().app_manifest(manifest)) {
        println!("cargo::error={error:#}");
    }
}
