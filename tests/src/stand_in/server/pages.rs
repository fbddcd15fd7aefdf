//! What is served where.

use std::{fs, net::SocketAddr, path::Path, sync::Arc};

use anyhow::{Context, Result};
use axum::{
    Json, Router,
    extract::{State, WebSocketUpgrade},
    http::{HeaderName, HeaderValue, header::CONTENT_TYPE},
    response::{AppendHeaders, Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use serde_json::json;
use tower_http::services::ServeDir;

use super::{Panel, Shared, wire};

/// The library as it is published, where npm put it.
const LIBRARY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../ui/node_modules/amazon-connect-streams/release/connect-streams-min.js"
);

/// The instance: the panel, the library, and the way to the centre.
pub(super) fn panel(shared: Arc<Shared>, login: SocketAddr) -> Result<Router> {
    let library = fs::read_to_string(LIBRARY)
        .with_context(|| format!("the Streams library is not installed: {LIBRARY}"))?;
    let page = move |State(shared): State<Arc<Shared>>| async move { panel_page(&shared, login) };
    Ok(Router::new()
        .route("/ccp-v2/", get(page))
        .route("/connect-streams.js", get(async move || script(library)))
        .route(
            "/wire.js",
            get(async || script(include_str!("../../../assets/stand-in/wire.js"))),
        )
        .route(
            "/worker.js",
            get(async || script(include_str!("../../../assets/stand-in/worker.js"))),
        )
        .route("/wire", get(open_wire))
        .merge(attempts())
        .with_state(shared))
}

fn panel_page(shared: &Shared, login: SocketAddr) -> Response {
    if !shared.state().is_logged_in {
        return Redirect::to(&format!("http://{login}/")).into_response();
    }
    let page = match shared.options.panel {
        Panel::Native => include_str!("../../../assets/stand-in/native.html"),
        Panel::Framed => include_str!("../../../assets/stand-in/framed.html"),
        Panel::Bare => include_str!("../../../assets/stand-in/bare.html"),
    };
    let framing = shared.options.framing.map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        )
    });
    (AppendHeaders(framing), Html(page)).into_response()
}

async fn open_wire(upgrade: WebSocketUpgrade, State(shared): State<Arc<Shared>>) -> Response {
    upgrade.on_upgrade(move |socket| wire::attend(socket, shared))
}

/// Where the agent logs in; it leads back to the panel.
pub(super) fn login(shared: Arc<Shared>, panel: SocketAddr) -> Router {
    let log_in = async move |State(shared): State<Arc<Shared>>| {
        shared.state().is_logged_in = true;
        Redirect::to(&format!("http://{panel}/ccp-v2/"))
    };
    let page = async || Html(include_str!("../../../assets/stand-in/login.html"));
    Router::new()
        .route("/", get(page).post(log_in))
        .merge(attempts())
        .with_state(shared)
}

/// Where pages tell what they tried.
fn attempts() -> Router<Arc<Shared>> {
    let note = async move |State(shared): State<Arc<Shared>>, tried: String| {
        shared.state().tried.push(tried);
    };
    Router::new()
        .route(
            "/try.js",
            get(async || script(include_str!("../../../assets/stand-in/try.js"))),
        )
        .route("/tried", post(note))
}

/// The company's page that embeds the panel.
pub(super) fn embedding(folder: &Path, panel: SocketAddr) -> Router {
    let config = Json(json!({ "instance": format!("http://{panel}") }));
    Router::new()
        .route("/config.json", get(async move || config))
        .fallback_service(ServeDir::new(folder))
}

fn script(text: impl IntoResponse) -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript")], text)
}
