//! Where messages live at the broker: `cc/v1/{tenant}/{agent}/{kind}/…`, at most eight levels.
//!
//! ```text
//! …/evt/Amazon/{topic}/{subtopic}   what happened
//! …/req/Amazon/{topic}/{subtopic}   what somebody asks for
//! …/st/Amazon/{topic}/StateSync     the state now, retained
//! …/st/presence                     whether the agent's phone is there, retained
//! …/rsp/{instance}                  answers to one who asked
//! ```
//!
//! Seven slashes are as many as AWS IoT Core allows.

use std::fmt;

use offhook_protocol::{CHANNEL, Envelope};
use thiserror::Error;

/// What all topics start with.
const ROOT: &str = "cc/v1";

/// How long the name of a tenant, an agent or an instance may be, escaped: the client id then fits into
/// the 128 bytes of AWS IoT Core, and every topic of the published protocol into its 256.
pub const MAX_NAME_BYTES: usize = 56;

/// A name that cannot stand in a topic.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error(
    "a name at the broker has 1 to {MAX_NAME_BYTES} bytes; all but A-Z, a-z, 0-9, _ and - count three"
)]
pub struct BadName;

/// One agent's branch of the tree. The names are as people write them; topics carry them escaped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Branch {
    tenant: String,
    agent: String,
}

impl Branch {
    /// The branch of this agent of this tenant.
    ///
    /// # Errors
    ///
    /// [`BadName`].
    pub fn new(tenant: &str, agent: &str) -> Result<Self, BadName> {
        Ok(Self {
            tenant: good_name(tenant)?.to_owned(),
            agent: good_name(agent)?.to_owned(),
        })
    }

    /// The company.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// The agent.
    pub fn agent(&self) -> &str {
        &self.agent
    }

    /// The client id of the agent's phone, the same at every desk, so that a second desk takes over.
    ///
    /// The dots keep two branches apart whatever hyphens their names have.
    pub fn client_id(&self) -> String {
        format!("offhook.{}.{}", escape(&self.tenant), escape(&self.agent))
    }

    /// The topic of this place.
    pub fn topic(&self, place: &Place) -> String {
        let path = match place {
            Place::Event(subject) => format!("evt/{subject}"),
            Place::Request(subject) => format!("req/{subject}"),
            Place::State(subject) => format!("st/{subject}"),
            Place::Presence => "st/presence".to_owned(),
            Place::Answer { instance } => format!("rsp/{}", escape(instance)),
        };
        self.below(&path)
    }

    /// Reads a topic. `None` if it is none of ours, or not written as [`topic`](Self::topic) writes it.
    pub fn read(topic: &str) -> Option<(Self, Place)> {
        let path = topic.strip_prefix(ROOT)?.strip_prefix('/')?;
        let levels: Vec<&str> = path.split('/').collect();
        let (&[tenant, agent], place) = levels.split_first_chunk::<2>()?;
        let branch = Self::new(&unescape(tenant)?, &unescape(agent)?).ok()?;
        Some((branch, Place::read(place)?))
    }

    /// The filter for every request to this agent.
    pub fn requests(&self) -> String {
        self.below("req/#")
    }

    /// The filters of one who follows this agent: events and states.
    pub fn followed(&self) -> [String; 2] {
        [self.below("evt/#"), self.below("st/#")]
    }

    /// The filters of one who also asks things of this agent: the answers to this instance as well.
    ///
    /// # Errors
    ///
    /// [`BadName`] for the instance.
    pub fn followed_by(&self, instance: &str) -> Result<[String; 3], BadName> {
        let instance = good_name(instance)?.to_owned();
        let [events, states] = self.followed();
        Ok([events, states, self.topic(&Place::Answer { instance })])
    }

    /// The filter of a supervisor: presence and states of every agent of a tenant.
    ///
    /// # Errors
    ///
    /// [`BadName`].
    pub fn states_of_all(tenant: &str) -> Result<String, BadName> {
        Ok(format!("{ROOT}/{}/+/st/#", escape(good_name(tenant)?)))
    }

    /// The filter of one who follows every agent of a tenant: all events.
    ///
    /// # Errors
    ///
    /// [`BadName`].
    pub fn events_of_all(tenant: &str) -> Result<String, BadName> {
        Ok(format!("{ROOT}/{}/+/evt/#", escape(good_name(tenant)?)))
    }

