//! Plots, as SVG that takes its colours from the page.

use std::fmt::Write;

use super::compare::Comparison;
use super::report::Figures;
use super::table::{digits, time};

/// Width of all plots, in pixels of their own; the page scales them.
const WIDTH: f64 = 720.0;
/// Where names end and plots begin, and where plots end.
const LEFT: f64 = 190.0;
const RIGHT: f64 = WIDTH - 70.0;
const ROW: f64 = 26.0;
/// Colours of parts, which the page defines.
const COLOURS: usize = 8;

/// A plot under way.
struct Plot {
    svg: String,
    height: f64,
}

impl Plot {
    fn new(height: f64, title: &str) -> Self {
        let title = escaped(title);
        let svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\"><title>{title}</title>"
        );
        Self { svg, height }
    }

    fn text(&mut self, class: &str, x: f64, y: f64, text: &str) {
        let _ =
            write!(self.svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(text));
    }

    fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        let _ = write!(self.svg, "<path class=\"{class}\" d=\"M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}\"/>");
    }

    fn bar(&mut self, class: &str, x: f64, y: f64, width: f64, hint: &str) {
        let (width, hint) = (width.max(0.5), escaped(hint));
        let _ = write!(
            self.svg,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"16\"><title>{hint}</title></rect>"
        );
    }

    fn dot(&mut self, class: &str, x: f64, y: f64, hint: &str) {
        let hint = escaped(hint);
        let _ = write!(
            self.svg,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"><title>{hint}</title></circle>"
        );
    }

    /// Lines across at round numbers, with these below.
    fn axis(&mut self, scale: &Scale, show: impl Fn(f64) -> String) {
        for value in scale.ticks() {
            let x = scale.place(value);
            self.line("grid", (x, 4.0), (x, self.height - 20.0));
            self.text("tick", x, self.height - 6.0, &show(value));
        }
    }

    fn finish(self) -> String {
        self.svg + "</svg>"
    }
}

/// A number of an axis.
fn plain(value: f64) -> String {
    // Steps are round; what comes after is what binary fractions leave.
    ((value * 1e6).round() / 1e6).to_string()
}

/// From values to places.
struct Scale {
    from: f64,
    to: f64,
    /// Equal distances mean equal factors.
    log: bool,
}

impl Scale {
    fn place(&self, value: f64) -> f64 {
        let turn = |value: f64| if self.log { value.max(1e-12).ln() } else { value };
        let part = (turn(value) - turn(self.from)) / (turn(self.to) - turn(self.from)).max(1e-12);
        LEFT + part.clamp(0.0, 1.0) * (RIGHT - LEFT)
    }

    /// Powers of ten, or multiples of a round step.
    fn ticks(&self) -> Vec<f64> {
        if self.log {
            let powers = self.from.log10().ceil() as i32..=self.to.log10().floor() as i32;
            return powers.map(|power| 10f64.powi(power)).collect();
        }
        let step = round_up((self.to - self.from) / 6.0);
        let first = (self.from / step).ceil();
        (0..12).map(|nth| (first + f64::from(nth)) * step).take_while(|value| *value <= self.to).collect()
    }
}

/// The next 1, 2 or 5 times a power of ten.
fn round_up(value: f64) -> f64 {
    let power = 10f64.powf(value.max(1e-12).log10().floor());
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|step| step * power)
        .find(|step| *step >= value * 0.999)
        .unwrap_or(10.0 * power)
}

fn most(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, f64::max)
}

/// Megabytes a second by number of threads, a bar for each configuration, with quartiles.
pub(super) fn by_threads(sides: &[Figures]) -> String {
    let count = sides.first().map_or(0, |figures| figures.threads.len());
    let top = most(
        sides
            .iter()
            .flat_map(|figures| &figures.threads)
            .map(|threads| threads.megabytes_per_second.quartiles[1]),
    );
    let scale = Scale { from: 0.0, to: top * 1.05, log: false };
    let group = ROW * sides.len() as f64;
    let mut plot = Plot::new(group * count as f64 + 32.0, "Megabytes a second by threads");
    plot.axis(&scale, plain);
    for nth in 0..count {
        for (side, figures) in sides.iter().enumerate() {
            let (threads, y) = (&figures.threads[nth], 6.0 + group * nth as f64 + ROW * side as f64);
            let rate = &threads.megabytes_per_second;
            if side == 0 {
                plot.text("name", LEFT - 8.0, y + 12.0, &super::table::threads(threads.threads));
            }
            let hint = format!("{}: {} MB/s", figures.name, digits(rate.median));
            plot.bar(&format!("side{side}"), LEFT, y, scale.place(rate.median) - LEFT, &hint);
            let [low, high] = rate.quartiles.map(|value| scale.place(value));
            plot.line("whisker", (low, y + 8.0), (high, y + 8.0));
            plot.text(
                "value",
                scale.place(rate.quartiles[1].max(rate.median)) + 6.0,
                y + 12.0,
                &digits(rate.median),
            );
        }
    }
    plot.finish()
}

