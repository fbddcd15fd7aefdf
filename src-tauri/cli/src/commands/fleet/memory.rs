//! What this program holds in memory.

/// In bytes, as far as it is in main memory and not elsewhere. `None` where that cannot be known.
#[cfg(target_os = "linux")]
pub(super) fn resident() -> Option<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: u64 = statm.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some(pages * u64::try_from(rustix::param::page_size()).ok()?)
}

/// In bytes. Only known on Linux.
#[cfg(not(target_os = "linux"))]
pub(super) fn resident() -> Option<u64> {
    None
}
