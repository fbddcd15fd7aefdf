//! New versions: when the shell is told to look, and that its news reaches the phone.

use offhook_core::{UpdateNews, UpdateOrder, UpdateState};

use super::*;

fn looks(acts: &[Act]) -> usize {
    let look = Act::Update(UpdateOrder::Look);
    acts.iter().filter(|act| **act == look).count()
}

#[tokio::test(start_paused = true)]
async fn the_shell_looks_some_minutes_after_the_start_and_tells_what_it_found() {
    let mut rig = Rig::practising("idle").await;
    let started = tokio::time::Instant::now();
    rig.until(|view| view.update.state == UpdateState::Looking)
        .await;
    let after = started.elapsed();
    assert!(after >= Duration::from_secs(5 * 60), "{after:?}");
    assert!(
        after < Duration::from_secs(5 * 60) + LONGEST_SPREAD,
        "{after:?}"
    );

    let version = "0.2.0".to_owned();
    rig.handle.update(UpdateNews::Found { version }).await;
    let view = rig.until(|view| view.update.announced).await;
    assert_eq!(view.update.version.as_deref(), Some("0.2.0"));
    assert_eq!(looks(&rig.acts), 1);
}

#[tokio::test(start_paused = true)]
async fn the_settings_switch_looking_off_and_on() {
    let mut rig = Rig::with_settings("connector = \"none\"\n[updates]\ncheck = false\n").await;
    rig.handle.dispatch(Intent::LookForUpdate);
    let switch = |on| SettingsChange {
        updates_check: Some(on),
        ..SettingsChange::default()
    };
    assert_eq!(rig.handle.view().update.state, UpdateState::Off);

    rig.handle.change_settings(switch(true)).await.unwrap();
    rig.until(|view| view.update.state == UpdateState::Unknown)
        .await;
    assert_eq!(looks(&rig.acts), 0);
    rig.handle.dispatch(Intent::LookForUpdate);
    rig.until(|view| view.update.state == UpdateState::Looking)
        .await;
    assert_eq!(looks(&rig.acts), 1);

    rig.handle.change_settings(switch(false)).await.unwrap();
    rig.until(|view| view.update.state == UpdateState::Off)
        .await;
}

#[test]
fn desks_do_not_all_look_at_once_and_a_shell_that_cannot_look_never_does() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::load(rig::places(&folder));
    let refused = updates(&Headless, settings.view(), 7);
    assert_eq!(refused, Updates::Off(UpdatesOff::NotBuiltIn));

    let spread = |seed| match updates(&Willing, settings.view(), seed) {
        Updates::On { spread } => spread,
        Updates::Off(why) => panic!("{why:?}"),
    };
    assert_ne!(spread(7), spread(u64::MAX));
    assert!(spread(u64::MAX) < LONGEST_SPREAD);
}

/// A shell that can replace its program.
struct Willing;

impl Shell for Willing {
    fn show(&mut self, _view: &View, _tray: &Tray) {}

    fn act(&mut self, _act: Act) {}

    fn settings(&mut self, _settings: &SettingsView) {}

    fn updates(&self) -> Result<(), UpdatesOff> {
        Ok(())
    }
}
