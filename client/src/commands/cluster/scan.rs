//! Scanning the keys of a whole cluster, page by page.

use resp::{DecodeOwned, Request, ToArg};

use crate::execute::Execute;
use crate::scan::Page;
use crate::{Commands, ScanOptions};

/// # Cluster: scan
impl<E: Execute> Commands<E> {
    /// `CLUSTERSCAN`: one page of keys and the cursor of the next; the first page and the end are `0` (only Valkey, 9.1).
    ///
    /// A cursor belongs to a slot, as a key does: the node that has it answers, and others say where it is.
    ///
    /// # Example
    /// ```
    /// use client::{Build, ScanOptions};
    ///
    /// let command = Build::new().clusterscan_page::<String>("0-{06S}-0", ScanOptions::new().count(100));
    /// assert_eq!(command.args(), [&b"CLUSTERSCAN"[..], b"0-{06S}-0", b"COUNT", b"100"]);
    /// assert_eq!(command.keys(), [b"0-{06S}-0"]);
    /// ```
    #[doc(alias = "clusterscan")]
    pub fn clusterscan_page<'o, T: DecodeOwned>(
        &self,
        cursor: impl ToArg,
        options: impl Into<ScanOptions<'o>>,
    ) -> E::Output<(String, Vec<T>)> {
        let page = Page::new("CLUSTERSCAN", options.into());
        self.call(page.options(Request::new("CLUSTERSCAN").key(&cursor)))
    }

    /// `CLUSTERSCAN … SLOT`: one page of the keys of a slot and the cursor of the next; the first page and the end are `0`
    /// (only Valkey, 9.1).
    ///
    /// # Example
    /// ```
    /// use client::{Build, ScanOptions};
    ///
    /// let command = Build::new().clusterscan_slot_page::<String>(5, "0", ScanOptions::new());
    /// assert_eq!(command.args(), [&b"CLUSTERSCAN"[..], b"0", b"SLOT", b"5"]);
    /// ```
    pub fn clusterscan_slot_page<'o, T: DecodeOwned>(
        &self,
        slot: u16,
        cursor: impl ToArg,
        options: impl Into<ScanOptions<'o>>,
    ) -> E::Output<(String, Vec<T>)> {
        let page = Page::new("CLUSTERSCAN", options.into());
        self.call(page.options(Request::new("CLUSTERSCAN").key(&cursor)).arg("SLOT").arg(slot))
    }
}
