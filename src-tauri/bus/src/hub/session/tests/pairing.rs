//! How a web page comes to a secret, and loses what it may do with it.

use std::{collections::BTreeMap, time::Duration};

use offhook_protocol::{Access, Envelope, ErrorType, Hello, Pair, PairPending, Paired, Registered};
use tokio::time::{Instant, advance, sleep};

use super::{
    super::super::*,
    rig::{ORIGIN, Peer, Rig, STRANGER, answer, registration},
};

fn pair(name: &str, access: Access) -> Envelope {
    let pair = Pair { version: 1, access };
    Envelope {
        source: Some(name.to_owned()),
        ..pair.envelope()
    }
}

impl Rig {
    /// A page that has been greeted, and the greeting.
    async fn page(&self, origin: &str) -> (Peer, Hello) {
        let mut page = self.dial_from(Some(origin)).await;
        let hello = Hello::read(&page.recv().await).unwrap();
        (page, hello)
    }

    /// A page of [`STRANGER`] that waits for the answer to its question, and the code that it shows.
    async fn asking(&self) -> (Peer, Hello, String) {
        let (mut page, hello) = self.page(STRANGER).await;
        page.send(&pair("crm", Access::Control)).await;
        let pending = PairPending::read(&page.recv().await).unwrap();
        assert_eq!(pending.expires_in_sec, 120);
        (page, hello, pending.code)
    }

    fn question(&self) -> Option<Question> {
        self.hub.watch().borrow().question().cloned()
    }

    fn answer(&self, access: Option<Access>) {
        self.hub.answer(self.question().unwrap().id, access);
    }

    /// A page that the person has let in, and its secret.
    async fn paired(&self, access: Access) -> (Peer, Secret) {
        let (mut page, hello, _) = self.asking().await;
        self.answer(Some(access));
        let secret = page.secret().await;
        page.enter(&secret, &hello).await;
        (page, secret)
    }

    /// As [`page`](Self::page), and registered with this secret.
    async fn back(&self, origin: &str, secret: &Secret) -> (Peer, Registered) {
        let (mut page, hello) = self.page(origin).await;
        let registered = page.enter(secret, &hello).await;
        (page, registered)
    }
}

impl Peer {
    async fn secret(&mut self) -> Secret {
        let paired = Paired::read(&self.recv().await).unwrap();
        Secret::from_hex(paired.secret.reveal()).unwrap()
    }

    /// Registers, wanting control, and reads the state.
    async fn enter(&mut self, secret: &Secret, hello: &Hello) -> Registered {
        self.send(&registration(secret, "crm", Access::Control, &hello.nonce))
            .await;
        let registered = Registered::read(&self.recv().await).unwrap();
        for _ in 0..3 {
            self.recv().await;
        }
        registered
    }

