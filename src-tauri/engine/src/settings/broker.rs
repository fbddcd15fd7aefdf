//! The company's broker among the settings.

use std::path::PathBuf;

use offhook_uplink::{Branch, address};
use serde::{Deserialize, Serialize};

use super::{
    Setting,
    address::{BrokerAddress, ProxyAddress, WholePath},
    named, setting,
};
use crate::apps::KeptIn;

/// How the company's broker is reached. Without an address there is none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct BrokerSettings {
    /// This Offhook was built with the way to a broker.
    pub supported: bool,
    /// The broker's address: `mqtt://`, `mqtts://`, `ws://` or `wss://`.
    pub url: Setting<Option<String>>,
    /// The company's part of the broker's topics.
    pub tenant: Setting<Option<String>>,
    /// The agent's own part of them.
    pub agent: Setting<Option<String>>,
    /// What stands for `agent` if it is absent.
    pub usual_agent: Option<String>,
    /// The name to log in with.
    pub username: Setting<Option<String>>,
    /// Where the password or token is kept; absent if there is none.
    pub password: Option<KeptIn>,
    /// A PEM file with the only authorities to trust; the system's own if absent.
    pub ca: Setting<Option<String>>,
    /// A PEM file with the certificate to log in with.
    pub certificate: Setting<Option<String>>,
    /// A PEM file with the certificate's key.
    pub key: Setting<Option<String>>,
    /// The proxy on the way, `http://host:port`.
    pub proxy: Setting<Option<String>>,
    /// Whether an address without encryption is accepted for another machine.
    pub insecure: Setting<bool>,
}

/// What is to be saved of [`BrokerSettings`]: what is present. An empty text clears a setting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export, optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[expect(
    missing_docs,
    reason = "each is the setting of the same name in `BrokerSettings`"
)]
pub struct BrokerChange {
    pub url: Option<String>,
    pub tenant: Option<String>,
    pub agent: Option<String>,
    pub username: Option<String>,
    pub ca: Option<String>,
    pub certificate: Option<String>,
    pub key: Option<String>,
    pub proxy: Option<String>,
    pub insecure: Option<bool>,
}

/// The table of a settings file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Broker {
    url: Option<BrokerAddress>,
    tenant: Option<String>,
    agent: Option<String>,
    username: Option<String>,
    ca: Option<WholePath>,
    certificate: Option<WholePath>,
    key: Option<WholePath>,
    proxy: Option<ProxyAddress>,
    insecure: Option<bool>,
}

/// All that is needed to connect to the broker, but the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BrokerSetup {
    pub(crate) address: address::Address,
    /// It is encrypted, within this machine, or need not be.
    pub(crate) insecure: bool,
    pub(crate) branch: Branch,
    pub(crate) username: Option<String>,
    pub(crate) ca: Option<PathBuf>,
    /// The certificate and its key.
    pub(crate) identity: Option<(PathBuf, PathBuf)>,
    pub(crate) proxy: Option<address::ProxyAddress>,
}

impl BrokerSettings {
    /// What is in force of both files.
    pub(super) fn of(policy: Broker, person: Broker) -> Self {
        let text = |policy: Option<String>, person: Option<String>| {
            setting(policy.map(named), person.map(named), None)
        };
        let path = |policy: Option<WholePath>, person: Option<WholePath>| {
            text(policy.map(|it| it.0), person.map(|it| it.0))
        };
        let username = text(policy.username, person.username);
        Self {
            supported: cfg!(feature = "mqtt"),
            url: text(policy.url.map(|it| it.0), person.url.map(|it| it.0)),
            tenant: text(policy.tenant, person.tenant),
            agent: text(policy.agent, person.agent),
            usual_agent: username.value.clone().or_else(login_name),
            username,
            password: None,
            ca: path(policy.ca, person.ca),
            certificate: path(policy.certificate, person.certificate),
            key: path(policy.key, person.key),
            proxy: text(policy.proxy.map(|it| it.0), person.proxy.map(|it| it.0)),
            insecure: setting(policy.insecure, person.insecure, false),
        }
    }

    /// How the broker is reached. `None` if there is none; an error says what is missing.
    pub(super) fn setup(&self) -> Result<Option<BrokerSetup>, &'static str> {
        let Some(url) = self.url.value.as_deref() else {
            return Ok(None);
        };
        if !self.supported {
            return Err(
                "A broker is set (broker.url), but this Offhook was built without the way to one.",
            );
        }
        let address: address::Address = url
            .parse()
            .map_err(|_| "The broker's address cannot be read.")?;
        if address.is_exposed() && !self.insecure.value {
            return Err(
                "The way to the broker is not encrypted. Use mqtts:// or wss:// (broker.url), or \
                 allow it with broker.insecure = true.",
            );
        }
        let tenant =
            self.tenant.value.clone().ok_or(
                "A broker is set, but not the company's name there. Set it (broker.tenant).",
            )?;
        let agent = self
            .agent
            .value
            .clone()
            .or_else(|| self.usual_agent.clone());
        let agent =
            agent.ok_or("A broker is set, but not who you are there. Set it (broker.agent).")?;
        let file = |setting: &Setting<Option<String>>| setting.value.as_ref().map(PathBuf::from);
        let branch = Branch::new(&tenant, &agent).map_err(
            |_| "The company's or the agent's name at the broker is too long (broker.tenant, broker.agent).",
        )?;
        let identity = match (file(&self.certificate), file(&self.key)) {
            (Some(certificate), Some(key)) => Some((certificate, key)),
            (None, None) => None,
            (Some(_), None) => {
                return Err("The broker's client certificate needs its key. Set it (broker.key).");
            }
            (None, Some(_)) => {
                return Err(
                    "The broker's client key needs its certificate. Set it (broker.certificate).",
                );
            }
        };
        let proxy = self.proxy.value.as_deref();
        Ok(Some(BrokerSetup {
            address,
            insecure: self.insecure.value,
            branch,
            username: self.username.value.clone(),
            ca: file(&self.ca),
            identity,
            proxy: proxy.and_then(|proxy| proxy.parse().ok()),
        }))
    }
}

impl BrokerChange {
    /// Whether it would change what the administrator has fixed.
    pub(super) const fn is_locked(&self, settings: &BrokerSettings) -> bool {
        (self.url.is_some() && settings.url.locked)
            || (self.tenant.is_some() && settings.tenant.locked)
            || (self.agent.is_some() && settings.agent.locked)
            || (self.username.is_some() && settings.username.locked)
            || (self.ca.is_some() && settings.ca.locked)
            || (self.certificate.is_some() && settings.certificate.locked)
            || (self.key.is_some() && settings.key.locked)
            || (self.proxy.is_some() && settings.proxy.locked)
            || (self.insecure.is_some() && settings.insecure.locked)
    }

    /// Whether the file will be readable with it; otherwise what is wrong.
    pub(super) fn check(&self) -> Result<(), String> {
        if let Some(url) = &self.url {
            BrokerAddress::try_from(url.clone())?;
        }
        if let Some(proxy) = &self.proxy {
            ProxyAddress::try_from(proxy.clone())?;
        }
        for path in [&self.ca, &self.certificate, &self.key]
            .into_iter()
            .flatten()
        {
            WholePath::try_from(path.clone())?;
        }
        Ok(())
    }
}

/// The person's name on this computer, as the system tells its programs.
fn login_name() -> Option<String> {
    let variable = if cfg!(windows) { "USERNAME" } else { "USER" };
    std::env::var(variable).ok().and_then(named)
}
