//! A program at the hub that shows the calls and handles them: a second phone.

use anyhow::{Context, Result, bail};
use fastrand::Rng;
use offhook_bus::Client;
use offhook_core::{Effect, Input, Intent, Phone, Preferences, View};
use offhook_protocol::{Access, Button, Event};
use tokio::sync::watch;
use turmoil::net::TcpStream;

use crate::{
    clock::{SimClock, pause, sleep_until},
    desk,
    hub::{self, File},
    log::Log,
};

/// Its machine.
pub(crate) const HOST: &str = "crm";

/// What a person presses; the rest would need an argument.
const PRESSED: [Button; 5] = [
    Button::Answer,
    Button::Hold,
    Button::Resume,
    Button::Disconnect,
    Button::ClearContact,
];

/// Works until the simulation ends. `shown` is what the person sees, and nothing without a connection.
pub(crate) async fn work(
    file: File,
    log: Log,
    mut rng: Rng,
    shown: watch::Sender<Option<View>>,
) -> turmoil::Result {
    loop {
        let ended = stay(&file, &mut rng, &shown).await;
        shown.send_replace(None);
        if let Err(why) = ended {
            log.note(
                turmoil::elapsed(),
                format_args!("the CRM is disconnected: {why:#}"),
            );
        }
        pause(&mut rng, 0.0..1.0).await;
    }
}

/// One connection to the hub.
async fn stay(file: &File, rng: &mut Rng, shown: &watch::Sender<Option<View>>) -> Result<()> {
    let connection = file.read().context("there is no hub")?;
    let stream = TcpStream::connect((desk::HOST, hub::PORT)).await?;
    let mut client = Client::connect_over(stream, &connection, HOST, Access::Control).await?;
    let mut phone = Phone::new(Preferences::default(), SimClock::time());
    let mut moods = rng.fork();
    loop {
        while let Some(effect) = phone.poll_effect() {
            if let Effect::Send(request) = effect {
                client.send(&request.envelope(HOST)).await?;
            }
        }
        let view = phone.view();
        let wish = wish(&view, rng);
        shown.send_replace(Some(view));
        let due = phone.poll_timeout().map(|(due, _)| SimClock::instant(due));
        let input = tokio::select! {
            received = client.recv() => match received? {
                Some(envelope) => Event::read(&envelope).map(Input::Event),
                None => bail!("the hub has closed"),
            },
            () = sleep_until(due) => Some(Input::Timeout),
            () = pause(&mut moods, 0.5..6.0) => wish.map(Input::Intent),
        };
        if let Some(input) = input {
            phone.handle(input, SimClock::time());
        }
    }
}

/// Some button that is enabled; now and then, to be ready.
fn wish(view: &View, rng: &mut Rng) -> Option<Intent> {
    let enabled = view.contacts.iter().flat_map(|contact| {
        let buttons = contact.buttons.iter().filter(|it| it.enabled);
        buttons.map(|it| (contact.id.clone(), it.button.clone()))
    });
    let pressed: Vec<_> = enabled
        .filter(|(_, button)| PRESSED.contains(button))
        .collect();
    match rng.choice(pressed) {
        Some((contact, button)) => Some(Intent::Press {
            contact,
            button,
            leg: None,
        }),
        None => rng.bool().then_some(Intent::Ready),
    }
}
