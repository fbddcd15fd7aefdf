//! The changelog, as software centres show it.
//!
//! From <https://keepachangelog.com> to the releases of
//! <https://www.freedesktop.org/software/appstream/docs/sect-Metadata-Releases.html>.

use std::fmt::Write as _;

/// The element `releases` with every version of the changelog. What is unreleased counts as `version`, of
/// the time `epoch`, unless that version is there already.
pub(super) fn releases(changelog: &str, version: &str, epoch: &str) -> String {
    let mut xml = "<releases>\n".to_owned();
    for section in sections(changelog) {
        let (version, when) = match section.released {
            Some((version, date)) => (version, format!("date=\"{date}\"")),
            None if changelog.contains(&format!("\n## [{version}]")) => continue,
            None => (version, format!("timestamp=\"{epoch}\"")),
        };
        // Writing to a string cannot fail.
        let _ = write!(
            xml,
            "    <release version=\"{version}\" {when}>\n      <description>\n        <ul>\n"
        );
        for item in section.items {
            let _ = writeln!(xml, "          <li>{}</li>", plain(&item));
        }
        xml.push_str("        </ul>\n      </description>\n    </release>\n");
    }
    xml + "  </releases>"
}

/// What is new in one version.
#[derive(Debug, Default, PartialEq, Eq)]
struct Section<'a> {
    /// Version and date; neither if it is yet to be released.
    released: Option<(&'a str, &'a str)>,
    items: Vec<String>,
}

fn sections(changelog: &str) -> Vec<Section<'_>> {
    let mut sections: Vec<Section<'_>> = Vec::new();
    for line in changelog.lines() {
        if let Some(heading) = line.strip_prefix("## [") {
            sections.push(Section {
                released: heading.split_once("] - "),
                items: Vec::new(),
            });
        } else if let Some(section) = sections.last_mut() {
            if let Some(item) = line.strip_prefix("- ") {
                section.items.push(item.to_owned());
            } else if let (Some(more), Some(item)) =
                (line.strip_prefix("  "), section.items.last_mut())
            {
                item.push(' ');
                item.push_str(more);
            }
        }
    }
    sections.retain(|section| !section.items.is_empty());
    sections
}

/// Markdown's emphasis taken away, and what XML does not take escaped.
fn plain(markdown: &str) -> String {
    markdown
        .replace(['*', '`'], "")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::{plain, releases, sections};

    const CHANGELOG: &str = "\
# Changelog

## [Unreleased]

### Added

- A new thing,
  which is told in two lines.

## [0.2.0] - 2026-12-01

### Fixed

- An old thing.
- Another.
";

    #[test]
    fn items_are_found_below_their_version() {
        let sections = sections(CHANGELOG);
        assert_eq!(sections.len(), 2);
        assert_eq!(sections[0].released, None);
        assert_eq!(
            sections[0].items,
            ["A new thing, which is told in two lines."]
        );
        assert_eq!(sections[1].released, Some(("0.2.0", "2026-12-01")));
        assert_eq!(sections[1].items, ["An old thing.", "Another."]);
    }

    #[test]
    fn what_is_unreleased_counts_as_the_version_that_is_packed() {
        let xml = releases(CHANGELOG, "0.3.0", "1700000000");
        assert!(xml.contains(r#"<release version="0.3.0" timestamp="1700000000">"#));
        assert!(xml.contains(r#"<release version="0.2.0" date="2026-12-01">"#));
    }

    #[test]
    fn a_released_version_is_there_once() {
        let xml = releases(CHANGELOG, "0.2.0", "1700000000");
        assert_eq!(xml.matches("<release ").count(), 1);
        assert!(!xml.contains("A new thing"));
    }

    #[test]
    fn text_is_plain_and_escaped() {
        assert_eq!(
            plain("*Less* than `<3` & more"),
            "Less than &lt;3 &amp; more"
        );
    }
}
