//! What must change in a menu that is on the screen, as data.
//!
//! Replacing a whole menu closes it under the person's pointer on some desktops, so a menu whose
//! lines are still the same lines is changed line by line.

use offhook_core::tray::Entry;
use offhook_protocol::Personal;

/// One change of one line. Lines are counted depth first: a submenu, then what is in it, then what
/// follows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    Text(usize, Personal),
    Enabled(usize, bool),
}

/// The changes that make `old` into `new`, or nothing if other lines are needed.
pub(super) fn differences(old: &[Entry], new: &[Entry]) -> Option<Vec<Change>> {
    let mut changes = Vec::new();
    let mut line = 0;
    compare(old, new, &mut line, &mut changes)?;
    Some(changes)
}

fn compare(
    old: &[Entry],
    new: &[Entry],
    line: &mut usize,
    changes: &mut Vec<Change>,
) -> Option<()> {
    if old.len() != new.len() {
        return None;
    }
    for (old, new) in old.iter().zip(new) {
        let this = *line;
        *line += 1;
        match (old, new) {
            (Entry::Separator, Entry::Separator) => {}
            (Entry::Label(before), Entry::Label(after)) => {
                if before != after {
                    changes.push(Change::Text(this, after.clone()));
                }
            }
            (
                Entry::Item {
                    text: before,
                    intent: old,
                    enabled: was,
                },
                Entry::Item {
                    text: after,
                    intent: new,
                    enabled: is,
                },
            ) if old == new => {
                if before != after {
                    changes.push(Change::Text(this, after.as_str().into()));
                }
                if was != is {
                    changes.push(Change::Enabled(this, *is));
                }
            }
            (
                Entry::Menu {
                    text: before,
                    entries: old,
                },
                Entry::Menu {
                    text: after,
                    entries: new,
                },
            ) => {
                if before != after {
                    changes.push(Change::Text(this, after.as_str().into()));
                }
                compare(old, new, line, changes)?;
            }
            (Entry::Label(_) | Entry::Item { .. } | Entry::Menu { .. } | Entry::Separator, _) => {
                return None;
            }
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use offhook_core::Intent;

    use super::*;

    fn label(text: &str) -> Entry {
        Entry::Label(text.into())
    }

    fn item(text: &str, intent: Intent, enabled: bool) -> Entry {
        Entry::Item {
            text: text.to_owned(),
            intent,
            enabled,
        }
    }

    fn menu(text: &str, entries: Vec<Entry>) -> Entry {
        Entry::Menu {
            text: text.to_owned(),
            entries,
        }
    }

    fn whole(caller: &str, muted: bool, lunch: &str) -> Vec<Entry> {
        vec![
            label(caller),
            Entry::Separator,
            menu(
                "State",
                vec![item("Ready", Intent::Ready, true), label(lunch)],
            ),
            item("Mute", Intent::Mute, muted),
        ]
    }

    #[test]
    fn an_equal_menu_changes_nothing() {
        let menu = whole("Alice", true, "Lunch");
        assert_eq!(differences(&menu, &menu), Some(vec![]));
    }

    #[test]
    fn texts_and_enabled_change_in_place_counted_depth_first() {
        let changes = differences(
            &whole("Alice", true, "Lunch"),
            &whole("Bob", false, "Break"),
        );
        assert_eq!(
            changes,
            Some(vec![
                Change::Text(0, "Bob".into()),
                Change::Text(4, "Break".into()),
                Change::Enabled(5, false),
            ])
        );
    }

    #[test]
    fn a_submenu_and_an_item_are_renamed_in_place() {
        let old = [menu("Ready", vec![]), item("Show", Intent::Show, true)];
        let new = [menu("Busy", vec![]), item("Open", Intent::Show, true)];
        let expected = vec![
            Change::Text(0, "Busy".into()),
            Change::Text(1, "Open".into()),
        ];
        assert_eq!(differences(&old, &new), Some(expected));
    }

    #[test]
    fn another_meaning_of_a_line_needs_another_menu() {
        let mute = [item("Mute", Intent::Mute, true)];
        let unmute = [item("Unmute", Intent::Unmute, true)];
        assert_eq!(differences(&mute, &unmute), None);
    }

    #[test]
    fn more_or_other_lines_need_another_menu() {
        let one = [label("one")];
        assert_eq!(differences(&one, &[label("one"), Entry::Separator]), None);
        assert_eq!(differences(&one, &[Entry::Separator]), None);
        let nested = |entries| [menu("State", entries)];
        assert_eq!(
            differences(&nested(vec![]), &nested(vec![label("one")])),
            None
        );
    }
}
