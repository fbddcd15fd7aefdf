//! Who can be called, and who the agent is: what an administrator sets up in a real contact centre.

use offhook_protocol::{AgentInfo, AgentStateChoice, Destination, Endpoint, Personal, StateType};

use crate::contact::Refusal;

const ARN: &str = "arn:aws:connect:eu-west-2:000000000000:instance/practice";

/// The states an agent can choose: name and type. The first is the one that takes calls.
pub(crate) const CHOICES: [(&str, StateType); 6] = [
    ("Available", StateType::Routable),
    ("Break", StateType::NotRoutable),
    ("Lunch", StateType::NotRoutable),
    ("Meeting", StateType::NotRoutable),
    ("Training & coaching", StateType::NotRoutable),
    ("Offline", StateType::Offline),
];

/// Quick connects: type, name, and the number of those that have one (from Ofcom's ranges for fiction).
const QUICK_CONNECTS: [(&str, &str, Option<&str>); 5] = [
    ("agent", "Sam Taylor", None),
    ("agent", "Alex Morgan", None),
    ("queue", "Billing", None),
    ("queue", "Technical support", None),
    ("phone_number", "Courier desk", Some("+441632960042")),
];

/// The ARN of something in this contact centre, e.g. `agent-state`, `Available`.
pub(crate) fn arn(kind: &str, name: &str) -> String {
    let slug: String = name
        .to_ascii_lowercase()
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    format!("{ARN}/{kind}/{slug}")
}

pub(crate) fn states() -> Vec<AgentStateChoice> {
    CHOICES
        .iter()
        .map(|(name, kind)| AgentStateChoice {
            label: (*name).to_owned(),
            code: arn("agent-state", name),
            kind: kind.as_str().to_owned(),
        })
        .collect()
}

pub(crate) fn quick_connects() -> Vec<Endpoint> {
    QUICK_CONNECTS
        .iter()
        .zip(1..)
        .map(|((kind, name, number), index)| {
            // Opaque, as in a real contact centre: ids are logged, and names are personal.
            let arn = arn("transfer-destination", &format!("{index:08}"));
            Endpoint {
                id: arn.clone(),
                arn,
                kind: (*kind).to_owned(),
                name: (*name).into(),
                phone_number: number.map(Personal::from),
            }
        })
        .collect()
}

pub(crate) fn agent_info(muted: bool) -> AgentInfo {
    AgentInfo {
        name: Some("Robin Practice".into()),
        extension: Some("1001".into()),
        login_name: Some("robin.practice".into()),
        muted: Some(muted),
        softphone_enabled: Some(true),
    }
}

/// The number behind a destination; agents and queues have none, and can only join a call.
pub(crate) fn look_up(to: &Destination) -> Result<Option<Personal>, Refusal> {
    let number = match to {
        Destination::Number(number) => number,
        Destination::Endpoint(asked) => {
            let known = quick_connects()
                .into_iter()
                .find(|known| known.arn == asked.arn || known.id == asked.id);
            match (known, &asked.phone_number) {
                (Some(known), _) => return Ok(known.phone_number),
                (None, Some(number)) => number,
                (None, None) => return Err("Endpoint not found"),
            }
        }
    };
    match is_phone_number(number.reveal()) {
        true => Ok(Some(number.clone())),
        false => Err("Invalid phone number"),
    }
}

/// E.164, also without the plus, with room for short numbers.
fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (3..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}