/// Where one thread's time goes, a bar for each configuration.
pub(super) fn by_part(sides: &[Figures]) -> String {
    let names: Vec<&str> = sides
        .iter()
        .flat_map(|figures| &figures.parts)
        .map(|part| part.name.as_str())
        .fold(Vec::new(), |mut names, name| {
            if !names.contains(&name) {
                names.push(name);
            }
            names
        });
    let longest = most(
        sides.iter().map(|figures| figures.parts.iter().map(|part| part.microseconds_per_document).sum()),
    );
    let scale = Scale { from: 0.0, to: longest * 1.02, log: false };
    let keys = names.len().div_ceil(4) as f64;
    let bars = ROW * sides.len() as f64 + 32.0;
    let mut plot = Plot::new(bars, "Microseconds a document by part");
    plot.axis(&scale, plain);
    plot.height += 6.0 + keys * 20.0;
    for (side, figures) in sides.iter().enumerate() {
        let (y, mut sum) = (6.0 + ROW * side as f64, 0.0);
        plot.text("name", LEFT - 8.0, y + 12.0, &shortened(&figures.name));
        for part in &figures.parts {
            let colour = names.iter().position(|name| *name == part.name).unwrap_or_default() % COLOURS;
            let (x, next) = (scale.place(sum), scale.place(sum + part.microseconds_per_document));
            let hint = format!(
                "{}: {} µs, {:.1} %",
                part.name,
                digits(part.microseconds_per_document),
                100.0 * part.share
            );
            plot.bar(&format!("part{colour}"), x, y, next - x, &hint);
            sum += part.microseconds_per_document;
        }
    }
    for (nth, name) in names.iter().enumerate() {
        let (x, y) = (LEFT + 130.0 * (nth % 4) as f64, bars + 14.0 + 20.0 * (nth / 4) as f64);
        plot.bar(&format!("part{} key", nth % COLOURS), x, y - 12.0, 12.0, name);
        plot.text("key", x + 18.0, y, name);
    }
    let height = plot.height;
    plot.finish().replacen(&format!("{WIDTH} {bars}"), &format!("{WIDTH} {height}"), 1)
}

/// Latency of documents at some ranks, on a scale of factors.
pub(super) fn latencies(sides: &[Figures]) -> String {
    let ranks = |figures: &Figures| {
        let latency = &figures.latency;
        [
            ("p50", latency.p50_seconds.clone()),
            ("p90", latency.p90_seconds.clone()),
            ("p99", latency.p99_seconds.clone()),
            ("max", latency.max_seconds.clone()),
        ]
    };
    let all: Vec<f64> =
        sides.iter().flat_map(|figures| ranks(figures).map(|(_, seconds)| seconds.median)).collect();
    let least = all.iter().copied().fold(f64::INFINITY, f64::min);
    let scale = Scale { from: least / 2.0, to: most(all.into_iter()) * 2.0, log: true };
    let mut plot = Plot::new(ROW * 4.0 + 32.0, "Latency of a document");
    plot.axis(&scale, time);
    for (side, figures) in sides.iter().enumerate() {
        for (nth, (rank, seconds)) in ranks(figures).into_iter().enumerate() {
            let y = 14.0 + ROW * nth as f64 + 6.0 * side as f64;
            if side == 0 {
                plot.text("name", LEFT - 8.0, y + 4.0, rank);
            }
            let [low, high] = seconds.quartiles.map(|value| scale.place(value));
            plot.line(&format!("range side{side}"), (low, y), (high, y));
            let hint = format!("{}: {rank} {}", figures.name, time(seconds.median));
            plot.dot(&format!("side{side}"), scale.place(seconds.median), y, &hint);
        }
    }
    plot.finish()
}

