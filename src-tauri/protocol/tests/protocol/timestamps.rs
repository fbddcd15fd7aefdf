//! Moments of the contact centre's clock.

use std::time::Duration;

use offhook_protocol::Timestamp;
use proptest::prelude::*;

fn parse(text: &str) -> Option<i64> {
    Timestamp::parse(text).map(Timestamp::as_millis)
}

#[test]
fn the_variants_that_were_seen_are_read() {
    let expected = Some(1_586_421_432_700);
    for text in [
        "2020-04-09T08:37:12.700Z",
        "2020-04-09T08:37:12.70",
        "2020-04-09T08:37:12.7",
        "2020-04-09 08:37:12.700Z",
        "2020-04-09T10:37:12.700+02:00",
        " 2020-04-09T08:37:12.700000Z ",
    ] {
        assert_eq!(parse(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_moment_is_none() {
    for text in ["", "soon", "08:37", "2020-13-09T08:37:12Z", "1586421432700"] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn time_is_added_and_told_apart() {
    let noon = Timestamp::parse("2020-04-09T12:00:00Z").unwrap();
    let later = noon + Duration::from_millis(1_500);
    assert_eq!(later.to_string(), "2020-04-09T12:00:01.500Z");
    assert_eq!(
        later.saturating_duration_since(noon),
        Duration::from_millis(1_500)
    );
    assert_eq!(noon.saturating_duration_since(later), Duration::ZERO);
    let end = Timestamp::from_millis(i64::MAX);
    assert_eq!(noon + Duration::MAX, end);
}

proptest! {
    #[test]
    fn each_moment_is_read_as_it_is_written(millis in 0_i64..4_102_444_800_000) {
        let moment = Timestamp::from_millis(millis);
        prop_assert_eq!(Timestamp::parse(&moment.to_string()), Some(moment));
    }
}
