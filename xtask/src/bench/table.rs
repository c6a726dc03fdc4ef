//! The figures as a table in the terminal.

use std::fmt;

use super::figure::{Figure, Peer};

/// Prints a table a group.
pub(super) struct Table<'a>(pub(super) &'a [Figure]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for group in self.0.chunk_by(|a, b| a.group == b.group) {
            let width = widest(group.iter().map(|figure| figure.case.as_str()));
            let peers = widest(group.iter().filter_map(|figure| Some(figure.peer.as_ref()?.name.as_str())));
            let title = group.first().map(|figure| figure.group.as_str()).unwrap_or_default();
            writeln!(f, "\n{title:<width$}       ours  {:<peers$} {HEAD}", "peer")?;
            for race in group.chunk_by(|a, b| a.case == b.case) {
                for (at, figure) in race.iter().enumerate() {
                    let case = if at == 0 { figure.case.as_str() } else { "" };
                    writeln!(f, "{case:<width$}  {}", line(figure, peers))?;
                }
            }
        }
        let judged = self.0.iter().filter_map(Figure::reaches_bar);
        let (all, reached) = judged.fold((0, 0), |(all, good), ok| (all + 1, good + usize::from(ok)));
        writeln!(f, "\n{reached} of {all} bars reached")
    }
}

fn widest<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or_default()
}

fn line(figure: &Figure, peers: usize) -> String {
    let (ours, bar) = (format!("{:>9}", time(figure.ours_ns)), bar(figure));
    let allocations = allocations(figure);
    let line = match &figure.peer {
        None => format!("{ours}  {:<peers$} {:>9} {:>8} {bar:>9}  {allocations}", "", "", ""),
        Some(Peer { name, ns, ratio, .. }) => {
            let (ns, ratio) = (time(*ns), times(*ratio));
            format!("{ours}  {name:<peers$} {ns:>9} {ratio:>8} {bar:>9}  {allocations}")
        }
    };
    line.trim_end().to_owned()
}

/// What was promised, and whether it is kept.
fn bar(figure: &Figure) -> String {
    let promise = match (figure.most_ns(), figure.bar()) {
        (Some(most), _) => format!("≤ {most} ns"),
        (None, Some(least)) => format!("≥ {least:.2}"),
        (None, None) => return String::new(),
    };
    format!("{promise} {}", if figure.reaches_bar() == Some(true) { "✓" } else { "✗" })
}

/// Ours and the peer's.
fn allocations(figure: &Figure) -> String {
    let count = |count: Option<f64>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    match &figure.peer {
        Some(peer) => format!("{:>6} {:>8}", count(figure.ours_allocations), count(peer.allocations)),
        None => format!("{:>6}", count(figure.ours_allocations)),
    }
}

/// A time in the unit that fits.
pub(super) fn time(ns: f64) -> String {
    match ns {
        ns if ns < 1e3 => format!("{ns:.1} ns"),
        ns if ns < 1e6 => format!("{:.2} µs", ns / 1e3),
        ns => format!("{:.2} ms", ns / 1e6),
    }
}

/// A ratio with as many digits as it deserves.
pub(super) fn times(ratio: f64) -> String {
    if ratio < 10.0 { format!("{ratio:.2}×") } else { format!("{ratio:.0}×") }
}

const HEAD: &str = " its time    ratio       bar  allocs      its";

#[cfg(test)]
mod tests {
    use super::super::figure::tests::figure;
    use super::*;

    #[test]
    fn a_case_is_named_once_and_bars_are_counted() {
        let figures = [
            figure("framing", "status", "rustis", 1.62),
            figure("framing", "status", "redis-protocol", 12.3),
            figure("framing", "map_100", "rustis", 1.4),
        ];
        let text = Table(&figures).to_string();
        let lines: Vec<_> = text.lines().map(str::trim_end).collect();
        let expected = [
            "",
            "framing       ours  peer            its time    ratio       bar  allocs      its",
            "status     10.0 ns  rustis           16.2 ns    1.62×  ≥ 1.50 ✓       –        –",
            "           10.0 ns  redis-protocol  123.0 ns      12×                 –        –",
            "map_100    10.0 ns  rustis           14.0 ns    1.40×  ≥ 1.50 ✗       –        –",
            "",
            "1 of 2 bars reached",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn units() {
        assert_eq!([0.25, 999.0, 1_500.0, 2.5e6].map(time), ["0.2 ns", "999.0 ns", "1.50 µs", "2.50 ms"]);
        assert_eq!([0.666, 9.99, 30.8].map(times), ["0.67×", "9.99×", "31×"]);
    }
}
