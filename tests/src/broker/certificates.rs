//! A private authority, and what it has signed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use offhook_uplink::mqtt::Identity;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

/// Certificates in a folder, under the names that the shipped configuration of the broker knows.
#[derive(Debug)]
pub(super) struct Certificates {
    folder: PathBuf,
    authority: Issuer<'static, KeyPair>,
}

impl Certificates {
    /// A new authority, and the broker's certificate.
    pub(super) fn issue(folder: &Path) -> Result<Self> {
        let folder = folder.join("certificates");
        fs::create_dir(&folder)?;
        let key = KeyPair::generate()?;
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "A private authority");
        fs::write(folder.join("ca.pem"), params.self_signed(&key)?.pem())?;

        let certificates = Self {
            folder,
            authority: Issuer::new(params, key),
        };
        let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
        certificates.sign("server", CertificateParams::new(names)?)?;
        Ok(certificates)
    }

    /// The authority's own certificate.
    pub(super) fn authority(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// A certificate whose common name is the user's.
    pub(super) fn identity(&self, user: &str) -> Result<Identity> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, user);
        self.sign(user, params)
    }

    fn sign(&self, name: &str, params: CertificateParams) -> Result<Identity> {
        let key = KeyPair::generate()?;
        let signed = params.signed_by(&key, &self.authority)?;
        let identity = Identity {
            certificate: self.folder.join(name).with_extension("pem"),
            key: self.folder.join(name).with_extension("key"),
        };
        fs::write(&identity.certificate, signed.pem())?;
        fs::write(&identity.key, key.serialize_pem())?;
        Ok(identity)
    }
}
