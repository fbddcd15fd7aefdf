//! A look at the panel's address without a browser: whether it answers, and whom it lets embed it. Web
//! views tell neither.

use std::time::Duration;

use offhook_amazon::{Probe, Setup};
use tracing::info;
use ureq::{
    Agent,
    http::{Response, header},
    tls::{RootCerts, TlsConfig},
};

/// How long an answer may take, in all.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks for the panel, as a page that would embed it does. Proxies are taken from the environment, and
/// certificates are checked by the system.
pub(super) fn look(setup: &Setup) -> Probe {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .build();
    let agent = Agent::from(
        Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            // The way to the login is an answer too, and the one that says who may embed the panel.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .http_status_as_error(false)
            .tls_config(tls)
            .build(),
    );
    let asked = agent
        .get(setup.panel().as_str())
        // Amazon Connect seems to decide by it, per request.
        .header(header::REFERER, setup.url().origin().ascii_serialization())
        .call();
    match asked {
        Ok(response) => Probe::Answered {
            content_security_policy: header_of(&response, header::CONTENT_SECURITY_POLICY),
            x_frame_options: header_of(&response, header::X_FRAME_OPTIONS),
        },
        Err(error) => {
            info!(%error, "the panel's address does not answer");
            Probe::Unreachable
        }
    }
}

/// A header that comes several times counts as a whole.
fn header_of<T>(response: &Response<T>, name: header::HeaderName) -> Option<String> {
    let values: Vec<&str> = response
        .headers()
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    (!values.is_empty()).then(|| values.join(", "))
}
