//! The one table of sentences. Whatever shows text takes it from here; nothing ever matches on it.

use offhook_protocol::{ContactKind, ErrorType, Personal, Problem, Step};

use crate::{
    broker::{BrokerProblem, BrokerState},
    notice::{NoticeCode, Tone},
    update::{UpdateProblem, UpdatesOff},
    view::{AgentKind, Command, ContactView, Phase},
};

impl NoticeCode {
    /// What happened and what to do, in a sentence.
    pub const fn text(self) -> &'static str {
        match self {
            Self::NoConnector => "No contact centre is configured. Choose one in the settings.",
            Self::LinkDown => {
                "The connection to the contact centre is lost. Nothing was sent; try again when it is back."
            }
            Self::NotLoggedIn => "You are logged out of the contact centre. Log in first.",
            Self::ContactGone => "This call is already gone.",
            Self::NotRinging => "This call is not ringing any more.",
            Self::NotConnected => "This needs a connected call.",
            Self::NotOnHold => "Nobody is on hold.",
            Self::NothingToClear => "There is nothing to clear: the call has not ended yet.",
            Self::NoThirdParty => "Call a third party first (Consult).",
            Self::ThirdPartyAlready => "There is a third party on this call already.",
            Self::CallRunning => "End and clear the current call first.",
            Self::NotOffered => "The contact centre does not allow this now.",
            Self::StillWaiting => "The last request is still under way. Wait for it.",
            Self::BadNumber => {
                "This is not a phone number. Use digits, with a + in front for the country code."
            }
            Self::BadDigits => "Only 0 to 9, * and # can be sent.",
            Self::UnknownQuickConnect => "This quick connect is gone. Choose another.",
            Self::UnknownReason => "The contact centre has no such state. Choose another.",
            Self::MuteNeedsCall => "The microphone can be muted only during a call.",
            Self::UnknownCallLink => {
                "Offhook opens only links that begin with tel: or callto:. Type the number instead."
            }
            Self::BadCallLink => "This link holds no phone number. Type the number instead.",
            Self::CallLinkExtension => {
                "The link holds an extension, too. Send it with the keypad once you are connected:"
            }
            Self::CallLinkLocal => {
                "This number has no country code, and may be another one here. Check it before you call."
            }
            Self::AnswerFailed => "The call could not be answered.",
            Self::RejectFailed => "The call could not be rejected.",
            Self::HoldFailed => "The call could not be put on hold.",
            Self::ResumeFailed => "The call could not be taken off hold.",
            Self::DisconnectFailed => "Hanging up failed. The call may still be running.",
            Self::ClearFailed => "The contact could not be cleared.",
            Self::DialFailed => "The call could not be made.",
            Self::DigitsFailed => "The digits could not be sent.",
            Self::ConsultFailed => "The third party could not be called.",
            Self::SwapFailed => "The calls could not be swapped.",
            Self::ConferenceFailed => "The calls could not be joined.",
            Self::TransferFailed => "The call could not be transferred.",
            Self::AgentStateFailed => "Your state could not be changed.",
            Self::AgentStateUnknown => "The contact centre does not know this state.",
            Self::MuteFailed => {
                "The microphone could not be switched. Check whether you are muted."
            }
            Self::NoReply => {
                "The contact centre did not answer. Check the call before you try again."
            }
            Self::CentreError => "The contact centre reports an error.",
            Self::MicrophoneOpened => {
                "Your microphone is on, and not because of you. Mute it if nobody should hear you."
            }
            Self::UpdateFailed => {
                "The new version could not be installed. This one goes on working."
            }
            Self::SessionEndsSoon => {
                "Your session with Amazon Connect ends soon, even during a call. Log in again between two calls."
            }
        }
    }

    /// How much it matters: refused here, good to know, or failed there.
    pub const fn tone(self) -> Tone {
        match self {
            Self::NoConnector
            | Self::LinkDown
            | Self::NotLoggedIn
            | Self::ContactGone
            | Self::NotRinging
            | Self::NotConnected
            | Self::NotOnHold
            | Self::NothingToClear
            | Self::NoThirdParty
            | Self::ThirdPartyAlready
            | Self::CallRunning
            | Self::NotOffered
            | Self::StillWaiting
            | Self::BadNumber
            | Self::BadDigits
            | Self::UnknownQuickConnect
            | Self::UnknownReason
            | Self::MuteNeedsCall
            | Self::UnknownCallLink
            | Self::BadCallLink => Tone::Warning,
            Self::CallLinkExtension | Self::CallLinkLocal => Tone::Info,
            Self::AnswerFailed
            | Self::RejectFailed
            | Self::HoldFailed
            | Self::ResumeFailed
            | Self::DisconnectFailed
            | Self::ClearFailed
            | Self::DialFailed
            | Self::DigitsFailed
            | Self::ConsultFailed
            | Self::SwapFailed
            | Self::ConferenceFailed
            | Self::TransferFailed
            | Self::AgentStateFailed
            | Self::AgentStateUnknown
            | Self::MuteFailed
            | Self::NoReply
            | Self::CentreError
            | Self::MicrophoneOpened
            | Self::SessionEndsSoon
            | Self::UpdateFailed => Tone::Error,
        }
    }
}

