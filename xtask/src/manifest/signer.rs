//! The publisher's key at work.

use std::{
    env,
    fs::File,
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, anyhow};
use data_encoding::BASE64;
use minisign::{SecretKey, SecretKeyBox};
use semver::Version;

const KEY: &str = "TAURI_SIGNING_PRIVATE_KEY";
const PASSWORD: &str = "TAURI_SIGNING_PRIVATE_KEY_PASSWORD";

/// Signs with the publisher's key.
pub(super) struct Signer(SecretKey);

impl Signer {
    /// Takes the key from where Tauri's command line takes it.
    pub(super) fn from_environment() -> Result<Self> {
        let key = env::var(KEY).with_context(|| {
            format!("{KEY} must hold the key that `tauri signer generate` has written")
        })?;
        Self::new(&key, env::var(PASSWORD).unwrap_or_default())
    }

    /// Without a password if the key has none.
    fn new(key: &str, password: String) -> Result<Self> {
        // What is wrong with it is told without repeating any of it.
        let text = BASE64.decode(key.trim().as_bytes()).ok();
        let text = text.and_then(|text| String::from_utf8(text).ok());
        let text = text.with_context(|| format!("{KEY} is no key"))?;
        let kept = || SecretKeyBox::from_string(&text);
        let open = kept().and_then(SecretKeyBox::into_unencrypted_secret_key);
        let key = open.or_else(|_| kept()?.into_secret_key(Some(password)));
        key.map(Self)
            .map_err(|error| anyhow!("{KEY} cannot be used; is {PASSWORD} right? {error}"))
    }

    /// The signature of a file. It binds the version, too: an old package cannot be passed off as a new
    /// one.
    pub(super) fn sign(&self, file: &Path, version: &Version) -> Result<String> {
        let data = File::open(file).with_context(|| format!("{} is missing", file.display()))?;
        let name = file.file_name().unwrap_or_default().display();
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let trusted = format!("timestamp:{now}\tfile:{name}\tversion:{version}");
        let untrusted = "signature of Offhook's publisher";
        let signature = minisign::sign(None, &self.0, data, Some(&trusted), Some(untrusted))?;
        Ok(BASE64.encode(signature.to_string().as_bytes()))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use minisign::KeyPair;

    use super::*;

    /// A signer, and the public key that goes with it.
    pub(in super::super) fn with_new_key() -> (Signer, minisign::PublicKey) {
        let KeyPair { pk, sk } = KeyPair::generate_unencrypted_keypair().unwrap();
        let key = BASE64.encode(sk.to_box(None).unwrap().to_string().as_bytes());
        (Signer::new(&key, String::new()).unwrap(), pk)
    }

    #[test]
    fn what_is_no_key_is_not_repeated() {
        for key in ["", "swordfish", "c3dvcmRmaXNo"] {
            let error = Signer::new(key, String::new()).err().unwrap();
            let text = format!("{error:#}");
            assert!(text.contains(KEY) && !text.contains("swordfish"), "{text}");
        }
    }
}
