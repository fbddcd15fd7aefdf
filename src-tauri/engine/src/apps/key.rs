//! The installation's key, which the secrets of all paired pages are derived from.

use std::{
    future::{Future, pending},
    time::Duration,
};

use offhook_bus::Secret;
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, timeout},
};

use super::KeptIn;
use crate::secrets::{SecretError, Secrets};

/// The key's name among the secrets.
const NAME: &str = "hub";

/// When a keychain that cannot be opened is tried again: the person may unlock it meanwhile.
const PAUSE: Duration = Duration::from_secs(30);

/// A keychain that fails after so long has most likely asked the person, who said no.
const ANSWERED: Duration = Duration::from_secs(1);

/// How long the person is left in peace then.
const PEACE: Duration = Duration::from_secs(3600);

/// The key and where it is kept, or why it cannot be had now.
pub(super) type Found = Result<(KeptIn, Secret), SecretError>;

/// A search for the key that goes on until it is found. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Search {
    found: mpsc::Receiver<Found>,
    hurry: watch::Sender<()>,
}

impl Search {
    pub(super) fn in_secrets(secrets: Secrets) -> Self {
        Self::by(move || key(secrets.clone()))
    }

    fn by<F>(open: impl FnMut() -> F + Send + 'static) -> Self
    where
        F: Future<Output = Found> + Send + 'static,
    {
        let (telling, found) = mpsc::channel(1);
        let (hurry, hurried) = watch::channel(());
        tokio::spawn(search(open, telling, hurried));
        Self { found, hurry }
    }

    /// What comes of the next attempt; never returns once the key was found. Cancel-safe.
    pub(super) async fn next(&mut self) -> Found {
        match self.found.recv().await {
            Some(found) => found,
            None => pending().await,
        }
    }

    /// Tries again now, if it waits.
    pub(super) fn hurry(&self) {
        self.hurry.send_replace(());
    }
}

async fn search<F: Future<Output = Found>>(
    mut open: impl FnMut() -> F,
    telling: mpsc::Sender<Found>,
    mut hurried: watch::Receiver<()>,
) {
    loop {
        let began = Instant::now();
        let found = open().await;
        let pause = match began.elapsed() < ANSWERED {
            true => PAUSE,
            false => PEACE,
        };
        let is_last = found.is_ok();
        hurried.mark_unchanged();
        if telling.send(found).await.is_err() || is_last {
            return;
        }
        if let Ok(Err(_)) = timeout(pause, hurried.changed()).await {
            return;
        }
    }
}

/// Gets the key; the first time it is made.
async fn key(secrets: Secrets) -> Found {
    let kept_in = secrets.kept_in().await?;
    let kept = secrets.get(NAME).await?;
    if let Some(key) = kept.and_then(|kept| Secret::from_hex(kept.reveal())) {
        return Ok((kept_in, key));
    }
    let key = Secret::random().map_err(|error| SecretError::Random(error.to_string()))?;
    secrets.set(NAME, Some(key.to_hex().into())).await?;
    Ok((kept_in, key))
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;

    /// A keychain that fails this often, each time after a while, and then opens.
    fn failing(mut times: u32, after: Duration) -> Search {
        Search::by(move || {
            let fails = times > 0;
            times = times.saturating_sub(1);
            async move {
                if fails {
                    sleep(after).await;
                    return Err(SecretError::Keychain {
                        words: "locked".to_owned(),
                        is_closed: true,
                    });
                }
                let key = Secret::random().expect("random bytes");
                Ok((KeptIn::Keychain, key))
            }
        })
    }

    #[tokio::test(start_paused = true)]
    async fn a_keychain_is_tried_every_half_minute_until_it_opens() {
        let began = Instant::now();
        let mut search = failing(3, Duration::ZERO);
        for _ in 0..3 {
            assert!(search.next().await.is_err());
        }
        assert!(search.next().await.is_ok());
        let took = began.elapsed();
        assert!((3 * PAUSE..4 * PAUSE).contains(&took), "{took:?}");
        assert!(timeout(2 * PEACE, search.next()).await.is_err(), "at rest");
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_who_said_no_is_left_in_peace() {
        let mut search = failing(1, Duration::from_secs(5));
        assert!(search.next().await.is_err());
        assert!(timeout(PEACE / 2, search.next()).await.is_err());
        assert!(search.next().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn it_can_be_hurried() {
        let mut search = failing(1, Duration::from_secs(5));
        assert!(search.next().await.is_err());
        // It waits by then.
        sleep(Duration::from_secs(1)).await;
        search.hurry();
        let found = timeout(Duration::from_secs(1), search.next()).await;
        assert!(found.expect("at once").is_ok());
    }
}
