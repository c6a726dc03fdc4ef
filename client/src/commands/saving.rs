//! Bringing the data to disk: at once, in the background, as a log that is rewritten, or as a backup.

use std::time::SystemTime;

use resp::{Decode, DecodeError, DecodeOwned, Reply, Request, Seconds, View};

use super::info::text;
use super::reply::{optional, since_1970, text_field};
use crate::Commands;
use crate::execute::Execute;

/// # Saving
impl<E: Execute> Commands<E> {
    /// `SAVE`: saves the data to disk before it answers. Nobody else is answered meanwhile:
    /// [`bgsave`](Self::bgsave) is what one wants.
    ///
    /// It may take longer than a call of the client's may: [`Client::timeout`](crate::Client::timeout).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().save().args(), [b"SAVE"]);
    /// ```
    pub fn save(&self) -> E::Output<()> {
        self.call(Request::new("SAVE"))
    }

    /// `BGSAVE`: begins to save the data to disk. It is an error if that, or the rewriting of the log, is going on.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().bgsave().args(), [b"BGSAVE"]);
    /// ```
    pub fn bgsave(&self) -> E::Output<Background> {
        self.call(Request::new("BGSAVE"))
    }

    /// `BGSAVE SCHEDULE`: begins to save the data to disk, or does so as soon as the log is rewritten.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().bgsave_schedule().args(), [&b"BGSAVE"[..], b"SCHEDULE"]);
    /// ```
    pub fn bgsave_schedule(&self) -> E::Output<Background> {
        self.call(Request::new("BGSAVE").arg("SCHEDULE"))
    }

    /// `BGSAVE CANCEL`: ends a save in the background, or one that was to come; it is an error if there is none (Valkey
    /// 8.1; no Redis has it).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().bgsave_cancel().args(), [&b"BGSAVE"[..], b"CANCEL"]);
    /// ```
    pub fn bgsave_cancel(&self) -> E::Output<()> {
        self.call(Request::new("BGSAVE").arg("CANCEL"))
    }

    /// `BGREWRITEAOF`: begins to rewrite the log of all writes, or does so as soon as the data is saved.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().bgrewriteaof().args(), [b"BGREWRITEAOF"]);
    /// ```
    pub fn bgrewriteaof(&self) -> E::Output<Background> {
        self.call(Request::new("BGREWRITEAOF"))
    }

    /// `BACKUP START`: begins a backup of the data as it is now and of what is written until it is
    /// [sealed](Self::backup_seal), into the folder that the setting `backupdirname` names (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().backup_start().args(), [&b"BACKUP"[..], b"START"]);
    /// ```
    pub fn backup_start(&self) -> E::Output<()> {
        self.call(Request::new("BACKUP START"))
    }

    /// `BACKUP SEAL`: the backup is complete, and its files change no more (Redis 8.10). It is an error before the state
    /// is `incrementing`.
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().backup_seal().args(), [&b"BACKUP"[..], b"SEAL"]);
    /// ```
    pub fn backup_seal(&self) -> E::Output<()> {
        self.call(Request::new("BACKUP SEAL"))
    }

    /// `BACKUP ABORT`: gives up a backup that is not sealed (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().backup_abort().args(), [&b"BACKUP"[..], b"ABORT"]);
    /// ```
    pub fn backup_abort(&self) -> E::Output<()> {
        self.call(Request::new("BACKUP ABORT"))
    }

    /// `BACKUP CLEANUP`: deletes the files of a backup that is sealed (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().backup_cleanup().args(), [&b"BACKUP"[..], b"CLEANUP"]);
    /// ```
    pub fn backup_cleanup(&self) -> E::Output<()> {
        self.call(Request::new("BACKUP CLEANUP"))
    }

    /// `BACKUP STATUS`: how far the backup is (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// let status = client.backup_status()?;
    /// assert_eq!((&*status.state, status.start_time), ("idle", None));
    /// # Ok(())
    /// # }
    /// ```
    pub fn backup_status(&self) -> E::Output<BackupStatus> {
        self.call(Request::new("BACKUP STATUS"))
    }

    /// `BACKUP LIST`: the paths of those files of the backup that change no more (Redis 8.10).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// assert!(client.backup_list()?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    pub fn backup_list(&self) -> E::Output<Vec<String>> {
        self.call(Request::new("BACKUP LIST"))
    }
}

/// What became of something to do in the background.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Background {
    /// It has begun.
    Started,
    /// It begins when something else has ended.
    Scheduled,
}

impl Decode<'_> for Background {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        // "Background saving started", "Background append only file rewriting scheduled"
        let is_scheduled = text(view)?.contains("scheduled");
        Ok(if is_scheduled { Self::Scheduled } else { Self::Started })
    }
}

/// How far a backup is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BackupStatus {
    /// `idle`, `snapshotting`, `incrementing`, `sealed`, …
    pub state: String,
    /// Why the last one has failed, if it has.
    pub error: Option<String>,
    /// When it began, in seconds; `None` if there is none.
    pub start_time: Option<SystemTime>,
    /// When it was sealed, in seconds; `None` if it is not.
    pub end_time: Option<SystemTime>,
    all: Reply,
}

impl BackupStatus {
    /// Any field, by the name the server gives it. `None` if there is no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for BackupStatus {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let time = |name| match optional::<Seconds>(view, name)?.filter(|time| !time.0.is_zero()) {
            Some(time) => since_1970(view, time.0).map(Some),
            None => Ok(None),
        };
        Ok(Self {
            state: text_field(view, "state")?,
            error: optional::<String>(view, "error")?.filter(|error| !error.is_empty()),
            start_time: time("start_time")?,
            end_time: time("end_time")?,
            all: view.to_reply(),
        })
    }
}