/// The commands that an error of the contact centre can be about, and the notice for it.
pub(crate) const fn blamed(error: &ErrorType) -> (&'static [Command], NoticeCode) {
    match error {
        ErrorType::AnswerCallFailed => (&[Command::Answer], NoticeCode::AnswerFailed),
        ErrorType::RejectCallFailed => (&[Command::Reject], NoticeCode::RejectFailed),
        ErrorType::ClearContactFailed => (&[Command::ClearContact], NoticeCode::ClearFailed),
        ErrorType::HoldCallFailed => (&[Command::Hold], NoticeCode::HoldFailed),
        ErrorType::ResumeCallFailed => (&[Command::Resume], NoticeCode::ResumeFailed),
        ErrorType::DisconnectCallFailed => (&[Command::Disconnect], NoticeCode::DisconnectFailed),
        ErrorType::MakeCallFailed => (&[Command::Dial], NoticeCode::DialFailed),
        ErrorType::SendDtmfFailed => (&[], NoticeCode::DigitsFailed),
        ErrorType::ConsultCallFailed => (&[Command::Consult], NoticeCode::ConsultFailed),
        ErrorType::SwapCallFailed => (&[Command::Swap], NoticeCode::SwapFailed),
        ErrorType::ConferenceCallFailed => (&[Command::Conference], NoticeCode::ConferenceFailed),
        ErrorType::TransferCallFailed => (&[Command::Transfer], NoticeCode::TransferFailed),
        ErrorType::UpdateAgentStateFailed => (
            &[Command::Ready, Command::NotReady],
            NoticeCode::AgentStateFailed,
        ),
        ErrorType::AgentStateNotFound => (
            &[Command::Ready, Command::NotReady],
            NoticeCode::AgentStateUnknown,
        ),
        ErrorType::MuteFailed => (&[Command::Mute, Command::Unmute], NoticeCode::MuteFailed),
        ErrorType::MicrophoneOpened => (&[], NoticeCode::MicrophoneOpened),
        ErrorType::LinkDown => (EVERY_COMMAND, NoticeCode::LinkDown),
        ErrorType::NoConnector => (EVERY_COMMAND, NoticeCode::NoConnector),
        ErrorType::DirectConnectsFailed
        | ErrorType::LoginFailed
        | ErrorType::WebsocketError
        | ErrorType::BadRequest
        | ErrorType::NotRegistered
        | ErrorType::RegistrationDenied
        | ErrorType::AccessDenied
        | ErrorType::UnreadableMessage
        | ErrorType::MessageTooLong
        | ErrorType::RateLimited
        | ErrorType::TooManyApps
        | ErrorType::NotPaired
        | ErrorType::PairingRefused
        | ErrorType::PairingBusy
        | ErrorType::LockedOut
        | ErrorType::RequestExpired
        | ErrorType::Busy
        | ErrorType::Other(_) => (&[], NoticeCode::CentreError),
    }
}

/// An error that does not say which request it is about is about the oldest.
const EVERY_COMMAND: &[Command] = &[
    Command::Answer,
    Command::Reject,
    Command::Disconnect,
    Command::Hold,
    Command::Resume,
    Command::ClearContact,
    Command::Consult,
    Command::Swap,
    Command::Transfer,
    Command::Conference,
    Command::Dial,
    Command::Ready,
    Command::NotReady,
    Command::Mute,
    Command::Unmute,
];

/// What a step of the set-up check does, whether it waits, is passed or failed.
pub fn step(step: &Step) -> &str {
    match step {
        Step::Page => "Load the page",
        Step::Embedding => "Embed Amazon Connect",
        Step::Login => "Log in",
        Step::Panel => "Reach the panel",
        Step::Agent => "Read your state",
        Step::WebRtc => "Carry calls in this window",
        Step::Microphone => "Use the microphone",
        Step::Audio => "Hold the audio",
        Step::Other(word) => word,
    }
}

