//! Who may join, who has joined, and who asks to: the one state that all connections share.

use std::{collections::BTreeMap, time::Duration};

use offhook_protocol::Access;
use tokio::{
    sync::{oneshot, watch},
    time::Instant,
};

use super::{
    Admission,
    denied::Denied,
    limits::{APPS, APPS_PER_ORIGIN, NAMES_PER_ORIGIN, PAIRINGS},
};
use crate::Secret;

/// How long after a question the next one is asked at the earliest, so that a click that was meant for the
/// one does not answer the other.
const PAUSE: Duration = Duration::from_secs(3);

/// A web page, as far as pairing knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Page {
    /// Its web origin, vouched for by the browser.
    pub origin: String,
    /// The name that it gave itself.
    pub name: String,
}

/// What is kept of a paired page. Its secret is derived from the installation's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// What it may do at most.
    pub access: Access,
    /// The person was asked. If not, the pairing holds as long as the origin is listed.
    pub asked: bool,
    /// Makes its secret another one than that of an earlier pairing.
    pub salt: String,
}

/// A registered app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connected {
    /// Its web origin. None for a program that is no web page.
    pub origin: Option<String>,
    /// The name that it registered.
    pub name: String,
    /// What it may do.
    pub access: Access,
}

/// A page that is not paired wants to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Names it in the answer. Never used twice.
    pub id: u64,
    /// Who asks.
    pub page: Page,
    /// What it wants to do.
    pub access: Access,
    /// Four digits that the page shows too.
    pub code: String,
}

/// The answer: this access, or no.
pub(crate) type Answer = Option<Access>;

/// Who may join the hub, who has joined it, and who asks to.
#[derive(Debug, Default)]
pub struct Roster {
    admission: Admission,
    /// The installation's. Without it no web page is let in.
    key: Option<Secret>,
    pairings: BTreeMap<Page, Pairing>,
    connected: BTreeMap<u64, Connected>,
    asking: Option<(Question, oneshot::Sender<Answer>)>,
    asked_last: Option<Instant>,
    /// The last number that was given to a question or a connected app.
    numbered: u64,
}

impl Roster {
    /// The paired pages.
    pub fn pairings(&self) -> &BTreeMap<Page, Pairing> {
        &self.pairings
    }

    /// The registered apps, in the order of registration.
    pub fn connected(&self) -> impl Iterator<Item = &Connected> {
        self.connected.values()
    }

    /// The question that waits for an answer.
    pub fn question(&self) -> Option<&Question> {
        self.asking.as_ref().map(|(question, _)| question)
    }

    /// What this page may do at most. `None` if it is not paired, or its pairing has lost its ground.
    pub fn most(&self, page: &Page) -> Option<Access> {
        let pairing = self.pairings.get(page)?;
        self.admission.most(&page.origin, pairing)
    }

    /// What this app gets of what it wants. A program without an origin is no web page: it gets all, once
    /// it has proved that it knows the secret.
    pub(crate) fn grant(&self, who: &Who, wanted: Access) -> Option<Access> {
        match who {
            Who::Program(_) => Some(wanted),
            Who::Page(page) => self.most(page).map(|most| wanted.min(most)),
        }
    }

    /// Whether pages of this origin are listed, or one of them is paired.
    pub(crate) fn knows(&self, origin: &str) -> bool {
        let same = |page: &Page| page.origin == origin;
        self.admission.listed(origin).is_some() || self.pairings.keys().any(same)
    }

    pub(crate) fn admission(&self) -> &Admission {
        &self.admission
    }

    pub(crate) fn key(&self) -> Option<&Secret> {
        self.key.as_ref()
    }

    /// The secret of this page. `None` if it is not paired.
    pub(crate) fn secret(&self, page: &Page) -> Option<Secret> {
        self.most(page)?;
        let salt = &self.pairings.get(page)?.salt;
        Some(self.key.as_ref()?.of_page(page, salt))
    }

    /// Forgets the pages that were paired only because their origin was listed, and is no more.
    fn prune(&mut self) {
        let admission = &self.admission;
        self.pairings
            .retain(|page, pairing| pairing.asked || admission.listed(&page.origin).is_some());
        // A Yes to a page that may not come in any more would lead nowhere.
        self.asking
            .take_if(|(question, _)| !admission.lets_in(&question.page.origin));
    }

    fn number(&mut self) -> u64 {
        self.numbered += 1;
        self.numbered
    }
}

/// Who wants to register.
#[derive(Clone, Debug)]
pub(crate) enum Who {
    /// By name.
    Program(String),
    Page(Page),
}

impl Who {
    pub(crate) fn new(origin: Option<&str>, name: &str) -> Self {
        let name = name.to_owned();
        match origin.map(str::to_owned) {
            Some(origin) => Self::Page(Page { origin, name }),
            None => Self::Program(name),
        }
    }

