//! What stands for the way to a broker in a build that has none.

use offhook_protocol::Personal;
use offhook_uplink::{Connection, Happening, Publication, Refusal, Ticket, Transport};

use crate::settings::BrokerSetup;

struct Nowhere;

/// There is never one.
enum Never {}

/// Settings with a broker are not in force in such a build, so that nobody comes here.
pub(super) fn to(_setup: &BrokerSetup, _password: Option<Personal>) -> impl Transport + use<> {
    Nowhere
}

impl Transport for Nowhere {
    type Connection = Never;

    async fn connect(&mut self, _will: Option<Publication>) -> Result<Never, Refusal> {
        let why = "this Offhook was built without the way to a broker";
        Err(Refusal::Unreachable(why.to_owned()))
    }
}

impl Connection for Never {
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
