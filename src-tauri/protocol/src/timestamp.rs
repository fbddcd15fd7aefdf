//! Timestamps as the contact centre writes them.

use std::fmt;

use jiff::{civil::DateTime, tz::TimeZone};

/// A moment of the contact centre's clock.
///
/// Its clock is not ours: timestamps order events of one leg and are shown, but never subtracted from
/// local time without a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// This many milliseconds since the Unix epoch; the end of time if there are too many.
    pub fn from_millis(millis: i64) -> Self {
        Self(jiff::Timestamp::from_millisecond(millis).unwrap_or(jiff::Timestamp::MAX))
    }

    /// Milliseconds since the Unix epoch.
    pub fn as_millis(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Reads ISO 8601 in the variants that were seen: with milliseconds and `Z`, without `Z` (taken as
    /// UTC), with any number of decimals, with an offset. `None` if it is none of them.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let utc = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
        text.parse()
            .ok()
            .or_else(|| Some(utc()?.timestamp()))
            .map(Self)
    }
}

impl fmt::Display for Timestamp {
    /// ISO 8601 with milliseconds and `Z`, as on the published pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}
