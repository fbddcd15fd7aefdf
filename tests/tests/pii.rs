//! Nothing personal in the log: a whole call through the real engine and the hub, with logging at its
//! most verbose.

use std::{
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use offhook_bus::{Client, Connection};
use offhook_core::{Input, Intent, LegStateView, Phase, Target, View};
use offhook_engine::{Handle, Headless, Options, settings::Places};
use offhook_protocol::{
    Access, Button, CallRequest, ContactId, Envelope, Event, Personal, Request,
};
use tracing_subscriber::fmt::MakeWriter;

const SCENARIO: &str = r#"
about = "One call; the first hold is refused."

[[step]]
after = "0s"
do = { fail-next = { request = "Hold", text = "Grace Hopper may not be put on hold" } }

[[step]]
after = "0s"
do = { call = [{ from = "+441632960011", to = "+448081570001", queue = "Orders", variables = { CustomerName = "Ada Whitfield", AccountId = "A-20417", LastOrder = "Garden table" } }] }
"#;

/// The digits pressed, the number consulted as it was typed, and a link that was opened.
const DIGITS: &str = "90733#";
const CONSULTED: &str = "01632 960 358";
const LINK: &str = "tel:01632-960-357;ext=90733";

/// What no line may contain: the scenario's people, numbers and values, the practice agent, the quick
/// connects, and what was typed.
const PERSONAL: &[&str] = &[
    "1632960011",
    "8081570001",
    "Ada",
    "Whitfield",
    "A-20417",
    "Garden table",
    "Grace",
    "Hopper",
    "Robin",
    "robin.practice",
    "Sam Taylor",
    "sam-taylor",
    "Alex Morgan",
    "alex-morgan",
    "Courier",
    "1632960042",
    "90733",
    "960 358",
    "960358",
    "960-357",
    "960357",
];

/// How long anything may take that is waited for.
const DEADLINE: Duration = Duration::from_secs(30);

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("nobody panicked while logging")).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .expect("nobody panicked while logging")
            .extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// The lines of a log that contain something personal.
fn leaks(log: &str) -> Vec<&str> {
    let leaks = |line: &&str| PERSONAL.iter().any(|personal| line.contains(personal));
    log.lines().filter(leaks).collect()
}

#[tokio::test]
async fn a_whole_call_leaves_nothing_personal_in_the_log() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone());
    subscriber
        .try_init()
        .expect("the only subscriber of this process");

    let folder = tempfile::tempdir().expect("a folder");
    let mut call = Call::start(folder.path()).await;
    call.play().await;
    call.engine.stop();

    let text = log.text();
    for line in [
        "heard",
        "asked",
        "does",
        "HoldCallFailed",
        "SendDtmf",
        "Consult",
        "Dropped",
    ] {
        assert!(
            text.contains(line),
            "the log has no line with {line:?}, so this test looks at the wrong log"
        );
    }
    assert_eq!(leaks(&text), Vec::<&str>::new());

    let personal = Personal::new("Ada Whitfield");
    tracing::error!(name = personal.reveal(), "on purpose");
    assert_eq!(leaks(&log.text()).len(), 1, "what is revealed is found");
}

#[tokio::test]
async fn what_holds_personal_data_prints_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut call = Call::start(folder.path()).await;
    let view = call
        .until(|view| !view.contacts.is_empty() && !view.quick_connects.is_empty())
        .await;
    call.engine.stop();
    let contact = &view.contacts[0];
    assert_eq!(
        contact.name.as_ref().map(Personal::reveal),
        Some("Ada Whitfield")
    );

    let intent = Intent::Digits {
        contact: contact.id.clone(),
        digits: DIGITS.into(),
    };
    let mut printed = format!(
        "{view:#?}\n{:#?}\n{:#?}",
        Input::Intent(intent),
        call.tray()
    );
    for envelope in &call.heard {
        printed += &format!(
            "\n{envelope:#?}\n{:#?}",
            Event::read(envelope).map(Input::Event)
        );
    }
    assert_eq!(leaks(&printed), Vec::<&str>::new());
}

/// A running engine in practice, and another app on its hub.
struct Call {
    engine: Handle,
    app: Client,
    /// What the app was told until the call rang.
    heard: Vec<Envelope>,
}

impl Call {
    async fn start(folder: &std::path::Path) -> Self {
        let scenario = folder.join("scenario.toml");
        std::fs::write(&scenario, SCENARIO).expect("a file");
        let options = Options {
            practice: Some(Some(scenario.display().to_string())),
            seed: Some(1),
            places: Some(Places {
                settings: folder.join("settings.toml"),
                policy: folder.join("policy.toml"),
                logs: folder.join("logs"),
                data: folder.join("data"),
                keychain: false,
                runtime: Some(folder.join("run")),
            }),
        };
        let engine = offhook_engine::start(options, Headless).expect("an engine");
        let connection = Connection::find_in(&folder.join("run")).expect("a connection file");
        let mut app = Client::connect(&connection, "crm", Access::Control)
            .await
            .expect("a hub");
        let mut heard = Vec::new();
        for _ in 0..3 {
            heard.extend(app.recv().await.expect("the hub is there"));
        }
        Self { engine, app, heard }
    }

    /// Rings, is answered, refused a hold, sent digits, consulted, hung up and cleared.
    async fn play(&mut self) {
        let view = self.until(|view| phase(view) == Some(Phase::Ringing)).await;
        let contact = view.contacts[0].id.clone();
        self.press(&contact, Button::Answer);
        self.until(|view| phase(view) == Some(Phase::Talking)).await;
        let hold = Request::Call(CallRequest::Hold(None)).envelope("crm");
        self.app.send(&hold).await.expect("the hub is there");
        self.until(|view| !view.notices.is_empty()).await;
        self.engine.dispatch(Intent::Digits {
            contact: contact.clone(),
            digits: DIGITS.into(),
        });
        let target = Target::Number {
            number: CONSULTED.into(),
        };
        self.engine.dispatch(Intent::Consult {
            contact: contact.clone(),
            target,
        });
        self.until(|view| third_party(view) == Some(LegStateView::Connected))
            .await;
        self.press(&contact, Button::Transfer);
        self.until(|view| phase(view) == Some(Phase::WrapUp)).await;
        self.press(&contact, Button::ClearContact);
        self.until(|view| phase(view).is_none()).await;
        self.engine.dispatch(Intent::OpenLink(LINK.into()));
        self.until(|view| view.prefill.is_some()).await;
    }

    fn press(&self, contact: &ContactId, button: Button) {
        self.engine.dispatch(Intent::Press {
            contact: contact.clone(),
            button,
            leg: None,
        });
    }

    /// Waits for a view like this.
    async fn until(&mut self, wanted: impl Fn(&View) -> bool) -> View {
        let waiting = async {
            let mut view = self.engine.view();
            while !wanted(&view) {
                view = self.engine.next_view().await.expect("the engine runs");
            }
            view
        };
        let view = tokio::time::timeout(DEADLINE, waiting).await;
        view.unwrap_or_else(|_| panic!("it never came to that: {:#?}", self.engine.view()))
    }

    fn tray(&self) -> offhook_core::tray::Tray {
        offhook_core::tray::Tray::of(&self.engine.view())
    }
}

fn phase(view: &View) -> Option<Phase> {
    view.contacts.first().map(|contact| contact.phase)
}

fn third_party(view: &View) -> Option<LegStateView> {
    Some(view.contacts.first()?.legs.get(1)?.state)
}
