//! The operating system's menu, built from entries and changed line by line.

use offhook_core::{Intent, tray::Entry};
use tauri::{
    AppHandle, Wry,
    menu::{IsMenuItem, Menu, MenuBuilder, MenuId, MenuItem, PredefinedMenuItem, Submenu},
};

use super::differences::Change;

/// A menu and its lines, counted depth first.
pub(super) struct OsMenu {
    pub(super) root: Menu<Wry>,
    lines: Vec<Line>,
}

enum Line {
    Item(MenuItem<Wry>),
    Submenu(Submenu<Wry>),
    Separator(PredefinedMenuItem<Wry>),
}

impl OsMenu {
    pub(super) fn build(app: &AppHandle, entries: &[Entry]) -> tauri::Result<Self> {
        let root = MenuBuilder::new(app).build()?;
        let mut lines = Vec::new();
        for entry in entries {
            let first = lines.len();
            add_lines(app, entry, &mut lines)?;
            root.append(lines[first].as_item())?;
        }
        Ok(Self { root, lines })
    }

    pub(super) fn apply(&self, change: &Change) -> tauri::Result<()> {
        match change {
            Change::Text(line, text) => match &self.lines[*line] {
                Line::Item(item) => item.set_text(literal(text.reveal())),
                Line::Submenu(menu) => menu.set_text(literal(text.reveal())),
                Line::Separator(_) => Ok(()),
            },
            Change::Enabled(line, enabled) => match &self.lines[*line] {
                Line::Item(item) => item.set_enabled(*enabled),
                Line::Submenu(_) | Line::Separator(_) => Ok(()),
            },
        }
    }
}

fn add_lines(app: &AppHandle, entry: &Entry, lines: &mut Vec<Line>) -> tauri::Result<()> {
    match entry {
        Entry::Label(text) => {
            let item = MenuItem::new(app, literal(text.reveal()), false, None::<&str>)?;
            lines.push(Line::Item(item));
        }
        Entry::Item {
            text,
            intent,
            enabled,
        } => {
            let id = serde_json::to_string(intent)?;
            let item = MenuItem::with_id(app, id, literal(text), *enabled, None::<&str>)?;
            lines.push(Line::Item(item));
        }
        Entry::Menu { text, entries } => {
            let menu = Submenu::new(app, literal(text), true)?;
            lines.push(Line::Submenu(menu.clone()));
            for entry in entries {
                let first = lines.len();
                add_lines(app, entry, lines)?;
                menu.append(lines[first].as_item())?;
            }
        }
        Entry::Separator => lines.push(Line::Separator(PredefinedMenuItem::separator(app)?)),
    }
    Ok(())
}

impl Line {
    fn as_item(&self) -> &dyn IsMenuItem<Wry> {
        match self {
            Self::Item(item) => item,
            Self::Submenu(menu) => menu,
            Self::Separator(separator) => separator,
        }
    }
}

/// What a click on the line with this id asks for. A line that asks for nothing has another id.
pub(super) fn intent(id: &MenuId) -> Option<Intent> {
    serde_json::from_str(id.as_ref()).ok()
}

/// A single `&` would underline the letter after it.
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}

#[cfg(test)]
mod tests {
    use offhook_protocol::Button;

    use super::*;

    #[test]
    fn an_id_is_the_intent_itself() {
        let press = Intent::Press {
            contact: "one".into(),
            button: Button::Answer,
            leg: None,
        };
        let id = MenuId::new(serde_json::to_string(&press).unwrap());
        assert_eq!(intent(&id), Some(press));
        assert_eq!(intent(&MenuId::new("17")), None);
    }

    #[test]
    fn an_ampersand_in_a_name_is_shown() {
        assert_eq!(literal("Smith & Sons"), "Smith && Sons");
    }
}
