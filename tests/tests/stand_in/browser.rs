//! The real Streams library in a browser, against the server.

use std::net::TcpListener;

use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use offhook_tests::{
    Process, Session, Setup,
    stand_in::{Offer, Options, Panel, Server, now},
    until,
};
use serde_json::{Value, json};
use tokio::net::TcpStream;

/// A company's page, as it is built for the connector.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/dist-connector/page");

/// Notes what the library tells, from the first moment on.
const NOTE: &str = "
    window.noted = [];
    connect.agent((agent) => {
        noted.push(`agent ${agent.getState().name}`);
        agent.onStateChange(({ newState }) => noted.push(`agent ${newState}`));
        agent.onMuteToggle(({ muted }) => noted.push(`muted ${muted}`));
        agent.onSoftphoneError(({ errorType }) => noted.push(`softphone ${errorType}`));
    });
    connect.contact((contact) => {
        for (const event of ['Connecting', 'Accepted', 'Connected', 'ACW', 'Error', 'Destroy']) {
            contact[`on${event}`](() => noted.push(`contact ${event}`));
        }
    });
    connect.core.onAuthFail(() => noted.push('auth fail'));
    connect.core.getEventBus().subscribe('acknowledge', () => noted.push('acknowledged'));
    connect.core.getEventBus().subscribe('terminated', () => noted.push('terminated'));";

/// WebKit's own small browser on a desktop of its own.
struct Browser {
    client: Client,
    _driver: Process,
    _session: Session,
}

impl Browser {
    async fn start(name: &str) -> Result<Self> {
        let session = Session::start(Setup {
            panel: false,
            ..Setup::new(name)?
        })
        .await?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut driver = session.command("WebKitWebDriver");
        driver.arg(format!("--port={port}"));
        let driver = Process::start(driver, session.logs())?;
        until("the driver", async || {
            let connected = TcpStream::connect(("127.0.0.1", port)).await;
            Ok(connected.ok().map(drop))
        })
        .await?;
        let client = ClientBuilder::new(HttpConnector::new())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .context("the browser does not start")?;
        Ok(Self {
            client,
            _driver: driver,
            _session: session,
        })
    }

    /// Opens a page, waits until the library runs in it, and notes what the library tells.
    async fn open(&self, url: &str) -> Result<()> {
        self.client.goto(url).await?;
        self.note().await
    }

    async fn note(&self) -> Result<()> {
        until("the library", async || {
            let started = "return !!window.connect?.core?.eventBus && !window.noted";
            Ok((self.run(started).await? == true).then_some(()))
        })
        .await?;
        self.run(NOTE).await.map(drop)
    }

    async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.client.execute(script, vec![]).await?)
    }

    /// Makes a call of the library; what its callbacks get.
    async fn call(&self, call: &str) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
            const cb = {{ success: () => done('done'), failure: (error) => done(error) }};
            {call};"
        );
        Ok(self.client.execute_async(&script, vec![]).await?)
    }

    /// Waits until the library has told this since the page was opened.
    async fn wait(&self, noted: &str) -> Result<()> {
        until(noted, async || Ok(self.has(noted).await?.then_some(()))).await
    }

    async fn has(&self, noted: &str) -> Result<bool> {
        let all = self.run("return window.noted ?? []").await?;
        Ok(all
            .as_array()
            .is_some_and(|all| all.contains(&json!(noted))))
    }

    async fn end(self) -> Result<()> {
        Ok(self.client.close().await?)
    }
}

fn methods(server: &Server) -> Vec<String> {
    server
        .requests()
        .into_iter()
        .map(|request| request.method)
        .collect()
}

/// A call with all that can be done in it, through the library that runs in the page.
async fn play_a_call(browser: &Browser, server: &Server) -> Result<()> {
    browser.wait("agent Available").await?;
    let contact = server.centre().offer_call(Offer::default(), now());
    browser.wait("contact Connecting").await?;

    let first = "new connect.Agent().getContacts()[0]";
    assert_eq!(browser.call(&format!("{first}.accept(cb)")).await?, "done");
    browser.wait("contact Accepted").await?;
    browser.wait("contact Connected").await?;
    browser.wait("agent Busy").await?;

    browser.run("new connect.Agent().mute()").await?;
    browser.wait("muted true").await?;

    for call in [
        "getInitialConnection().hold(cb)",
        "getInitialConnection().resume(cb)",
        "getInitialConnection().sendDigits('12#', cb)",
        "addConnection(connect.Endpoint.byPhoneNumber('+442079460001'), cb)",
    ] {
        assert_eq!(
            browser.call(&format!("{first}.{call}")).await?,
            "done",
            "{call}"
        );
    }
    server.centre().callee_answers(&contact, now());
    until("the third party", async || {
        let state = format!("return {first}.getThirdPartyConnections()[0]?.getState().type");
        Ok((browser.run(&state).await? == "connected").then_some(()))
    })
    .await?;
    for call in ["toggleActiveConnections(cb)", "conferenceConnections(cb)"] {
        assert_eq!(
            browser.call(&format!("{first}.{call}")).await?,
            "done",
            "{call}"
        );
    }
    let enqueue = "const agent = new connect.Agent();
        const state = agent.getAgentStates().find(({ name }) => name === 'Break');
        agent.setState(state, cb, { enqueueNextState: true })";
    assert_eq!(browser.call(enqueue).await?, "done");
    let leave = format!("{first}.getAgentConnection().destroy(cb)");
    assert_eq!(browser.call(&leave).await?, "done");
    browser.wait("contact ACW").await?;
    assert_eq!(browser.call(&format!("{first}.clear(cb)")).await?, "done");
    browser.wait("agent Break").await?;

    let endpoints = "const agent = new connect.Agent();
        agent.getEndpoints(agent.getAllQueueARNs(), {
            success: ({ endpoints }) => done(endpoints.length),
            failure: (error) => done(error),
        })";
    assert_eq!(browser.call(endpoints).await?, 3);
    let dial = "new connect.Agent().connect(connect.Endpoint.byPhoneNumber('+442079460001'), cb)";
    assert_eq!(browser.call(dial).await?, "done");
    browser.wait("agent CallingCustomer").await?;

    let refused = browser
        .call(&format!("{first}.conferenceConnections(cb)"))
        .await?;
    assert!(
        refused
            .as_str()
            .is_some_and(|error| error.contains("InvalidStateException"))
    );
    assert_eq!(methods(server)[..2], ["acceptContact", "holdConnection"]);
    Ok(())
}

