//! The phone's windows, operated through WebDriver: elements are found by the names of the protocol.

use std::{
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use fantoccini::{Client, Locator, wd::WindowHandle};

use crate::{session::Session, wait::holds};

/// The key in the corner, for [`Window::type_keys`].
pub const ESCAPE: &str = "\u{e00c}";

/// When a call was seen to ring, by the system's clock, to the millisecond.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// The page held it.
    pub shown: SystemTime,
    /// The frame with it was drawn.
    pub drawn: SystemTime,
}

/// A window.
#[derive(Debug)]
pub struct Window<'s> {
    session: &'s Session,
    driver: Client,
    handle: WindowHandle,
}

impl<'s> Window<'s> {
    /// The window that the driver looks at.
    pub(crate) async fn new(session: &'s Session, driver: Client) -> Result<Self> {
        let handle = driver.window().await?;
        Ok(Self {
            session,
            driver,
            handle,
        })
    }

    /// Waits for another window than this, such as the one with a question.
    pub async fn other(&self) -> Result<Self> {
        let handle = self
            .session
            .until("another window", async || {
                let windows = self.driver.windows().await?;
                Ok(windows.into_iter().find(|handle| *handle != self.handle))
            })
            .await?;
        Ok(Self {
            session: self.session,
            driver: self.driver.clone(),
            handle,
        })
    }

    /// Waits until this is the only window.
    pub async fn wait_alone(&self) -> Result<()> {
        self.session
            .until("the other window to go", async || {
                // The driver stumbles over a window that is about to go.
                let windows = self.driver.windows().await;
                Ok(holds(windows.is_ok_and(|windows| windows.len() == 1)))
            })
            .await
    }

    /// The phase of the first contact, e.g. `ringing`; none without a contact.
    pub async fn phase(&self) -> Result<Option<String>> {
        self.attribute("data-phase").await
    }

    /// What the agent's state means, e.g. `ready`.
    pub async fn agent(&self) -> Result<Option<String>> {
        self.attribute("data-agent").await
    }

    /// The connection to the contact centre, e.g. `online`.
    pub async fn link(&self) -> Result<Option<String>> {
        self.attribute("data-link").await
    }

    /// Waits until the first contact is in this phase.
    pub async fn wait_phase(&self, phase: &str) -> Result<()> {
        self.wait_value("phase", Some(phase), async || self.phase().await)
            .await
    }

    /// Waits until there is no contact.
    pub async fn wait_no_contact(&self) -> Result<()> {
        self.wait_value("phase", None, async || self.phase().await)
            .await
    }

    /// Waits until the legs besides the agent's are in these states, e.g. `connected onHold`.
    pub async fn wait_legs(&self, states: &str) -> Result<()> {
        let script = "return [...document.querySelectorAll('[data-leg-state]')]
            .map((leg) => leg.dataset.legState).join(' ')";
        self.wait_value("legs", Some(states), async || {
            let value = self.client().await?.execute(script, vec![]).await?;
            Ok(value.as_str().map(str::to_owned))
        })
        .await
    }

    /// Waits until the agent's state means this.
    pub async fn wait_agent(&self, kind: &str) -> Result<()> {
        self.wait_value("agent", Some(kind), async || self.agent().await)
            .await
    }

    /// Waits until the connection to the contact centre is in this state.
    pub async fn wait_link(&self, state: &str) -> Result<()> {
        self.wait_value("link", Some(state), async || self.link().await)
            .await
    }

    /// Waits until the way to the company's broker is in this state, e.g. `online`.
    pub async fn wait_broker(&self, state: &str) -> Result<()> {
        self.wait_value("broker", Some(state), async || {
            self.attribute("data-broker").await
        })
        .await
    }

    /// Presses a call button, by its name on the wire, as soon as it can be pressed.
    pub async fn press(&self, button: &str) -> Result<()> {
        let enabled = format!("[data-button='{button}']:not([aria-disabled])");
        self.click_at(Locator::Css(&enabled)).await
    }

