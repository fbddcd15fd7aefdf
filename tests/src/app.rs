//! The real phone on a virtual desktop.

use std::net::TcpListener;

use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder, error::NewSessionError};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};

use crate::{
    environment::program,
    process::Process,
    session::Session,
    wait::{DEADLINE, holds, until},
    window::Window,
};

/// A running phone. Ends when this is dropped.
#[derive(Debug)]
pub struct App<'s> {
    session: &'s Session,
    /// Completes when the phone has a window.
    client: JoinHandle<Result<Client, NewSessionError>>,
    // The driver starts the phone and takes it along when it ends.
    _driver: Process,
}

impl<'s> App<'s> {
    /// Starts the phone with these arguments, and waits until programs can join its hub.
    pub async fn start(session: &'s Session, arguments: &[&str]) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut driver = session.command("WebKitWebDriver");
        driver
            .arg(format!("--port={port}"))
            // Without it the phone's window refuses the driver, which then waits for ever.
            .env("TAURI_WEBVIEW_AUTOMATION", "true");
        let driver = Process::start(driver, session.logs())?;
        until("the driver", async || {
            Ok(holds(TcpStream::connect(("127.0.0.1", port)).await.is_ok()))
        })
        .await?;

        let options = json!({ "binary": program("offhook")?, "args": arguments });
        let client = tokio::spawn(async move {
            ClientBuilder::new(HttpConnector::new())
                .capabilities(
                    [("webkitgtk:browserOptions".to_owned(), options)]
                        .into_iter()
                        .collect(),
                )
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
        });
        Ok(Self {
            session,
            client,
            _driver: driver,
        })
    }

    /// Waits for the window to be there for the first time.
    pub async fn window(&mut self) -> Result<Window<'s>> {
        let client = timeout(DEADLINE, &mut self.client)
            .await
            .context("the phone opens no window")??
            .context("the phone does not start")?;
        Ok(Window::new(self.session, client))
    }
}