    pub(crate) fn origin(&self) -> Option<&str> {
        match self {
            Self::Program(_) => None,
            Self::Page(page) => Some(&page.origin),
        }
    }

    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Program(name) | Self::Page(Page { name, .. }) => name,
        }
    }
}

/// The roster where all connections find it and see it change.
#[derive(Clone, Debug)]
pub(crate) struct Reception(watch::Sender<Roster>);

impl Reception {
    pub(crate) fn new(admission: Admission) -> Self {
        let roster = Roster {
            admission,
            ..Roster::default()
        };
        Self(watch::Sender::new(roster))
    }

    pub(crate) fn watch(&self) -> watch::Receiver<Roster> {
        self.0.subscribe()
    }

    pub(crate) fn look(&self) -> watch::Ref<'_, Roster> {
        self.0.borrow()
    }

    pub(crate) fn admit(&self, admission: Admission) {
        self.0.send_modify(|roster| {
            roster.admission = admission;
            roster.prune();
        });
    }

    pub(crate) fn know(&self, key: Secret, pairings: BTreeMap<Page, Pairing>) {
        self.0.send_modify(|roster| {
            roster.key = Some(key);
            roster.pairings = pairings;
            roster.prune();
        });
    }

    pub(crate) fn limit(&self, page: &Page, access: Access) {
        self.0.send_modify(|roster| {
            if let Some(pairing) = roster.pairings.get_mut(page) {
                pairing.access = access;
            }
        });
    }

    pub(crate) fn revoke(&self, page: &Page) {
        self.0.send_modify(|roster| {
            roster.pairings.remove(page);
        });
    }

    /// Answers the question, if it still waits.
    pub(crate) fn answer(&self, id: u64, answer: Answer) {
        self.0.send_if_modified(|roster| {
            let asking = roster.asking.take_if(|(question, _)| question.id == id);
            // Nobody waits for the answer if the page has left in this moment.
            asking.is_some_and(|(_, asking)| asking.send(answer).is_ok())
        });
    }

    /// Asks the person about a page.
    pub(crate) fn ask(&self, page: Page, access: Access, code: String) -> Result<Asking, Denied> {
        let (sender, answer) = oneshot::channel();
        let mut asked = Err(Denied::PairingBusy);
        self.0.send_if_modified(|roster| {
            let pause = roster.asked_last.is_some_and(|at| at.elapsed() < PAUSE);
            if roster.asking.is_some() || pause {
                return false;
            }
            let question = Question {
                id: roster.number(),
                page,
                access,
                code,
            };
            asked = Ok(question.id);
            roster.asking = Some((question, sender));
            true
        });
        Ok(Asking {
            id: asked?,
            answer,
            reception: self.clone(),
        })
    }

    /// Keeps a pairing and gives the page's secret. A page that is paired already, from another browser
    /// perhaps, keeps its secret, and unless the person was asked the access that it had.
    pub(crate) fn pair(
        &self,
        page: &Page,
        access: Access,
        asked: bool,
        salt: String,
    ) -> Result<Secret, Denied> {
        let mut paired = Err(Denied::TooMany(
            "64 apps may be paired, 8 of them of the same web origin",
        ));
        self.0.send_if_modified(|roster| {
            if let Some(pairing) = roster.pairings.get_mut(page) {
                if asked {
                    pairing.access = access;
                    pairing.asked = true;
                }
            } else {
                let same = |other: &&Page| other.origin == page.origin;
                if roster.pairings.len() >= PAIRINGS
                    || roster.pairings.keys().filter(same).count() >= NAMES_PER_ORIGIN
                {
                    return false;
                }
                let pairing = Pairing {
                    access,
                    asked,
                    salt,
                };
                roster.pairings.insert(page.clone(), pairing);
            }
            paired = roster.secret(page).ok_or(Denied::NotPaired);
            true
        });
        paired
    }

    /// Takes a place among the registered apps.
    pub(crate) fn join(&self, who: &Who, access: Access) -> Result<Place, Denied> {
        let mut joined = Err(Denied::TooMany(
            "16 apps may be connected, 8 of them from the same web origin",
        ));
        self.0.send_if_modified(|roster| {
            let same = |app: &&Connected| app.origin.as_deref() == who.origin();
            let crowded = who.origin().is_some()
                && roster.connected().filter(same).count() >= APPS_PER_ORIGIN;
            if crowded || roster.connected.len() >= APPS {
                return false;
            }
            let number = roster.number();
            let app = Connected {
                origin: who.origin().map(str::to_owned),
                name: who.name().to_owned(),
                access,
            };
            roster.connected.insert(number, app);
            joined = Ok(number);
            true
        });
        Ok(Place {
            number: joined?,
            reception: self.clone(),
        })
    }
}

