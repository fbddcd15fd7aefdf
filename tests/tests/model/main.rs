//! Random bus traffic against a reference model. Events and snapshots are lost, doubled, delayed and
//! mixed with nonsense, the link comes and goes, requests are obeyed, refused or ignored. What always
//! holds is checked after every input; and whatever happened, one snapshot makes the view true again.
//!
//! proptest prints the seed and the shortest failing run, and keeps it in `proptest-regressions`.

mod centre;
mod watch;

use std::time::Duration;

use centre::Happening;
use offhook_core::{
    Effect, Input, Intent, Phone, Preferences, Time, UpdateNews, Updates,
    tray::{Entry, Tray},
};
use offhook_protocol::{
    AgentRequest, ApiError, AppState, CallEvent, CallRequest, ContactKind, ErrorType, Event,
    LegEvent, LegType, Link, Request, Timestamp,
};
use proptest::prelude::*;
use watch::Watch;

const START: u64 = 1_586_421_430_000;

#[derive(Clone, Debug)]
enum Step {
    Happen(Happening, usize, Fate),
    Click(usize, Obedience),
    /// A button, whatever the menu offers.
    Press(usize, usize, Obedience),
    Wait(u64),
    Link(Link),
    Window(bool),
    Prefer(Preferences),
    Nonsense(Nonsense),
    /// What was held back arrives.
    Release,
    /// The shell tells of a new version, ordered or not.
    Update(UpdateNews),
    /// The button in the settings; its place in the tray is among the clicks.
    Install,
}

/// What becomes of a message on its way.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Arrives,
    IsLost,
    Doubles,
    IsHeldBack,
}

/// What the contact centre does with a request.
#[derive(Clone, Copy, Debug)]
enum Obedience {
    Obeys,
    Refuses,
    Ignores,
}

#[derive(Clone, Copy, Debug)]
enum Nonsense {
    UnknownEvent,
    EndOfTheUnknown,
    WebsocketError,
    StrayError,
}

struct Run {
    phone: Phone,
    now: u64,
    centre: centre::Centre,
    /// What the next snapshots meet with.
    fate: Fate,
    held: Vec<Event>,
    watch: Watch,
}

