//! The tray icon and its menu, as the panel reads them from the session bus.

use std::collections::HashMap;

use anyhow::{Context, Result};
use futures_lite::StreamExt;
use zbus::{Connection, OwnedObjectPath, OwnedVariant, Variant, proxy, proxy::CacheProperties};

use crate::{session::Session, wait::until};

/// An application's tray icon.
#[derive(Debug)]
pub struct Tray {
    item: StatusNotifierItemProxy<'static>,
    menu: DBusMenuProxy<'static>,
}

/// A tray icon that is about to appear.
#[derive(Debug)]
pub struct Appearing(StatusNotifierItemRegisteredStream);

/// A line of its menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    id: i32,
    /// What it says; empty for a line between groups.
    pub label: String,
    /// Whether it can be clicked.
    pub enabled: bool,
    /// How deep in submenus it stands.
    pub depth: usize,
}

impl Tray {
    /// Watches for the next tray icon, from now on.
    pub async fn appearing(session: &Session) -> Result<Appearing> {
        let watcher = StatusNotifierWatcherProxy::new(&session.bus).await?;
        Ok(Appearing(
            watcher.receive_status_notifier_item_registered().await?,
        ))
    }

    /// Waits until the session's only tray icon is there.
    pub async fn find(session: &Session) -> Result<Self> {
        let watcher = StatusNotifierWatcherProxy::new(&session.bus).await?;
        let item = until("a tray icon", async || {
            // The panel's tray crashes now and then; the panel starts it again.
            let items = watcher.registered_status_notifier_items().await;
            Ok(items.unwrap_or_default().into_iter().next())
        })
        .await?;
        Self::open(&session.bus, &item).await
    }

    async fn open(bus: &Connection, item: &str) -> Result<Self> {
        let slash = item.find('/').context("an item is a bus name and a path")?;
        let (owner, path) = item.split_at(slash);
        let (owner, path) = (owner.to_owned(), path.to_owned());
        let item = StatusNotifierItemProxy::builder(bus)
            .destination(owner.clone())
            .path(path)
            .cache_properties(CacheProperties::No)
            .build()
            .await?;
        let menu = DBusMenuProxy::builder(bus)
            .destination(owner)
            .path(item.menu().await?)
            .build()
            .await?;
        Ok(Self { item, menu })
    }

    /// The file that the icon is, and changes with what it shows.
    pub async fn icon(&self) -> Result<String> {
        Ok(self.item.icon_name().await?)
    }

    /// The menu, top down, submenus after the line that opens them.
    pub async fn menu(&self) -> Result<Vec<Line>> {
        let (_, root) = self.menu.get_layout(0, -1, &[]).await?;
        let mut lines = Vec::new();
        read_lines(root, 0, &mut lines)?;
        Ok(lines)
    }

    /// Clicks the line that says this, as soon as it is there and enabled.
    pub async fn click(&self, label: &str) -> Result<()> {
        let line = until(&format!("the tray menu's line `{label}`"), async || {
            let lines = self.menu().await?;
            Ok(lines
                .into_iter()
                .find(|line| line.label == label && line.enabled))
        })
        .await?;
        Ok(self
            .menu
            .event(line.id, "clicked", &Variant::from(""), 0)
            .await?)
    }
}

impl Appearing {
    /// Waits until it is there.
    pub async fn wait(mut self) -> Result<()> {
        self.0.next().await.context("the panel is gone")?;
        Ok(())
    }
}

/// Whether somebody shows tray icons.
pub(crate) async fn has_host(bus: &Connection) -> bool {
    let Ok(watcher) = StatusNotifierWatcherProxy::new(bus).await else {
        return false;
    };
    watcher
        .is_status_notifier_host_registered()
        .await
        .unwrap_or(false)
}

/// Id, properties, children: the last are again layouts.
type Layout = (i32, HashMap<String, OwnedVariant>, Vec<OwnedVariant>);

fn read_lines(
    (id, properties, children): Layout,
    depth: usize,
    lines: &mut Vec<Line>,
) -> Result<()> {
    // The root is no line. Properties that have their default value are left out.
    if id != 0 {
        let text = |name| {
            properties
                .get(name)
                .and_then(|value| value.downcast_ref::<&str>().ok())
        };
        let flag = |name| {
            properties
                .get(name)
                .and_then(|value| value.downcast_ref::<bool>().ok())
        };
        if flag("visible").unwrap_or(true) {
            lines.push(Line {
                id,
                // An underscore marks the key that chooses the line; two are one.
                label: text("label")
                    .unwrap_or_default()
                    .replace("__", "\0")
                    .replace('_', "")
                    .replace('\0', "_"),
                enabled: flag("enabled").unwrap_or(true),
                depth,
            });
        }
    }
    let below = if id == 0 { depth } else { depth + 1 };
    for child in children {
        read_lines(Layout::try_from(child)?, below, lines)?;
    }
    Ok(())
}

#[proxy(
    interface = "org.kde.StatusNotifierWatcher",
    default_service = "org.kde.StatusNotifierWatcher",
    default_path = "/StatusNotifierWatcher"
)]
trait StatusNotifierWatcher {
    #[zbus(property(emits_changed_signal = "false"))]
    fn registered_status_notifier_items(&self) -> zbus::Result<Vec<String>>;

    #[zbus(signal)]
    fn status_notifier_item_registered(&self, item: &str) -> zbus::Result<()>;

    #[zbus(property(emits_changed_signal = "false"))]
    fn is_status_notifier_host_registered(&self) -> zbus::Result<bool>;
}

#[proxy(interface = "org.kde.StatusNotifierItem")]
trait StatusNotifierItem {
    #[zbus(property)]
    fn icon_name(&self) -> zbus::Result<String>;

    #[zbus(property)]
    fn menu(&self) -> zbus::Result<OwnedObjectPath>;
}

#[proxy(interface = "com.canonical.dbusmenu")]
trait DBusMenu {
    fn get_layout(
        &self,
        parent: i32,
        depth: i32,
        properties: &[&str],
    ) -> zbus::Result<(u32, Layout)>;

    fn event(&self, id: i32, event: &str, data: &Variant<'_>, timestamp: u32) -> zbus::Result<()>;
}