    fn below(&self, path: &str) -> String {
        format!(
            "{ROOT}/{}/{}/{path}",
            escape(&self.tenant),
            escape(&self.agent)
        )
    }
}

/// A place in an agent's branch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// What happened. Never retained.
    Event(Subject),
    /// What somebody asks for. Never retained.
    Request(Subject),
    /// The state now. Retained.
    State(Subject),
    /// Whether the agent's phone is there. Retained.
    Presence,
    /// Answers to one who asked. Never retained.
    Answer {
        /// The name that the one who asked gave itself.
        instance: String,
    },
}

impl Place {
    fn read(levels: &[&str]) -> Option<Self> {
        match levels {
            ["evt", subject @ ..] => Subject::read(subject).map(Self::Event),
            ["req", subject @ ..] => Subject::read(subject).map(Self::Request),
            ["st", "presence"] => Some(Self::Presence),
            ["st", subject @ ..] => Subject::read(subject).map(Self::State),
            ["rsp", instance] => Some(Self::Answer {
                instance: good_name(&unescape(instance)?).ok()?.to_owned(),
            }),
            _ => None,
        }
    }
}

/// What an envelope is about: its topic and subtopic. The channel is always [`CHANNEL`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// The envelope's `topic`.
    pub topic: String,
    /// The envelope's `subtopic`.
    pub subtopic: String,
}

impl Subject {
    /// What this envelope is about.
    pub fn of(envelope: &Envelope) -> Self {
        Self {
            topic: envelope.topic.clone(),
            subtopic: envelope.subtopic.clone(),
        }
    }

    fn read(levels: &[&str]) -> Option<Self> {
        match levels {
            [CHANNEL, topic, subtopic] => Some(Self {
                topic: unescape(topic)?,
                subtopic: unescape(subtopic)?,
            }),
            _ => None,
        }
    }
}

impl fmt::Display for Subject {
    /// Three levels of a topic.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (topic, subtopic) = (escape(&self.topic), escape(&self.subtopic));
        write!(f, "{CHANNEL}/{topic}/{subtopic}")
    }
}

fn good_name(name: &str) -> Result<&str, BadName> {
    match (1..=MAX_NAME_BYTES).contains(&escape(name).len()) {
        true => Ok(name),
        false => Err(BadName),
    }
}

/// One level of a topic: every byte but `A-Z a-z 0-9 _ -` becomes `~` and two hex digits.
fn escape(name: &str) -> String {
    let mut level = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => level.push(char::from(byte)),
            _ => level.extend(['~', hex_digit(byte >> 4), hex_digit(byte & 0xf)]),
        }
    }
    level
}

fn hex_digit(half: u8) -> char {
    char::from_digit(u32::from(half), 16).unwrap_or_default()
}

