//! The autostart folders of the XDG Desktop Application Autostart Specification.

use std::{
    fs,
    path::{Path, PathBuf},
};

use gtk::glib::{self, KeyFile, KeyFileFlags};

use super::{AT_LOGIN, Problem, remove};

/// The entry's path in a folder of the configuration, the same for one person and for all. A person's
/// entry hides that of all.
const ENTRY: &str = "autostart/io.github.offhook.Offhook.desktop";

const GROUP: &str = "Desktop Entry";

pub(super) fn follow(program: &Path, on: bool) -> Result<(), Problem> {
    let shared = glib::system_config_dirs();
    Autostart {
        own: glib::user_config_dir().join(ENTRY),
        for_all: shared.iter().map(|folder| folder.join(ENTRY)).collect(),
    }
    .follow(program, on)
}

/// Where entries may be.
struct Autostart {
    own: PathBuf,
    for_all: Vec<PathBuf>,
}

impl Autostart {
    fn follow(&self, program: &Path, on: bool) -> Result<(), Problem> {
        let own = read(&self.own);
        let followed = if own.as_ref().is_some_and(is_switched_off) {
            match on {
                true => Err(
                    "it was switched off in the desktop's own settings, so switch it on there"
                        .to_owned(),
                ),
                false => Ok(()),
            }
        } else if own.as_ref().is_some_and(is_foreign) {
            Ok(())
        } else if on && !self.starts_for_all() {
            self.write(program)
        } else {
            remove(&self.own).map_err(|error| error.to_string())
        };
        followed.map_err(|why| Problem::new(&self.own, why))
    }

    /// Whether there is an entry for everybody that has an effect. It may have outlived the package it came
    /// with.
    fn starts_for_all(&self) -> bool {
        // The first one hides the others.
        let entry = self.for_all.iter().find_map(|entry| read(entry));
        entry.is_some_and(|entry| {
            let program = entry.string(GROUP, "TryExec");
            !is_switched_off(&entry)
                && program.map_or(true, |program| {
                    glib::find_program_in_path(program).is_some()
                })
        })
    }

    fn write(&self, program: &Path) -> Result<(), String> {
        let program = program
            .to_str()
            .ok_or("the path of the program is not UTF-8")?;
        let text = entry(program);
        if fs::read_to_string(&self.own).is_ok_and(|there| there == text) {
            return Ok(());
        }
        let folder = self.own.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        glib::file_set_contents(&self.own, text.as_bytes())
            .map_err(|error| error.message().to_owned())
    }
}

fn read(path: &Path) -> Option<KeyFile> {
    let entry = KeyFile::new();
    entry.load_from_file(path, KeyFileFlags::NONE).ok()?;
    Some(entry)
}

/// Whether somebody has said so elsewhere: desktops do it with one of these keys.
fn is_switched_off(entry: &KeyFile) -> bool {
    let says = |key, value| entry.boolean(GROUP, key) == Ok(value);
    says("Hidden", true) || says("X-GNOME-Autostart-enabled", false)
}

/// Whether the person has it from elsewhere: desktops copy the launcher to the same name, and then the
/// phone starts as they want it to.
fn is_foreign(entry: &KeyFile) -> bool {
    entry
        .string(GROUP, "Exec")
        .is_ok_and(|command| !command.trim_end().ends_with(AT_LOGIN))
}

fn entry(program: &str) -> String {
    let entry = KeyFile::new();
    let command = format!("{} {AT_LOGIN}", quoted(program));
    for (key, value) in [
        ("Type", "Application"),
        ("Name", "Offhook"),
        ("Icon", "io.github.offhook.Offhook"),
        ("Exec", &command),
        ("Terminal", "false"),
        ("StartupNotify", "false"),
    ] {
        entry.set_string(GROUP, key, value);
    }
    entry.to_data().into()
}

