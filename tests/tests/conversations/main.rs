//! Conversations with the phone, as the agent experiences them: each file of
//! `tests/fixtures/conversations` is one, and `tests/fixtures/README.md` explains its lines.

mod line;
mod said;

use std::{fs, path::Path};

use line::Line;
use offhook_core::{Phone, Preferences, Time, tray::Tray};
use serde_json::{Value, json};

/// What happened before a conversation that does not start with a fresh phone.
const OPENING: &str = include_str!("../../fixtures/opening.jsonl");

#[test]
fn every_conversation_goes_as_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/conversations");
    let mut files: Vec<_> = fs::read_dir(folder)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("a readable folder").path())
        .collect();
    files.sort();
    assert!(!files.is_empty(), "there is no conversation");
    let wrong: Vec<String> = files.iter().filter_map(|file| check(file).err()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} conversations went otherwise:\n\n{}\n",
        wrong.len(),
        files.len(),
        wrong.join("\n\n")
    );
}

/// Plays one conversation; says where it first goes otherwise than written.
fn check(file: &Path) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let name = file.file_name().unwrap_or_default().display();
    let mut stage = Stage::new(!text.starts_with(r#"{"fresh""#));
    for (number, line) in text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
    {
        let read = serde_json::from_str(line).map_err(|error| error.to_string());
        read.and_then(|line| stage.play(&line))
            .map_err(|what| format!("{name}:{}\n  {line}\n{what}", number + 1))?;
    }
    same(
        "effects that no line expects",
        &Vec::<String>::new(),
        &stage.effects,
    )
    .map_err(|what| format!("{name}: end\n{what}"))
}

/// The phone and what it did that was not yet looked at.
struct Stage {
    phone: Phone,
    now: Time,
    effects: Vec<String>,
}

impl Stage {
    fn new(opened: bool) -> Self {
        let now = line::start();
        let phone = Phone::new(Preferences::default(), now);
        let mut stage = Self {
            phone,
            now,
            effects: Vec::new(),
        };
        stage.drain();
        if opened {
            for line in OPENING.lines() {
                let line = serde_json::from_str(line).expect("the opening is well-formed");
                stage.play(&line).expect("the opening goes as written");
            }
            stage.effects.clear();
        }
        stage
    }

    fn play(&mut self, line: &Line) -> Result<(), String> {
        self.now = line.now().unwrap_or(self.now);
        if let Some(why) = &line.due {
            let due = self
                .phone
                .poll_timeout()
                .map(|(at, wake)| (at, format!("{wake:?}")));
            same("what is due", &Some((self.now, why.clone())), &due)?;
        }
        match line.input() {
            Some(input) => {
                self.phone.handle(input, self.now);
                self.drain();
                self.is_patient()?;
            }
            // Passed by, as the engine does with what the protocol does not understand.
            None if line.is_on_the_bus() => {}
            None if line.at.is_some() => return Err("a moment without an input".to_owned()),
            None => {}
        }
        self.compare(line)
    }

    fn drain(&mut self) {
        while let Some(effect) = self.phone.poll_effect() {
            self.effects.push(said::effect(&effect));
        }
    }

    /// After everything was done, nothing is due already.
    fn is_patient(&self) -> Result<(), String> {
        match self.phone.poll_timeout() {
            Some((at, why)) if at <= self.now => Err(format!(
                "{why:?} is due at {at:?}, and it is {:?} already",
                self.now
            )),
            Some(_) | None => Ok(()),
        }
    }

    fn compare(&mut self, line: &Line) -> Result<(), String> {
        let view = self.phone.view();
        if let Some(expected) = &line.effects {
            same("effects", expected, &std::mem::take(&mut self.effects))?;
        }
        if let Some(expected) = &line.phase {
            let phases: Vec<Value> = view
                .contacts
                .iter()
                .map(|contact| json!(contact.phase))
                .collect();
            let got: Vec<&str> = phases.iter().filter_map(Value::as_str).collect();
            same("phases", expected, &got.join(" "))?;
        }
        if let Some(expected) = &line.buttons {
            same("buttons", expected, &said::buttons(&view))?;
        }
        if let Some(expected) = &line.notices {
            let codes: Vec<Value> = view
                .notices
                .iter()
                .map(|notice| json!(notice.code))
                .collect();
            same("notices", &json!(expected), &json!(codes))?;
        }
        if let Some(expected) = &line.icon {
            same("icon", expected, &format!("{:?}", Tray::of(&view).icon))?;
        }
        if let Some(expected) = &line.tray {
            same("tray menu", expected, &said::menu(&Tray::of(&view)))?;
        }
        match &line.view {
            Some(expected) => has(expected, &json!(view), "view"),
            None => Ok(()),
        }
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, expected: &T, got: &T) -> Result<(), String> {
    match expected == got {
        true => Ok(()),
        false => Err(format!(
            "{what}:\n  expected {expected:#?}\n  got      {got:#?}"
        )),
    }
}

/// Whether everything that is expected is there. An array has just the expected elements; an object
/// may have more keys.
fn has(expected: &Value, got: &Value, place: &str) -> Result<(), String> {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            expected.iter().try_for_each(|(key, value)| {
                let got = got
                    .get(key)
                    .ok_or_else(|| format!("{place} has no {key:?}"))?;
                has(value, got, &format!("{place}.{key}"))
            })
        }
        (Value::Array(expected), Value::Array(got)) if expected.len() == got.len() => {
            let mut pairs = expected.iter().zip(got).enumerate();
            pairs.try_for_each(|(index, (expected, got))| {
                has(expected, got, &format!("{place}[{index}]"))
            })
        }
        _ => same(place, expected, got),
    }
}
