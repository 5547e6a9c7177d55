//! What the figures were taken on.

use serde::Serialize;
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, RefreshKind, System};

/// A machine and a build.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Machine {
    /// Model of the processor, as it calls itself.
    pub(super) cpu: String,
    /// Threads it runs at once, of those this process may use.
    pub(super) cores: usize,
    /// Bytes.
    pub(super) memory: u64,
    /// Operating system and its version.
    pub(super) os: String,
    /// Processes that were running or waiting to, on average over the minute before; `None` where nobody counts.
    pub(super) load: Option<f64>,
    /// Version of the program.
    pub(super) version: &'static str,
    /// Compiler it was built with.
    pub(super) rustc: &'static str,
    /// Cargo's profile and level of optimisation it was built with.
    pub(super) profile: String,
}

impl Machine {
    /// This one, now.
    #[must_use]
    pub(super) fn this() -> Self {
        let what = RefreshKind::nothing()
            .with_cpu(CpuRefreshKind::nothing())
            .with_memory(MemoryRefreshKind::nothing().with_ram());
        let system = System::new_with_specifics(what);
        let cpu = system.cpus().first().map(|cpu| cpu.brand().trim().to_owned());
        let os = [System::long_os_version(), System::kernel_version()].into_iter().flatten();
        Self {
            cpu: cpu.filter(|name| !name.is_empty()).unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: system.total_memory(),
            os: os.collect::<Vec<_>>().join(", "),
            load: cfg!(unix).then(|| System::load_average().one),
            version: env!("CARGO_PKG_VERSION"),
            rustc: env!("PIPELINE_RUSTC"),
            profile: format!("{}, opt-level {}", env!("PIPELINE_PROFILE"), env!("PIPELINE_OPT_LEVEL")),
        }
    }

    /// Why figures taken here say little.
    #[must_use]
    pub(super) fn warnings(&self) -> Vec<String> {
        let slow = cfg!(debug_assertions) || env!("PIPELINE_OPT_LEVEL") != "3";
        let slow = slow.then(|| {
            format!(
                "this is a build for debugging ({}): a release is several times as fast; build it with cargo build \
                 --release",
                self.profile
            )
        });
        let busy = self.load.filter(|load| *load > 0.5).map(|load| {
            format!("the machine was busy before this began (load {load:.1}): expect slower and less steady figures")
        });
        slow.into_iter().chain(busy).collect()
    }
}
