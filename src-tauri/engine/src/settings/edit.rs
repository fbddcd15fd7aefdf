//! Saving: changes one value at a time, and keeps comments and order as the person wrote them.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value};

use super::{AllowedOrigin, BrokerChange, ConnectorKind, SettingsChange, TrayIcon, Way};

/// Writes a change into the file, or says why it could not. The file is replaced as a whole.
pub(super) fn save(path: &Path, change: &SettingsChange) -> Result<(), String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(format!("The file cannot be read: {error}.")),
    };
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error| format!("The file is broken: {error}"))?;
    apply(&mut document, change);
    write(path, &document.to_string())
        .map_err(|error| format!("The file cannot be written: {error}. Nothing was saved."))
}

fn apply(document: &mut DocumentMut, change: &SettingsChange) {
    if let Some(connector) = change.connector {
        let name = match connector {
            ConnectorKind::Practice => "practice",
            ConnectorKind::Amazon => "amazon",
            ConnectorKind::None => "none",
        };
        set(&mut document["connector"], name.into());
    }
    let way = change.amazon_way.map(|way| match way {
        Way::Panel => "panel",
        Way::Page => "page",
        Way::Control => "control",
    });
    let amazon = [
        (
            "instance",
            change.amazon_instance.as_deref().map(Value::from),
        ),
        ("way", way.map(Value::from)),
        ("page", change.amazon_page.as_deref().map(Value::from)),
    ];
    set_in(document, "amazon", amazon);
    let ringing = [
        ("notify", change.notify.map(Value::from)),
        ("sound", change.sound.map(Value::from)),
        ("raise", change.raise.map(Value::from)),
        ("device", change.ring_device.as_deref().map(Value::from)),
        ("volume", change.ring_volume.map(|it| i64::from(it).into())),
    ];
    set_in(document, "ringing", ringing);
    let tray_icon = change.tray_icon.map(|icon| match icon {
        TrayIcon::Auto => "auto",
        TrayIcon::Light => "light",
        TrayIcon::Dark => "dark",
    });
    let desktop = [
        ("start_at_login", change.start_at_login.map(Value::from)),
        ("tray_icon", tray_icon.map(Value::from)),
    ];
    set_in(document, "desktop", desktop);
    let updates = [
        ("check", change.updates_check.map(Value::from)),
        ("url", change.updates_url.as_deref().map(Value::from)),
    ];
    set_in(document, "updates", updates);
    let origins = change.allowed_origins.as_ref();
    let ports = change.hub_ports.as_ref();
    let hub = [
        (
            "allowed_origins",
            origins.map(|it| it.iter().map(inline).collect::<Array>().into()),
        ),
        ("pairing", change.hub_pairing.map(Value::from)),
        (
            "ports",
            ports.map(|it| {
                it.iter()
                    .map(|port| i64::from(*port))
                    .collect::<Array>()
                    .into()
            }),
        ),
    ];
    set_in(document, "hub", hub);
    if let Some(broker) = &change.broker {
        apply_broker(document, broker);
    }
}

fn apply_broker(document: &mut DocumentMut, change: &BrokerChange) {
    let text = |value: &Option<String>| value.as_deref().map(Value::from);
    let broker = [
        ("url", text(&change.url)),
        ("tenant", text(&change.tenant)),
        ("agent", text(&change.agent)),
        ("username", text(&change.username)),
        ("ca", text(&change.ca)),
        ("certificate", text(&change.certificate)),
        ("key", text(&change.key)),
        ("proxy", text(&change.proxy)),
        ("insecure", change.insecure.map(Value::from)),
    ];
    set_in(document, "broker", broker);
}

/// Sets the values that are there in this table.
fn set_in<const N: usize>(
    document: &mut DocumentMut,
    name: &str,
    values: [(&str, Option<Value>); N],
) {
    for (key, value) in values {
        if let Some(value) = value {
            set(&mut table(document, name)[key], value);
        }
    }
}

/// Replaces a value, and keeps the spaces and the comment beside it.
fn set(item: &mut Item, mut value: Value) {
    if let Some(old) = item.as_value() {
        *value.decor_mut() = old.decor().clone();
    }
    *item = Item::Value(value);
}

fn table<'a>(document: &'a mut DocumentMut, name: &str) -> &'a mut Item {
    document
        .entry(name)
        .or_insert_with(|| Item::Table(Table::new()))
}

fn inline(allowed: &AllowedOrigin) -> Value {
    let access = match allowed.access {
        offhook_protocol::Access::Observe => "observe",
        offhook_protocol::Access::Control => "control",
    };
    let pairs = [("origin", allowed.origin.as_str()), ("access", access)];
    pairs.into_iter().collect::<InlineTable>().into()
}

/// Beside the old file first, so that a full disk or a crash leaves the old one.
fn write(path: &Path, text: &str) -> io::Result<()> {
    // A link, into a folder of dotfiles perhaps, stays one: what it leads to is replaced.
    let target = fs::canonicalize(path);
    let path = target.as_deref().unwrap_or(path);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    if let Ok(old) = fs::metadata(path) {
        // Replacing it would need no leave to write into it; somebody took that leave on purpose.
        if old.permissions().readonly() {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                "it is read-only",
            ));
        }
        file.as_file().set_permissions(old.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
