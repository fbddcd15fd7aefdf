//! Stands in for an AppImage of the phone: starts it and tells it, as an AppImage's runtime does, which
//! file it was started from, and in which folder the phone lies.

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    use std::{env, os::unix::process::CommandExt, path::PathBuf, process::Command};

    use anyhow::Context;

    let phone = env::var_os("OFFHOOK_TEST_PROGRAM").map(PathBuf::from);
    let phone = phone.context("OFFHOOK_TEST_PROGRAM must name the phone's program")?;
    let folder = phone.parent().context("a program lies in a folder")?;
    let error = Command::new(&phone)
        .args(env::args_os().skip(1))
        .env("APPIMAGE", env::current_exe()?)
        .env("APPDIR", folder)
        .exec();
    Err(error.into())
}

#[cfg(not(target_os = "linux"))]
fn main() {}
