//! Ports for brokers.

use std::{
    net::{Ipv4Addr, TcpListener},
    ops::Range,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::{Context, Result};

/// Systems give none of these to whoever asks for any port, connections included, so that one is still
/// free when a broker is started on it, and started again.
const PORTS: Range<u32> = 12_000..28_000;
/// How far apart the ports of two test programs begin that run side by side.
const APART: u32 = 211;

/// How many were tried so far.
static TRIED: AtomicU32 = AtomicU32::new(0);

/// A port that nobody has, and that is given out once.
pub(super) fn free() -> Result<u16> {
    let count = PORTS.end - PORTS.start;
    let begin = process::id().wrapping_mul(APART);
    PORTS
        .map(|_| begin.wrapping_add(TRIED.fetch_add(1, Ordering::Relaxed)) % count + PORTS.start)
        .filter_map(|port| u16::try_from(port).ok())
        .find(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
        .context("no port is free")
}
