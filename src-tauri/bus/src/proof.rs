//! How an app and a hub prove to each other that they know the secret, without telling it to a
//! stranger that listens on the port.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit, Mac};
use offhook_protocol::Access;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::Sha256;

use crate::Page;

/// Length of a secret and of a nonce, in bytes.
const LENGTH: usize = 32;

/// 32 bytes that nobody else knows. A program proves that it knows those of the connection file, a web
/// page those of its pairing; the installation's own are the key that the latter are derived from. In
/// files it is hexadecimal; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; LENGTH]);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    ///
    /// The operating system gives no random bytes.
    pub fn random() -> Result<Self, getrandom::Error> {
        random().map(Self)
    }

    /// Reads 64 hexadecimal digits. `None` if it is anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        bytes(text).map(Self)
    }

    /// As it is kept: 64 hexadecimal digits.
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// Of the installation's key: what pages of this origin call the installation. It tells them nothing
    /// that pages of another origin know.
    pub(crate) fn hub_id(&self, origin: &str) -> String {
        HEXLOWER.encode(&self.derive(&format!("offhook.v1\nid\n{origin}"))[..LENGTH / 2])
    }

    /// Of the installation's key: the secret of a paired page. Unambiguous, because neither an origin nor
    /// a name contains a line feed.
    pub(crate) fn of_page(&self, page: &Page, salt: &str) -> Self {
        let Page { origin, name } = page;
        Self(self.derive(&format!("offhook.v1\npage\n{origin}\n{name}\n{salt}")))
    }

    /// The proof of one side of the handshake, in lower-case hexadecimal.
    pub(crate) fn prove(&self, side: Side, claim: &Claim<'_>) -> String {
        HEXLOWER.encode(&self.mac(side, claim).finalize().into_bytes())
    }

    /// Whether this is the proof of that side. Takes the same time wherever it differs.
    pub(crate) fn verify(&self, side: Side, claim: &Claim<'_>, proof: &str) -> bool {
        HEXLOWER_PERMISSIVE
            .decode(proof.as_bytes())
            .is_ok_and(|proof| self.mac(side, claim).verify_slice(&proof).is_ok())
    }

    fn mac(&self, side: Side, claim: &Claim<'_>) -> Hmac<Sha256> {
        self.mac_of(&claim.text(side))
    }

    fn derive(&self, text: &str) -> [u8; LENGTH] {
        self.mac_of(text).finalize().into_bytes().into()
    }

    fn mac_of(&self, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::new_from_slice(&self.0)
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(text.as_bytes());
        mac
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹secret›")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_hex(&text).ok_or_else(|| D::Error::custom("a secret is 64 hexadecimal digits"))
    }
}

/// Who proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    App,
    Hub,
}

/// What a proof is about: all that the two sides must agree on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim<'a> {
    pub(crate) version: u32,
    /// The TCP port that the app has connected to, and the hub listens at: so that whoever listens at
    /// another one cannot pass the handshake on and sit between.
    pub(crate) port: u16,
    /// The access that the app wants, or in the hub's proof the one that it grants.
    pub(crate) access: Access,
    pub(crate) source: &'a str,
    pub(crate) hub_nonce: &'a str,
    pub(crate) client_nonce: &'a str,
}

impl Claim<'_> {
    /// The text under the proof. Unambiguous, because no part of it contains a line feed: a source has
    /// no control characters, and nonces are hexadecimal.
    fn text(&self, side: Side) -> String {
        let side = match side {
            Side::App => "app",
            Side::Hub => "hub",
        };
        let access = match self.access {
            Access::Observe => "observe",
            Access::Control => "control",
        };
        format!(
            "offhook.v1\n{side}\n{}\n{}\n{access}\n{}\n{}\n{}",
            self.version, self.port, self.source, self.hub_nonce, self.client_nonce
        )
    }
}

/// A new nonce, in lower-case hexadecimal.
pub(crate) fn nonce() -> Result<String, getrandom::Error> {
    Ok(HEXLOWER.encode(&random()?))
}

/// A new salt of a pairing.
pub(crate) fn salt() -> Result<String, getrandom::Error> {
    nonce()
}

