//! Pairing on the wire: `Pair`, `PairPending`, `Paired`.

use offhook_protocol::{Access, ErrorType, Pair, PairPending, Paired};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, timeout_at},
};
use tracing::info;

use super::{
    Lobby, Page,
    close::End,
    denied::Denied,
    limits::PAIRING,
    reader::Reader,
    registration::{BAD_NAME, OTHER_VERSION, VERSION},
    roster::{Answer, Asking, Who},
    socket::Socket,
};
use crate::{proof::salt, router::is_source};

/// Pairs a page, once the person has said yes where that is needed. Returns when the page has its secret.
pub(crate) async fn pair<S: AsyncRead + AsyncWrite + Unpin>(
    who: Who,
    wanted: &Pair,
    socket: &mut Socket<S>,
    reader: &mut Reader,
    lobby: &Lobby,
) -> Result<(), End> {
    let page = match check(who, wanted, lobby) {
        Ok(page) => page,
        Err(denied) => return Err(denied.turn_away(socket).await),
    };
    let listed = lobby.reception.look().admission().listed(&page.origin);
    let (access, asked) = match listed {
        // What the list says limits it in any case.
        Some(_) => (Access::Control, false),
        None => {
            let access = ask(&page, wanted.access, socket, reader, lobby).await?;
            (access.min(wanted.access), true)
        }
    };
    let paired = salt()
        .map_err(|_| Denied::Refused("the phone is out of random bytes"))
        .and_then(|salt| lobby.reception.pair(&page, access, asked, salt));
    let secret = match paired {
        Ok(secret) => secret,
        Err(denied) => return Err(denied.turn_away(socket).await),
    };
    info!(page.origin, page.name, ?access, asked, "paired a page");
    let most = lobby.reception.look().most(&page);
    let paired = Paired {
        access: most.map_or(Access::Observe, |most| wanted.access.min(most)),
        secret: secret.to_hex().into(),
    };
    socket.send_envelope(&paired.envelope()).await
}

fn check(who: Who, wanted: &Pair, lobby: &Lobby) -> Result<Page, Denied> {
    let Who::Page(page) = who else {
        let why = "programs are not paired: the secret is in the connection file";
        return Err(Denied::Registration(why));
    };
    if wanted.version != VERSION {
        return Err(Denied::Registration(OTHER_VERSION));
    }
    let padded = page.name.trim() != page.name;
    if !is_source(&page.name) || padded || page.name.chars().any(is_invisible) {
        return Err(Denied::Registration(BAD_NAME));
    }
    if lobby.lock_out.holds(Some(&page.origin)) {
        return Err(Denied::LockedOut);
    }
    Ok(page)
}

/// Asks the person. Whatever the page sends meanwhile is refused.
async fn ask<S: AsyncRead + AsyncWrite + Unpin>(
    page: &Page,
    wanted: Access,
    socket: &mut Socket<S>,
    reader: &mut Reader,
    lobby: &Lobby,
) -> Result<Access, End> {
    if lobby.lock_out.was_refused(&page.origin) {
        lobby.lock_out.failed(Some(&page.origin));
        let why = "the person refused less than 60 seconds ago";
        return Err(Denied::Refused(why).turn_away(socket).await);
    }
    let asked = code()
        .map_err(|_| Denied::Refused("the phone is out of random bytes"))
        .and_then(|code| {
            let asking = lobby.reception.ask(page.clone(), wanted, code.clone())?;
            Ok((asking, code))
        });
    let (mut asking, code) = match asked {
        Ok(asked) => asked,
        Err(denied) => return Err(denied.turn_away(socket).await),
    };
    let deadline = Instant::now() + PAIRING;
    let pending = PairPending {
        code,
        expires_in_sec: PAIRING.as_secs(),
    };
    socket.send_envelope(&pending.envelope()).await?;
    let why = match timeout_at(deadline, answer(&mut asking, socket, reader)).await {
        Ok(Ok(Some(access))) => return Ok(access),
        Ok(Ok(None)) => "the person said no",
        // A question that comes and goes bothers the person as one that is refused.
        Ok(Err(end)) => {
            lobby.lock_out.failed(Some(&page.origin));
            return Err(end);
        }
        Err(_) => "nobody answered within 120 seconds",
    };
    drop(asking);
    lobby.lock_out.refused(&page.origin);
    Err(Denied::Refused(why).turn_away(socket).await)
}

async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
    asking: &mut Asking,
    socket: &mut Socket<S>,
    reader: &mut Reader,
) -> Result<Answer, End> {
    loop {
        let frame = tokio::select! {
            answer = asking.answer() => return Ok(answer),
            frame = socket.recv() => frame?,
        };
        if reader.read(frame, socket).await?.is_some() {
            let why = "the person is being asked";
            socket.refuse(ErrorType::NotRegistered, why).await?;
        }
    }
}

/// Characters that are not seen, or turn the others around: in a question they would mislead the person.
fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{ad}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
    )
}

fn code() -> Result<String, getrandom::Error> {
    Ok(format!("{:04}", getrandom::u64()? % 10_000))
}

#[cfg(test)]
mod tests {
    use super::is_invisible;

    #[test]
    fn what_is_not_seen_misleads_nobody() {
        for misleading in ["c\u{ad}rm", "crm\u{200b}", "\u{202e}mrc", "\u{3164}"] {
            assert!(misleading.chars().any(is_invisible), "{misleading:?}");
        }
        for name in ["Ventas y soporte", "客服", "Büro 2", "دعم"] {
            assert!(!name.chars().any(is_invisible), "{name}");
        }
    }
}
