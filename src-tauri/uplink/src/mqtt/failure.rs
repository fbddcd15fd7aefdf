//! What the library tells of failures, in words an administrator can act on.
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "of the many reasons of MQTT and TLS only some lead to something else"
)]

use std::{error::Error, io, iter};

use rumqttc::{ConnectReturnCode, ConnectionError, DisconnectReasonCode, PubAckReason, StateError};
use rustls::AlertDescription;

use crate::{Loss, Outcome, Refusal};

/// Why a connection was not accepted.
pub(super) fn refusal(error: &ConnectionError) -> Refusal {
    if let ConnectionError::ConnectionRefused(code) = error {
        return refused(*code);
    }
    if let Some(error) = cause::<rustls::Error>(error) {
        return tls(error);
    }
    match error {
        ConnectionError::Proxy(error) => Refusal::Unreachable(format!("at the proxy: {error}")),
        ConnectionError::NotConnAck(_)
        | ConnectionError::MqttState(StateError::Deserialization(_))
            if cause::<io::Error>(error).is_none() =>
        {
            Refusal::Broker("what answers there does not speak MQTT 5".to_owned())
        }
        ConnectionError::Websocket(_) | ConnectionError::ResponseValidation(_) => Refusal::Broker(
            format!("what answers there does not speak MQTT over WebSocket: {error}"),
        ),
        _ => Refusal::Unreachable(words(error)),
    }
}

/// Why a connection that was accepted is gone.
pub(super) fn loss(error: &ConnectionError) -> Loss {
    match error {
        ConnectionError::MqttState(StateError::ServerDisconnect {
            reason_code,
            reason_string,
        }) => disconnected(*reason_code, reason_string.as_deref()),
        ConnectionError::MqttState(StateError::AwaitPingResp) => {
            Loss::Network("the broker does not answer".to_owned())
        }
        // Since TLS 1.3 a broker looks at our certificate when the connection stands already.
        _ => match cause::<rustls::Error>(error).map(tls) {
            Some(refusal @ Refusal::Certificate(_)) => Loss::Refused(refusal),
            _ if is_of_the_network(error) => Loss::Network(words(error)),
            // Whoever is at the other end has closed it, as brokers do when they end, for all their
            // clients; or it cannot be understood.
            _ => Loss::Broker(words(error)),
        },
    }
}

/// What the broker did with a publication.
pub(super) fn outcome(reason: PubAckReason) -> Outcome {
    let reason = match reason {
        PubAckReason::Success => return Outcome::Taken,
        PubAckReason::NoMatchingSubscribers => return Outcome::NobodyThere,
        PubAckReason::NotAuthorized => "it is not allowed".to_owned(),
        PubAckReason::QuotaExceeded => "a quota is exceeded".to_owned(),
        reason => format!("{reason:?}"),
    };
    Outcome::Refused { reason }
}

fn refused(code: ConnectReturnCode) -> Refusal {
    let reason = match code {
        ConnectReturnCode::BadUserNamePassword
        | ConnectReturnCode::NotAuthorized
        | ConnectReturnCode::BadAuthenticationMethod => return Refusal::Login,
        ConnectReturnCode::RefusedProtocolVersion
        | ConnectReturnCode::UnsupportedProtocolVersion => "it does not speak MQTT 5".to_owned(),
        ConnectReturnCode::ServiceUnavailable | ConnectReturnCode::ServerUnavailable => {
            "it is not available".to_owned()
        }
        ConnectReturnCode::ServerBusy => "it is busy".to_owned(),
        ConnectReturnCode::ConnectionRateExceeded => "too many connect at once".to_owned(),
        ConnectReturnCode::Banned => "it has banned this client".to_owned(),
        ConnectReturnCode::ClientIdentifierNotValid | ConnectReturnCode::BadClientId => {
            "it does not allow this client identifier".to_owned()
        }
        code => format!("{code:?}"),
    };
    Refusal::Broker(reason)
}

fn disconnected(code: DisconnectReasonCode, text: Option<&str>) -> Loss {
    match code {
        DisconnectReasonCode::SessionTakenOver => Loss::TakenOver,
        DisconnectReasonCode::NotAuthorized => Loss::Refused(Refusal::Login),
        DisconnectReasonCode::KeepAliveTimeout => {
            Loss::Network("the broker did not hear from us".to_owned())
        }
        code => Loss::Broker(text.map_or_else(|| format!("{code:?}"), str::to_owned)),
    }
}

/// A certificate that is not accepted needs a person; anything else may be another day's network.
fn tls(error: &rustls::Error) -> Refusal {
    match error {
        rustls::Error::InvalidCertificate(reason) => {
            Refusal::Certificate(format!("the broker's is not accepted ({reason})"))
        }
        rustls::Error::AlertReceived(alert) if is_about_certificates(*alert) => {
            Refusal::Certificate(format!("the broker does not accept ours ({alert:?})"))
        }
        rustls::Error::InvalidMessage(_) => {
            Refusal::Unreachable("what answers there does not speak TLS".to_owned())
        }
        error => Refusal::Unreachable(error.to_string()),
    }
}

const fn is_about_certificates(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::NoCertificate
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
            | AlertDescription::CertificateRequired
            // What brokers say that ask for a certificate before TLS 1.3 and get none, or one whose
            // signature does not hold.
            | AlertDescription::HandshakeFailure
            | AlertDescription::DecryptError
    )
}

/// The words of what is behind the failure.
fn words(error: &ConnectionError) -> String {
    match (cause::<io::Error>(error), error) {
        (Some(error), _) => error.to_string(),
        (None, ConnectionError::MqttState(StateError::ConnectionAborted)) => {
            "it closed the connection".to_owned()
        }
        (None, error) => error.to_string(),
    }
}

/// Whether the operating system has told of the failure.
fn is_of_the_network(error: &ConnectionError) -> bool {
    causes(error)
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|error| error.raw_os_error().is_some())
}

/// The first cause of this kind.
fn cause<T: Error + 'static>(error: &ConnectionError) -> Option<&T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// A failure and all that is behind it, also what the library and I/O errors hide from `source`.
fn causes(error: &ConnectionError) -> impl Iterator<Item = &(dyn Error + 'static)> {
    iter::successors(Some(error as &(dyn Error + 'static)), |&error| {
        if let Some(StateError::Deserialization(hidden)) = error.downcast_ref() {
            return Some(hidden);
        }
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(hidden) => Some(hidden),
            None => error.source(),
        }
    })
}
