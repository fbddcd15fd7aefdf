//! Frames of an app, held to their rate and read.

use offhook_protocol::{Envelope, ErrorType};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

use super::{
    close::{Close, End},
    limits::{Rates, SILENCE},
    socket::{Incoming, Socket},
};

/// Reads what an app sends.
pub(crate) struct Reader {
    rates: Rates,
    last_pong: Instant,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self {
            rates: Rates::new(),
            last_pong: Instant::now(),
        }
    }

    /// Waits for the next frame and reads it. `None` if it was no envelope; the app has been told.
    pub(crate) async fn next<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        socket: &mut Socket<S>,
    ) -> Result<Option<Envelope>, End> {
        let frame = socket.recv().await?;
        self.read(frame, socket).await
    }

    /// Reads a frame.
    pub(crate) async fn read<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        frame: Incoming,
        socket: &mut Socket<S>,
    ) -> Result<Option<Envelope>, End> {
        if !self.rates.frames.take() {
            self.too_fast(socket).await?;
            return Ok(None);
        }
        match frame {
            Incoming::Text(text) => match Envelope::parse(text.as_bytes()) {
                Ok(envelope) => return Ok(Some(envelope)),
                Err(unreadable) => {
                    let why = unreadable.to_string();
                    socket.refuse(ErrorType::UnreadableMessage, &why).await?;
                }
            },
            Incoming::Binary => {
                let why = "send text frames, not binary ones";
                socket.refuse(ErrorType::UnreadableMessage, why).await?;
            }
            Incoming::Pong => self.last_pong = Instant::now(),
            Incoming::Ping => {}
        }
        Ok(None)
    }

    /// Takes a command off the app's account. `false` if it has none left; the app has been told.
    pub(crate) async fn command<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        socket: &mut Socket<S>,
    ) -> Result<bool, End> {
        if self.rates.commands.take() {
            return Ok(true);
        }
        self.too_fast(socket).await?;
        Ok(false)
    }

    /// Whether the app still answers pings.
    pub(crate) fn alive(&self) -> Result<(), End> {
        match self.last_pong.elapsed() < SILENCE {
            true => Ok(()),
            false => Err(Close::Slow.into()),
        }
    }

    async fn too_fast<S: AsyncRead + AsyncWrite + Unpin>(
        &mut self,
        socket: &mut Socket<S>,
    ) -> Result<(), End> {
        if !self.rates.patience.take() {
            return Err(Close::TooManyMessages.into());
        }
        let rates = "20 messages and 5 commands a second";
        socket.refuse(ErrorType::RateLimited, rates).await
    }
}
