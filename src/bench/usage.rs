//! What the system says of this process.

/// CPU seconds of all threads so far, user and system; `None` where the system does not say.
pub(super) fn cpu_seconds() -> Option<f64> {
    #[cfg(unix)]
    {
        use nix::sys::resource::{UsageWho, getrusage};
        use nix::sys::time::TimeValLike;
        let usage = getrusage(UsageWho::RUSAGE_SELF).ok()?;
        let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
        Some(micros as f64 / 1e6)
    }
    #[cfg(not(unix))]
    None
}

/// Most memory this process had at a time, in bytes (resident set); `None` where the system does not say.
pub(super) fn peak_bytes() -> Option<u64> {
    // What getrusage counts on Linux includes the process this one was started from.
    #[cfg(target_os = "linux")]
    {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        let kilobytes: u64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kilobytes << 10)
    }
    #[cfg(all(unix, not(target_os = "linux")))]
    {
        use nix::sys::resource::{UsageWho, getrusage};
        let peak = u64::try_from(getrusage(UsageWho::RUSAGE_SELF).ok()?.max_rss()).ok()?;
        // Bytes on Apple's systems, kilobytes elsewhere.
        Some(if cfg!(target_vendor = "apple") { peak } else { peak << 10 })
    }
    #[cfg(not(unix))]
    None
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn work_takes_time_and_memory() {
        let (before, memory) = (cpu_seconds().unwrap(), peak_bytes().unwrap());
        let mut all = vec![1u64; 8 << 20];
        while cpu_seconds().unwrap() - before < 0.02 {
            all.iter_mut().for_each(|x| *x = std::hint::black_box(*x * 3 + 1));
        }
        assert!(peak_bytes().unwrap() >= memory.max(60 << 20));
        assert!(cpu_seconds().unwrap() - before < 60.0);
    }
}
