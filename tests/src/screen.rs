//! The screen as the window system has it: which windows there are, which has the keyboard.

use std::collections::HashSet;

use anyhow::{Context, Result};
use x11rb::{
    COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT,
    connection::Connection as _,
    protocol::{
        xproto::{
            Atom, AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ChangeWindowAttributesAux,
            ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, ImageFormat,
            KEY_PRESS_EVENT, KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, MapState, PropMode, Window,
            WindowClass,
        },
        xtest::ConnectionExt as _,
    },
    rust_connection::RustConnection,
    wrapper::ConnectionExt as _,
};

/// The code of the Return key on a PC keyboard.
const RETURN: u8 = 36;

/// A display's only screen.
#[derive(Debug)]
pub struct Screen {
    connection: RustConnection,
    root: Window,
}

/// A window, as long as it exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct XWindow(Window);

/// A rectangle on the screen, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it all")]
pub struct Place {
    pub x: i16,
    pub y: i16,
    pub width: i16,
    pub height: i16,
}

impl Screen {
    /// Connects to a display such as `:7`.
    pub(crate) fn connect(display: &str) -> Result<Self> {
        let (connection, number) = x11rb::connect(Some(display))?;
        let root = connection.setup().roots[number].root;
        // Not black, so that dark windows stand out in pictures.
        let wallpaper = ChangeWindowAttributesAux::new().background_pixel(0x4f_6d_8a);
        connection.change_window_attributes(root, &wallpaper)?;
        connection.clear_area(false, root, 0, 0, 0, 0)?;
        connection.sync()?;
        Ok(Self { connection, root })
    }

    /// Whether a window manager is at work.
    pub(crate) fn is_managed(&self) -> Result<bool> {
        Ok(!self
            .windows_in(self.root, "_NET_SUPPORTING_WM_CHECK")?
            .is_empty())
    }

    /// The managed window with this title, mapped or iconified; none when it is hidden.
    pub fn window(&self, title: &str) -> Result<Option<XWindow>> {
        for window in self.windows_in(self.root, "_NET_CLIENT_LIST")? {
            if self.title(window)? == title {
                return Ok(Some(XWindow(window)));
            }
        }
        Ok(None)
    }

    /// The visible window with this title that no window manager cares for, such as a notification.
    pub fn popup(&self, title: &str) -> Result<Option<XWindow>> {
        for window in self.connection.query_tree(self.root)?.reply()?.children {
            if self.title(window)? == title && self.is_visible(XWindow(window))? {
                return Ok(Some(XWindow(window)));
            }
        }
        Ok(None)
    }

    /// The window that a program of this class has put into another one, as an old tray icon into a panel.
    pub fn embedded_by(&self, class: &str) -> Result<Option<XWindow>> {
        let embedding = self.atom("_XEMBED_INFO")?;
        let mut windows = vec![self.root];
        while let Some(window) = windows.pop() {
            // A window may be gone by now: then there is nothing in it.
            if let Ok(below) = self.connection.query_tree(window)?.reply() {
                windows.extend(below.children);
            }
            if self
                .text(window, AtomEnum::WM_CLASS.into())?
                .contains(class)
                && self.has(window, embedding)?
            {
                return Ok(Some(XWindow(window)));
            }
        }
        Ok(None)
    }

    /// Whether a window can be seen, if nothing covers it.
    pub fn is_visible(&self, window: XWindow) -> Result<bool> {
        // A window may be gone by now: then it is not visible.
        let attributes = self.connection.get_window_attributes(window.0)?.reply();
        Ok(attributes.is_ok_and(|attributes| attributes.map_state == MapState::VIEWABLE))
    }

