//! The requests that ask for a change, and the error each fails with.

use offhook_protocol::{AgentRequest, CallRequest, ErrorType, Request};
use serde::Deserialize;

/// A request by its name on the wire, without its argument.
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
        Some(match request {
            Request::AppStateSync
            | Request::Call(CallRequest::StateSync)
            | Request::Agent(
                AgentRequest::StateSync | AgentRequest::GetStates | AgentRequest::GetDirectConnects,
            ) => return None,
            Request::Call(CallRequest::Answer) => Self::Answer,
            Request::Call(CallRequest::Reject) => Self::Reject,
            Request::Call(CallRequest::ClearContact) => Self::ClearContact,
            Request::Call(CallRequest::Hold(_)) => Self::Hold,
            Request::Call(CallRequest::Resume(_)) => Self::Resume,
            Request::Call(CallRequest::Disconnect(_)) => Self::Disconnect,
            Request::Call(CallRequest::SetMakeCall(_)) => Self::SetMakeCall,
            Request::Call(CallRequest::SendDtmf(_)) => Self::SendDtmf,
            Request::Call(CallRequest::Consult(_)) => Self::Consult,
            Request::Call(CallRequest::Swap) => Self::Swap,
            Request::Call(CallRequest::Conference) => Self::Conference,
            Request::Call(CallRequest::Transfer) => Self::Transfer,
            Request::Agent(AgentRequest::SetReady) => Self::SetReady,
            Request::Agent(AgentRequest::SetNotReady(_)) => Self::SetNotReady,
            Request::Agent(AgentRequest::UpdateState(_)) => Self::UpdateState,
            Request::Agent(AgentRequest::Mute) => Self::Mute,
            Request::Agent(AgentRequest::Unmute) => Self::Unmute,
            Request::Agent(AgentRequest::Login) => Self::Login,
            Request::Agent(AgentRequest::Logout) => Self::Logout,
        })
    }

    /// The `errorType` when it cannot be done.
    pub(crate) fn failure(self) -> ErrorType {
        match self {
            Self::Answer => ErrorType::AnswerCallFailed,
            Self::Reject => ErrorType::RejectCallFailed,
            Self::ClearContact => ErrorType::ClearContactFailed,
            Self::Hold => ErrorType::HoldCallFailed,
            Self::Resume => ErrorType::ResumeCallFailed,
            Self::Disconnect => ErrorType::DisconnectCallFailed,
            Self::SetMakeCall => ErrorType::MakeCallFailed,
            Self::SendDtmf => ErrorType::SendDtmfFailed,
            Self::Consult => ErrorType::ConsultCallFailed,
            Self::Swap => ErrorType::SwapCallFailed,
            Self::Conference => ErrorType::ConferenceCallFailed,
            Self::Transfer => ErrorType::TransferCallFailed,
            Self::SetReady | Self::SetNotReady | Self::UpdateState => {
                ErrorType::UpdateAgentStateFailed
            }
            Self::Mute | Self::Unmute => ErrorType::MuteFailed,
            Self::Login | Self::Logout => ErrorType::LoginFailed,
        }
    }
}