/// An argument as the key `Exec` has it, before the escapes that every value has.
fn quoted(argument: &str) -> String {
    let mut text = String::from("\"");
    for letter in argument.chars() {
        match letter {
            '"' | '`' | '$' | '\\' => text.extend(['\\', letter]),
            '%' => text.push_str("%%"),
            _ => text.push(letter),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn autostart(home: &TempDir) -> Autostart {
        Autostart {
            own: home.path().join("config").join(ENTRY),
            for_all: ["local", "all"]
                .map(|folder| home.path().join(folder).join(ENTRY))
                .into(),
        }
    }

    fn put(path: &Path, text: &str) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    #[test]
    fn an_entry_comes_goes_and_follows_the_program() {
        let home = tempfile::tempdir().unwrap();
        let autostart = autostart(&home);
        autostart
            .follow(Path::new("/opt/old/offhook"), true)
            .unwrap();
        autostart.follow(Path::new("/opt/offhook"), true).unwrap();
        assert_eq!(
            fs::read_to_string(&autostart.own).unwrap(),
            "[Desktop Entry]\nType=Application\nName=Offhook\nIcon=io.github.offhook.Offhook\n\
             Exec=\"/opt/offhook\" --at-login\nTerminal=false\nStartupNotify=false\n"
        );
        for _ in 0..2 {
            autostart.follow(Path::new("/opt/offhook"), false).unwrap();
            assert!(!autostart.own.exists());
        }
    }

    #[test]
    fn the_command_is_read_back_as_it_was_meant() {
        let path = r#"/home/erin/100% "my" $apps `x` \o/Off hook.AppImage"#;
        let file = KeyFile::new();
        file.load_from_data(&entry(path), KeyFileFlags::NONE)
            .unwrap();
        let command = file.string(GROUP, "Exec").unwrap();
        let words = glib::shell_parse_argv(command.as_str()).unwrap();
        assert_eq!(
            words,
            [path.replace('%', "%%").as_str(), AT_LOGIN],
            "a desktop turns %% into %"
        );
    }

    #[test]
    fn where_everybody_has_an_entry_none_is_written_and_an_old_one_removed() {
        let home = tempfile::tempdir().unwrap();
        let autostart = autostart(&home);
        autostart.follow(Path::new("/opt/offhook"), true).unwrap();
        put(&autostart.for_all[1], &entry("/usr/bin/offhook"));
        autostart
            .follow(Path::new("/usr/bin/offhook"), true)
            .unwrap();
        assert!(!autostart.own.exists());
    }

    #[test]
    fn an_entry_for_everybody_that_starts_nothing_counts_for_nothing() {
        let removed = entry("/usr/bin/offhook") + "TryExec=/nowhere/offhook\n";
        let hidden = entry("/usr/bin/offhook") + "Hidden=true\n";
        for dead in [removed, hidden] {
            let home = tempfile::tempdir().unwrap();
            let autostart = autostart(&home);
            put(&autostart.for_all[0], &dead);
            put(&autostart.for_all[1], &entry("/usr/bin/offhook"));
            autostart.follow(Path::new("/opt/offhook"), true).unwrap();
            assert!(autostart.own.exists(), "{dead}");

            put(&autostart.for_all[0], &(entry("sh") + "TryExec=sh\n"));
            autostart.follow(Path::new("/opt/offhook"), true).unwrap();
            assert!(!autostart.own.exists());
        }
    }

    #[test]
    fn a_launcher_that_a_desktop_has_copied_stays_as_it_is() {
        let home = tempfile::tempdir().unwrap();
        let autostart = autostart(&home);
        let text = "[Desktop Entry]\nExec=offhook -- %u\n";
        put(&autostart.own, text);
        for on in [true, false] {
            autostart.follow(Path::new("/opt/offhook"), on).unwrap();
            assert_eq!(fs::read_to_string(&autostart.own).unwrap(), text);
        }
    }

    #[test]
    fn what_was_switched_off_in_the_desktops_settings_stays_so_and_is_told() {
        for line in ["Hidden=true", "X-GNOME-Autostart-enabled=false"] {
            let home = tempfile::tempdir().unwrap();
            let autostart = autostart(&home);
            let text = format!("[Desktop Entry]\nExec=offhook --at-login\n{line}\n");
            put(&autostart.own, &text);
            let problem = autostart
                .follow(Path::new("/opt/offhook"), true)
                .unwrap_err();
            assert!(problem.why.contains("switched off"), "{problem:?}");
            autostart.follow(Path::new("/opt/offhook"), false).unwrap();
            assert_eq!(fs::read_to_string(&autostart.own).unwrap(), text);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_told() {
        let home = tempfile::tempdir().unwrap();
        let autostart = autostart(&home);
        fs::write(home.path().join("config"), "in the way").unwrap();
        let problem = autostart
            .follow(Path::new("/opt/offhook"), true)
            .unwrap_err();
        assert_eq!(problem.place, autostart.own);
        assert!(!problem.why.is_empty());
    }
}