impl Run {
    fn new() -> Self {
        let mut run = Self {
            phone: Phone::new(Preferences::default(), Time::from_millis(START)),
            now: START,
            centre: centre::Centre::default(),
            fate: Fate::Arrives,
            held: Vec::new(),
            watch: Watch::default(),
        };
        run.link(Link::Online);
        let spread = Duration::ZERO;
        run.input(Input::Updates(Updates::On { spread }), Obedience::Obeys);
        run.input(Input::Intent(Intent::LookForUpdate), Obedience::Obeys);
        run
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Happen(what, place, fate) => {
                self.fate = *fate;
                let now = i64::try_from(self.now).expect("a moment in this millennium");
                for event in self.centre.happen(*what, *place, now) {
                    self.meet(event);
                }
            }
            Step::Click(choice, obedience) => self.click(*choice, *obedience),
            Step::Press(button, contact, obedience) => self.press(*button, *contact, *obedience),
            Step::Wait(millis) => self.wait(*millis),
            Step::Link(link) => self.link(*link),
            Step::Window(visible) => {
                self.input(Input::Window { visible: *visible }, Obedience::Obeys)
            }
            Step::Prefer(preferences) => {
                self.input(Input::Preferences(*preferences), Obedience::Obeys)
            }
            Step::Nonsense(nonsense) => self.hear(self.nonsense(*nonsense)),
            Step::Release => self.release(),
            Step::Update(news) => self.input(Input::Update(news.clone()), Obedience::Obeys),
            Step::Install => self.input(Input::Intent(Intent::InstallUpdate), Obedience::Obeys),
        }
    }

    fn meet(&mut self, event: Event) {
        match self.fate {
            Fate::Arrives => self.hear(event),
            Fate::IsLost => {}
            Fate::Doubles => {
                self.hear(event.clone());
                self.hear(event);
            }
            Fate::IsHeldBack => self.held.push(event),
        }
    }

    /// What was held back arrives, the last first.
    fn release(&mut self) {
        self.fate = Fate::Arrives;
        while let Some(event) = self.held.pop() {
            self.hear(event);
        }
    }

    fn hear(&mut self, event: Event) {
        self.input(Input::Event(event), Obedience::Obeys);
    }

    fn input(&mut self, input: Input, obedience: Obedience) {
        self.watch.before(&input, &self.phone.view());
        let now = Time::from_millis(self.now);
        self.phone.handle(input, now);
        let mut effects = Vec::new();
        while let Some(effect) = self.phone.poll_effect() {
            effects.push(effect);
        }
        self.watch
            .after(&effects, &self.phone, now, &self.centre.offers);
        for effect in effects {
            if let Effect::Send(request) = effect {
                self.answer(&request, obedience);
            }
        }
    }

    /// The centre's answer. Whatever it leads to meets the fate of the day.
    fn answer(&mut self, request: &Request, obedience: Obedience) {
        match (request, obedience) {
            (Request::Call(CallRequest::StateSync), _) => {
                self.meet(Event::CallSync(self.centre.snapshot()))
            }
            (Request::Agent(AgentRequest::StateSync), _) => {
                self.meet(Event::AgentSync(self.centre.agent_snapshot()))
            }
            (Request::Call(call), Obedience::Obeys) => {
                let now = i64::try_from(self.now).expect("a moment in this millennium");
                for place in 0..2 {
                    for event in wanted(call)
                        .into_iter()
                        .flat_map(|what| self.centre.happen(what, place, now))
                        .collect::<Vec<_>>()
                    {
                        self.meet(event);
                    }
                }
            }
            (Request::Call(call), Obedience::Refuses) => {
                self.meet(Event::Error(ApiError::new(error_of(call), "no")))
            }
            (Request::Call(_) | Request::Agent(_) | Request::AppStateSync, _) => {}
        }
    }

    /// Clicks something that the tray offers, which may not be refused for a reason that the menu could
    /// have known.
    fn click(&mut self, choice: usize, obedience: Obedience) {
        let view = self.phone.view();
        let offered = offered(&Tray::of(&view).menu);
        if let Some(intent) = offered.get(choice % offered.len().max(1)) {
            self.watch.clicked();
            self.input(Input::Intent(intent.clone()), obedience);
        }
    }

    fn press(&mut self, button: usize, contact: usize, obedience: Obedience) {
        let view = self.phone.view();
        let Some(contact) = view.contacts.get(contact % view.contacts.len().max(1)) else {
            return;
        };
        let buttons = offhook_protocol::Button::KNOWN;
        let intent = Intent::Press {
            contact: contact.id.clone(),
            button: buttons[button % buttons.len()].clone(),
            leg: None,
        };
        self.input(Input::Intent(intent), obedience);
    }

    /// Time passes, and the phone is woken whenever it asked to be.
    fn wait(&mut self, millis: u64) {
        let until = self.now + millis;
        while let Some((due, _)) = self
            .phone
            .poll_timeout()
            .filter(|(due, _)| due.as_millis() <= until)
        {
            self.now = due.as_millis();
            self.input(Input::Timeout, Obedience::Obeys);
        }
        self.now = until;
    }

    fn link(&mut self, link: Link) {
        let state = AppState {
            link: Some(link),
            connector: None,
            retry_in_ms: None,
            ..AppState::default()
        };
        self.hear(Event::App(state));
    }

    fn nonsense(&self, nonsense: Nonsense) -> Event {
        let view = self.phone.view();
        let leg = |id: &str, contact: &str, event| {
            Event::Leg(LegEvent {
                connection_id: id.into(),
                contact_id: Some(contact.into()),
                kind: ContactKind::Voice,
                event,
                leg: LegType::Other("ghost".to_owned()),
                status: None,
                previous_status: None,
                at: Some(Timestamp::from_millis(i64::MAX / 1_000_000)),
                phone_number: None,
                queue: None,
                variables: Vec::new(),
                buttons: None,
            })
        };
        match (nonsense, view.contacts.first()) {
            (Nonsense::UnknownEvent, Some(contact)) => {
                let leg_id = contact.legs.first().map_or("ghost", |leg| leg.id.as_str());
                leg(
                    leg_id,
                    contact.id.as_str(),
                    CallEvent::Other("levitated".to_owned()),
                )
            }
            (Nonsense::UnknownEvent, None) => {
                leg("ghost", "ghost", CallEvent::Other("levitated".to_owned()))
            }
            (Nonsense::EndOfTheUnknown, Some(contact)) => {
                leg("ghost", contact.id.as_str(), CallEvent::Dropped)
            }
            (Nonsense::EndOfTheUnknown, None) => leg("ghost", "ghost", CallEvent::Dropped),
            (Nonsense::WebsocketError, _) => {
                Event::Error(ApiError::new(ErrorType::WebsocketError, ""))
            }
            (Nonsense::StrayError, _) => {
                Event::Error(ApiError::new(ErrorType::HoldCallFailed, "stray"))
            }
        }
    }

    /// The link is up, nothing is disturbed any more, and the whole state is asked for.
    fn come_to_rest(&mut self) {
        self.held.clear();
        self.fate = Fate::Arrives;
        self.link(Link::Online);
        self.input(Input::Intent(Intent::Resync), Obedience::Obeys);
    }
}