#[tokio::test]
async fn the_panel_itself_runs_the_library() -> Result<()> {
    let server = Server::start(Options::default()).await?;
    let browser = Browser::start("stand-in-native").await?;
    browser
        .open(&format!("{}/ccp-v2/", server.instance()))
        .await?;
    play_a_call(&browser, &server).await?;

    server.softphone_error("microphone_not_shared", "Your microphone is not enabled");
    browser.wait("softphone microphone_not_shared").await?;
    server.reload();
    browser.note().await?;
    browser.wait("agent CallingCustomer").await?;
    browser.end().await
}

#[tokio::test]
async fn a_companys_page_embeds_the_panel() -> Result<()> {
    let server = Server::start(Options {
        panel: Panel::Framed,
        page: Some(PAGE.into()),
        ..Options::default()
    })
    .await?;
    let browser = Browser::start("stand-in-framed").await?;
    browser.open(&server.page().context("a page")?).await?;
    play_a_call(&browser, &server).await?;

    server.auth_fail();
    browser.wait("auth fail").await?;
    server.end_session();
    browser.wait("terminated").await?;
    browser.end().await
}

#[tokio::test]
async fn an_agent_who_is_logged_out_logs_in_at_another_origin() -> Result<()> {
    let server = Server::start(Options {
        logged_out: true,
        ..Options::default()
    })
    .await?;
    let browser = Browser::start("stand-in-login").await?;
    browser
        .client
        .goto(&format!("{}/ccp-v2/", server.instance()))
        .await?;
    let at = browser.client.current_url().await?;
    assert!(!at.as_str().starts_with(&server.instance()));

    let button = browser.client.find(Locator::Id("log-in")).await?;
    button.click().await?;
    browser.note().await?;
    browser.wait("agent Available").await?;
    browser.end().await
}

#[tokio::test]
async fn a_silent_panel_tells_nothing_and_acknowledges_nothing() -> Result<()> {
    let server = Server::start(Options::default()).await?;
    let browser = Browser::start("stand-in-silent").await?;
    browser
        .open(&format!("{}/ccp-v2/", server.instance()))
        .await?;
    // The last that is told without being asked for: nothing else is on its way.
    browser.wait("agent Available").await?;
    let ask = "connect.core.getUpstream().sendUpstream('synchronize')";

    server.silence(true);
    browser.run("noted.length = 0").await?;
    browser.run(ask).await?;
    browser
        .run("new connect.Agent().connect(connect.Endpoint.byPhoneNumber('+442079460001'))")
        .await?;
    server.centre().offer_call(Offer::default(), now());
    until("the request", async || {
        Ok(methods(&server)
            .contains(&"createOutboundContact".to_owned())
            .then_some(()))
    })
    .await?;
    server.silence(false);
    // What comes after all that was not told.
    server.mute_toggle(true);
    browser.wait("muted true").await?;
    assert!(!browser.has("acknowledged").await?);
    assert!(!browser.has("contact Connecting").await?);
    browser.run(ask).await?;
    browser.wait("acknowledged").await?;
    browser.end().await
}

#[tokio::test]
async fn ending_the_session_leads_to_the_login() -> Result<()> {
    let server = Server::start(Options::default()).await?;
    let browser = Browser::start("stand-in-ended").await?;
    browser
        .open(&format!("{}/ccp-v2/", server.instance()))
        .await?;
    browser.wait("agent Available").await?;
    browser
        .run("connect.core.getUpstream().sendUpstream('terminate')")
        .await?;
    browser
        .client
        .wait()
        .for_element(Locator::Id("log-in"))
        .await?;
    browser.end().await
}

#[tokio::test]
async fn a_page_may_lack_the_library_and_forbid_to_be_framed() -> Result<()> {
    let server = Server::start(Options {
        panel: Panel::Bare,
        framing: Some(("x-frame-options", "DENY")),
        ..Options::default()
    })
    .await?;
    let browser = Browser::start("stand-in-bare").await?;
    browser
        .client
        .goto(&format!("{}/ccp-v2/", server.instance()))
        .await?;
    assert_eq!(browser.run("return typeof connect").await?, "undefined");
    let header = browser
        .call("fetch(location).then(({ headers }) => done(headers.get('x-frame-options')))")
        .await?;
    assert_eq!(header, "DENY");
    browser.end().await
}

#[tokio::test]
async fn a_companys_page_asks_for_a_window_to_log_in() -> Result<()> {
    let server = Server::start(Options {
        panel: Panel::Framed,
        logged_out: true,
        page: Some(PAGE.into()),
        ..Options::default()
    })
    .await?;
    let browser = Browser::start("stand-in-popup").await?;
    browser.open(&server.page().context("a page")?).await?;
    // The browser itself opens no window that nobody clicked for.
    browser
        .run("window.open = (url) => { noted.push(`opens ${url}`); }")
        .await?;
    browser
        .wait(&format!("opens {}/ccp-v2/", server.instance()))
        .await?;
    assert_eq!(server.panels(), 0);
    browser.end().await
}
