//! A day on the phone: what the phone is told during calls of every kind, and when.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use offhook_core::{Effect, Input, Intent, Phase, Phone, Preferences, Target, Time};
use offhook_practice::{Practice, Scenario};
use offhook_protocol::{Button, ContactId, Event, Timestamp};

/// 2026-11-21T09:00:00.000Z
const OPENING: Time = Time::from_millis(1_795_251_600_000);

const SCENARIO: &str = r#"
    about = "A call a second after the agent is ready."
    repeat = true
    [[step]]
    after = "1s"
    do = { call = [{ from = "+441632960011", to = "+448081570001", queue = "Orders", variables = { CustomerName = "Ada Whitfield", Reason = "Late parcel" } }] }
"#;

/// Records this many calls: what is clicked, what the practice centre says to it, what is due.
pub(crate) fn record(calls: usize) -> Result<Vec<(Input, Time)>> {
    let mut day = Day::begin()?;
    for call in 0..calls {
        day.pass(Duration::from_secs(1));
        day.expect(Phase::Ringing)?;
        match call % 4 {
            0 => day.missed()?,
            1 => day.conference()?,
            _ => day.answered()?,
        }
        day.press(Button::ClearContact)?;
    }
    Ok(day.inputs)
}

struct Day {
    now: Time,
    centre: Practice,
    phone: Phone,
    inputs: Vec<(Input, Time)>,
}

impl Day {
    fn begin() -> Result<Self> {
        let scenario = Scenario::parse(SCENARIO)?;
        let mut day = Self {
            now: OPENING,
            centre: Practice::new(scenario, 1, timestamp(OPENING)),
            phone: Phone::new(Preferences::default(), OPENING),
            inputs: Vec::new(),
        };
        day.converse();
        Ok(day)
    }

    fn missed(&mut self) -> Result<()> {
        self.pass(Duration::from_secs(20));
        self.expect(Phase::Missed)
    }

    fn answered(&mut self) -> Result<()> {
        self.press(Button::Answer)?;
        self.expect(Phase::Talking)?;
        self.pass(Duration::from_secs(30));
        self.press(Button::Hold)?;
        self.expect(Phase::OnHold)?;
        self.press(Button::Resume)?;
        self.expect(Phase::Talking)?;
        self.press(Button::Disconnect)?;
        self.expect(Phase::WrapUp)
    }

    fn conference(&mut self) -> Result<()> {
        self.press(Button::Answer)?;
        let contact = self.contact()?;
        let number = "+441632960042".to_owned().into();
        self.ask(Intent::Consult {
            contact,
            target: Target::Number { number },
        });
        self.pass(Duration::from_secs(5));
        self.expect(Phase::Consulting)?;
        self.press(Button::Swap)?;
        self.press(Button::Conference)?;
        self.expect(Phase::Conference)?;
        self.press(Button::Transfer)?;
        self.expect(Phase::WrapUp)
    }

    fn press(&mut self, button: Button) -> Result<()> {
        let contact = self.contact()?;
        self.ask(Intent::Press {
            contact,
            button,
            leg: None,
        });
        Ok(())
    }

    fn ask(&mut self, intent: Intent) {
        self.tell(Input::Intent(intent));
        self.converse();
    }

    /// Lets time pass, and happen what is due.
    fn pass(&mut self, span: Duration) {
        self.now = self.now + span;
        self.centre.handle_timeout(timestamp(self.now));
        self.tell(Input::Timeout);
        self.converse();
    }

    /// Until nobody has anything to say.
    fn converse(&mut self) {
        loop {
            while let Some(effect) = self.phone.poll_effect() {
                if let Effect::Send(request) = effect {
                    let request = request.envelope("bench");
                    self.centre.handle(&request, timestamp(self.now));
                }
            }
            let Some(said) = self.centre.poll_output() else {
                return;
            };
            if let Some(event) = Event::read(&said) {
                self.tell(Input::Event(event));
            }
        }
    }

    fn tell(&mut self, input: Input) {
        self.inputs.push((input.clone(), self.now));
        self.phone.handle(input, self.now);
    }

    fn contact(&self) -> Result<ContactId> {
        let contact = self.phone.view().contacts.into_iter().next();
        Ok(contact.context("there is no call")?.id)
    }

    fn expect(&self, phase: Phase) -> Result<()> {
        let contact = self.phone.view().contacts.into_iter().next();
        let actual = contact.map(|contact| contact.phase);
        ensure!(
            actual == Some(phase),
            "the call is {actual:?} instead of {phase:?}"
        );
        Ok(())
    }
}

fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_millis(i64::try_from(time.as_millis()).unwrap_or(i64::MAX))
}
