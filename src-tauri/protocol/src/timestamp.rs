//! Timestamps as the contact centre writes them.

use std::{fmt, ops::Add, time::Duration};

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

    /// How long after `earlier` this is; nothing if it is not.
    pub fn saturating_duration_since(self, earlier: Self) -> Duration {
        Duration::try_from(self.0.duration_since(earlier.0)).unwrap_or_default()
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    /// That much later; the end of time if it is too much.
    fn add(self, later: Duration) -> Self {
        Self(self.0.checked_add(later).unwrap_or(jiff::Timestamp::MAX))
    }
}

impl fmt::Display for Timestamp {
    /// ISO 8601 with milliseconds and `Z`, as on the published pages.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}
