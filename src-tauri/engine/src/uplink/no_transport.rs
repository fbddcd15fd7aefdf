//! What stands for the way to a broker in a build that has none.

use offhook_protocol::Personal;
use offhook_uplink::{Connection, Happening, Publication, Refusal, Ticket, Transport};

use crate::settings::BrokerSetup;

/// There is never one.
enum Nowhere {}

/// Settings with a broker are not in force in such a build, so that nobody comes here.
pub(super) fn to(
    _setup: &BrokerSetup,
    _password: Option<Personal>,
) -> Result<impl Transport + use<>, String> {
    Err::<Nowhere, _>("this Offhook was built without the way to a broker".to_owned())
}

impl Transport for Nowhere {
    type Connection = Self;

    async fn connect(&mut self, _will: Option<Publication>) -> Result<Self, Refusal> {
        match *self {}
    }
}

impl Connection for Nowhere {
    fn subscribe(&mut self, _filters: &[String]) {
        match *self {}
    }

    fn publish(&mut self, _ticket: Ticket, _publication: Publication) {
        match *self {}
    }

    async fn next(&mut self) -> Happening {
        match *self {}
    }

    async fn close(self) {
        match self {}
    }
}
