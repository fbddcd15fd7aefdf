//! The way to the company's broker, as the settings choose it.

use offhook_protocol::Personal;
use tokio::sync::{mpsc, oneshot};
use tracing::debug;

use crate::{
    apps::KeptIn,
    secrets::{SecretError, Secrets},
};

/// The name of the broker's password among the secrets.
const PASSWORD: &str = "broker";

/// How many news may wait for the loop. They come one by one from the hand of a person.
const MAX_NEWS: usize = 4;

/// Whoever waits until a password is kept, or to be told why it is not.
pub(crate) type PasswordAnswer = oneshot::Sender<Result<(), String>>;

/// The way to the company's broker.
#[derive(Debug)]
pub(crate) struct Uplink {
    secrets: Secrets,
    news: mpsc::Receiver<News>,
    telling: mpsc::Sender<News>,
}

/// What the loop has to know.
#[derive(Debug)]
pub(crate) enum News {
    /// There is another password, or none any more. Whoever set it waits.
    PasswordKept {
        kept_in: Option<KeptIn>,
        answer: PasswordAnswer,
    },
}

impl Uplink {
    pub(crate) fn new(secrets: Secrets) -> Self {
        let (telling, news) = mpsc::channel(MAX_NEWS);
        Self {
            secrets,
            news,
            telling,
        }
    }

    /// Waits for news. Cancel-safe.
    pub(crate) async fn news(&mut self) -> News {
        match self.news.recv().await {
            Some(news) => news,
            None => std::future::pending().await,
        }
    }

    /// Keeps another password; an empty one is none. [`News::PasswordKept`] follows if that worked.
    pub(crate) fn keep_password(&self, password: Personal, answer: PasswordAnswer) {
        let (secrets, telling) = (self.secrets.clone(), self.telling.clone());
        tokio::spawn(async move {
            let told = match keep(&secrets, password).await {
                Ok(kept_in) => {
                    let news = News::PasswordKept { kept_in, answer };
                    telling.send(news).await.is_ok()
                }
                Err(error) => answer.send(Err(error.to_string())).is_ok(),
            };
            if !told {
                debug!("nobody waits for the password");
            }
        });
    }
}

async fn keep(secrets: &Secrets, password: Personal) -> Result<Option<KeptIn>, SecretError> {
    let password = Some(password).filter(|it| !it.reveal().is_empty());
    let is_kept = password.is_some();
    secrets.set(PASSWORD, password).await?;
    let kept_in = secrets.kept_in().await?;
    Ok(is_kept.then_some(kept_in))
}
