//! A phone, a web site, and a browser that shows it.

use std::{
    fs,
    iter::repeat_with,
    net::TcpListener,
    sync::atomic::{AtomicU16, Ordering},
};

use anyhow::{Context, Result};
use fantoccini::{Client, Locator};
use offhook_engine::{Handle, Headless, Options, settings::Places};
use offhook_tests::{Chromium, Engine, Permission, Site, until};
use serde_json::Value;
use tempfile::TempDir;

/// The client, with its example.
const PAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../clients/js");

/// A call that rings until it is answered.
pub(crate) const CALL: &str = r#"
about = "A call."
[[step]]
after = "0s"
do = { call = [{ from = "+441632960011", to = "+448081570001", queue = "Orders", ring = "1h" }] }
"#;

/// The same, and the first attempt to answer fails.
pub(crate) const REFUSED_CALL: &str = r#"
about = "A call that cannot be answered at first."
[[step]]
after = "0s"
do = { fail-next = { request = "Answer", text = "Not now." } }
[[step]]
after = "0s"
do = { call = [{ from = "+12025550147", to = "+18005550199", queue = "Billing", ring = "1h" }] }
"#;

/// How the site stands with the phone.
#[derive(Clone, Copy)]
pub(crate) enum Origin {
    /// The settings list it with this access.
    Listed(&'static str),
    /// Nothing is said about it.
    Unlisted,
}

pub(crate) struct Stage {
    home: TempDir,
    /// The phone's.
    pub(crate) port: u16,
    pub(crate) site: Site,
    browser: Chromium,
    engine: Option<Engine>,
}

impl Stage {
    /// A site that may reach this device, and a phone that plays this scenario.
    pub(crate) async fn start(origin: Origin, scenario: &str) -> Result<Self> {
        let mut stage = Self::without_phone(Permission::Granted).await?;
        stage.start_phone(origin, scenario).await?;
        Ok(stage)
    }

    pub(crate) async fn without_phone(permission: Permission) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let site = Site::start(PAGES.as_ref()).await?;
        Ok(Self {
            port: free_port()?,
            browser: Chromium::start(home.path(), &site, permission).await?,
            site,
            home,
            engine: None,
        })
    }

    /// Starts the phone, or another one after [`Self::kill_phone`].
    pub(crate) async fn start_phone(&mut self, origin: Origin, scenario: &str) -> Result<()> {
        let file = self.write(scenario)?;
        let settings = settings_text(self.port, &self.site, origin);
        self.engine = Some(Engine::start(self.home.path(), &settings, &file).await?);
        Ok(())
    }

    pub(crate) fn kill_phone(&mut self) {
        self.engine = None;
    }

    /// Starts the phone within this program, so that the person's part can be played.
    pub(crate) fn start_phone_here(&self, scenario: &str) -> Result<Handle> {
        let home = self.home.path();
        let settings = home.join("settings.toml");
        let listed = Origin::Listed("control");
        fs::write(&settings, settings_text(self.port, &self.site, listed))?;
        let options = Options {
            practice: Some(Some(self.write(scenario)?)),
            places: Some(Places {
                settings,
                policy: home.join("policy.toml"),
                logs: home.join("logs"),
                data: home.join("data"),
                keychain: false,
                runtime: None,
            }),
            ..Options::default()
        };
        Ok(offhook_engine::start(options, Headless)?)
    }

    /// Writes a scenario into a file; gives back where it is.
    fn write(&self, scenario: &str) -> Result<String> {
        let file = self.home.path().join("scenario.toml");
        fs::write(&file, scenario)?;
        Ok(file.to_str().context("a path in UTF-8")?.to_owned())
    }

    /// Somebody else's phone on the same computer.
    pub(crate) async fn another_phone(&self, home: &TempDir) -> Result<(u16, Engine)> {
        let port = free_port()?;
        let settings = settings_text(port, &self.site, Origin::Listed("control"));
        Ok((port, Engine::start(home.path(), &settings, "idle").await?))
    }

    pub(crate) fn client(&self) -> &Client {
        &self.browser.client
    }

    /// Opens the example.
    pub(crate) async fn open_example(&self) -> Result<()> {
        let page = format!(
            "{}/example/index.html?port={}",
            self.site.origin(),
            self.port
        );
        self.client().goto(&page).await?;
        // It has tried to connect without asking.
        let settled = "['idle', 'connected'].includes(document.body.dataset.phase)";
        self.wait(settled).await.map(drop)
    }

    /// Opens the example from another origin, and prepares to look for phones at these ports.
    pub(crate) async fn open_client(&self, origin: &str, ports: &[u16]) -> Result<()> {
        self.client()
            .goto(&format!("{origin}/example/customers.json"))
            .await?;
        let prepare = "
            const [ports, done] = arguments;
            import('/dist/offhook.js').then(({ Offhook }) => {
                window.phone = new Offhook({ name: 'crm', access: 'control', ports });
                done();
            });";
        let ports = serde_json::to_value(ports)?;
        self.client().execute_async(prepare, vec![ports]).await?;
        Ok(())
    }

    /// What came of a promise of the client: `done`, or the error's code.
    pub(crate) async fn outcome(&self, promise: &str) -> Result<String> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
            {promise}.then(() => done('done'), (error) => done(error.code));"
        );
        let outcome = self.client().execute_async(&script, vec![]).await?;
        Ok(outcome.as_str().context("a text")?.to_owned())
    }

    /// Waits until an expression of the page is true; its value.
    pub(crate) async fn wait(&self, expression: &str) -> Result<Value> {
        until(expression, async || {
            let script = format!("return ({expression}) || null");
            let value = self.client().execute(&script, vec![]).await?;
            Ok((!value.is_null()).then_some(value))
        })
        .await
    }

    /// Waits until an element of the example shows this text.
    pub(crate) async fn see(&self, id: &str, text: &str) -> Result<()> {
        let shown = format!("document.getElementById('{id}').textContent === '{text}'");
        self.wait(&shown).await.map(drop)
    }

    /// Presses a button of the example when it is there. One that is disabled ignores it: `:enabled` waits.
    pub(crate) async fn press(&self, button: &str) -> Result<()> {
        let button = self
            .client()
            .wait()
            .for_element(Locator::Css(button))
            .await?;
        Ok(button.click().await?)
    }

    pub(crate) async fn end(self) -> Result<()> {
        Ok(self.browser.client.close().await?)
    }
}

fn settings_text(port: u16, site: &Site, origin: Origin) -> String {
    let listed = match origin {
        Origin::Listed(access) => {
            format!(r#"{{ origin = "{}", access = "{access}" }}"#, site.origin())
        }
        Origin::Unlisted => String::new(),
    };
    format!("[hub]\nports = [{port}]\nallowed_origins = [{listed}]\n")
}

/// One that stays the same when the phone starts again. It is below those that the system gives away, so that
/// nobody gets it meanwhile.
fn free_port() -> Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(20_000);
    let is_free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    repeat_with(|| NEXT.fetch_add(1, Ordering::Relaxed))
        .take(1_000)
        .find(is_free)
        .context("a free port")
}