    /// Whether something is drawn in the upper part of a window: text has many shades, an empty window
    /// has one.
    pub fn is_painted(&self, window: XWindow) -> Result<bool> {
        if !self.is_visible(window)? {
            return Ok(false);
        }
        let place = self.place(window)?;
        let width = place.width.try_into()?;
        // No more than that, so that looking does not slow down the drawing.
        let height = place.height.min(64).try_into()?;
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, window.0, 0, 0, width, height, !0)?
            .reply()?;
        let shades: HashSet<&[u8]> = image.data.chunks_exact(4).collect();
        Ok(shades.len() > 12)
    }

    /// The window that has the keyboard.
    pub fn active(&self) -> Result<Option<XWindow>> {
        let active = self.windows_in(self.root, "_NET_ACTIVE_WINDOW")?;
        Ok(active
            .first()
            .filter(|window| **window != 0)
            .map(|window| XWindow(*window)))
    }

    /// Whether the window manager keeps one window above another.
    pub fn is_above(&self, upper: XWindow, lower: XWindow) -> Result<bool> {
        let stacked = self.windows_in(self.root, "_NET_CLIENT_LIST_STACKING")?;
        let height = |window: XWindow| stacked.iter().position(|stacked| *stacked == window.0);
        Ok(height(upper) > height(lower))
    }

    /// Closes a window as its title bar's button does.
    pub fn close(&self, window: XWindow) -> Result<()> {
        let atom = self.atom("_NET_CLOSE_WINDOW")?;
        let message = ClientMessageEvent::new(32, window.0, atom, [0; 5]);
        let mask = EventMask::SUBSTRUCTURE_NOTIFY | EventMask::SUBSTRUCTURE_REDIRECT;
        self.connection
            .send_event(false, self.root, mask, message)?;
        Ok(self.connection.sync()?)
    }

    /// Opens a window that stands for the program the person is working in, and gives it the keyboard.
    pub fn open(&self, title: &str) -> Result<XWindow> {
        let window = self.connection.generate_id()?;
        self.connection.create_window(
            COPY_DEPTH_FROM_PARENT,
            window,
            self.root,
            600,
            100,
            400,
            600,
            0,
            WindowClass::INPUT_OUTPUT,
            COPY_FROM_PARENT,
            &CreateWindowAux::new().background_pixel(0xff_ff_ff),
        )?;
        let (name, utf8) = (self.atom("_NET_WM_NAME")?, self.atom("UTF8_STRING")?);
        self.connection.change_property8(
            PropMode::REPLACE,
            window,
            name,
            utf8,
            title.as_bytes(),
        )?;
        self.connection.map_window(window)?;
        self.connection.sync()?;
        Ok(XWindow(window))
    }

    /// Where a window lies, in pixels from the top left corner of the screen.
    pub fn place(&self, window: XWindow) -> Result<Place> {
        let size = self.connection.get_geometry(window.0)?.reply()?;
        let corner = self
            .connection
            .translate_coordinates(window.0, self.root, 0, 0)?
            .reply()?;
        Ok(Place {
            x: corner.dst_x,
            y: corner.dst_y,
            width: i16::try_from(size.width)?,
            height: i16::try_from(size.height)?,
        })
    }

    /// Presses the left mouse button at a place on the screen, in pixels from the top left corner.
    pub fn click(&self, x: i16, y: i16) -> Result<()> {
        for (event, button) in [
            (MOTION_NOTIFY_EVENT, 0),
            (BUTTON_PRESS_EVENT, 1),
            (BUTTON_RELEASE_EVENT, 1),
        ] {
            self.connection
                .xtest_fake_input(event, button, 0, self.root, x, y, 0)?;
        }
        Ok(self.connection.sync()?)
    }

    /// Presses Return, in whatever window has the keyboard.
    pub fn press_return(&self) -> Result<()> {
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.connection
                .xtest_fake_input(event, RETURN, 0, self.root, 0, 0, 0)?;
        }
        Ok(self.connection.sync()?)
    }

    fn windows_in(&self, window: Window, property: &str) -> Result<Vec<Window>> {
        let property = self.atom(property)?;
        let reply = self
            .connection
            .get_property(false, window, property, AtomEnum::WINDOW, 0, 1024)?
            .reply()?;
        Ok(reply.value32().into_iter().flatten().collect())
    }

    fn title(&self, window: Window) -> Result<String> {
        self.text(window, self.atom("_NET_WM_NAME")?)
    }

    /// A property's text; none of a window that is gone.
    fn text(&self, window: Window, property: Atom) -> Result<String> {
        let reply = self
            .connection
            .get_property(false, window, property, AtomEnum::ANY, 0, 1024)?
            .reply();
        Ok(reply
            .map(|reply| String::from_utf8_lossy(&reply.value).into_owned())
            .unwrap_or_default())
    }

    fn has(&self, window: Window, property: Atom) -> Result<bool> {
        let reply = self
            .connection
            .get_property(false, window, property, AtomEnum::ANY, 0, 0)?
            .reply();
        Ok(reply.is_ok_and(|reply| reply.type_ != 0))
    }

    fn atom(&self, name: &str) -> Result<Atom> {
        let reply = self.connection.intern_atom(false, name.as_bytes())?.reply();
        Ok(reply.context("the display server is gone")?.atom)
    }
}
