//! Fetches the announcement and its signature.

use reqwest::{Client, StatusCode};
use tauri::Url;

use super::PATIENCE;

/// How large an announcement may be, in bytes. One with notes has a few thousand.
const LARGEST: usize = 256 << 10;

/// Why nothing was fetched.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    #[error("{}", with_causes(.0))]
    Network(#[from] reqwest::Error),
    #[error("the server answers {0} for {1}")]
    Answer(StatusCode, Url),
    #[error("the server's answer has more than {LARGEST} bytes")]
    TooLarge,
}

/// Chooses the program's cryptography for TLS, of which there is one choice in a process.
pub(super) fn prepare() {
    if rustls::crypto::ring::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("TLS has its cryptography already");
    }
}

/// The announcement at this address, and the signature beside it; an empty one if there is none.
///
/// # Errors
/// [`FetchError`].
pub(super) async fn announcement(url: &Url) -> Result<(Vec<u8>, Vec<u8>), FetchError> {
    let client = Client::builder()
        .user_agent(concat!("offhook/", env!("CARGO_PKG_VERSION")))
        .timeout(PATIENCE)
        .build()?;
    let mut beside = url.clone();
    beside.set_path(&format!("{}.sig", url.path()));
    let announcement = fetch(&client, url).await?;
    let signature = match fetch(&client, &beside).await {
        Err(FetchError::Answer(StatusCode::NOT_FOUND, _)) => Vec::new(),
        fetched => fetched?,
    };
    Ok((announcement, signature))
}

async fn fetch(client: &Client, url: &Url) -> Result<Vec<u8>, FetchError> {
    let mut response = client.get(url.clone()).send().await?;
    if !response.status().is_success() {
        return Err(FetchError::Answer(response.status(), url.clone()));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LARGEST {
            return Err(FetchError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Its own text says only that it failed.
fn with_causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
