//! The program: puts the parts together, runs them, and takes them apart.

use std::time::Duration;

use clap::Parser;
use offhook_core::Intent;
use offhook_engine::{
    Handle,
    settings::{self, Places},
};
use tauri::{App, AppHandle, CloseRequestApi, Manager, RunEvent, Window, WindowEvent};

use crate::{
    arguments::Arguments,
    commands,
    desktop::Desktop,
    door::Door,
    notifier::{Notifier, notifier},
    panel, platform, question, restart,
    ringer::Ringer,
    tray,
    window::{self, Keyboard},
};

/// How long leaving may wait for the notification daemon and the engine.
const FAREWELL: Duration = Duration::from_secs(1);

/// Why the program could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartProblem {
    /// There is nothing to show a window on.
    #[error(
        "There is no display: neither DISPLAY nor WAYLAND_DISPLAY is set. Start Offhook in a \
         desktop session, or use `offhookctl engine` on a machine without one."
    )]
    NoDisplay,
    /// The desktop part failed.
    #[error("The desktop cannot be used: {0}")]
    Desktop(#[from] tauri::Error),
    /// The system is out of threads.
    #[error("The ringtone cannot be prepared: {0}")]
    Ringer(std::io::Error),
    /// The phone itself failed.
    #[error(transparent)]
    Engine(#[from] offhook_engine::StartError),
}

/// Runs the phone until the person quits. Does not return then: the process ends with code 0. If the
/// phone runs already, the arguments are handed to it and this process ends with code 0 as well, and so it
/// does at login where the settings do not want it.
///
/// # Errors
/// When the phone could not start.
pub fn run(arguments: Arguments) -> Result<(), StartProblem> {
    platform::forget_foreign_app_image();
    // Before anything else: where it is off, this happens at every login for nothing.
    if arguments.at_login && !settings::starts_at_login(Places::default()) {
        return Ok(());
    }
    if !platform::has_display() {
        return Err(StartProblem::NoDisplay);
    }
    platform::prefer_software_rendering_without_gpu();
    if let Err(error) = offhook_engine::log_to(&Places::default().logs) {
        tracing::warn!(%error, "the log goes to standard error only");
    }

    let first = arguments.intent();
    let app = build(Door::new(first.clone()))?;
    let (notifier, notifying) = notifier({
        let app = app.handle().clone();
        move |intent| ask(&app, intent)
    });
    tauri::async_runtime::spawn(notifying);
    let ringer = Ringer::start().map_err(StartProblem::Ringer)?;

    window::prepare(app.handle());
    panel::prepare(app.handle());
    question::prepare(app.handle());
    let desktop = Desktop::new(app.handle().clone(), notifier.clone(), ringer.clone());
    let engine = offhook_engine::start(
        offhook_engine::Options {
            practice: arguments.practice.clone(),
            ..Default::default()
        },
        desktop,
    )?;
    app.manage(engine.clone());
    app.manage(ringer.clone());
    app.state::<Door>().open(engine.clone());
    if first.is_some() {
        // The engine's word for it would come after the panel's window.
        window::show(app.handle(), Keyboard::Take);
    }
    tauri::async_runtime::spawn(leave_when_told(app.handle().clone()));

    let practice = arguments.practice;
    app.run(move |app, event| {
        for intent in platform::intents(&event) {
            ask(app, intent);
        }
        if let RunEvent::ExitRequested {
            code: None, api, ..
        } = &event
        {
            // The last window is gone, the phone is not.
            api.prevent_exit();
        }
        if matches!(event, RunEvent::Exit) {
            say_farewell(engine.clone(), &notifier, &ringer);
            restart::if_wanted(app, practice.as_ref());
        }
    });
    Ok(())
}

fn build(door: Door) -> tauri::Result<App> {
    let again = |app: &AppHandle, arguments: Vec<String>, _| {
        // Another version of the program may have other arguments: the person wants to see the phone.
        let intent = Arguments::try_parse_from(arguments)
            .inspect_err(|error| tracing::warn!(kind = ?error.kind(), "arguments not understood"))
            .map_or(Some(Intent::Show), |arguments| arguments.intent());
        if let Some(intent) = intent {
            ask(app, intent);
        }
    };
    platform::with_menu(tauri::Builder::default())
        .manage(door)
        .plugin(tauri_plugin_single_instance::init(again))
        .plugin(tauri_plugin_updater::Builder::new().build())
        .invoke_handler(tauri::generate_handler![
            commands::dispatch,
            commands::current_view,
            commands::current_settings,
            commands::change_settings,
            commands::set_broker_password,
            commands::ring_devices,
            commands::test_ring,
            commands::current_apps,
            commands::limit_app,
            commands::revoke_app,
            commands::current_question,
            commands::answer,
            commands::panel_says,
        ])
        .on_menu_event(|app, event| {
            if let Some(intent) = tray::intent(&event) {
                ask(app, intent);
            }
        })
        .on_window_event(|window: &Window, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                put_away(window, api);
            }
        })
        .build(tauri::generate_context!())
}

/// The phone's own window is given up later, and a panel's goes on carrying calls while it is hidden.
/// What a panel has opened may go, and so may a question.
fn put_away(window: &Window, api: &CloseRequestApi) {
    let app = window.app_handle();
    if window::is_own(window.label()) {
        api.prevent_close();
        window::hide(app);
    } else if panel::is_panel(window.label()) {
        api.prevent_close();
        panel::put_away(app);
    } else {
        question::closed(app, window.label());
    }
}

fn ask(app: &AppHandle, intent: Intent) {
    app.state::<Door>().ask(intent);
}

/// Leaves without a question when the system asks: it does not wait for an answer.
async fn leave_when_told(app: AppHandle) {
    match platform::told_to_leave().await {
        Ok(()) => app.exit(0),
        Err(error) => tracing::warn!(%error, "signals are not watched"),
    }
}

/// Leaves nothing behind that would ring, ask or answer on.
fn say_farewell(mut engine: Handle, notifier: &Notifier, ringer: &Ringer) {
    ringer.stop();
    engine.stop();
    let farewell = async {
        notifier.withdraw_all().await;
        while engine.next_view().await.is_some() {}
    };
    let said = tauri::async_runtime::block_on(async {
        // Inside, because the clock that it takes is the runtime's.
        tokio::time::timeout(FAREWELL, farewell).await
    });
    if said.is_err() {
        tracing::warn!("not everything was put away in time");
    }
}
