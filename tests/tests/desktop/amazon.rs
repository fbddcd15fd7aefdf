//! Amazon Connect, as far as it can be had: the real Streams library runs in the phone's own panel window,
//! and a stand-in of the contact centre answers it. Each test is run with both pages that can be in that
//! window: the panel itself, and a company's page that embeds it.

mod calls;
mod outcomes;
mod trouble;

use anyhow::{Context, Result};
use offhook_tests::{
    App, Session, Setup, Window, XWindow,
    stand_in::{Offer, Options, Panel, Server, now},
};

/// The company's page, as `cargo xtask connector-page` makes it.
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/dist-connector/page");

/// Runs a test with each of the pages.
macro_rules! both_ways {
    ($($test:ident),* $(,)?) => {
        mod panel {
            $(#[tokio::test]
            async fn $test() -> anyhow::Result<()> {
                super::$test(crate::amazon::By::Panel).await
            })*
        }

        mod page {
            $(#[tokio::test]
            async fn $test() -> anyhow::Result<()> {
                super::$test(crate::amazon::By::Page).await
            })*
        }
    };
}
pub(crate) use both_ways;

/// What is in the panel's window.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    Panel,
    Page,
}

/// Whether calls are heard in the panel's window. This system's web view cannot, and says so all the time.
#[derive(Clone, Copy, Debug)]
enum Audio {
    Here,
    Elsewhere,
}

impl By {
    fn name(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Page => "page",
        }
    }

    /// A desktop whose pictures are named after the test and the way.
    async fn session(self, name: &str) -> Result<Session> {
        Session::start(Setup::new(&format!("amazon-{name}-{}", self.name()))?).await
    }

    async fn serve(self, options: Options) -> Result<Server> {
        Server::start(match self {
            Self::Panel => options,
            Self::Page => Options {
                panel: Panel::Framed,
                page: Some(PAGE.into()),
                ..options
            },
        })
        .await
    }

    /// Settings that lead to the server.
    fn settings(self, server: &Server, audio: Audio) -> Result<String> {
        let instance = server.instance();
        let way = match (self, audio) {
            (_, Audio::Elsewhere) => "control",
            (Self::Panel, Audio::Here) => "panel",
            (Self::Page, Audio::Here) => "page",
        };
        let page = match self {
            Self::Panel => String::new(),
            Self::Page => server.page().context("there is a page")?,
        };
        Ok(format!(
            "connector = \"amazon\"\n[amazon]\ninstance = \"{instance}\"\nway = \"{way}\"\n\
             page = \"{page}\"\n"
        ))
    }

    /// Starts the phone with the contact centre behind it, and waits for its window.
    async fn start<'s>(
        self,
        session: &'s Session,
        server: &Server,
        audio: Audio,
    ) -> Result<(App<'s>, Window<'s>)> {
        session.configure(&self.settings(server, audio)?)?;
        let mut app = App::start(session, &[]).await?;
        let window = app.window().await?;
        Ok((app, window))
    }

    /// The same with the audio elsewhere, and waits until the agent is available.
    async fn work<'s>(self, session: &'s Session) -> Result<(Server, App<'s>, Window<'s>)> {
        let server = self.serve(Options::default()).await?;
        let (app, window) = self.start(session, &server, Audio::Elsewhere).await?;
        window.wait_link("online").await?;
        window.wait_agent("ready").await?;
        Ok((server, app, window))
    }
}

/// A customer calls; the contact's id.
fn call(server: &Server) -> String {
    server.centre().offer_call(Offer::default(), now())
}

/// A call that the agent answered; the contact's id.
async fn talk(server: &Server, window: &Window<'_>) -> Result<String> {
    let contact = call(server);
    window.press("answer").await?;
    window.wait_phase("talking").await?;
    Ok(contact)
}

/// Waits until the panel's window can be seen.
async fn panel_window(session: &Session) -> Result<XWindow> {
    session
        .until("the panel's window", async || {
            let panel = session.screen.window("Amazon Connect")?;
            Ok(match panel {
                Some(panel) => session.screen.is_visible(panel)?.then_some(panel),
                None => None,
            })
        })
        .await
}

/// Waits until the panel's window cannot be seen.
async fn no_panel_window(session: &Session) -> Result<()> {
    session
        .until("the panel's window to go", async || {
            let panel = session.screen.window("Amazon Connect")?;
            Ok(panel.is_none().then_some(()))
        })
        .await
}
