use std::path::Path;

use tauri_build::{AppManifest, Attributes};

/// Every command. `capabilities` says which window may call which; `panel_says` is the panel's page's alone.
const COMMANDS: &[&str] = &[
    "dispatch",
    "current_view",
    "current_settings",
    "change_settings",
    "set_broker_password",
    "ring_devices",
    "test_ring",
    "current_apps",
    "limit_app",
    "revoke_app",
    "current_question",
    "answer",
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