fn offered(menu: &[Entry]) -> Vec<Intent> {
    let intents = |entry: &Entry| match entry {
        Entry::Item {
            intent,
            enabled: true,
            ..
        } => vec![intent.clone()],
        Entry::Menu { entries, .. } => offered(entries),
        Entry::Label(_) | Entry::Item { .. } | Entry::Separator => Vec::new(),
    };
    menu.iter().flat_map(intents).collect()
}

fn wanted(request: &CallRequest) -> Option<Happening> {
    Some(match request {
        CallRequest::Answer => Happening::Answer,
        CallRequest::Reject => Happening::Reject,
        CallRequest::ClearContact => Happening::Clear,
        CallRequest::Hold(_) => Happening::Hold,
        CallRequest::Resume(_) => Happening::Resume,
        CallRequest::Disconnect(_) | CallRequest::Transfer => Happening::Leave,
        CallRequest::Consult(_) => Happening::Consult,
        CallRequest::Conference => Happening::Join,
        CallRequest::StateSync
        | CallRequest::SetMakeCall(_)
        | CallRequest::SendDtmf(_)
        | CallRequest::Swap => return None,
    })
}

fn error_of(request: &CallRequest) -> ErrorType {
    match request {
        CallRequest::Answer => ErrorType::AnswerCallFailed,
        CallRequest::Reject => ErrorType::RejectCallFailed,
        CallRequest::ClearContact => ErrorType::ClearContactFailed,
        CallRequest::Hold(_) => ErrorType::HoldCallFailed,
        CallRequest::Resume(_) => ErrorType::ResumeCallFailed,
        CallRequest::Disconnect(_) => ErrorType::DisconnectCallFailed,
        CallRequest::SetMakeCall(_) => ErrorType::MakeCallFailed,
        CallRequest::SendDtmf(_) => ErrorType::SendDtmfFailed,
        CallRequest::Consult(_) => ErrorType::ConsultCallFailed,
        CallRequest::Swap => ErrorType::SwapCallFailed,
        CallRequest::Conference => ErrorType::ConferenceCallFailed,
        CallRequest::Transfer => ErrorType::TransferCallFailed,
        CallRequest::StateSync => ErrorType::BadRequest,
    }
}

