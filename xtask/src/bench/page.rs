//! The figures as a page: bar charts in one file that needs no network, light or dark as the reader's system is.
//!
//! A bar shows how many times as long as ours a contender takes, so that all cases of a page have one scale. It is cut
//! at ten times, and the cut is shown: redis-protocol would leave the page more than once.

use std::fmt::Write;

use super::Subject;
use super::figure::{Figure, Peer};
use super::table::{time, times};

/// The whole page.
pub(super) fn page(subject: Subject, figures: &[Figure], conditions: &str) -> String {
    let title = match subject {
        Subject::Parsers => "The parsers compared",
        Subject::Client => "The client compared",
    };
    let mut body = String::new();
    for group in figures.chunk_by(|a, b| a.group == b.group) {
        let name = group.first().map(|figure| figure.group.as_str()).unwrap_or_default();
        let _ = write!(body, "<section>\n<h2>{}</h2>\n<p>{}</p>\n", escape(name), about(name));
        for race in group.chunk_by(|a, b| a.case == b.case) {
            let _ = write!(body, "<figure>\n{}</figure>\n", chart(race));
        }
        body.push_str("</section>\n");
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>Redisy: {title}</title>\n\
         <style>\n{STYLE}</style>\n<h1>{title}</h1>\n<p>{INTRODUCTION}</p>\n\
         <p class=\"conditions\">{}</p>\n{body}</html>\n",
        escape(conditions)
    )
}

/// One case: ours, and a bar for each peer.
fn chart(race: &[Figure]) -> String {
    let Some(first) = race.first() else { return String::new() };
    // Under a peer's conditions ours may take longer; the bar of ours is the time of the plain one.
    let plain = race.iter().find(|figure| !figure.ours.contains(',')).unwrap_or(first);
    let mut ours = detail(plain.ours_ns, None, plain.ours_allocations);
    if let (Some(most), Some(kept)) = (plain.most_ns(), plain.reaches_bar()) {
        let _ = write!(ours, " · bar: {} ({})", time(most), if kept { "reached" } else { "missed" });
    }
    let mut bars = vec![bar(0, &plain.ours, "ours", 1.0, 0.0, &ours)];
    let peers = race.iter().filter_map(|figure| Some((figure, figure.peer.as_ref()?)));
    for (at, (figure, Peer { name, ns, ratio, allocations })) in peers.enumerate() {
        let least = figure.bar().unwrap_or_default();
        let mut svg = bar(at + 1, name, "peer", *ratio, least, &detail(*ns, Some(*ratio), *allocations));
        svg.push_str(&promise(at + 1, figure));
        bars.push(svg);
    }
    let height = bars.len() * STEP;
    let case = escape(&first.case);
    format!(
        "<figcaption>{case}</figcaption>\n\
         <svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{case}\">\n{}</svg>\n",
        bars.concat()
    )
}

/// A bar, its name before it and the rest behind it, clear of the mark at `least`.
fn bar(row: usize, name: &str, class: &str, ratio: f64, least: f64, detail: &str) -> String {
    let top = row * STEP;
    let text = top + 15;
    let length = (ratio.clamp(0.0, MOST) * UNIT).max(1.0);
    let end = LEFT + length;
    let cut = match ratio > MOST {
        // Two slanted strokes through the bar.
        true => format!(
            "<path class=\"cut\" d=\"M{0} {2}l6 -18M{1} {2}l6 -18\"/>",
            end - 18.0,
            end - 12.0,
            top + 20
        ),
        false => String::new(),
    };
    format!(
        "<text class=\"name\" x=\"{}\" y=\"{text}\">{}</text>\
         <rect class=\"{class}\" x=\"{LEFT}\" y=\"{}\" width=\"{length:.1}\" height=\"16\" rx=\"2\"/>{cut}\
         <text x=\"{:.1}\" y=\"{text}\">{detail}</text>\n",
        LEFT - 8.0,
        escape(name),
        top + 3,
        LEFT + ratio.max(least).min(MOST) * UNIT + 8.0,
    )
}

/// A mark where the bar has to end at least, if that is promised.
fn promise(row: usize, figure: &Figure) -> String {
    let (Some(least), Some(reached)) = (figure.bar(), figure.reaches_bar()) else { return String::new() };
    let (at, top) = (LEFT + least.min(MOST) * UNIT, row * STEP);
    let (class, word) = if reached { ("kept", "reached") } else { ("missed", "missed") };
    format!(
        "<path class=\"{class}\" d=\"M{at:.1} {top}v{STEP}\"><title>bar: {} ({word})</title></path>\n",
        times(least)
    )
}

