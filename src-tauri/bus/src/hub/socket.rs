//! One WebSocket, with its limits.

use futures_util::{SinkExt, StreamExt};
use offhook_protocol::{ApiError, Envelope, ErrorType};
use tokio::{
    io::{self, AsyncRead, AsyncWrite, AsyncWriteExt},
    time::timeout,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error, Message, Utf8Bytes,
        error::{CapacityError, ProtocolError},
        protocol::WebSocketConfig,
    },
};

use super::{
    close::{Close, End},
    limits,
};
use crate::MAX_QUEUED_BYTES;

/// A WebSocket of an app.
pub(crate) struct Socket<S>(WebSocketStream<S>);

/// A frame from an app.
pub(crate) enum Incoming {
    Text(Utf8Bytes),
    Binary,
    Ping,
    Pong,
}

/// Bounds for the library: nothing long is read into memory, and each message is written at once.
pub(crate) fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .max_message_size(Some(limits::MESSAGE_BYTES))
        .max_frame_size(Some(limits::MESSAGE_BYTES))
        .read_buffer_size(8 * 1024)
        .write_buffer_size(0)
        .max_write_buffer_size(2 * MAX_QUEUED_BYTES)
}

impl<S: AsyncRead + AsyncWrite + Unpin> Socket<S> {
    pub(crate) fn new(stream: WebSocketStream<S>) -> Self {
        Self(stream)
    }

    /// The next frame. Cancel-safe. Says itself what is wrong with one that breaks the limits.
    pub(crate) async fn recv(&mut self) -> Result<Incoming, End> {
        loop {
            return match self.0.next().await {
                Some(Ok(Message::Text(text))) => Ok(Incoming::Text(text)),
                Some(Ok(Message::Binary(_))) => Ok(Incoming::Binary),
                Some(Ok(Message::Ping(_))) => Ok(Incoming::Ping),
                Some(Ok(Message::Pong(_))) => Ok(Incoming::Pong),
                // The next read answers it and ends.
                Some(Ok(Message::Close(_) | Message::Frame(_))) => continue,
                Some(Err(error)) => Err(end(&error)),
                None => Err(End::Gone),
            };
        }
    }

    pub(crate) async fn send(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.write(Message::Text(text)).await
    }

    pub(crate) async fn send_envelope(&mut self, envelope: &Envelope) -> Result<(), End> {
        self.send(envelope.to_text().into()).await
    }

    /// Tells this app alone.
    pub(crate) async fn refuse(&mut self, kind: ErrorType, why: &str) -> Result<(), End> {
        self.send_envelope(&ApiError::new(kind, why).envelope())
            .await
    }

    pub(crate) async fn ping(&mut self) -> Result<(), End> {
        self.write(Message::Ping(Vec::new().into())).await
    }

    async fn write(&mut self, message: Message) -> Result<(), End> {
        match timeout(limits::SLOW, self.0.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(Close::Slow.into()),
        }
    }

    /// Closes, and reads on without looking until the app has closed too: a socket that is dropped
    /// with unread bytes is reset, and the app would never see why.
    pub(crate) async fn close(mut self, close: Close) {
        let farewell = async {
            if let Some((kind, why)) = last_words(close) {
                let error = ApiError::new(kind, why).envelope();
                self.0
                    .send(Message::Text(error.to_text().into()))
                    .await
                    .ok()?;
            }
            self.0.close(Some(close.frame())).await.ok()?;
            let stream = self.0.get_mut();
            stream.shutdown().await.ok()?;
            io::copy(stream, &mut io::sink()).await.ok()
        };
        if timeout(limits::LINGER, farewell).await.is_err() {
            tracing::debug!(?close, "the app did not close in time");
        }
    }
}

fn end(error: &Error) -> End {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => Close::MessageTooLong.into(),
        Error::Utf8(_) => Close::NotUtf8.into(),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Gone,
        Error::Protocol(_) => Close::NotWebSocket.into(),
        Error::Capacity(_)
        | Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Io(_)
        | Error::Tls(_)
        | Error::WriteBufferFull(_)
        | Error::AttackAttempt
        | Error::Url(_)
        | Error::Http(_)
        | Error::HttpFormat(_) => End::Gone,
    }
}

/// The error that goes before a close that the app cannot have expected from an answer of ours.
fn last_words(close: Close) -> Option<(ErrorType, &'static str)> {
    match close {
        Close::MessageTooLong => Some((
            ErrorType::MessageTooLong,
            "a message may have 65536 bytes at most",
        )),
        Close::NotUtf8 => Some((ErrorType::UnreadableMessage, "the text is not UTF-8")),
        Close::NotRegistered => Some((ErrorType::NotRegistered, "not registered within 5 seconds")),
        Close::TooManyApps
        | Close::TooManyMessages
        | Close::Denied
        | Close::PairingBusy
        | Close::AccessChanged
        | Close::GoingAway
        | Close::NotWebSocket
        | Close::Slow => None,
    }
}