fn happening() -> impl Strategy<Value = Happening> {
    prop::sample::select(vec![
        Happening::Offer,
        Happening::Offer,
        Happening::Offer,
        Happening::Answer,
        Happening::Answer,
        Happening::Miss,
        Happening::Reject,
        Happening::Hold,
        Happening::Resume,
        Happening::Consult,
        Happening::ThirdAnswers,
        Happening::ThirdLeaves,
        Happening::Join,
        Happening::Leave,
        Happening::Clear,
        Happening::Clear,
    ])
}

fn step() -> impl Strategy<Value = Step> {
    let fate = prop::sample::select(vec![
        Fate::Arrives,
        Fate::Arrives,
        Fate::Arrives,
        Fate::IsLost,
        Fate::Doubles,
        Fate::IsHeldBack,
    ]);
    let obedience = || {
        prop::sample::select(vec![
            Obedience::Obeys,
            Obedience::Obeys,
            Obedience::Refuses,
            Obedience::Ignores,
        ])
    };
    let link = prop::sample::select(vec![
        Link::Online,
        Link::Online,
        Link::Online,
        Link::Lost,
        Link::Connecting,
        Link::None,
    ]);
    let nonsense = prop::sample::select(vec![
        Nonsense::UnknownEvent,
        Nonsense::EndOfTheUnknown,
        Nonsense::WebsocketError,
        Nonsense::StrayError,
    ]);
    let preferences =
        (any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(notify, sound, raise)| {
            Preferences {
                notify,
                sound,
                raise,
            }
        });
    let version = || "0.2.0".to_owned();
    let news = prop::sample::select(vec![
        UpdateNews::Found { version: version() },
        UpdateNews::Downloaded { version: version() },
        UpdateNews::Installed,
    ]);
    prop_oneof![
        12 => (happening(), 0..2_usize, fate).prop_map(|(what, place, fate)| Step::Happen(what, place, fate)),
        4 => (0..16_usize, obedience()).prop_map(|(choice, obedience)| Step::Click(choice, obedience)),
        3 => (0..11_usize, 0..2_usize, obedience()).prop_map(|(button, contact, obedience)| Step::Press(button, contact, obedience)),
        4 => (0..8_000_u64).prop_map(Step::Wait),
        1 => (8_000..60_000_u64).prop_map(Step::Wait),
        2 => link.prop_map(Step::Link),
        1 => any::<bool>().prop_map(Step::Window),
        1 => preferences.prop_map(Step::Prefer),
        2 => nonsense.prop_map(Step::Nonsense),
        2 => Just(Step::Release),
        3 => news.prop_map(Step::Update),
        2 => Just(Step::Install),
    ]
}

/// What only delays, doubles and reorders: nothing is lost, an offer comes first, and nobody asks for
/// anything.
fn shuffled() -> impl Strategy<Value = Step> {
    let fate = prop::sample::select(vec![Fate::Arrives, Fate::Doubles, Fate::IsHeldBack]);
    prop_oneof![
        8 => (happening(), 0..2_usize, fate)
            .prop_map(|(what, place, fate)| {
            let first = matches!(what, Happening::Offer);
            Step::Happen(what, place, if first { Fate::Arrives } else { fate })
        }),
        1 => (0..3_000_u64).prop_map(Step::Wait),
        1 => Just(Step::Release),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_bus_brings(steps in prop::collection::vec(step(), 1..80)) {
        let mut run = Run::new();
        for step in &steps {
            run.step(step);
        }
        run.come_to_rest();
        run.centre.assert_shown(&run.phone.view());
    }

    #[test]
    fn whatever_order_the_events_come_in(steps in prop::collection::vec(shuffled(), 1..40)) {
        let mut run = Run::new();
        for step in &steps {
            run.step(step);
        }
        run.release();
        run.centre.assert_shown(&run.phone.view());
    }
}
