//! Moving slots with all that is in them, which the servers do by themselves: Redis from 8.4 on, asked by the node that
//! gets them; Valkey from 9.0 on, asked by the node that has them.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use resp::{Decode, DecodeError, DecodeOwned, Flaw, Reply, Request, View};

use super::slots::{bounds, range};
use crate::Commands;
use crate::commands::reply::{field, find, since_1970, text_field};
use crate::execute::Execute;

/// # Cluster: moving slots
impl<E: Execute> Commands<E> {
    /// `CLUSTER MIGRATION IMPORT`: this node gets slots from the one that has them; the ID of the task. It answers before
    /// they are there (only Redis, 8.4).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_migration_import([0..=99]);
    /// assert_eq!(command.args()[1..], [&b"MIGRATION"[..], b"IMPORT", b"0", b"99"]);
    /// ```
    pub fn cluster_migration_import(
        &self,
        slots: impl IntoIterator<Item = RangeInclusive<u16>>,
    ) -> E::Output<String> {
        self.call(Request::new("CLUSTER MIGRATION").arg("IMPORT").pairs(&bounds(slots)))
    }

    /// `CLUSTER MIGRATION STATUS ID`: how a task is that gets or gives away slots; `None` if this node knows none of that
    /// ID (only Redis, 8.4).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_migration_status("98ab9f4");
    /// assert_eq!(command.args()[1..], [&b"MIGRATION"[..], b"STATUS", b"ID", b"98ab9f4"]);
    /// ```
    pub fn cluster_migration_status(&self, id: &str) -> E::Output<Option<SlotMigration>> {
        let request = Request::new("CLUSTER MIGRATION").arg("STATUS").arg("ID").arg(id);
        self.call_with(request, |view| Ok(view.decode::<Vec<_>>()?.into_iter().next()))
    }

    /// `CLUSTER MIGRATION STATUS ALL`: the tasks of this node that get or give away slots, and did lately (only Redis,
    /// 8.4).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_migration_status_all();
    /// assert_eq!(command.args()[1..], [&b"MIGRATION"[..], b"STATUS", b"ALL"]);
    /// ```
    pub fn cluster_migration_status_all(&self) -> E::Output<Vec<SlotMigration>> {
        self.call(Request::new("CLUSTER MIGRATION").arg("STATUS").arg("ALL"))
    }

    /// `CLUSTER MIGRATION CANCEL ID`: whether a task was under way that is given up now (only Redis, 8.4).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_migration_cancel("98ab9f4");
    /// assert_eq!(command.args()[1..], [&b"MIGRATION"[..], b"CANCEL", b"ID", b"98ab9f4"]);
    /// ```
    pub fn cluster_migration_cancel(&self, id: &str) -> E::Output<bool> {
        self.call(Request::new("CLUSTER MIGRATION").arg("CANCEL").arg("ID").arg(id))
    }

    /// `CLUSTER MIGRATION CANCEL ALL`: how many tasks were under way that are given up now (only Redis, 8.4).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_migration_cancel_all();
    /// assert_eq!(command.args()[1..], [&b"MIGRATION"[..], b"CANCEL", b"ALL"]);
    /// ```
    pub fn cluster_migration_cancel_all(&self) -> E::Output<i64> {
        self.call(Request::new("CLUSTER MIGRATION").arg("CANCEL").arg("ALL"))
    }

    /// `CLUSTER MIGRATESLOTS`: this node gives slots to others, by their IDs. It answers before they are there (only
    /// Valkey, 9.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_migrateslots([([0..=99], "07c37df")]);
    /// assert_eq!(command.args()[2..], [&b"SLOTSRANGE"[..], b"0", b"99", b"NODE", b"07c37df"]);
    /// ```
    pub fn cluster_migrateslots<'n, R: IntoIterator<Item = RangeInclusive<u16>>>(
        &self,
        moves: impl IntoIterator<Item = (R, &'n str)>,
    ) -> E::Output<()> {
        let moves: Vec<_> = moves.into_iter().map(|(slots, node)| (bounds(slots), node)).collect();
        let mut request = moves.iter().fold(Request::new("CLUSTER MIGRATESLOTS"), |r, (slots, node)| {
            r.arg("SLOTSRANGE").pairs(slots).arg("NODE").arg(*node)
        });
        if moves.is_empty() {
            request.refuse(Flaw::NoArguments);
        }
        self.call(request)
    }