/// Whether a peer sent a nonce of the right length.
pub(crate) fn is_nonce(text: &str) -> bool {
    bytes(text).is_some()
}

fn random() -> Result<[u8; LENGTH], getrandom::Error> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

fn bytes(text: &str) -> Option<[u8; LENGTH]> {
    HEXLOWER_PERMISSIVE
        .decode(text.as_bytes())
        .ok()?
        .try_into()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIM: Claim<'static> = Claim {
        version: 1,
        port: 28_711,
        access: Access::Control,
        source: "crm",
        hub_nonce: "1111111111111111111111111111111111111111111111111111111111111111",
        client_nonce: "2222222222222222222222222222222222222222222222222222222222222222",
    };

    fn secret() -> Secret {
        Secret(std::array::from_fn(|at| at as u8))
    }

    /// That of the paired page.
    fn paired() -> Secret {
        Secret(std::array::from_fn(|at| 0x20 + at as u8))
    }

    /// The worked examples of `docs/hub.md`, computed there with Python's `hmac`.
    #[test]
    fn the_documented_examples_are_right() {
        let document = include_str!("../../../docs/hub.md");
        for secret in [secret(), paired()] {
            let text = serde_json::to_string(&secret).unwrap();
            assert!(document.contains(&text), "{text}");
            for side in [Side::App, Side::Hub] {
                let proof = secret.prove(side, &CLAIM);
                assert!(document.contains(&proof), "{side:?}: {proof}");
                assert!(secret.verify(side, &CLAIM, &proof.to_uppercase()));
            }
        }
    }

    #[test]
    fn the_documented_phone_is_called_as_documented() {
        let hub_id = secret().hub_id("https://crm.example.com");
        let key = format!(r#""hubId":"{hub_id}""#);
        assert!(include_str!("../../../docs/hub.md").contains(&key), "{key}");
        assert_ne!(secret().hub_id("https://crm.example.com:8443"), hub_id);
        assert_ne!(paired().hub_id("https://crm.example.com"), hub_id);
    }

    #[test]
    fn every_page_and_every_pairing_has_a_secret_of_its_own() {
        let page = |origin: &str, name: &str| Page {
            origin: origin.to_owned(),
            name: name.to_owned(),
        };
        let crm = page("https://crm.example.com", "crm");
        let of_crm = secret().of_page(&crm, "salt");
        assert_eq!(secret().of_page(&crm, "salt"), of_crm);
        for other in [
            secret().of_page(&page("https://crm.example.org", "crm"), "salt"),
            secret().of_page(&page("https://crm.example.com", "crm2"), "salt"),
            secret().of_page(&crm, "pepper"),
            paired().of_page(&crm, "salt"),
        ] {
            assert_ne!(other, of_crm);
        }
    }

    #[test]
    fn whatever_differs_spoils_the_proof() {
        let proof = secret().prove(Side::App, &CLAIM);
        let others = [
            Claim {
                version: 2,
                ..CLAIM
            },
            Claim {
                port: 28_712,
                ..CLAIM
            },
            Claim {
                access: Access::Observe,
                ..CLAIM
            },
            Claim {
                source: "crm2",
                ..CLAIM
            },
            Claim {
                hub_nonce: CLAIM.client_nonce,
                ..CLAIM
            },
            Claim {
                client_nonce: CLAIM.hub_nonce,
                ..CLAIM
            },
        ];
        for other in others {
            assert!(!secret().verify(Side::App, &other, &proof), "{other:?}");
        }
        assert!(!secret().verify(Side::Hub, &CLAIM, &proof));
        assert!(!Secret::random().unwrap().verify(Side::App, &CLAIM, &proof));
        for no_proof in ["", "00", "no hexadecimal", &proof[2..]] {
            assert!(!secret().verify(Side::App, &CLAIM, no_proof), "{no_proof}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        assert_eq!(format!("{:?}", secret()), "‹secret›");
    }

    #[test]
    fn a_secret_is_64_hexadecimal_digits() {
        let text = secret().to_hex();
        assert_eq!(Secret::from_hex(&text), Some(secret()));
        for other in ["", "00", &text[1..], &text.replace('0', "g")] {
            assert_eq!(Secret::from_hex(other), None, "{other}");
        }
    }
}
