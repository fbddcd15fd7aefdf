//! How an app and a hub prove to each other that they know the secret, without telling it to a
//! stranger that listens on the port.

use std::fmt;

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use hmac::{Hmac, KeyInit, Mac};
use offhook_protocol::Access;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::Sha256;

/// Length of a secret and of a nonce, in bytes.
const LENGTH: usize = 32;

/// What a program of this machine must know to join the hub: 32 random bytes, new for each hub. On the
/// wire of files it is hexadecimal; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; LENGTH]);

impl Secret {
    /// A new one. An error is the operating system's, out of random bytes.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        random().map(Self)
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
        let mut mac = Hmac::new_from_slice(&self.0)
            .unwrap_or_else(|_| unreachable!("HMAC takes a key of any length"));
        mac.update(claim.text(side).as_bytes());
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
        serializer.serialize_str(&HEXLOWER.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        bytes(&text)
            .map(Self)
            .ok_or_else(|| D::Error::custom("a secret is 64 hexadecimal digits"))
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
            "offhook.v1\n{side}\n{}\n{access}\n{}\n{}\n{}",
            self.version, self.source, self.hub_nonce, self.client_nonce
        )
    }
}

/// A new nonce, in lower-case hexadecimal.
pub(crate) fn nonce() -> Result<String, getrandom::Error> {
    Ok(HEXLOWER.encode(&random()?))
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
    fn whatever_differs_spoils_the_proof() {
        let proof = secret().prove(Side::App, &CLAIM);
        let others = [
            Claim {
                version: 2,
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
}