    /// Clicks the button with this text, title or label, as soon as it can be pressed.
    pub async fn click(&self, name: &str) -> Result<()> {
        let named = format!(
            r#"//button[normalize-space()="{name}" or @title="{name}" or @aria-label="{name}"][not(@aria-disabled)]"#
        );
        self.click_at(Locator::XPath(&named)).await
    }

    /// Waits until a call button is drawn, by its name on the wire.
    pub async fn wait_button(&self, button: &str) -> Result<()> {
        self.session
            .until(&format!("the button `{button}`"), async || {
                let place = format!("[data-button='{button}']");
                Ok(holds(
                    self.client()
                        .await?
                        .find(Locator::Css(&place))
                        .await
                        .is_ok(),
                ))
            })
            .await
    }

    /// The call buttons that are drawn, by their names on the wire, each once.
    pub async fn buttons(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for button in self
            .client()
            .await?
            .find_all(Locator::Css("[data-button]"))
            .await?
        {
            names.extend(button.attr("data-button").await?);
        }
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// Types on the keyboard, into whatever has the focus.
    pub async fn type_keys(&self, keys: &str) -> Result<()> {
        Ok(self
            .client()
            .await?
            .active_element()
            .await?
            .send_keys(keys)
            .await?)
    }

    /// Types into the field with this label, as soon as it is there.
    pub async fn type_into(&self, label: &str, text: &str) -> Result<()> {
        let field = format!(
            "//input[@aria-label='{label}' or @id=//label[normalize-space()='{label}']/@for]"
        );
        self.click_at(Locator::XPath(&field)).await?;
        self.type_keys(text).await
    }

    /// Unfolds the part of the page with this heading.
    pub async fn unfold(&self, heading: &str) -> Result<()> {
        let summary = format!(r#"//summary[.//strong[normalize-space()="{heading}"]]"#);
        self.click_at(Locator::XPath(&summary)).await
    }

    /// Turns the switch with this label on or off.
    pub async fn switch(&self, label: &str) -> Result<()> {
        let switch = format!("//label[normalize-space()='{label}']/input");
        self.click_at(Locator::XPath(&switch)).await
    }

    /// Chooses an option, by its value, in the list with this label.
    pub async fn choose(&self, label: &str, value: &str) -> Result<()> {
        let list = format!(
            "//select[@aria-label='{label}' or @id=//label[normalize-space()='{label}']/@for]"
        );
        let list = self.client().await?.find(Locator::XPath(&list)).await?;
        Ok(list.select_by_value(value).await?)
    }

    /// Waits until this app is listed as connected or not, or is not listed.
    pub async fn wait_app(&self, name: &str, connected: Option<bool>) -> Result<()> {
        let script = "return document.querySelector(`[data-app='${arguments[0]}']`)
            ?.dataset.connected";
        let wanted = connected.map(|connected| connected.to_string());
        self.wait_value("connected", wanted.as_deref(), async || {
            let client = self.client().await?;
            let value = client.execute(script, vec![name.into()]).await?;
            Ok(value.as_str().map(str::to_owned))
        })
        .await
    }

    /// Waits until the field with this label holds this.
    pub async fn wait_field(&self, label: &str, value: &str) -> Result<()> {
        let script = "return document.querySelector(`input[aria-label='${arguments[0]}']`)?.value";
        self.wait_value(label, Some(value), async || {
            let client = self.client().await?;
            let value = client.execute(script, vec![label.into()]).await?;
            Ok(value.as_str().map(str::to_owned))
        })
        .await
    }

    /// Waits until what has this label or text gets what is typed.
    pub async fn wait_focus(&self, name: &str) -> Result<()> {
        let script = "const focus = document.activeElement;
            return focus?.ariaLabel ?? focus?.innerText.trim()";
        self.wait_value("focus", Some(name), async || {
            let value = self.client().await?.execute(script, vec![]).await?;
            Ok(value.as_str().map(str::to_owned))
        })
        .await
    }

    /// Waits until this text can be read in the window.
    pub async fn wait_text(&self, text: &str) -> Result<()> {
        self.session
            .until(&format!("the text `{text}`"), async || {
                Ok(holds(self.text().await?.contains(text)))
            })
            .await
    }

    /// From now on notes when a call begins to ring.
    pub async fn note_ringing(&self) -> Result<()> {
        // A task that is posted in a frame's callback runs when the frame has been drawn.
        let script = "const noted = window.offhookRinging = [];
            let before;
            new MutationObserver(() => {
                const phase = document.querySelector('[data-phase]')?.dataset.phase;
                if (phase === 'ringing' && before !== phase) {
                    const seen = { shown: Date.now() };
                    noted.push(seen);
                    requestAnimationFrame(() => {
                        const drawn = new MessageChannel();
                        drawn.port1.onmessage = () => { seen.drawn = Date.now(); };
                        drawn.port2.postMessage(null);
                    });
                }
                before = phase;
            }).observe(document.body, { attributes: true, childList: true, subtree: true })";
        self.client().await?.execute(script, vec![]).await?;
        Ok(())
    }

    /// What was noted since [`note_ringing`](Self::note_ringing), oldest first.
    pub async fn ringing_noted(&self) -> Result<Vec<Seen>> {
        let noted = self
            .client()
            .await?
            .execute("return window.offhookRinging", vec![])
            .await?;
        noted
            .as_array()
            .context("ringing is noted")?
            .iter()
            .map(|seen| {
                let time = |name: &str| {
                    let millis = seen[name].as_u64().context("it was seen")?;
                    anyhow::Ok(UNIX_EPOCH + Duration::from_millis(millis))
                };
                Ok(Seen {
                    shown: time("shown")?,
                    drawn: time("drawn")?,
                })
            })
            .collect()
    }

    /// Takes a picture of the whole screen once the window shows what it has to show.
    pub async fn picture(&self, stage: &str) -> Result<PathBuf> {
        // The second frame begins when the first one is on the screen.
        let painted = "requestAnimationFrame(() => requestAnimationFrame(arguments[0]))";
        self.client().await?.execute_async(painted, vec![]).await?;
        self.session.picture(stage)
    }

    /// Everything that can be read in the window.
    pub async fn text(&self) -> Result<String> {
        let text = self
            .client()
            .await?
            .execute("return document.body.innerText", vec![])
            .await?;
        Ok(text.as_str().context("text is a string")?.to_owned())
    }

    /// As [`click`](Self::click), for a button that ends the window, or the phone and the driver's session
    /// with it.
    pub async fn click_and_end(&self, name: &str) -> Result<()> {
        // The answer is on its way before the click is.
        let script = "const named = (button) =>
                button.innerText.trim() === arguments[0] && !button.ariaDisabled;
            const button = [...document.querySelectorAll('button')].find(named);
            if (button) setTimeout(() => button.click(), 100);
            return button !== undefined";
        self.session
            .until(&format!("a button `{name}`"), async || {
                let found = self
                    .client()
                    .await?
                    .execute(script, vec![name.into()])
                    .await?;
                Ok(holds(found.as_bool() == Some(true)))
            })
            .await
    }

    /// The driver, looking at this window.
    async fn client(&self) -> Result<&Client> {
        self.driver.switch_to_window(self.handle.clone()).await?;
        Ok(&self.driver)
    }

    async fn click_at(&self, place: Locator<'_>) -> Result<()> {
        self.session
            .until(&format!("something to click at {place:?}"), async || {
                // It may be drawn anew between being found and being clicked.
                Ok(match self.client().await?.find(place).await {
                    Ok(element) => element.click().await.ok(),
                    Err(_) => None,
                })
            })
            .await
    }

    async fn attribute(&self, name: &str) -> Result<Option<String>> {
        let script =
            "return document.querySelector(`[${arguments[0]}]`)?.getAttribute(arguments[0])";
        let value = self
            .client()
            .await?
            .execute(script, vec![name.into()])
            .await?;
        Ok(value.as_str().map(str::to_owned))
    }

    async fn wait_value(
        &self,
        what: &str,
        wanted: Option<&str>,
        mut read: impl AsyncFnMut() -> Result<Option<String>>,
    ) -> Result<()> {
        let mut last = None;
        self.session
            .until(&format!("{what} to be {wanted:?}"), async || {
                last = read().await?;
                Ok(holds(last.as_deref() == wanted))
            })
            .await
            .with_context(|| format!("{what} is {last:?}"))
    }
}
