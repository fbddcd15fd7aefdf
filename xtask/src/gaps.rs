//! What could not be looked at because a server did not answer.
//!
//! On a CI machine, which has a network, that is an error. Elsewhere the work goes on, and the last lines
//! name it: nothing that was not looked at passes for good.

use std::env;

use anyhow::{Error, Result};

use crate::steps::announce;

/// The list of it.
#[derive(Debug)]
pub(crate) struct Gaps {
    strict: bool,
    found: Vec<String>,
}

impl Gaps {
    /// An empty list, strict where the environment has `CI`, as GitHub and others set it.
    pub(crate) fn new() -> Self {
        Self::strict(env::var_os("CI").is_some())
    }

    fn strict(strict: bool) -> Self {
        let found = Vec::new();
        Self { strict, found }
    }

    /// Notes that something was not looked at, and why.
    pub(crate) fn note(&mut self, what: &str, reason: &Error) -> Result<()> {
        let gap = format!("{what} could not be looked at: {reason:#}");
        if self.strict {
            return Err(Error::msg(gap));
        }
        announce(&gap);
        self.found.push(gap);
        Ok(())
    }

    /// Repeats what is missing where it is seen, at the end.
    pub(crate) fn tell(&self) {
        for gap in &self.found {
            println!("warning: {gap}");
        }
    }
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::Gaps;

    #[test]
    fn a_gap_is_an_error_only_where_there_is_a_network() {
        let reason = anyhow!("no route").context("the list cannot be fetched");
        let told = "known holes could not be looked at: the list cannot be fetched: no route";

        let mut strict = Gaps::strict(true);
        let error = strict.note("known holes", &reason).unwrap_err();
        assert_eq!(error.to_string(), told);

        let mut lenient = Gaps::strict(false);
        lenient.note("known holes", &reason).unwrap();
        assert_eq!(lenient.found, [told]);
    }
}