    /// Reads the error and the close.
    async fn turned_away(&mut self) -> (ErrorType, u16) {
        (self.error().await.kind, self.close_code().await)
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_joins_once_the_person_has_said_yes() {
    let rig = Rig::new();
    let (mut page, hello, code) = rig.asking().await;
    let question = rig.question().unwrap();
    assert_eq!(question.page.origin, STRANGER);
    assert_eq!(
        (question.page.name.as_str(), &question.code),
        ("crm", &code)
    );
    assert_eq!(question.access, Access::Control);
    assert!(code.len() == 4 && code.bytes().all(|byte| byte.is_ascii_digit()));

    sleep(Duration::from_secs(119)).await;
    rig.answer(Some(Access::Control));
    let paired = Paired::read(&page.recv().await).unwrap();
    assert_eq!(paired.access, Access::Control);
    assert_eq!(rig.question(), None);

    let secret = Secret::from_hex(paired.secret.reveal()).unwrap();
    sleep(Duration::from_secs(4)).await;
    assert_eq!(page.enter(&secret, &hello).await.access, Access::Control);
    let (_, registered) = rig.back(STRANGER, &secret).await;
    assert_eq!(registered.access, Access::Control);
}

#[tokio::test(start_paused = true)]
async fn the_person_may_allow_less_than_the_page_wants() {
    let rig = Rig::new();
    let (mut page, hello, _) = rig.asking().await;
    rig.answer(Some(Access::Observe));
    let paired = Paired::read(&page.recv().await).unwrap();
    assert_eq!(paired.access, Access::Observe);
    let secret = Secret::from_hex(paired.secret.reveal()).unwrap();
    assert_eq!(page.enter(&secret, &hello).await.access, Access::Observe);
    page.send(&answer()).await;
    assert_eq!(page.error().await.kind, ErrorType::AccessDenied);
}

#[tokio::test(start_paused = true)]
async fn a_listed_origin_is_paired_without_a_question_up_to_what_is_listed() {
    let rig = Rig::new();
    let (mut page, hello) = rig.page(ORIGIN).await;
    page.send(&pair("crm", Access::Control)).await;
    let paired = Paired::read(&page.recv().await).unwrap();
    assert_eq!(paired.access, Access::Observe);
    let secret = Secret::from_hex(paired.secret.reveal()).unwrap();
    assert_eq!(page.enter(&secret, &hello).await.access, Access::Observe);

    rig.hub.admit(Admission {
        pairing: true,
        ..Admission::default()
    });
    assert_eq!(page.close_code().await, 4003);
    let (mut page, hello) = rig.page(ORIGIN).await;
    page.send(&registration(&secret, "crm", Access::Observe, &hello.nonce))
        .await;
    assert_eq!(page.turned_away().await, (ErrorType::NotPaired, 4003));
}

#[tokio::test(start_paused = true)]
async fn no_and_no_answer_refuse_a_page_for_a_minute() {
    let rig = Rig::new();
    let (mut page, ..) = rig.asking().await;
    rig.answer(None);
    assert_eq!(page.turned_away().await, (ErrorType::PairingRefused, 4003));

    advance(Duration::from_secs(59)).await;
    let (mut page, _) = rig.page(STRANGER).await;
    page.send(&pair("crm", Access::Observe)).await;
    assert_eq!(page.turned_away().await, (ErrorType::PairingRefused, 4003));
    assert_eq!(rig.question(), None, "nobody was asked");

    advance(Duration::from_secs(1)).await;
    let start = Instant::now();
    let (mut page, ..) = rig.asking().await;
    assert_eq!(page.turned_away().await, (ErrorType::PairingRefused, 4003));
    assert_eq!(start.elapsed().as_secs(), 120);
    assert_eq!(rig.question(), None);
}

#[tokio::test(start_paused = true)]
async fn one_page_is_asked_about_at_a_time() {
    let rig = Rig::new();
    let (mut first, ..) = rig.asking().await;
    let (mut second, _) = rig.page("https://third.example").await;
    second.send(&pair("crm", Access::Observe)).await;
    assert_eq!(second.turned_away().await, (ErrorType::PairingBusy, 4009));

    rig.answer(Some(Access::Observe));
    first.secret().await;
    let (mut second, _) = rig.page("https://third.example").await;
    second.send(&pair("crm", Access::Observe)).await;
    assert_eq!(second.turned_away().await, (ErrorType::PairingBusy, 4009));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_leaves_withdraws_its_question() {
    let rig = Rig::new();
    let mut roster = rig.hub.watch();
    let (page, ..) = rig.asking().await;
    drop(page);
    roster
        .wait_for(|roster| roster.question().is_none())
        .await
        .unwrap();
    assert!(rig.hub.watch().borrow().pairings().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_page_that_asks_and_leaves_again_and_again_is_locked_out() {
    let rig = Rig::new();
    for _ in 0..5 {
        let mut roster = rig.hub.watch();
        drop(rig.asking().await);
        roster
            .wait_for(|roster| roster.question().is_none())
            .await
            .unwrap();
        sleep(Duration::from_secs(3)).await;
    }
    let (mut page, _) = rig.page(STRANGER).await;
    page.send(&pair("crm", Access::Observe)).await;
    assert_eq!(page.turned_away().await, (ErrorType::LockedOut, 4003));
}

#[tokio::test(start_paused = true)]
async fn while_the_person_is_asked_nothing_else_is_taken() {
    let rig = Rig::new();
    let (mut page, hello, _) = rig.asking().await;
    for envelope in [answer(), pair("crm", Access::Observe)] {
        page.send(&envelope).await;
        assert_eq!(page.error().await.kind, ErrorType::NotRegistered);
    }
    rig.answer(Some(Access::Control));
    let secret = page.secret().await;
    page.send(&pair("crm", Access::Control)).await;
    assert_eq!(page.error().await.kind, ErrorType::NotRegistered, "once");
    page.enter(&secret, &hello).await;
}

#[tokio::test(start_paused = true)]
async fn a_paired_page_has_five_seconds_to_register() {
    let rig = Rig::new();
    let (mut page, ..) = rig.asking().await;
    sleep(Duration::from_secs(60)).await;
    rig.answer(Some(Access::Control));
    page.secret().await;
    let start = Instant::now();
    assert_eq!(page.turned_away().await, (ErrorType::NotRegistered, 4001));
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn what_makes_no_sense_is_not_asked() {
    let rig = Rig::new();
    let of_version_2 = Envelope {
        source: Some("crm".to_owned()),
        ..Pair {
            version: 2,
            access: Access::Observe,
        }
        .envelope()
    };
    for (origin, envelope) in [
        (None, pair("crm", Access::Observe)),
        (Some(STRANGER), of_version_2),
        (Some(STRANGER), pair("", Access::Observe)),
        (Some(STRANGER), pair("\u{202e}mrc", Access::Observe)),
    ] {
        let mut peer = rig.dial_from(origin).await;
        peer.recv().await;
        peer.send(&envelope).await;
        let denied = (ErrorType::RegistrationDenied, 4003);
        assert_eq!(peer.turned_away().await, denied, "{envelope:?}");
    }
    let (mut page, _) = rig.page(STRANGER).await;
    page.send(&Envelope::event(
        "App",
        "Pair",
        serde_json::json!({"version": 1}),
    ))
    .await;
    assert_eq!(page.error().await.kind, ErrorType::BadRequest);
    assert_eq!(rig.question(), None);
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_good_for_its_origin_and_its_name_alone() {
    let rig = Rig::new();
    let (_page, secret) = rig.paired(Access::Control).await;
    for (origin, name, kind) in [
        (Some(STRANGER), "other", ErrorType::NotPaired),
        (Some("https://third.example"), "crm", ErrorType::NotPaired),
        (Some(ORIGIN), "crm", ErrorType::NotPaired),
        (None, "crm", ErrorType::RegistrationDenied),
    ] {
        let mut peer = rig.dial_from(origin).await;
        let hello = Hello::read(&peer.recv().await).unwrap();
        peer.send(&registration(&secret, name, Access::Observe, &hello.nonce))
            .await;
        assert_eq!(peer.turned_away().await, (kind, 4003), "{origin:?} {name}");
    }
    // Nor does the programs' secret help a page.
    let (mut page, hello) = rig.page(STRANGER).await;
    page.send(&registration(
        rig.secret(),
        "crm",
        Access::Observe,
        &hello.nonce,
    ))
    .await;
    assert_eq!(page.turned_away().await.0, ErrorType::RegistrationDenied);
}

#[tokio::test(start_paused = true)]
async fn a_limit_and_a_revocation_take_effect_at_once() {
    let rig = Rig::new();
    let (mut page, secret) = rig.paired(Access::Control).await;
    let of_page = Page {
        origin: STRANGER.to_owned(),
        name: "crm".to_owned(),
    };
    for limit in [Access::Observe, Access::Control] {
        rig.hub.limit(&of_page, limit);
        assert_eq!(page.close_code().await, 4010);
        let (again, registered) = rig.back(STRANGER, &secret).await;
        assert_eq!(registered.access, limit);
        page = again;
    }

    rig.hub.revoke(&of_page);
    assert_eq!(page.close_code().await, 4003);
    let (mut page, hello) = rig.page(STRANGER).await;
    page.send(&registration(&secret, "crm", Access::Observe, &hello.nonce))
        .await;
    assert_eq!(page.turned_away().await, (ErrorType::NotPaired, 4003));
}

#[tokio::test(start_paused = true)]
async fn who_may_ask_no_more_is_disconnected_and_others_are_not() {
    let rig = Rig::new();
    let mut program = rig.join("cli", Access::Control).await;
    let (mut page, _) = rig.paired(Access::Control).await;
    rig.hub.admit(Admission::default());
    assert_eq!(page.close_code().await, 4003);
    program.send(&super::state_sync()).await;
    assert_eq!(program.recv().await.subtopic, "StateSync");
}

#[tokio::test(start_paused = true)]
async fn pairings_outlive_the_hub() {
    let rig = Rig::new();
    let key = Secret::random().unwrap();
    rig.hub.know(key.clone(), BTreeMap::new());
    let (_page, secret) = rig.paired(Access::Control).await;
    let pairings = rig.hub.watch().borrow().pairings().clone();

    let after = Rig::new();
    after.hub.know(key, pairings);
    let (_, registered) = after.back(STRANGER, &secret).await;
    assert_eq!(registered.access, Access::Control);
}

#[tokio::test(start_paused = true)]
async fn pages_learn_which_phone_it_is_each_origin_in_its_own_way() {
    let rig = Rig::new();
    let (_, first) = rig.page(STRANGER).await;
    let (_, again) = rig.page(STRANGER).await;
    let (_, other) = rig.page(ORIGIN).await;
    assert_eq!(first.hub_id.as_ref().unwrap().len(), 32);
    assert_eq!(first.hub_id, again.hub_id);
    assert_ne!(first.hub_id, other.hub_id);

    let mut program = rig.dial().await;
    assert_eq!(Hello::read(&program.recv().await).unwrap().hub_id, None);
}

#[test]
fn the_documented_frames_are_those_of_pairing() {
    let pending = PairPending {
        code: "4821".to_owned(),
        expires_in_sec: limits::PAIRING.as_secs(),
    };
    let secret = "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f";
    let paired = Paired {
        access: Access::Control,
        secret: secret.into(),
    };
    let document = include_str!("../../../../../../docs/hub.md");
    for frame in [
        pair("crm", Access::Control),
        pending.envelope(),
        paired.envelope(),
    ] {
        let frame = frame.to_text();
        assert!(document.lines().any(|line| line == frame), "{frame}");
    }
}
