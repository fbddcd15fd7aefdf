//! The file through which programs of the same person find the hub.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;

use offhook_bus::{Bus, Connection, ConnectionFile, FindError, Hub, HubConfig};
use serde_json::Value;
use tempfile::tempdir;

async fn connection() -> Connection {
    let hub = Hub::start(Bus::new(), HubConfig::default()).await.unwrap();
    hub.connection().clone()
}

#[tokio::test]
async fn what_is_published_is_found_and_gone_afterwards() {
    let directory = tempdir().unwrap();
    let place = directory.path().join("deep/offhook");
    let connection = connection().await;
    let file = ConnectionFile::publish_in(&place, &connection).unwrap();
    assert_eq!(Connection::find_in(&place).unwrap(), connection);

    let json: Value = serde_json::from_slice(&fs::read(file.path()).unwrap()).unwrap();
    let keys: Vec<_> = json.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["url", "secret", "pid"]);
    assert_eq!(json["secret"].as_str().unwrap().len(), 64);

    drop(file);
    let gone = Connection::find_in(&place);
    assert!(matches!(gone, Err(FindError::NotRunning)), "{gone:?}");
    assert_eq!(fs::read_dir(&place).unwrap().count(), 0);
}

#[tokio::test]
async fn the_file_of_a_later_hub_is_left_alone() {
    let directory = tempdir().unwrap();
    let (earlier, later) = (connection().await, connection().await);
    let first = ConnectionFile::publish_in(directory.path(), &earlier).unwrap();
    let _second = ConnectionFile::publish_in(directory.path(), &later).unwrap();
    drop(first);
    assert_eq!(Connection::find_in(directory.path()).unwrap(), later);
}

#[tokio::test]
async fn what_is_no_connection_file_is_not_taken_for_one() {
    let directory = tempdir().unwrap();
    let file = ConnectionFile::publish_in(directory.path(), &connection().await).unwrap();
    for text in ["", "{}", r#"{"url":"ws://x","secret":"00","pid":1}"#] {
        fs::write(file.path(), text).unwrap();
        let found = Connection::find_in(directory.path());
        assert!(matches!(found, Err(FindError::Malformed(_))), "{text}");
    }
}

#[cfg(unix)]
mod unix {
    use std::{
        os::unix::fs::{MetadataExt, PermissionsExt},
        process::Command,
    };

    use super::*;

    #[tokio::test]
    async fn file_and_new_directories_are_the_owners_alone() {
        let existing = tempdir().unwrap();
        fs::set_permissions(existing.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let new = existing.path().join("offhook");
        let file = ConnectionFile::publish_in(&new, &connection().await).unwrap();
        let mode = |path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(file.path()), 0o600);
        assert_eq!(mode(&new), 0o700);
        assert_eq!(mode(existing.path()), 0o755);
    }

    #[tokio::test]
    async fn a_file_that_others_can_read_is_not_trusted() {
        let directory = tempdir().unwrap();
        let file = ConnectionFile::publish_in(directory.path(), &connection().await).unwrap();
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o640)).unwrap();
        let found = Connection::find_in(directory.path());
        assert!(matches!(found, Err(FindError::Exposed(_))), "{found:?}");
    }

    #[tokio::test]
    async fn the_file_of_a_process_that_has_gone_is_stale() {
        let directory = tempdir().unwrap();
        let mut process = Command::new("true").spawn().unwrap();
        let pid = process.id();
        process.wait().unwrap();
        let stale = Connection {
            pid,
            ..connection().await
        };
        let _file = ConnectionFile::publish_in(directory.path(), &stale).unwrap();
        let found = Connection::find_in(directory.path());
        assert!(matches!(found, Err(FindError::NotRunning)), "{found:?}");
    }
}