/// A question that waits for its answer, withdrawn when dropped.
#[derive(Debug)]
pub(crate) struct Asking {
    id: u64,
    answer: oneshot::Receiver<Answer>,
    reception: Reception,
}

impl Asking {
    /// Waits for the answer. Cancel-safe.
    pub(crate) async fn answer(&mut self) -> Answer {
        (&mut self.answer).await.unwrap_or_default()
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.reception.0.send_if_modified(|roster| {
            roster.asked_last = Some(Instant::now());
            roster
                .asking
                .take_if(|(question, _)| question.id == self.id)
                .is_some()
        });
    }
}

/// The place of one app, free again when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    number: u64,
    reception: Reception,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.reception.0.send_modify(|roster| {
            roster.connected.remove(&self.number);
        });
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    fn reception() -> Reception {
        let reception = Reception::new(Admission {
            pairing: true,
            ..Admission::default()
        });
        reception.know(Secret::random().unwrap(), BTreeMap::new());
        reception
    }

    fn page(name: &str) -> Page {
        Page {
            origin: "https://crm.example.com".to_owned(),
            name: name.to_owned(),
        }
    }

    fn ask(reception: &Reception) -> Result<Asking, Denied> {
        reception.ask(page("crm"), Access::Control, "0042".to_owned())
    }

    fn pair(reception: &Reception, name: &str, salt: &str) -> Result<Secret, Denied> {
        reception.pair(&page(name), Access::Observe, true, salt.to_owned())
    }

    #[test]
    fn places_are_limited_in_all_and_per_origin() {
        let reception = reception();
        let page = Who::Page(page("crm"));
        let program = Who::Program("cli".to_owned());
        let mut places: Vec<_> = (0..APPS_PER_ORIGIN)
            .map(|_| reception.join(&page, Access::Observe).unwrap())
            .collect();
        assert!(reception.join(&page, Access::Observe).is_err());

        let join = || reception.join(&program, Access::Observe);
        places.extend((APPS_PER_ORIGIN..APPS).map(|_| join().unwrap()));
        assert!(join().is_err());

        drop(places.pop());
        assert!(join().is_ok());
    }

    #[test]
    fn pairings_are_limited_in_all_and_per_origin() {
        let reception = reception();
        for number in 0..NAMES_PER_ORIGIN {
            pair(&reception, &number.to_string(), "").unwrap();
        }
        assert!(matches!(
            pair(&reception, "more", ""),
            Err(Denied::TooMany(_))
        ));
        pair(&reception, "0", "").unwrap();

        for number in NAMES_PER_ORIGIN..PAIRINGS {
            let page = Page {
                origin: format!("https://{number}.example.com"),
                ..page("crm")
            };
            reception
                .pair(&page, Access::Observe, true, String::new())
                .unwrap();
        }
        let page = Page {
            origin: "https://more.example.com".to_owned(),
            ..page("crm")
        };
        let refused = reception.pair(&page, Access::Observe, true, String::new());
        assert!(matches!(refused, Err(Denied::TooMany(_))));
    }

    #[test]
    fn another_browser_gets_the_same_secret_and_a_revoked_page_another_one() {
        let reception = reception();
        let first = pair(&reception, "crm", "a").unwrap();
        assert_eq!(pair(&reception, "crm", "b"), Ok(first.clone()));
        assert_ne!(pair(&reception, "other", "a"), Ok(first.clone()));

        reception.revoke(&page("crm"));
        assert_eq!(reception.look().secret(&page("crm")), None);
        assert_ne!(pair(&reception, "crm", "c"), Ok(first));
    }

    #[tokio::test(start_paused = true)]
    async fn one_question_at_a_time_with_a_pause_between() {
        let reception = reception();
        let mut asking = ask(&reception).unwrap();
        assert_eq!(ask(&reception).unwrap_err(), Denied::PairingBusy);

        let id = reception.look().question().unwrap().id;
        reception.answer(id + 1, Some(Access::Control));
        assert!(reception.look().question().is_some(), "another question's");
        reception.answer(id, Some(Access::Observe));
        assert_eq!(asking.answer().await, Some(Access::Observe));
        assert!(reception.look().question().is_none());

        drop(asking);
        assert_eq!(ask(&reception).unwrap_err(), Denied::PairingBusy);
        advance(PAUSE).await;
        let asking = ask(&reception).unwrap();
        drop(asking);
        assert!(reception.look().question().is_none(), "withdrawn");
    }

    #[tokio::test(start_paused = true)]
    async fn a_question_about_a_page_that_may_not_come_in_any_more_is_withdrawn() {
        let reception = reception();
        let mut asking = ask(&reception).unwrap();
        reception.admit(Admission::default());
        assert!(reception.look().question().is_none());
        assert_eq!(asking.answer().await, None);
    }
}