/// What stands behind a bar.
fn detail(ns: f64, ratio: Option<f64>, allocations: Option<f64>) -> String {
    let mut parts =
        Vec::from_iter(ratio.map(|ratio| format!("<tspan class=\"ratio\">{}</tspan>", times(ratio))));
    parts.push(time(ns));
    parts.extend(allocations.map(|count| format!("{count} alloc.")));
    parts.join(" · ")
}

fn about(group: &str) -> &'static str {
    match group {
        "framing" => {
            "Bytes that are all there become a reply. Ours makes replies that own their bytes; the peers lend \
             a slice and drop the frame. What hiredis copies before it begins is not counted."
        }
        "engine" => {
            "The second engine of conn, which is hiredis with our own replies, against hiredis as its users have it. Both \
             copy the bytes into a reader first."
        }
        "receiving" => {
            "Bytes arrive in a connection's buffer and become what the crate hands to its next layer: a reply, a frame, \
             a tree."
        }
        "decoding" => {
            "Bytes become the caller's type. rustis is reached through a shim that copies the reply into fresh memory; \
             its ratio is against ours doing the same."
        }
        "borrowing" => {
            "The caller's type borrows from the reply. The other bar is our own type that owns everything."
        }
        "pieces" => {
            "A large reply comes in packets of 1,448 bytes. rustis starts with an empty buffer; its ratio is against \
             ours doing the same."
        }
        "client" => {
            "A real server on the same machine. Raw is a loop of bare system calls with a prepared request, which looks \
             at nothing that it receives. 64 threads make 100 calls each."
        }
        "packing" => "A command becomes the bytes that are sent. A value of 16 MB should not be copied.",
        _ => "",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// All in the units of the picture.
const WIDTH: u32 = 940;
const LEFT: f64 = 230.0;
/// As long as ours takes.
const UNIT: f64 = 46.0;
/// Where bars are cut, in times of ours.
const MOST: f64 = 10.0;
const STEP: usize = 22;

const INTRODUCTION: &str = "Each bar tells how many times as long as ours another takes for the same: \
    longer is slower. The contenders take turns within every sample and the ratio is the median over the samples, so it \
    holds on a busy machine; the times hold only for this one. A thin line is a bar that we set ourselves: green when \
    the peer reaches beyond it, red when it does not. Bars of more than ten times are cut.";

const STYLE: &str = "\
:root { --ink: #1d2330; --dim: #5c6575; --paper: #fbfbfd; --rule: #dfe3ea; --ours: #c8382c; --peer: #9aa7bb; --kept: #1d8a4a; --missed: #c8382c; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ef; --dim: #9aa3b2; --paper: #14171d; --rule: #2b313c; --ours: #f06a5d; --peer: #56657d; --kept: #4fc47f; --missed: #ff8a7e; }
}
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1, h2 { line-height: 1.2; }
section { border-top: 1px solid var(--rule); }
p { max-width: 46rem; }
.conditions { color: var(--dim); }
figure { margin: 1rem 0; }
figcaption { font-weight: 600; }
svg { width: 100%; height: auto; font-size: 13px; }
text { fill: var(--dim); }
.name { text-anchor: end; fill: var(--ink); }
.ratio { font-weight: 600; fill: var(--ink); }
.ours { fill: var(--ours); }
.peer { fill: var(--peer); }
.cut { stroke: var(--paper); stroke-width: 3; }
.kept { stroke: var(--kept); stroke-width: 2; }
.missed { stroke: var(--missed); stroke-width: 2; }
";

#[cfg(test)]
mod tests {
    use super::super::figure::tests::figure;
    use super::*;

    #[test]
    fn the_page_needs_nothing_from_outside() {
        let figures =
            [figure("framing", "status", "rustis", 1.6), figure("decoding", "a to Vec<b>", "redis-rs", 30.0)];
        let page = page(Subject::Parsers, &figures, "a < b");
        for outside in ["http", "src=", "href=", "<script", "@import", "url("] {
            assert!(!page.contains(outside), "{outside}");
        }
        assert!(page.contains("a to Vec&lt;b&gt;") && page.contains("a &lt; b"));
        assert_eq!(page.matches("<svg").count(), 2);
        assert!(!page.contains("· bar: "));
        let checkout = [figure("client", "checkout and return", "redis-rs + r2d2", 1.0)];
        let client = super::page(Subject::Client, &checkout, "");
        assert!(
            client.contains("10.0 ns · bar: 300.0 ns (reached)") && client.contains("The client compared")
        );
        assert_eq!(page.matches("class=\"kept\"").count(), 1);
        assert_eq!(page.matches("class=\"cut\"").count(), 1);
    }
}
