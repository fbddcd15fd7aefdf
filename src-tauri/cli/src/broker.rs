//! The company's broker on the command line.

use std::{
    env,
    io::{self, IsTerminal},
    path::PathBuf,
};

use offhook_uplink::{
    Trouble,
    address::{Address, ProxyAddress},
    mqtt::{Config, Identity, Mqtt, Password},
};

use crate::failure::Failure;

/// Holds the password or token; a command line would show it to every program of this machine.
const PASSWORD: &str = "OFFHOOK_BROKER_PASSWORD";

/// How the broker is reached.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "The company's broker")]
pub(crate) struct BrokerArguments {
    /// Its address: mqtts://, wss://, mqtt:// or ws://
    #[arg(long = "broker", value_name = "URL")]
    address: Address,

    /// The company's name in its topics
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub(crate) tenant: String,

    /// The name to log in with; the password is taken from OFFHOOK_BROKER_PASSWORD, or asked for
    #[arg(long, value_name = "NAME")]
    username: Option<String>,

    /// PEM file with the only authorities to trust; the system's own if absent
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,

    /// PEM file with the certificate to log in with
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,

    /// PEM file with the certificate's key
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,

    /// HTTP proxy on the way
    #[arg(long, value_name = "URL")]
    proxy: Option<ProxyAddress>,

    /// Accept an address without encryption for another machine
    #[arg(long)]
    insecure: bool,
}

impl BrokerArguments {
    /// The way there, for a connection of this name. May ask for the password.
    pub(crate) fn way(&self, client_id: &str) -> Result<Mqtt, Failure> {
        let identity = self.certificate.clone().zip(self.key.clone());
        Ok(Mqtt::new(&Config {
            address: self.address.clone(),
            insecure: self.insecure,
            proxy: self.proxy.clone(),
            client_id: client_id.to_owned(),
            username: self.username.clone(),
            password: self.password()?,
            ca: self.ca.clone(),
            identity: identity.map(|(certificate, key)| Identity { certificate, key }),
        })?)
    }

    fn password(&self) -> io::Result<Option<Password>> {
        if let Ok(password) = env::var(PASSWORD) {
            return Ok(Some(password.into()));
        }
        match &self.username {
            Some(username) if io::stdin().is_terminal() => {
                let password = rpassword::prompt_password(format!("Password of {username}: "))?;
                Ok(Some(password.into()))
            }
            Some(_) | None => Ok(None),
        }
    }
}

/// Why there is no connection to the broker, in a sentence for the person.
pub(crate) fn sentence(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Unreachable(why) => format!("The broker cannot be reached: {why}."),
        Trouble::TimedOut => "The broker did not answer in time.".to_owned(),
        Trouble::Lost(why) => format!("The connection to the broker broke: {why}."),
        Trouble::Closed(why) => format!("The broker closed the connection: {why}."),
        Trouble::Silent => "The broker has been silent for too long.".to_owned(),
        Trouble::Overrun => "The broker takes less than there is to say.".to_owned(),
        Trouble::Slept => "This computer was asleep.".to_owned(),
        Trouble::Login => "The broker does not accept the user name or password.".to_owned(),
        Trouble::Certificate(why) => {
            format!("There is something wrong with a certificate: {why}.")
        }
        Trouble::Refused(why) => format!("The broker refused: {why}."),
        Trouble::TakenOver => "Another program has connected under the same name.".to_owned(),
    }
}

/// Whether the broker was not there at all, rather than said no.
pub(crate) fn is_unreachable(trouble: &Trouble) -> bool {
    match trouble {
        Trouble::Unreachable(_)
        | Trouble::TimedOut
        | Trouble::Lost(_)
        | Trouble::Closed(_)
        | Trouble::Silent
        | Trouble::Overrun
        | Trouble::Slept => true,
        Trouble::Login | Trouble::Certificate(_) | Trouble::Refused(_) | Trouble::TakenOver => {
            false
        }
    }
}