/// The name that this level is the one escaped form of.
fn unescape(level: &str) -> Option<String> {
    let mut name = Vec::with_capacity(level.len());
    let mut rest = level.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte == b'~' {
            let (digits, after) = rest.split_at_checked(2)?;
            name.push(u8::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            name.push(*byte);
        }
    }
    let name = String::from_utf8(name).ok()?;
    (escape(&name) == level).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn subject(topic: &str, subtopic: &str) -> Subject {
        Subject {
            topic: topic.to_owned(),
            subtopic: subtopic.to_owned(),
        }
    }

    #[test]
    fn places_have_the_documented_topics() {
        let branch = Branch::new("acme", "7f3c-1").unwrap();
        let answer = Place::Answer {
            instance: "crm".to_owned(),
        };
        for (place, topic) in [
            (
                Place::Event(subject("InboundCall", "InboundCallStateChange")),
                "cc/v1/acme/7f3c-1/evt/Amazon/InboundCall/InboundCallStateChange",
            ),
            (
                Place::Request(subject("InboundCall", "Answer")),
                "cc/v1/acme/7f3c-1/req/Amazon/InboundCall/Answer",
            ),
            (
                Place::State(subject("Agent", "StateSync")),
                "cc/v1/acme/7f3c-1/st/Amazon/Agent/StateSync",
            ),
            (Place::Presence, "cc/v1/acme/7f3c-1/st/presence"),
            (answer, "cc/v1/acme/7f3c-1/rsp/crm"),
        ] {
            assert_eq!(branch.topic(&place), topic);
        }
        assert_eq!(branch.requests(), "cc/v1/acme/7f3c-1/req/#");
        assert_eq!(
            branch.followed(),
            ["cc/v1/acme/7f3c-1/evt/#", "cc/v1/acme/7f3c-1/st/#"]
        );
        assert_eq!(
            branch.followed_by("crm").unwrap(),
            [
                "cc/v1/acme/7f3c-1/evt/#",
                "cc/v1/acme/7f3c-1/st/#",
                "cc/v1/acme/7f3c-1/rsp/crm"
            ]
        );
        assert_eq!(Branch::states_of_all("acme").unwrap(), "cc/v1/acme/+/st/#");
        assert_eq!(Branch::events_of_all("acme").unwrap(), "cc/v1/acme/+/evt/#");
    }

    #[test]
    fn names_that_would_mean_something_in_a_topic_are_escaped() {
        let branch = Branch::new("a/b", "+#").unwrap();
        assert_eq!(branch.requests(), "cc/v1/a~2fb/~2b~23/req/#");
        assert_eq!(branch.client_id(), "offhook.a~2fb.~2b~23");
    }

    #[test]
    fn hyphens_do_not_make_two_agents_one_client() {
        let one = Branch::new("a-b", "c").unwrap().client_id();
        let other = Branch::new("a", "b-c").unwrap().client_id();
        assert_ne!(one, other);
    }

    #[test]
    fn a_name_is_neither_empty_nor_too_long() {
        let longest = "a".repeat(MAX_NAME_BYTES);
        assert!(Branch::new(&longest, &longest).is_ok());
        for (tenant, agent) in [("", "a"), ("a", ""), (&*(longest + "a"), "a")] {
            assert_eq!(Branch::new(tenant, agent), Err(BadName));
        }
        // Each of the bytes counts three.
        assert_eq!(Branch::new("a", &"@".repeat(20)), Err(BadName));
    }

    #[test]
    fn what_is_not_ours_is_not_read() {
        for topic in [
            "",
            "cc/v1",
            "cc/v1/acme/7",
            "cc/v2/acme/7/st/presence",
            "xcc/v1/acme/7/st/presence",
            "cc/v1/acme//st/presence",
            "cc/v1/acme/7/st/presence/",
            "cc/v1/acme/7/st/absence",
            "cc/v1/acme/7/rsp/",
            "cc/v1/acme/7/rsp/a/b",
            "cc/v1/acme/7/req/Google/InboundCall/Answer",
            "cc/v1/acme/7/req/Amazon/InboundCall",
            "cc/v1/acme/7/req/Amazon/InboundCall/Answer/now",
            "cc/v1/acme/7/tmp/Amazon/InboundCall/Answer",
            // Other ways to write the same name would be other topics at the broker.
            "cc/v1/acme/~2F/st/presence",
            "cc/v1/acme/~61/st/presence",
            "cc/v1/acme/a.b/st/presence",
            "cc/v1/acme/~/st/presence",
            "cc/v1/acme/~2/st/presence",
            "cc/v1/acme/~+2/st/presence",
            "cc/v1/acme/~ff/st/presence",
        ] {
            assert_eq!(Branch::read(topic), None, "{topic}");
        }
    }

    fn places() -> impl Strategy<Value = Place> {
        let subjects = || ("\\PC{0,12}", "\\PC{0,12}").prop_map(|(t, s)| subject(&t, &s));
        prop_oneof![
            subjects().prop_map(Place::Event),
            subjects().prop_map(Place::Request),
            subjects().prop_map(Place::State),
            Just(Place::Presence),
            "\\PC{1,4}".prop_map(|instance| Place::Answer { instance }),
        ]
    }

    proptest! {
        #[test]
        fn a_topic_reads_back_as_what_it_was_written_from(
            tenant in "\\PC{1,4}",
            agent in "\\PC{1,4}",
            place in places(),
        ) {
            let branch = Branch::new(&tenant, &agent).unwrap();
            let topic = branch.topic(&place);
            prop_assert!(topic.split('/').count() <= 8);
            prop_assert!(!topic.contains(['+', '#', '$', '\0']));
            prop_assert_eq!(Branch::read(&topic), Some((branch, place)));
        }

        #[test]
        fn a_topic_that_reads_is_written_the_same(topic in "cc/v1(/[a~2f0]{0,4}){2}/(st/presence|rsp/[a~2f0]{1,4})") {
            if let Some((branch, place)) = Branch::read(&topic) {
                prop_assert_eq!(branch.topic(&place), topic);
            }
        }
    }
}
