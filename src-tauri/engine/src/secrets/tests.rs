use std::fs;

use tempfile::TempDir;

use super::*;

/// The secrets of a computer without a keychain.
fn secrets(folder: &TempDir) -> Secrets {
    Secrets::new(&Places {
        settings: folder.path().join("settings.toml"),
        policy: folder.path().join("policy.toml"),
        logs: folder.path().join("logs"),
        data: folder.path().join("data"),
        keychain: false,
        runtime: None,
    })
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("data/secrets.json")
}

#[tokio::test]
async fn what_is_kept_is_there_after_a_restart_until_it_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    let before = secrets(&folder);
    assert_eq!(before.kept_in().await.unwrap(), KeptIn::File);
    assert_eq!(before.get("broker").await.unwrap(), None);
    before.set("broker", Some("old".into())).await.unwrap();
    before.set("broker", Some("sesame".into())).await.unwrap();
    before.set("key", Some("0123".into())).await.unwrap();

    let after = secrets(&folder);
    assert_eq!(after.get("broker").await.unwrap(), Some("sesame".into()));
    after.set("broker", None).await.unwrap();
    after.set("broker", None).await.unwrap();
    assert_eq!(before.get("broker").await.unwrap(), None);
    assert_eq!(before.get("key").await.unwrap(), Some("0123".into()));
}

#[tokio::test]
async fn nothing_is_written_where_nothing_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    secrets(&folder).set("broker", None).await.unwrap();
    assert!(!path(&folder).exists());
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let secrets = secrets(&folder);
    secrets.set("broker", Some("sesame".into())).await.unwrap();
    let mode = || fs::metadata(path(&folder)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(), 0o600);

    // Whoever loosened it: the next secret goes into a file that is closed again.
    fs::set_permissions(path(&folder), fs::Permissions::from_mode(0o644)).unwrap();
    secrets.set("key", Some("0123".into())).await.unwrap();
    assert_eq!(mode(), 0o600);
}

#[tokio::test]
async fn a_broken_file_is_told_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("data")).unwrap();
    let broken = "{\"broker\": \"sesame\"";
    fs::write(path(&folder), broken).unwrap();
    let secrets = secrets(&folder);
    let told = secrets.get("broker").await.unwrap_err().to_string();
    assert!(told.contains("secrets.json"), "{told}");
    assert!(!told.contains("sesame"), "{told}");
    assert!(secrets.set("broker", Some("new".into())).await.is_err());
    assert_eq!(fs::read_to_string(path(&folder)).unwrap(), broken);
}

#[tokio::test]
async fn nothing_that_is_printed_tells_a_secret() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = secrets(&folder);
    secrets.set("broker", Some("sesame".into())).await.unwrap();
    let got = secrets.get("broker").await;
    assert!(!format!("{secrets:?} {got:?}").contains("sesame"));
    let told = SecretError::from(keyring::Error::BadEncoding(b"sesame".to_vec()));
    assert!(!format!("{told:?} {told}").contains("sesame"));
}

#[test]
fn a_closed_keychain_is_told_with_its_remedy_and_its_own_words_are_for_the_log() {
    let closed = keyring::Error::NoStorageAccess("object locked".into());
    let broken = keyring::Error::PlatformFailure("no reply".into());
    for (error, remedy, words) in [
        (closed, "Unlock it", "object locked"),
        (broken, "log", "no reply"),
    ] {
        let error = SecretError::from(error);
        let told = error.to_string();
        assert!(told.contains(remedy) && !told.contains(words), "{told}");
        assert!(format!("{error:?}").contains(words), "{error:?}");
    }
}
