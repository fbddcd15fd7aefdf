//! What is held against each other: two connectors, each with a contact centre behind it.

use std::time::Duration;

use offhook_amazon::{
    Amazon, Output, Seen, Setup, Way,
    page::{Permission, Said},
};
use offhook_practice::{Practice, Scenario};
use offhook_protocol::{Envelope, Timestamp};
use offhook_tests::stand_in::{self, Centre, Offer};

/// 2026-11-21T09:00:00.000Z
const OPENING: i64 = 1_795_251_600_000;

/// Long enough for whatever a contact centre does at once, media included.
const AT_ONCE: Duration = Duration::from_secs(1);

/// How often the panel says that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(4);

/// What the world does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Happening {
    CustomerCalls,
    CustomerHangsUp,
    ThirdPartyHangsUp,
    /// Whoever is being called does what was said before, see [`Subject::callee`].
    CalleeResponds,
}

/// What called parties do.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callee {
    Answers,
    IsBusy,
    DoesNotAnswer,
}

/// A connector and what is behind it, with a hand-driven clock. Each method gives back what the bus hears.
pub(crate) trait Subject {
    /// A request, and what it leads to at once.
    fn ask(&mut self, request: &Envelope) -> Vec<Envelope>;

    /// Something happens, and what it leads to at once.
    fn happen(&mut self, happening: Happening) -> Vec<Envelope>;

    /// Time goes by.
    fn wait(&mut self, span: Duration) -> Vec<Envelope>;

    /// What parties that are called from now on do.
    fn callee(&mut self, callee: Callee);
}

/// The practice centre.
pub(crate) struct Practised {
    practice: Practice,
    now: Timestamp,
}

impl Practised {
    /// How long a called party takes to respond.
    const RESPONSE: &str = "10s";

    pub(crate) fn open() -> Self {
        let now = Timestamp::from_millis(OPENING);
        let mut practised = Self {
            practice: Practice::new(scenario(""), 7, now),
            now,
        };
        practised.callee(Callee::Answers);
        practised.drain();
        practised
    }

    fn follow(&mut self, action: &str) {
        let step = format!("[[step]]\nafter = \"0s\"\ndo = {action}\n");
        self.practice.follow(scenario(&step), self.now);
    }

    fn drain(&mut self) -> Vec<Envelope> {
        std::iter::from_fn(|| self.practice.poll_output()).collect()
    }
}

fn scenario(steps: &str) -> Scenario {
    Scenario::parse(&format!("about = \"\"\n{steps}")).expect("it is a scenario")
}

impl Subject for Practised {
    fn ask(&mut self, request: &Envelope) -> Vec<Envelope> {
        self.practice.handle(request, self.now);
        let mut heard = self.drain();
        heard.extend(self.wait(AT_ONCE));
        heard
    }

    fn happen(&mut self, happening: Happening) -> Vec<Envelope> {
        match happening {
            Happening::CustomerCalls => self.follow(
                "{ call = [{ from = \"+4915112345678\", to = \"+49301234567\", queue = \"BasicQueue\" }] }",
            ),
            Happening::CustomerHangsUp => self.follow("\"customer-hangs-up\""),
            Happening::ThirdPartyHangsUp => self.follow("\"third-party-hangs-up\""),
            Happening::CalleeResponds => return self.wait(Duration::from_secs(10)),
        }
        let mut heard = self.drain();
        heard.extend(self.wait(AT_ONCE));
        heard
    }

    fn wait(&mut self, span: Duration) -> Vec<Envelope> {
        let end = self.now + span;
        let mut heard = Vec::new();
        while let Some(due) = self.practice.poll_timeout().filter(|due| *due <= end) {
            self.now = due;
            self.practice.handle_timeout(due);
            heard.extend(self.drain());
        }
        self.now = end;
        heard
    }

    fn callee(&mut self, callee: Callee) {
        let response = match callee {
            Callee::Answers => "answers",
            Callee::IsBusy => "busy",
            Callee::DoesNotAnswer => "no-answer",
        };
        let after = Self::RESPONSE;
        self.follow(&format!(
            "{{ called-party = {{ response = \"{response}\", after = \"{after}\" }} }}"
        ));
    }
}

/// The connector to Amazon Connect, before a stand-in of it.
pub(crate) struct Connected {
    amazon: Amazon,
    centre: Centre,
    callee: Callee,
    /// The contact that was there last.
    contact: String,
    now: Timestamp,
}

