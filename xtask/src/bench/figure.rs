//! One figure: ours and a peer at one job, as `benches` measured it.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::bar;

/// A row of the results.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Figure {
    pub(super) group: String,
    pub(super) case: String,
    /// What of ours ran: `resp`, or `resp` under the peer's conditions.
    pub(super) ours: String,
    pub(super) ours_ns: f64,
    pub(super) ours_allocations: Option<f64>,
    pub(super) peer: Option<Peer>,
}

/// The other one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Peer {
    pub(super) name: String,
    pub(super) ns: f64,
    /// How many times as long as ours it takes: the median over samples.
    pub(super) ratio: f64,
    pub(super) allocations: Option<f64>,
}

/// How often a contender allocates for one iteration.
pub(super) struct Allocations {
    group: String,
    case: String,
    contender: String,
    count: f64,
}

impl Figure {
    /// Reads what the program `speed` prints.
    pub(super) fn read(line: &str) -> Result<Self> {
        let row = Row::read(line)?;
        let peer = match row.0["peer"].is_null() {
            true => None,
            false => Some(Peer {
                name: row.text("peer")?,
                ns: row.number("peer_ns")?,
                ratio: row.number("ratio")?,
                allocations: None,
            }),
        };
        Ok(Self {
            group: row.text("group")?,
            case: row.text("case")?,
            ours: row.text("ours")?,
            ours_ns: row.number("ours_ns")?,
            ours_allocations: None,
            peer,
        })
    }

    /// Adds what the program `allocations` has counted.
    pub(super) fn count(&mut self, counts: &[Allocations]) {
        let of = |contender: &str| {
            let found = counts
                .iter()
                .find(|row| row.group == self.group && row.case == self.case && row.contender == contender);
            found.map(|row| row.count)
        };
        self.ours_allocations = of(&self.ours);
        if let Some(peer) = &mut self.peer {
            peer.allocations = of(&peer.name);
        }
    }

    /// The least ratio that we promise, if we promise one.
    pub(super) fn bar(&self) -> Option<f64> {
        bar::bar(&self.group, &self.case, &self.peer.as_ref()?.name)
    }

    /// The most nanoseconds that we promise, if we promise any.
    pub(super) fn most_ns(&self) -> Option<f64> {
        bar::most_ns(&self.group, &self.case)
    }

    /// Whether we keep the promise.
    pub(super) fn reaches_bar(&self) -> Option<bool> {
        match self.most_ns() {
            Some(most) => Some(self.ours_ns <= most),
            None => Some(self.peer.as_ref()?.ratio >= self.bar()?),
        }
    }
}

impl Allocations {
    /// Reads what the program `allocations` prints.
    pub(super) fn read(line: &str) -> Result<Self> {
        let row = Row::read(line)?;
        Ok(Self {
            group: row.text("group")?,
            case: row.text("case")?,
            contender: row.text("contender")?,
            count: row.number("allocations")?,
        })
    }
}

/// All figures, a row a line.
pub(super) fn json(figures: &[Figure]) -> String {
    let row = |figure: &Figure| {
        let peer = figure.peer.as_ref();
        let row = json!({
            "group": figure.group, "case": figure.case,
            "ours": figure.ours, "ours_ns": figure.ours_ns, "ours_allocations": figure.ours_allocations,
            "peer": peer.map(|peer| &peer.name), "peer_ns": peer.map(|peer| peer.ns),
            "peer_allocations": peer.and_then(|peer| peer.allocations),
            "ratio": peer.map(|peer| peer.ratio), "bar": figure.bar(), "bar_ns": figure.most_ns(),
        });
        row.to_string()
    };
    format!("[\n{}\n]\n", figures.iter().map(row).collect::<Vec<_>>().join(",\n"))
}

struct Row(Value);

impl Row {
    fn read(line: &str) -> Result<Self> {
        serde_json::from_str(line).map(Self).with_context(|| format!("not a row: {line}"))
    }

    fn text(&self, name: &str) -> Result<String> {
        let value = self.0[name].as_str();
        value.map(Into::into).with_context(|| format!("a row has no {name}: {}", self.0))
    }

    fn number(&self, name: &str) -> Result<f64> {
        self.0[name].as_f64().with_context(|| format!("a row has no {name}: {}", self.0))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn figure(group: &str, case: &str, peer: &str, ratio: f64) -> Figure {
        let line = json!({
            "group": group, "case": case, "ours": "resp", "ours_ns": 10.0,
            "peer": peer, "peer_ns": 10.0 * ratio, "ratio": ratio,
        });
        Figure::read(&line.to_string()).unwrap()
    }

    #[test]
    fn rows_are_joined_by_their_names() {
        let mut figure = figure("framing", "status", "rustis", 1.6);
        let row = |contender: &str, count: f64| {
            let row =
                json!({"group": "framing", "case": "status", "contender": contender, "allocations": count});
            Allocations::read(&row.to_string()).unwrap()
        };
        figure.count(&[row("redis-rs", 9.0), row("rustis", 2.0), row("resp", 0.0)]);
        assert_eq!(
            (figure.ours_allocations, figure.peer.clone().unwrap().allocations),
            (Some(0.0), Some(2.0))
        );
        let rows: Value = serde_json::from_str(&json(&[figure])).unwrap();
        assert_eq!(rows[0]["ratio"], 1.6);
        assert_eq!(rows[0]["bar"], 1.5);
        assert_eq!(rows[0]["peer_allocations"], 2.0);
    }

    #[test]
    fn a_race_without_a_peer_is_a_row_too() {
        let line = r#"{"group":"g","case":"c","ours":"resp","ours_ns":1.5,"peer":null,"ratio":null}"#;
        let figure = Figure::read(line).unwrap();
        assert_eq!((figure.peer.clone(), figure.bar(), figure.reaches_bar()), (None, None, None));
        assert!(json(&[figure]).contains("\"peer\":null"));
    }

    #[test]
    fn a_row_that_lacks_something_is_named() {
        assert!(Figure::read("{\"group\":\"g\"}").unwrap_err().to_string().contains("has no case"));
        assert!(Figure::read("{").unwrap_err().to_string().contains("not a row"));
    }
}
