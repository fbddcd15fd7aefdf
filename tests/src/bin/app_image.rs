//! Stands in for an AppImage of the phone: starts it and tells it, as an AppImage's runtime does, which
//! file it was started from.

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    use std::{env, os::unix::process::CommandExt, process::Command};

    use anyhow::Context;

    let phone = env::var_os("OFFHOOK_TEST_PROGRAM");
    let error = Command::new(phone.context("OFFHOOK_TEST_PROGRAM must name the phone's program")?)
        .args(env::args_os().skip(1))
        .env("APPIMAGE", env::current_exe()?)
        .exec();
    Err(error.into())
}

#[cfg(not(target_os = "linux"))]
fn main() {}