/// Each round's rate: whether the machine was steady.
pub(super) fn rounds(sides: &[Figures]) -> String {
    let all = || sides.iter().flat_map(|figures| &figures.threads);
    let top = most(all().flat_map(|threads| threads.megabytes_per_second.rounds.iter().copied()));
    let count = all().map(|threads| threads.megabytes_per_second.rounds.len()).max().unwrap_or(1);
    let (height, bottom) = (200.0, 176.0);
    let y = |value: f64| bottom - value / (top * 1.05).max(1e-9) * (bottom - 8.0);
    let scale = Scale { from: 1.0, to: count.max(2) as f64, log: false };
    let mut plot = Plot::new(height, "Megabytes a second, round by round");
    plot.axis(&scale, |round| format!("{round:.0}"));
    for value in (Scale { from: 0.0, to: top, log: false }).ticks() {
        plot.line("grid", (LEFT, y(value)), (RIGHT, y(value)));
        plot.text("name", LEFT - 8.0, y(value) + 4.0, &format!("{} MB/s", plain(value)));
    }
    for (side, figures) in sides.iter().enumerate() {
        for (nth, threads) in figures.threads.iter().enumerate() {
            let class = format!("side{side}{}", if nth == 0 { "" } else { " many" });
            for (round, &rate) in threads.megabytes_per_second.rounds.iter().enumerate() {
                let name = super::table::threads(threads.threads);
                let hint = format!("{}, {name}, round {}: {} MB/s", figures.name, round + 1, digits(rate));
                plot.dot(&class, scale.place((round + 1) as f64), y(rate), &hint);
            }
        }
    }
    plot.finish()
}

/// Ratios with their quartiles (thick) and intervals (thin), around 1.
pub(super) fn ratios(compared: &Comparison) -> String {
    let ends = compared.ratios.iter().flat_map(|ratio| {
        ratio.ratio.interval.iter().flatten().chain(&ratio.ratio.quartiles).map(|end| (end - 1.0).abs())
    });
    let reach = most(ends).clamp(0.02, 2.0) * 1.1;
    let scale = Scale { from: (1.0 - reach).max(0.0), to: 1.0 + reach, log: false };
    let mut plot = Plot::new(ROW * compared.ratios.len() as f64 + 32.0, "Ratios");
    plot.axis(&scale, |value| format!("{value:.2}"));
    plot.line("one", (scale.place(1.0), 4.0), (scale.place(1.0), plot.height - 20.0));
    for (nth, ratio) in compared.ratios.iter().enumerate() {
        let y = 14.0 + ROW * nth as f64;
        plot.text("name", LEFT - 8.0, y + 4.0, &ratio.what);
        let place = |ends: [f64; 2]| ends.map(|end| (scale.place(end), y));
        if let Some([low, high]) = ratio.ratio.interval.map(place) {
            plot.line("interval", low, high);
        }
        let [low, high] = place(ratio.ratio.quartiles);
        plot.line("range side1", low, high);
        let words = ratio.verdict.words(ratio.more_is_better);
        plot.dot("side1", scale.place(ratio.ratio.median), y, &format!("{:.3}: {words}", ratio.ratio.median));
        plot.text("value", RIGHT + 6.0, y + 4.0, &format!("{:.3}", ratio.ratio.median));
    }
    plot.finish()
}

fn shortened(name: &str) -> String {
    let letters = name.chars().count();
    if letters <= 24 {
        name.to_owned()
    } else {
        format!("…{}", name.chars().skip(letters - 23).collect::<String>())
    }
}

/// Text that cannot be taken for markup.
pub(super) fn escaped(plain: &str) -> String {
    plain.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_round_ticks_within_them() {
        let linear = Scale { from: 0.0, to: 4.1, log: false };
        assert_eq!(linear.ticks(), [0.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!((linear.place(0.0), linear.place(4.1), linear.place(9.0)), (LEFT, RIGHT, RIGHT));
        let log = Scale { from: 0.0002, to: 0.02, log: true };
        assert_eq!(log.ticks(), [0.001, 0.01]);
        assert!((log.place(0.002) - (LEFT + RIGHT) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn steps_are_one_two_or_five() {
        for (value, step) in [(0.9, 1.0), (1.3, 2.0), (3.0, 5.0), (7.0, 10.0), (0.013, 0.02)] {
            assert!((round_up(value) - step).abs() < 1e-9, "{value}: {}", round_up(value));
        }
    }
}
