//! Whether the panel may be embedded in a page, by the headers of its answer.

use offhook_protocol::Problem;
use url::{Origin, Url};

use crate::panel::Probe;

/// Why a page of this origin may not embed the panel. `None` if it may, or if there was no answer.
pub(crate) fn refusal(probe: &Probe, page: &Origin) -> Option<Problem> {
    let Probe::Answered {
        content_security_policy,
        x_frame_options,
    } = probe
    else {
        return None;
    };
    let policies = content_security_policy.as_deref().unwrap_or_default();
    let lists: Vec<Vec<&str>> = policies
        .split([',', ';'])
        .filter_map(frame_ancestors)
        .collect();
    // Where there is a policy about it, the older header does not count.
    if lists.is_empty() {
        let framing = x_frame_options.as_deref().unwrap_or_default().trim();
        let refused =
            framing.eq_ignore_ascii_case("deny") || framing.eq_ignore_ascii_case("sameorigin");
        return refused.then_some(Problem::FramingRefused);
    }
    // Every policy must agree.
    let refusing = lists
        .iter()
        .find(|list| !list.iter().any(|source| allows(source, page)))?;
    let nobody = |source: &&str| source.eq_ignore_ascii_case("'none'");
    Some(match refusing.iter().all(nobody) {
        true => Problem::FramingRefused,
        false => Problem::OriginNotApproved,
    })
}

fn frame_ancestors(directive: &str) -> Option<Vec<&str>> {
    let mut words = directive.split_ascii_whitespace();
    words
        .next()
        .filter(|name| name.eq_ignore_ascii_case("frame-ancestors"))
        .map(|_| words.collect())
}

/// Whether a source of the list is this origin: `*`, `https:`, `host`, `https://*.host:port`. `'self'`
/// is the panel's own origin, and so never the page's.
fn allows(source: &str, page: &Origin) -> bool {
    let Origin::Tuple(scheme, host, port) = page else {
        return false;
    };
    let host = host.to_string();
    if source == "*" {
        return true;
    }
    if let Some(wanted) = source.strip_suffix(':') {
        return wanted.eq_ignore_ascii_case(scheme);
    }
    if source.starts_with('\'') {
        return false;
    }
    let (wanted_scheme, rest) = match source.split_once("://") {
        Some((wanted, rest)) => (Some(wanted), rest),
        None => (None, source),
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let (wanted_host, wanted_port) = match authority.rsplit_once(':') {
        Some((wanted, port)) => (wanted, Some(port)),
        None => (authority, None),
    };
    // A source of http lets https in as well.
    let scheme_fits = wanted_scheme.is_none_or(|wanted| {
        wanted.eq_ignore_ascii_case(scheme)
            || (wanted.eq_ignore_ascii_case("http") && scheme == "https")
    });
    let host_fits = match wanted_host.strip_prefix("*.") {
        Some(parent) => host
            .to_ascii_lowercase()
            .strip_suffix(&parent.to_ascii_lowercase())
            .is_some_and(|prefix| prefix.len() > 1 && prefix.ends_with('.')),
        None => host.eq_ignore_ascii_case(wanted_host),
    };
    let port_fits = match wanted_port {
        Some("*") => true,
        Some(wanted) => wanted.parse() == Ok(*port),
        None => Some(*port) == default_port(scheme),
    };
    scheme_fits && host_fits && port_fits
}

fn default_port(scheme: &str) -> Option<u16> {
    Url::parse(&format!("{scheme}://host"))
        .ok()?
        .port_or_known_default()
}
