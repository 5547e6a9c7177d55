//! Logs on standard error.

use std::io::IsTerminal;

use pipeline_core::Log;
use tracing::Level;

/// Starts logging: errors and warnings, with `-v` what happens, with `-vv` everything.
pub fn start(verbose: u8) {
    let level = match verbose {
        0 => Level::WARN,
        1 => Level::INFO,
        _ => Level::TRACE,
    };
    let color =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    let logger =
        tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).with_ansi(color);
    // A second start, as in tests, changes nothing.
    let _ = logger.with_target(false).without_time().try_init();
}

/// What stages log goes there, too.
#[must_use]
pub fn of_stages() -> Log {
    Box::new(|level, message| match level {
        0 | 1 => tracing::error!("{message}"),
        2 => tracing::warn!("{message}"),
        3 => tracing::info!("{message}"),
        4 => tracing::debug!("{message}"),
        _ => tracing::trace!("{message}"),
    })
}
