//! The ringtone.
//!
//! One thread owns the sound. It opens the output when a ring starts and releases it when the ring
//! has faded out; a machine without sound, or an output that was unplugged, rings in silence and
//! says so in one debug line.

mod tone;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use offhook_engine::settings::SettingsView;
use rodio::{
    DeviceSinkBuilder, MixerDeviceSink,
    cpal::{
        self, Device,
        traits::{DeviceTrait, HostTrait},
    },
};
use tone::{FADE, Tone};

use crate::platform;

/// How long the ringtone sounds when it is only tried out.
const TRIAL: Duration = Duration::from_secs(2);

/// What the output may still hold after the fade, before it is released.
const TAIL: Duration = Duration::from_millis(60);

/// Where and how loud to ring.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// The name of the output, as [`outputs`] lists it; the system's default if absent or gone.
    pub device: Option<String>,
    /// In per cent of full scale.
    pub volume: u8,
}

impl From<&SettingsView> for Output {
    fn from(settings: &SettingsView) -> Self {
        Self {
            device: settings.ring_device.value.clone(),
            volume: settings.ring_volume.value,
        }
    }
}

/// Starts and stops the ringtone. Both return at once.
#[derive(Clone, Debug)]
pub struct Ringer(Sender<Order>);

#[derive(Debug)]
enum Order {
    Ring(Output),
    Try(Output),
    Stop,
}

impl Ringer {
    /// Starts the thread that rings.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start() -> std::io::Result<Self> {
        let (orders, received) = mpsc::channel();
        thread::Builder::new()
            .name("ringer".to_owned())
            .spawn(move || run(&received))?;
        Ok(Self(orders))
    }

    /// Rings until [`stop`](Self::stop).
    pub fn ring(&self, output: Output) {
        self.order(Order::Ring(output));
    }

    /// Rings for two seconds, unless it rings already.
    pub fn try_out(&self, output: Output) {
        self.order(Order::Try(output));
    }

    /// Is silent within 100 ms.
    pub fn stop(&self) {
        self.order(Order::Stop);
    }

    fn order(&self, order: Order) {
        if self.0.send(order).is_err() {
            tracing::debug!("the ringer has ended");
        }
    }
}

/// The names of the outputs, the system's default not among them.
pub fn outputs() -> Vec<String> {
    platform::quieten_sound_library();
    let Ok(devices) = cpal::default_host().output_devices() else {
        return Vec::new();
    };
    let mut names: Vec<_> = devices.filter_map(|device| name(&device)).collect();
    names.sort();
    names.dedup();
    names
}

fn name(device: &Device) -> Option<String> {
    Some(device.description().ok()?.name().to_owned())
}

/// An open output with the ringtone on it. Closed when dropped.
struct Sound {
    _output: MixerDeviceSink,
    stop: Arc<AtomicBool>,
    phase: Phase,
}

/// How long a sound goes on.
#[derive(Clone, Copy)]
enum Phase {
    /// Until told to stop.
    Ringing,
    /// Until this moment, or until told to stop.
    Trying(Instant),
    /// Until this moment the output is still needed.
    FadingOut(Instant),
}

/// Carries out orders until their sender is gone.
fn run(orders: &mpsc::Receiver<Order>) {
    let mut sound: Option<Sound> = None;
    loop {
        let order = match sound.as_ref().and_then(Sound::until) {
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(end) => orders.recv_timeout(end.saturating_duration_since(Instant::now())),
        };
        match order {
            Ok(Order::Ring(output)) => sound = Sound::open(&output, Phase::Ringing),
            Ok(Order::Try(output)) => {
                if !sound.as_ref().is_some_and(Sound::rings) {
                    sound = Sound::open(&output, Phase::Trying(Instant::now() + TRIAL));
                }
            }
            Ok(Order::Stop) => sound = sound.map(Sound::fade_out),
            Err(RecvTimeoutError::Timeout) => sound = sound.and_then(Sound::end),
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl Sound {
    fn open(output: &Output, phase: Phase) -> Option<Self> {
        let sink = match open_sink(output.device.as_deref()) {
            Ok(sink) => sink,
            Err(error) => {
                tracing::debug!(%error, "no sound: the phone rings in silence");
                return None;
            }
        };
        let stop = Arc::new(AtomicBool::new(false));
        sink.mixer()
            .add(Tone::new(output.volume, Arc::clone(&stop)));
        Some(Self {
            _output: sink,
            stop,
            phase,
        })
    }

    fn rings(&self) -> bool {
        matches!(self.phase, Phase::Ringing)
    }

    /// When the phase ends by itself.
    fn until(&self) -> Option<Instant> {
        match self.phase {
            Phase::Ringing => None,
            Phase::Trying(end) | Phase::FadingOut(end) => Some(end),
        }
    }

    /// The phase has ended by itself.
    fn end(self) -> Option<Self> {
        match self.phase {
            Phase::Ringing | Phase::Trying(_) => Some(self.fade_out()),
            Phase::FadingOut(_) => None,
        }
    }

    fn fade_out(mut self) -> Self {
        if !matches!(self.phase, Phase::FadingOut(_)) {
            self.stop.store(true, Ordering::Relaxed);
            self.phase = Phase::FadingOut(Instant::now() + FADE + TAIL);
        }
        self
    }
}

fn open_sink(device: Option<&str>) -> Result<MixerDeviceSink, rodio::DeviceSinkError> {
    platform::quieten_sound_library();
    let chosen = device.and_then(|wanted| {
        let found = cpal::default_host()
            .output_devices()
            .ok()?
            .find(|device| name(device).as_deref() == Some(wanted));
        if found.is_none() {
            tracing::debug!("the chosen output is gone: ringing on the default one");
        }
        found
    });
    let builder = match chosen {
        Some(device) => DeviceSinkBuilder::from_device(device)?,
        None => DeviceSinkBuilder::from_default_device()?,
    };
    let mut sink = builder
        .with_error_callback(|error| tracing::debug!(%error, "the output failed while ringing"))
        .open_stream()?;
    sink.log_on_drop(false);
    Ok(sink)
}