/// What is wrong with the set-up, and what to do.
pub fn problem(problem: &Problem) -> &str {
    match problem {
        Problem::Unreachable => {
            "The page cannot be loaded. Check the network and the address in the settings."
        }
        Problem::OriginNotApproved => {
            "Amazon Connect does not approve the connector page. Ask your administrator to add its origin to the approved origins."
        }
        Problem::FramingRefused => {
            "Amazon Connect refuses to be embedded. Ask your administrator, or connect through the panel instead."
        }
        Problem::LoginNeeded => "You are not logged in to Amazon Connect. Log in in the panel.",
        Problem::SessionEnded => {
            "Your session with Amazon Connect has ended. Log in again in the panel."
        }
        Problem::AccessDenied => {
            "Amazon Connect does not let you use the panel. Ask your administrator for the permission."
        }
        Problem::NoStreams => {
            "This page offers no way to speak to Amazon Connect. Ask your administrator: the guide names the cure for noStreams."
        }
        Problem::ScriptFailed => {
            "Offhook cannot speak to this page. Ask your administrator to look at the log."
        }
        Problem::Unreadable => {
            "Amazon Connect says something that this version of Offhook does not understand. Ask your administrator for an update."
        }
        Problem::PanelSilent => {
            "The panel does not answer any more. It is loaded again by itself, but not while a call may be running."
        }
        Problem::PanelReloaded => {
            "The panel was loaded again during your call, and the call's audio is lost. The caller is still there: transfer the call to your own quick connect, or to a colleague."
        }
        Problem::NoWebRtc => {
            "This computer's web view cannot carry calls. Use a desk phone or your browser for the audio, and choose Control only in the settings."
        }
        Problem::MicrophoneRefused => {
            "The microphone cannot be used. Plug it in, and allow Offhook to use it in the system's settings."
        }
        Problem::AudioElsewhere => {
            "Another Amazon Connect panel holds the audio. Close it, also in your browser, then quit Offhook and start it again."
        }
        Problem::UnsupportedBrowser => {
            "Amazon Connect does not support this web view as a softphone. Use a desk phone, and choose Control only in the settings."
        }
        Problem::SignallingFailed => {
            "The call's connection could not be set up. Ask your administrator whether TCP port 443 to Amazon Connect is open."
        }
        Problem::MediaBlocked => {
            "No way for the call's audio was found. Ask your administrator whether UDP port 3478 to Amazon Connect is open."
        }
        Problem::MediaFailed => {
            "The call's audio failed. Check your headset; if it happens again, end the call, then quit Offhook and start it again."
        }
        Problem::VirtualDesktop => {
            "The audio of this virtual desktop is not supported. Use a desk phone, and choose Control only in the settings."
        }
        Problem::Other(word) => word,
    }
}

/// How the phone stands with the company's broker, in a few words.
pub(crate) const fn broker(state: BrokerState, problem: Option<BrokerProblem>) -> &'static str {
    match (state, problem) {
        (BrokerState::Connecting, _) => "Connecting to the company's broker",
        (BrokerState::Online, _) => "Connected to the company's broker",
        (BrokerState::Stopped, Some(BrokerProblem::TakenOver)) => "Signed in at another desk",
        (BrokerState::Waiting | BrokerState::Stopped, _) => "Not connected to the company's broker",
    }
}

/// What stands between the phone and the broker, and what to do.
pub(crate) const fn broker_problem(problem: BrokerProblem) -> &'static str {
    match problem {
        BrokerProblem::Unreachable => {
            "The company's broker cannot be reached. Your calls go on; if this lasts, check the network, and ask your administrator about the address."
        }
        BrokerProblem::Lost => {
            "The connection to the company's broker is lost. Your calls go on; your company's other programs do not see them for now."
        }
        BrokerProblem::Refused => {
            "The company's broker turned this phone away. It may be busy; if this lasts, ask your administrator whether tenant and agent are right."
        }
        BrokerProblem::Certificate => {
            "A certificate for the company's broker does not work. Ask your administrator."
        }
        BrokerProblem::Login => {
            "The company's broker does not accept your user name or password. Correct them in the settings."
        }
        BrokerProblem::TakenOver => "You are signed in at another desk. Use this one instead?",
        BrokerProblem::SetUp => "Offhook cannot begin to connect to the company's broker.",
    }
}

/// What trying again does, for its button.
pub(crate) const fn broker_retry(problem: BrokerProblem) -> &'static str {
    match problem {
        BrokerProblem::TakenOver => "Use this desk",
        BrokerProblem::Unreachable
        | BrokerProblem::Lost
        | BrokerProblem::Refused
        | BrokerProblem::Certificate
        | BrokerProblem::Login
        | BrokerProblem::SetUp => "Try now",
    }
}

