use super::*;
use crate::KeptIn;

#[tokio::test(start_paused = true)]
async fn a_password_is_kept_told_and_forgotten() {
    let mut rig = Rig::practising("idle").await;
    let kept_in = |rig: &Rig| rig.handle.settings().broker.password;
    assert_eq!(kept_in(&rig), None);
    let set = async |password: &str| rig.handle.set_broker_password(password.into()).await;
    set("sesame").await.unwrap();
    assert_eq!(kept_in(&rig), Some(KeptIn::File));

    let quiet = SettingsChange {
        sound: Some(false),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(quiet).await.unwrap();
    assert_eq!(kept_in(&rig), Some(KeptIn::File), "other settings changed");

    set("").await.unwrap();
    assert_eq!(kept_in(&rig), None);
    rig.until(linked(LinkState::Online)).await;
    assert_eq!(rig.settings.broker.password, None, "the shell was told");
}

#[tokio::test(start_paused = true)]
async fn a_password_that_cannot_be_kept_is_told() {
    let rig = Rig::practising("idle").await;
    std::fs::create_dir_all(rig.secrets_file()).unwrap();
    let refused = rig.handle.set_broker_password("sesame".into()).await;
    let told = refused.unwrap_err();
    assert!(
        told.contains("secrets.json") && !told.contains("sesame"),
        "{told}"
    );
    assert_eq!(rig.handle.settings().broker.password, None);
}