impl Connected {
    pub(crate) fn open() -> Self {
        let now = Timestamp::from_millis(OPENING);
        let setup = Setup {
            instance: "https://example.my.connect.aws".parse().expect("a URL"),
            way: Way::Panel,
        };
        let url = setup.url();
        let mut centre = Centre::new(now);
        centre.allow_large_conferences();
        let mut connected = Self {
            amazon: Amazon::new(setup, now),
            centre,
            callee: Callee::Answers,
            contact: String::new(),
            now,
        };
        connected.amazon.seen(Seen::Loaded(url), now);
        let hello = Said::Hello {
            web_rtc: true,
            microphone: Some(Permission::Granted),
        };
        for said in [hello, Said::Streams, Said::Acknowledged] {
            connected.amazon.said(said, now);
        }
        connected.settle();
        connected.wait(AT_ONCE);
        connected
    }

    /// Carries words between the connector and the centre until neither has any.
    fn settle(&mut self) -> Vec<Envelope> {
        let mut heard = Vec::new();
        loop {
            for said in stand_in::news(&mut self.centre) {
                self.amazon.said(said, self.now);
            }
            let Some(output) = self.amazon.poll_output() else {
                return heard;
            };
            match output {
                Output::Bus(envelope) => heard.push(envelope),
                Output::Ask(asked) => {
                    for said in stand_in::call(&mut self.centre, &asked, self.now) {
                        self.amazon.said(said, self.now);
                    }
                }
                Output::Panel(_) => {}
            }
        }
    }

    /// The one contact, as the centre has it.
    fn contact(&mut self) -> String {
        let update = self.centre.update();
        if let Some(id) = update["snapshot"]["contacts"][0]["contactId"].as_str() {
            id.clone_into(&mut self.contact);
        }
        self.contact.clone()
    }

    /// The party that joined last and is still there.
    fn last_party(&mut self) -> String {
        let update = self.centre.update();
        let connections = update["snapshot"]["contacts"][0]["connections"].as_array();
        let there = connections
            .into_iter()
            .flatten()
            .rfind(|party| party["type"] == "outbound" && party["state"]["type"] != "disconnected");
        let id = there.and_then(|party| party["connectionId"].as_str());
        id.expect("there is a third party").to_owned()
    }
}

impl Subject for Connected {
    fn ask(&mut self, request: &Envelope) -> Vec<Envelope> {
        self.amazon.handle(request, self.now);
        let mut heard = self.settle();
        heard.extend(self.wait(AT_ONCE));
        heard
    }

    fn happen(&mut self, happening: Happening) -> Vec<Envelope> {
        let (contact, now) = (self.contact(), self.now);
        match (happening, self.callee) {
            (Happening::CustomerCalls, _) => {
                self.centre.offer_call(Offer::default(), now);
            }
            (Happening::CustomerHangsUp, _) => self.centre.customer_hangs_up(&contact, now),
            (Happening::ThirdPartyHangsUp, _) => {
                let party = self.last_party();
                self.centre.party_hangs_up(&contact, &party, now);
            }
            (Happening::CalleeResponds, Callee::Answers) => {
                self.centre.callee_answers(&contact, now);
            }
            (Happening::CalleeResponds, Callee::IsBusy) => {
                self.centre.callee_is_busy(&contact, now);
            }
            (Happening::CalleeResponds, Callee::DoesNotAnswer) => {
                self.centre.callee_does_not_answer(&contact, now);
            }
        }
        let mut heard = self.settle();
        heard.extend(self.wait(AT_ONCE));
        heard
    }

    fn wait(&mut self, span: Duration) -> Vec<Envelope> {
        let end = self.now + span;
        let mut heard = Vec::new();
        while self.now < end {
            let due = [self.amazon.poll_timeout(), self.centre.poll_timeout()];
            let alive = self.now + HEARTBEAT;
            let due = due.into_iter().flatten().chain([alive, end]).min();
            self.now = due.unwrap_or(end);
            if self.now == alive {
                self.amazon.said(Said::Acknowledged, alive);
            }
            self.centre.handle_timeout(self.now);
            self.amazon.handle_timeout(self.now);
            heard.extend(self.settle());
        }
        heard
    }

    fn callee(&mut self, callee: Callee) {
        self.callee = callee;
    }
}
