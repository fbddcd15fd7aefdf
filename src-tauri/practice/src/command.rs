//! The requests that a scenario can disturb.

use offhook_protocol::Request;
use serde::{
    Deserialize,
    de::{
        IntoDeserializer,
        value::{Error, StrDeserializer},
    },
};

/// A request that asks for a change, by its name on the wire and without its argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(crate) enum Command {
    Answer,
    Reject,
    ClearContact,
    Hold,
    Resume,
    Disconnect,
    SetMakeCall,
    #[serde(rename = "SendDTMF")]
    SendDtmf,
    Consult,
    Swap,
    Conference,
    Transfer,
    SetReady,
    SetNotReady,
    UpdateState,
    Mute,
    Unmute,
    Login,
    Logout,
}

impl Command {
    /// `None` for a request that only asks for information.
    pub(crate) fn of(request: &Request) -> Option<Self> {
        let name = request.envelope("").subtopic;
        let name: StrDeserializer<'_, Error> = name.as_str().into_deserializer();
        Self::deserialize(name).ok()
    }
}
