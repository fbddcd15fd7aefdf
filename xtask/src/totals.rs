//! Runs `cargo test` and adds up what its many test runners report.

use std::{
    fmt,
    io::{BufRead, BufReader},
    ops::AddAssign,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

/// The outcome of all test runners together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    passed: u32,
    failed: u32,
    /// Cargo itself reported success: also false when something did not compile.
    success: bool,
}

impl Totals {
    /// An error unless tests ran and none failed.
    pub(crate) fn check(self) -> Result<()> {
        match self {
            Self {
                passed: 1..,
                failed: 0,
                success: true,
            } => Ok(()),
            _ => bail!("the tests failed"),
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

impl AddAssign<(u32, u32)> for Totals {
    fn add_assign(&mut self, (passed, failed): (u32, u32)) {
        self.passed += passed;
        self.failed += failed;
    }
}

/// Runs every Rust test of the workspace, passing the output through as it comes.
pub(crate) fn cargo_test(root: &Path) -> Result<Totals> {
    let mut cargo = Command::new("cargo")
        .args(["test", "--workspace", "--no-fail-fast"])
        .current_dir(root)
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo does not start")?;
    let output = cargo.stdout.take().context("the output is piped")?;
    let mut totals = Totals::default();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("{line}");
        if let Some(result) = test_result(&line) {
            totals += result;
        }
    }
    totals.success = cargo.wait()?.success();
    Ok(totals)
}

/// Passed and failed in a test runner's last line.
fn test_result(line: &str) -> Option<(u32, u32)> {
    let (_, counts) = line.split_once("test result: ")?;
    let count = |what: &str| {
        counts.split(';').find_map(|part| {
            part.trim()
                .strip_suffix(what)?
                .rsplit(' ')
                .next()?
                .parse()
                .ok()
        })
    };
    Some((count(" passed")?, count(" failed")?))
}

#[cfg(test)]
mod tests {
    use super::{Totals, test_result};

    #[test]
    fn a_runners_last_line_is_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.53s";
        assert_eq!(test_result(line), Some((12, 3)));
    }

    #[test]
    fn colours_do_not_matter() {
        let line = "test result: \u{1b}[32mok\u{1b}(B\u{1b}[m. 7 passed; 0 failed; 0 ignored";
        assert_eq!(test_result(line), Some((7, 0)));
    }

    #[test]
    fn other_lines_do_not_count() {
        assert_eq!(test_result("test totals::tests::a ... ok"), None);
        assert_eq!(test_result("running 3 tests"), None);
    }

    #[test]
    fn no_test_at_all_is_a_failure() {
        let none = Totals {
            success: true,
            ..Totals::default()
        };
        assert!(none.check().is_err());
        assert!(Totals { passed: 1, ..none }.check().is_ok());
        assert!(
            Totals {
                passed: 1,
                failed: 1,
                ..none
            }
            .check()
            .is_err()
        );
        assert!(
            Totals {
                passed: 1,
                failed: 0,
                success: false
            }
            .check()
            .is_err()
        );
    }
}
