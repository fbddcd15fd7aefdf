//! Chromium without a display, which shows pages of a web server as if that were far away.

use std::{net::TcpListener, os::unix::process::CommandExt, path::Path};

use anyhow::{Context, Result};
use axum::Router;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tokio::{net::TcpStream, task::JoinHandle};
use tower_http::services::ServeDir;

use crate::{
    environment::Environment,
    process::Process,
    wait::{holds, until},
};

/// The name under which the browser reaches the web server.
const HOST: &str = "crm.example";

/// A folder with pages behind a web server of its own. Ends when this is dropped.
#[derive(Debug)]
pub struct Site {
    port: u16,
    serving: JoinHandle<()>,
}

impl Site {
    /// Serves the files of a folder.
    pub async fn start(folder: &Path) -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let pages: Router = Router::new().fallback_service(ServeDir::new(folder));
        Ok(Self {
            port,
            serving: tokio::spawn(async move {
                // Serves until the task is aborted.
                let _ = axum::serve(listener, pages).await;
            }),
        })
    }

    /// The origin of its pages as a site of the public internet.
    pub fn origin(&self) -> String {
        format!("http://{HOST}:{}", self.port)
    }

    /// The origin of the same pages as a site of this device.
    pub fn local_origin(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// What the person has told the browser about pages of a site that want to reach this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Nothing. Without a display the browser cannot ask, and does as if the person had blocked.
    Unasked,
    /// Allow.
    Granted,
    /// Block.
    Denied,
}

/// The browser. Ends when this is dropped.
#[derive(Debug)]
pub struct Chromium {
    /// Operates the browser.
    pub client: Client,
    _driver: Driver,
}

impl Chromium {
    /// Starts it with a new profile. The permission is for both origins of the site.
    pub async fn start(home: &Path, site: &Site, permission: Permission) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut driver = Environment::new(home).command("chromedriver");
        driver
            .arg(format!("--port={port}"))
            .env("TMPDIR", home)
            .process_group(0);
        let driver = Driver(Process::start(driver, home)?);
        until("the driver", async || {
            Ok(holds(TcpStream::connect(("127.0.0.1", port)).await.is_ok()))
        })
        .await?;
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(
                [("goog:chromeOptions".to_owned(), options(site, permission))]
                    .into_iter()
                    .collect(),
            )
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("the browser does not start")?;
        Ok(Self {
            client,
            _driver: driver,
        })
    }
}

/// Starts and operates the browser, which would outlive it.
#[derive(Debug)]
struct Driver(Process);

impl Drop for Driver {
    fn drop(&mut self) {
        // Fails only if both have ended already.
        let _ = self.0.kill_group();
    }
}

fn options(site: &Site, permission: Permission) -> Value {
    let arguments = [
        "--headless=new".to_owned(),
        // The tests may run as root, and only show pages of their own.
        "--no-sandbox".to_owned(),
        "--disable-dev-shm-usage".to_owned(),
        format!("--host-resolver-rules=MAP {HOST} 127.0.0.1"),
        format!(
            "--ip-address-space-overrides=127.0.0.1:{}=public",
            site.port
        ),
        // Like https, which would need a certificate.
        format!(
            "--unsafely-treat-insecure-origin-as-secure={}",
            site.origin()
        ),
    ];
    // 1 and 2 are the browser's own numbers for Allow and Block.
    let setting = match permission {
        Permission::Unasked => None,
        Permission::Granted => Some(1),
        Permission::Denied => Some(2),
    };
    let exceptions: Map<String, Value> = [site.origin(), site.local_origin()]
        .into_iter()
        .filter_map(|origin| Some((format!("{origin},*"), json!({ "setting": setting? }))))
        .collect();
    let loopback = "profile.content_settings.exceptions.loopback_network";
    json!({ "args": arguments, "prefs": { loopback: exceptions } })
}
