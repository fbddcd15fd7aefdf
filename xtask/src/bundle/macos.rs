//! What people install on macOS: a disk image with the app, and what the updater downloads.
//!
//! Tauri's own program makes the app. It signs and notarises if the environment holds Apple's keys, as
//! <https://v2.tauri.app/distribute/sign/macos/> tells.

mod archive;

use std::{env, fs, path::PathBuf};

use anyhow::Result;
use serde_json::json;

use super::{Bundle, Format, Platform, build, tauri};

pub(super) const PLATFORM: Platform = Platform {
    stage,
    formats: &[Format {
        name: "dmg",
        usual: true,
        make,
    }],
};

/// Lays out what goes into the app beside the phone: Tauri wants the kind of machine in its name.
fn stage(bundle: &Bundle<'_>) -> Result<()> {
    let target = build::target(bundle.project)?;
    let staged = bundle.stage().join(format!("offhookctl-{target}"));
    fs::copy(bundle.program("offhookctl")?, staged)?;
    Ok(())
}

/// Makes the app, and packs it for people and for the updater.
fn make(bundle: &Bundle<'_>) -> Result<PathBuf> {
    let command_line = bundle.stage().join("offhookctl");
    let notices = bundle.notices();
    let options = json!({
        "externalBin": [command_line],
        "resources": { notices.display().to_string(): "THIRD-PARTY-NOTICES.txt" },
    });
    let made = tauri::make(bundle, "app,dmg", &options)?;
    let name = format!("offhook_{}_{}", bundle.version, env::consts::ARCH);

    // Tauri makes this only together with a signature, and the key for that is elsewhere.
    archive::pack(
        &made.join("macos/Offhook.app"),
        &bundle.folder.join(format!("{name}.app.tar.gz")),
    )?;

    let image = bundle.folder.join(format!("{name}.dmg"));
    fs::copy(tauri::find(&made.join("dmg"), "dmg")?, &image)?;
    Ok(image)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use plist::Value;

    /// A property list of this checkout.
    fn read(file: &str) -> plist::Dictionary {
        let path = Path::new("../src-tauri").join(file);
        let list = Value::from_file(&path).unwrap_or_else(|error| panic!("{file}: {error}"));
        list.into_dictionary().expect("a property list of names")
    }

    #[test]
    fn the_app_is_offered_for_telephone_links_and_says_why_it_listens() {
        let info = read("Info.plist");
        let kinds = info["CFBundleURLTypes"].as_array().unwrap();
        let schemes = kinds[0].as_dictionary().unwrap()["CFBundleURLSchemes"]
            .as_array()
            .unwrap();
        assert_eq!(schemes, &["tel".into(), "callto".into()]);
        assert!(info.contains_key("NSMicrophoneUsageDescription"));
        let microphone = "com.apple.security.device.audio-input";
        assert_eq!(
            read("entitlements.plist")[microphone].as_boolean(),
            Some(true)
        );
    }

    #[test]
    fn the_agent_for_every_login_starts_the_app_that_is_made() {
        let agent = read("packaging/macos/io.github.offhook.Offhook.plist");
        let config = std::fs::read("../src-tauri/tauri.conf.json").unwrap();
        let config: serde_json::Value = serde_json::from_slice(&config).unwrap();
        let text = |name: &str| config[name].as_str().unwrap();
        let program = format!(
            "/Applications/{}.app/Contents/MacOS/{}",
            text("productName"),
            text("mainBinaryName")
        );
        let arguments = agent["ProgramArguments"].as_array().unwrap();
        assert_eq!(arguments, &[program.into(), "--at-login".into()]);
        assert_eq!(
            agent["AssociatedBundleIdentifiers"].as_string(),
            Some(text("identifier"))
        );
    }
}