pub(crate) const UPDATE_UNKNOWN: &str = "Offhook looks for a new version once a day.";
pub(crate) const UPDATE_LOOKING: &str = "Looking for a new version.";
pub(crate) const UPDATE_NEWEST: &str = "You have the newest version.";

/// Why new versions are not looked for, and who brings them.
pub(crate) const fn updates_off(why: UpdatesOff) -> &'static str {
    match why {
        UpdatesOff::NotBuiltIn => {
            "This build does not look for new versions. They come from where it came from."
        }
        UpdatesOff::Elsewhere => {
            "New versions come the way this one came: by the package manager, from the administrator, or as a download."
        }
        UpdatesOff::Settings => "Offhook does not look for new versions.",
    }
}

/// What is wrong with a new version, and what to do.
pub(crate) const fn update_problem(problem: UpdateProblem) -> &'static str {
    match problem {
        UpdateProblem::Unreachable => {
            "The update server gives no usable answer. Check the network; if this lasts, ask your administrator."
        }
        UpdateProblem::Unsigned => {
            "What the update server offers is not signed by Offhook's publisher. It was refused; tell your administrator."
        }
        UpdateProblem::Older => {
            "The update server offers an older version than this one. It was refused; tell your administrator."
        }
        UpdateProblem::Unreadable => {
            "The announcement of a new version cannot be understood. It was refused; tell your administrator."
        }
        UpdateProblem::OtherSystem => {
            "There is a new version, but not for this kind of computer. Ask your administrator."
        }
        UpdateProblem::NotInstalled => {
            "The new version could not be installed. This one goes on working; try again later, or ask your administrator."
        }
    }
}

/// The phase, for the tray and the command line.
pub const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Ringing => "Incoming call",
        Phase::Dialing => "Dialling",
        Phase::Talking => "On a call",
        Phase::OnHold => "On hold",
        Phase::Consulting => "Consulting",
        Phase::Conference => "In a conference",
        Phase::WrapUp => "Wrap-up",
        Phase::Missed => "Missed call",
        Phase::Rejected => "Rejected call",
        Phase::Ended => "Call ended",
    }
}

/// What is offered to the agent, for the notification.
pub(crate) const fn offer(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Voice | ContactKind::Monitoring => phase(Phase::Ringing),
        ContactKind::QueuedCallback => "Callback",
    }
}

/// The agent's state in everyday words: a chosen state is called as the contact centre calls it.
pub(crate) fn agent_state(kind: AgentKind, name: &str) -> String {
    match kind {
        AgentKind::Unknown => "State unknown".to_owned(),
        AgentKind::LoggedOut => "Logged out".to_owned(),
        AgentKind::PendingBusy => "Call waiting".to_owned(),
        AgentKind::Busy => "On a call".to_owned(),
        AgentKind::AfterCallWork => "Wrap-up".to_owned(),
        AgentKind::Missed => phase(Phase::Missed).to_owned(),
        AgentKind::Failed => failure(name),
        AgentKind::Ready | AgentKind::NotReady | AgentKind::Offline => name.to_owned(),
    }
}

/// A state that the contact centre sets after a failure. Its name is written with and without spaces.
fn failure(name: &str) -> String {
    let words = split_words(name);
    let is_about = |failure: &str| words.starts_with(failure);
    if is_about("Line Engaged") {
        "Line engaged".to_owned()
    } else if is_about("Failed Connect") || is_about("Bad Address") {
        "Call failed".to_owned()
    } else {
        words
    }
}

/// `DefaultError` is `Default Error`.
fn split_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 4);
    let mut after_small = false;
    for letter in name.chars() {
        if after_small && letter.is_uppercase() {
            words.push(' ');
        }
        words.push(letter);
        after_small = letter.is_lowercase();
    }
    words
}

/// Who is on the other end, as well as it is known.
pub(crate) fn who(contact: &ContactView) -> &str {
    let named = contact.name.as_ref().or(contact.number.as_ref());
    named.map_or("Unknown caller", Personal::reveal)
}

/// Name, number, called number and queue of a contact, as far as they are known.
pub(crate) fn caller_line(contact: &ContactView) -> Personal {
    let number = contact
        .number
        .as_ref()
        .filter(|_| contact.name.is_some())
        .map(|number| number.reveal().to_owned());
    let called = contact
        .called
        .as_ref()
        .map(|called| format!("to {}", called.reveal()));
    let parts = [
        Some(who(contact).to_owned()),
        number,
        contact.queue.clone(),
        called,
    ];
    parts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
        .into()
}