    /// `CLUSTER GETSLOTMIGRATIONS`: the tasks of this node that get or give away slots, and did lately (only Valkey,
    /// 9.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().cluster_getslotmigrations().args(), [&b"CLUSTER"[..], b"GETSLOTMIGRATIONS"]);
    /// ```
    pub fn cluster_getslotmigrations(&self) -> E::Output<Vec<SlotMigration>> {
        self.call(Request::new("CLUSTER GETSLOTMIGRATIONS"))
    }

    /// `CLUSTER CANCELSLOTMIGRATIONS`: gives up all tasks of this node that give away slots; none is an error (only
    /// Valkey, 9.0).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// let command = Build::new().cluster_cancelslotmigrations();
    /// assert_eq!(command.args(), [&b"CLUSTER"[..], b"CANCELSLOTMIGRATIONS"]);
    /// ```
    pub fn cluster_cancelslotmigrations(&self) -> E::Output<()> {
        self.call(Request::new("CLUSTER CANCELSLOTMIGRATIONS"))
    }
}

/// A task that moves slots from one node to another, as Redis or Valkey tells of it.
#[derive(Clone)]
#[non_exhaustive]
pub struct SlotMigration {
    /// Its ID, which Valkey calls its name.
    pub id: String,
    /// The slots.
    pub slots: Vec<RangeInclusive<u16>>,
    /// The ID of the node that has or had them.
    pub source: String,
    /// The ID of the node that gets them.
    pub target: String,
    /// Whether this node gets them; else it gives them away.
    pub is_import: bool,
    /// How far it is, in the server's words: `completed` in Redis and `success` in Valkey if all is done.
    pub state: String,
    /// What went wrong, if something did.
    pub error: Option<String>,
    /// When it was asked for; Valkey tells the second only.
    pub created: SystemTime,
    all: Reply,
}

impl SlotMigration {
    /// Whether the slots are where they should be.
    pub fn is_done(&self) -> bool {
        matches!(&*self.state, "completed" | "success")
    }

    /// Any field, by the name the server gives it: `retries`, `write_pause_ms`, `cow_size`, … `None` if there is no such
    /// field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for SlotMigration {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        // The same in other words, and in Valkey in seconds.
        let [id, slots, source, target, error, unit] = match view.find("name") {
            Some(_) => ["name", "slot_ranges", "source_node", "target_node", "message", "s"],
            None => ["id", "slots", "source", "dest", "last_error", "ms"],
        };
        let created: u64 = field(view, "create_time")?;
        let created = if unit == "s" { Duration::from_secs(created) } else { Duration::from_millis(created) };
        Ok(Self {
            id: field(view, id)?,
            slots: list(find(view, slots)?).map_err(|error| error.at_field(slots))?,
            source: field(view, source)?,
            target: field(view, target)?,
            is_import: field::<String>(view, "operation")?.eq_ignore_ascii_case("import"),
            state: field(view, "state")?,
            error: Some(text_field(view, error)?).filter(|error| !error.is_empty()),
            created: since_1970(view, created).map_err(|error| error.at_field("create_time"))?,
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for SlotMigration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SlotMigration").field(&self.all).finish()
    }
}

/// `0-100 200-300`.
fn list(view: View<'_>) -> Result<Vec<RangeInclusive<u16>>, DecodeError> {
    let malformed = || DecodeError::because("ranges of slots", view, " of other words");
    view.decode::<&str>()?.split_ascii_whitespace().map(|word| range(word).ok_or_else(malformed)).collect()
}
