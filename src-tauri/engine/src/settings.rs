//! Settings: the person's file, the administrator's policy, and what is in force.

mod view;

pub use view::{
    AllowedOrigin, ConnectorKind, Setting, SettingsChange, SettingsProblem, SettingsView,
};
