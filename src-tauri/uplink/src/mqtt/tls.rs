//! Who is trusted at the other end of TLS, and who we are there.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem, pem::PemObject},
};
use rustls_platform_verifier::BuilderVerifierExt;
use thiserror::Error;

/// A certificate of ours, for brokers that ask for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// PEM file with the certificate, and those between it and its authority.
    pub certificate: PathBuf,
    /// PEM file with its private key, without a password.
    pub key: PathBuf,
}

/// Why a file with a certificate or a key cannot be used. The key's content is never told.
#[derive(Debug, Error)]
pub enum TlsError {
    /// It cannot be read, or is not PEM.
    #[error("{} cannot be read: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: pem::Error,
    },
    /// There is nothing of the kind in it.
    #[error("{} holds no {what} in PEM form", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// What should be there.
        what: &'static str,
    },
    /// Certificate and key do not fit, or are of a kind that is not known here.
    #[error("{}: {error}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: rustls::Error,
    },
    /// The system does not say whom it trusts.
    #[error("the system's certificates cannot be used: {0}")]
    System(rustls::Error),
}

/// With `ca`, only what that authority has signed is trusted; without, what the system trusts.
pub(super) fn configure(
    ca: Option<&Path>,
    identity: Option<&Identity>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(TlsError::System)?;
    let builder = match ca {
        Some(path) => builder.with_root_certificates(authorities(path)?),
        None => builder.with_platform_verifier().map_err(TlsError::System)?,
    };
    let config = match identity {
        Some(Identity { certificate, key }) => builder
            .with_client_auth_cert(certificates(certificate)?, private_key(key)?)
            .map_err(|error| unusable(key, error))?,
        None => builder.with_no_client_auth(),
    };
    Ok(Arc::new(config))
}

fn authorities(path: &Path) -> Result<RootCertStore, TlsError> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(path)? {
        store
            .add(certificate)
            .map_err(|error| unusable(path, error))?;
    }
    Ok(store)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let certificates: Vec<_> = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect)
        .map_err(|error| unreadable(path, error))?;
    match certificates.is_empty() {
        true => Err(empty(path, "certificate")),
        false => Ok(certificates),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| {
        if matches!(error, pem::Error::NoItemsFound) {
            empty(path, "private key without a password")
        } else {
            unreadable(path, error)
        }
    })
}

fn unreadable(path: &Path, error: pem::Error) -> TlsError {
    let path = path.to_owned();
    TlsError::File { path, error }
}

fn unusable(path: &Path, error: rustls::Error) -> TlsError {
    let path = path.to_owned();
    TlsError::Unusable { path, error }
}

fn empty(path: &Path, what: &'static str) -> TlsError {
    let path = path.to_owned();
    TlsError::Empty { path, what }
}
