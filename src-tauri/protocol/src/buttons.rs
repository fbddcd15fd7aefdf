//! The `ButtonStates` / `buttonStates` map of a leg.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

macro_rules! buttons {
    ($($variant:ident = $wire:literal),* $(,)?) => {
        /// A call button. Ordered as in every published sample, unknown ones last.
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum Button {
            $(#[doc = concat!("`", $wire, "`")] $variant,)*
            /// A button this version does not know: carried, never offered.
            Other(String),
        }

        impl Button {
            /// The eleven published buttons in their published order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// The name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(name) => name,
                }
            }
        }

        impl From<String> for Button {
            fn from(name: String) -> Self {
                match name.as_str() {
                    $($wire => Self::$variant,)*
                    _ => Self::Other(name),
                }
            }
        }
    };
}

buttons! {
    Answer = "answer",
    Reject = "reject",
    Disconnect = "disconnect",
    Hold = "hold",
    Resume = "resume",
    ClearContact = "clearContact",
    Consult = "consult",
    Numberpad = "numberpad",
    Swap = "swap",
    Transfer = "transfer",
    Conference = "conference",
}

impl From<Button> for String {
    fn from(button: Button) -> Self {
        button.as_str().to_owned()
    }
}

/// What a button may do: the published values `Enable` and `Hide`, and `Disable`, which is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ButtonState {
    /// Absent from the window.
    Hide,
    /// Shown, but not clickable.
    Disable,
    /// Shown and clickable.
    Enable,
}

/// The buttons of one leg (or of several, joined).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Buttons(BTreeMap<Button, ButtonState>);

impl Buttons {
    /// All eleven known buttons, with just these enabled.
    pub fn enabling(enabled: &[Button]) -> Self {
        let state = |button: &Button| match enabled.contains(button) {
            true => ButtonState::Enable,
            false => ButtonState::Hide,
        };
        Self(
            Button::KNOWN
                .iter()
                .map(|button| (button.clone(), state(button)))
                .collect(),
        )
    }

    /// The state of one button; a button that is not in the map is hidden.
    pub fn get(&self, button: &Button) -> ButtonState {
        self.0.get(button).copied().unwrap_or(ButtonState::Hide)
    }

    /// Sets one button.
    pub fn set(&mut self, button: Button, state: ButtonState) {
        self.0.insert(button, state);
    }

    /// Whether this button may be pressed.
    pub fn enables(&self, button: &Button) -> bool {
        self.get(button) == ButtonState::Enable
    }

    /// All buttons present, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&Button, ButtonState)> {
        self.0.iter().map(|(button, state)| (button, *state))
    }

    /// How many buttons are present.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether no button is present.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(Button, ButtonState)> for Buttons {
    fn from_iter<T: IntoIterator<Item = (Button, ButtonState)>>(iter: T) -> Self {
        Self(iter.into_iter().collect())
    }
}
