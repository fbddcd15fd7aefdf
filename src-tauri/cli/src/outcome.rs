//! What is printed at the end.

use std::{
    io::{self, Write},
    process::ExitCode,
};

use serde_json::{Value, json};

use crate::failure::Failure;

/// A command that was carried out.
pub(crate) struct Outcome {
    text: String,
    json: Option<Value>,
}

impl Outcome {
    /// Done; there is nothing to tell but this sentence.
    pub(crate) fn done(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            json: Some(json!({ "done": true })),
        }
    }

    /// Something to be read, in both forms.
    pub(crate) fn told(text: String, json: Value) -> Self {
        Self {
            text,
            json: Some(json),
        }
    }

    /// All was printed already.
    pub(crate) fn printed() -> Self {
        Self {
            text: String::new(),
            json: None,
        }
    }
}

/// Prints how it ended. Sentences about failures go to standard error; with `json` there is exactly one
/// line on standard output, whatever happened.
pub(crate) fn report(outcome: Result<Outcome, Failure>, json: bool) -> ExitCode {
    let written = match &outcome {
        Ok(Outcome {
            json: Some(value), ..
        }) if json => line(io::stdout(), &value.to_string()),
        Ok(Outcome { text, .. }) if !text.is_empty() => line(io::stdout(), text),
        Ok(_) => Ok(()),
        Err(failure) if json => line(io::stdout(), &failure.json().to_string()),
        Err(failure) => line(io::stderr(), &failure.to_string()),
    };
    match (outcome, written) {
        (Err(failure), _) => failure.exit_code().into(),
        (Ok(_), Err(error)) => Failure::Io(error).exit_code().into(),
        (Ok(_), Ok(())) => ExitCode::SUCCESS,
    }
}

/// Writes a line and does not keep it.
pub(crate) fn line(mut to: impl Write, text: &str) -> io::Result<()> {
    writeln!(to, "{text}")?;
    to.flush()
}
