//! The stand-in centre behind web pages, on loopback.

mod pages;
mod wire;

use std::{
    net::{Ipv4Addr, SocketAddr},
    ops::{Deref, DerefMut},
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use axum::Router;
use offhook_protocol::Timestamp;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};

use super::{Centre, News};
use wire::Wires;

/// Which page is at `/ccp-v2/`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// The panel itself, which runs the library with a shared worker.
    #[default]
    Native,
    /// The panel as a frame of another page, which runs the library.
    Framed,
    /// A page without the library.
    Bare,
}

/// How the server is to be.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which page is at `/ccp-v2/`.
    pub panel: Panel,
    /// The agent has to log in first: the panel leads to a page of another origin.
    pub logged_out: bool,
    /// A header of the panel's page, to forbid that it is framed.
    pub framing: Option<(&'static str, &'static str)>,
    /// The folder with a company's page that embeds the panel; served at another origin, with a
    /// `config.json` that points to the panel.
    pub page: Option<PathBuf>,
}

/// A request of the library, as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiRequest {
    /// E.g. `acceptContact`.
    pub method: String,
    /// Its parameters.
    pub params: Value,
}

/// A running server. It ends when it is dropped.
#[derive(Debug)]
pub struct Server {
    shared: Arc<Shared>,
    panel: SocketAddr,
    page: Option<SocketAddr>,
    _tasks: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    options: Options,
    state: Mutex<State>,
    /// The centre may have to be woken earlier than thought.
    touched: Notify,
}

#[derive(Debug)]
struct State {
    centre: Centre,
    wires: Wires,
    requests: Vec<ApiRequest>,
    tried: Vec<String>,
    is_logged_in: bool,
    is_silent: bool,
}

impl Server {
    /// Serves on ports of its own.
    pub async fn start(options: Options) -> Result<Self> {
        let panel = listen().await?;
        let login = listen().await?;
        let addresses = (panel.local_addr()?, login.local_addr()?);
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                centre: Centre::new(now()),
                wires: Wires::default(),
                requests: Vec::new(),
                tried: Vec::new(),
                is_logged_in: !options.logged_out,
                is_silent: false,
            }),
            options,
            touched: Notify::new(),
        });

        let mut tasks = JoinSet::new();
        tasks.spawn(serve(panel, pages::panel(shared.clone(), addresses.1)?));
        tasks.spawn(serve(login, pages::login(shared.clone(), addresses.0)));
        tasks.spawn(keep_time(shared.clone()));
        let page = match &shared.options.page {
            None => None,
            Some(folder) => {
                let page = listen().await?;
                let address = page.local_addr()?;
                tasks.spawn(serve(page, pages::embedding(folder, addresses.0)));
                Some(address)
            }
        };
        Ok(Self {
            shared,
            panel: addresses.0,
            page,
            _tasks: tasks,
        })
    }

    /// The instance, e.g. `http://127.0.0.1:41234`.
    pub fn instance(&self) -> String {
        format!("http://{}", self.panel)
    }

    /// The address of the company's page.
    pub fn page(&self) -> Option<String> {
        Some(format!("http://{}/", self.page?))
    }

    /// The centre, to let the world do something. What comes of it is told when this is dropped.
    pub fn centre(&self) -> CentreGuard<'_> {
        CentreGuard {
            state: self.shared.state(),
            touched: &self.shared.touched,
        }
    }

    /// The requests that the library made so far.
    pub fn requests(&self) -> Vec<ApiRequest> {
        self.shared.state().requests.clone()
    }

    /// What pages asked of the program around them, and what came of it: `dispatch: not allowed`.
    pub fn tried(&self) -> Vec<String> {
        self.shared.state().tried.clone()
    }

    /// Whether the agent is logged in.
    pub fn is_logged_in(&self) -> bool {
        self.shared.state().is_logged_in
    }

    /// How many panels are connected.
    pub fn panels(&self) -> usize {
        self.shared.state().wires.count()
    }

    /// The panel says nothing any more, whatever it is asked; or it does again.
    pub fn silence(&self, silent: bool) {
        self.shared.state().is_silent = silent;
    }

    /// The agent is logged out, and the panels are told.
    pub fn end_session(&self) {
        self.shared.state().end_session();
    }

    /// The panel's credentials are not good any more.
    pub fn auth_fail(&self) {
        let mut state = self.shared.state();
        state.is_logged_in = false;
        state.say("auth_fail", &Value::Null);
    }

    /// The softphone fails, e.g. with `microphone_not_shared`.
    pub fn softphone_error(&self, error_type: &str, message: &str) {
        let error = json!({ "errorType": error_type, "errorMessage": message, "endPointUrl": "" });
        self.shared.state().say("agent::softphone_error", &error);
    }

    /// The tab with the audio says that it is muted, or not.
    pub fn mute_toggle(&self, muted: bool) {
        let toggle = json!({ "muted": muted });
        self.shared.state().say("agent::mute_toggle", &toggle);
    }

    /// The panel's page loads itself anew.
    pub fn reload(&self) {
        self.shared.state().say("stand_in::reload", &Value::Null);
    }
}

/// The centre, while nobody else may use it.
#[derive(Debug)]
pub struct CentreGuard<'a> {
    state: MutexGuard<'a, State>,
    touched: &'a Notify,
}

impl Deref for CentreGuard<'_> {
    type Target = Centre;

    fn deref(&self) -> &Centre {
        &self.state.centre
    }
}

impl DerefMut for CentreGuard<'_> {
    fn deref_mut(&mut self) -> &mut Centre {
        &mut self.state.centre
    }
}

impl Drop for CentreGuard<'_> {
    fn drop(&mut self) {
        self.state.tell_news();
        self.touched.notify_one();
    }
}

/// The centre's clock in a server: the machine's.
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // What another thread left behind half-done is of no harm here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn end_session(&mut self) {
        self.is_logged_in = false;
        self.centre.log_out(now());
        self.say("terminated", &Value::Null);
    }

    /// To every panel.
    fn say(&self, event: &str, data: &Value) {
        if !self.is_silent {
            self.wires.say(event, data);
        }
    }

    fn tell_news(&mut self) {
        while let Some(news) = self.centre.poll_news() {
            match news {
                // Whoever is logged out hears no more of the agent.
                _ if !self.is_logged_in => {}
                News::Update(update) => self.say("agent::update", &update),
                News::Muted(muted) => self.say("agent::mute_toggle", &json!({ "muted": muted })),
            }
        }
    }
}

async fn listen() -> Result<TcpListener> {
    let address = (Ipv4Addr::LOCALHOST, 0);
    TcpListener::bind(address)
        .await
        .context("no free port on loopback")
}

async fn serve(listener: TcpListener, pages: Router) {
    // It only ends with the task.
    if let Err(error) = axum::serve(listener, pages).await {
        tracing::error!("the stand-in server failed: {error}");
    }
}

/// Wakes the centre when it wants to be woken.
async fn keep_time(shared: Arc<Shared>) {
    loop {
        let due = shared.state().centre.poll_timeout();
        match due {
            None => shared.touched.notified().await,
            Some(at) => {
                // Rounded up: the centre's clock has milliseconds.
                let left = at.saturating_duration_since(now()) + Duration::from_millis(1);
                let touched = tokio::time::timeout(left, shared.touched.notified()).await;
                if touched.is_err() {
                    let mut state = shared.state();
                    state.centre.handle_timeout(now());
                    state.tell_news();
                }
            }
        }
    }
}
