//! Saving: changes one value at a time, and keeps comments and order as the person wrote them.

use std::{fs, io::Write, path::Path};

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value, value};

use super::{AllowedOrigin, ConnectorKind, SettingsChange};

/// Writes a change into the file, or says why it could not. The file is replaced as a whole.
pub(super) fn save(path: &Path, change: &SettingsChange) -> Result<(), String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(format!("The file cannot be read: {error}.")),
    };
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error| format!("The file is broken: {error}"))?;
    apply(&mut document, change);
    write(path, &document.to_string())
        .map_err(|error| format!("The file cannot be written: {error}."))
}

fn apply(document: &mut DocumentMut, change: &SettingsChange) {
    if let Some(connector) = change.connector {
        document["connector"] = value(match connector {
            ConnectorKind::Practice => "practice",
            ConnectorKind::None => "none",
        });
    }
    let ringing = [
        ("notify", change.notify.map(value)),
        ("sound", change.sound.map(value)),
        ("raise", change.raise.map(value)),
        ("device", change.ring_device.as_deref().map(value)),
        (
            "volume",
            change.ring_volume.map(|volume| value(i64::from(volume))),
        ),
    ];
    for (key, item) in ringing {
        if let Some(item) = item {
            table(document, "ringing")[key] = item;
        }
    }
    if let Some(origins) = &change.allowed_origins {
        table(document, "hub")["allowed_origins"] =
            value(origins.iter().map(inline).collect::<Array>());
    }
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
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
