//! How soon the phone decides by itself: nothing of what is timed leads through the hub.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use offhook_core::{ContactView, Intent, Phase};
use offhook_engine::Handle;
use offhook_protocol::{Button, ContactId};
use tokio::{sync::mpsc, time::sleep};

use super::{
    calls::scenario,
    engine::{CALLS, RING, Recorder, start, stop},
};

/// Between a call that was missed and the click: as a person would, it finds a phone with nothing to do.
const QUIET: Duration = Duration::from_millis(50);

/// From the click that ends a missed call until the phone decides to notify of the next one, which the
/// practice centre then offers without delay. `meanwhile` is begun before, and kept until all are timed.
pub(crate) async fn decisions<T>(
    meanwhile: impl FnOnce() -> Result<T>,
) -> Result<(Vec<Duration>, T)> {
    let scenario = scenario(CALLS, RING)?;
    let path = scenario.path().to_str().context("a plain name")?;
    let (decided, mut decisions) = mpsc::unbounded_channel();
    let mut engine = start(path, Recorder(decided))?;
    decisions.recv().await.context("the first call rings")?;
    let meanwhile = meanwhile()?;
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..CALLS {
        let contact = missed(&mut engine, last.as_ref()).await?;
        let click = Intent::Press {
            contact: contact.clone(),
            button: Button::ClearContact,
            leg: None,
        };
        last = Some(contact);
        sleep(QUIET).await;
        let clicked = Instant::now();
        engine.dispatch(click);
        let decided = decisions.recv().await.context("the engine has ended")?;
        times.push(decided.duration_since(clicked));
    }
    stop(engine).await;
    Ok((times, meanwhile))
}

/// The next contact that is missed. The `last` one may still be in view.
async fn missed(engine: &mut Handle, last: Option<&ContactId>) -> Result<ContactId> {
    let is_next = |it: &ContactView| it.phase == Phase::Missed && Some(&it.id) != last;
    loop {
        if let Some(next) = engine.view().contacts.into_iter().find(is_next) {
            return Ok(next.id);
        }
        engine.next_view().await.context("the engine has ended")?;
    }
}
