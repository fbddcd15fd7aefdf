//! The way to an MQTT 5 broker.

use offhook_protocol::Personal;
use offhook_uplink::{
    Publication, Refusal, Transport,
    mqtt::{Config, Identity, Mqtt, MqttConnection},
};
use tokio::task::spawn_blocking;

use crate::settings::BrokerSetup;

/// Reads the certificates anew for each attempt: they are renewed while the phone runs.
struct Fresh(Config);

/// How the settings reach the broker.
pub(super) fn to(setup: &BrokerSetup, password: Option<Personal>) -> impl Transport + use<> {
    let identity = setup.identity.clone();
    let identity = identity.map(|(certificate, key)| Identity { certificate, key });
    let password = password.map(|it| it.reveal().to_owned().into());
    Fresh(Config {
        address: setup.address.clone(),
        insecure: setup.insecure,
        proxy: setup.proxy.clone(),
        client_id: setup.branch.client_id(),
        username: setup.username.clone(),
        password,
        ca: setup.ca.clone(),
        identity,
    })
}

impl Transport for Fresh {
    type Connection = MqttConnection;

    async fn connect(&mut self, will: Option<Publication>) -> Result<MqttConnection, Refusal> {
        let config = self.0.clone();
        // Files are read, perhaps from a network's disk: not on the loop.
        let mut mqtt = spawn_blocking(move || Mqtt::new(&config))
            .await
            .map_err(|error| Refusal::Unreachable(error.to_string()))?
            .map_err(|error| Refusal::Certificate(error.to_string()))?;
        mqtt.connect(will).await
    }
}
