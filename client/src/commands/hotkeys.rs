//! The keys that cost a server most.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::{Duration, SystemTime};

use resp::{Decode, DecodeError, DecodeOwned, Flaw, Millis, Reply, Request, View};

use super::reply::{find, optional, since_1970};
use crate::Commands;
use crate::execute::Execute;

/// # Hot keys
impl<E: Execute> Commands<E> {
    /// `HOTKEYS START`: from now on the server counts what each key costs. It is an error if it does already (Redis
    /// 8.6).
    ///
    /// # Example
    /// ```
    /// use client::{Build, HotkeysMetrics, HotkeysOptions};
    ///
    /// let command = Build::new().hotkeys_start(HotkeysOptions::new(HotkeysMetrics::Both).count(20));
    /// assert_eq!(command.args().join(&b' '), b"HOTKEYS START METRICS 2 CPU NET COUNT 20");
    /// ```
    pub fn hotkeys_start<'o>(&self, options: impl Into<HotkeysOptions<'o>>) -> E::Output<()> {
        let options = options.into();
        self.call(Request::new("HOTKEYS START").with(|r| options.write(r)))
    }

    /// `HOTKEYS GET`: the keys that cost most since the count began, until it was stopped; `None` if there was none
    /// (Redis 8.6).
    ///
    /// # Example
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// if let Some(hotkeys) = client.hotkeys_get()? {
    ///     for (key, time) in &hotkeys.by_cpu_time {
    ///         println!("{} took {time:?}", String::from_utf8_lossy(key));
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn hotkeys_get(&self) -> E::Output<Option<Hotkeys>> {
        self.call_with(Request::new("HOTKEYS GET"), |view| {
            // A list of one, or null.
            Ok(view.decode::<Option<Vec<_>>>()?.and_then(|list| list.into_iter().next()))
        })
    }

    /// `HOTKEYS STOP`: whether the server counted, which it does no longer (Redis 8.6).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().hotkeys_stop().args(), [&b"HOTKEYS"[..], b"STOP"]);
    /// ```
    pub fn hotkeys_stop(&self) -> E::Output<bool> {
        self.call_with(Request::new("HOTKEYS STOP"), |view| Ok(view.decode::<Option<()>>()?.is_some()))
    }

    /// `HOTKEYS RESET`: gives the memory of the count back. It is an error while the server counts (Redis 8.6).
    ///
    /// # Example
    /// ```
    /// use client::Build;
    ///
    /// assert_eq!(Build::new().hotkeys_reset().args(), [&b"HOTKEYS"[..], b"RESET"]);
    /// ```
    pub fn hotkeys_reset(&self) -> E::Output<()> {
        self.call(Request::new("HOTKEYS RESET"))
    }
}

/// What of the keys is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HotkeysMetrics {
    /// The time that commands on them take.
    Cpu,
    /// The bytes that commands on them and their replies have.
    Net,
    /// Both.
    Both,
}

/// The options of `HOTKEYS START`. [`HotkeysMetrics`] alone are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HotkeysOptions<'o> {
    metrics: HotkeysMetrics,
    count: Option<u64>,
    duration: Option<Duration>,
    sample: Option<u64>,
    slots: Option<&'o [u16]>,
}

impl<'o> HotkeysOptions<'o> {
    /// The ten keys that cost most, of all keys and until it is stopped.
    pub fn new(metrics: HotkeysMetrics) -> Self {
        Self { metrics, count: None, duration: None, sample: None, slots: None }
    }

    /// So many keys, from 1 to 64.
    #[must_use]
    pub fn count(mut self, keys: u64) -> Self {
        self.count = Some(keys);
        self
    }

    /// For so long, in whole seconds, rounded up. Zero is an error.
    #[must_use]
    pub fn duration(mut self, time: Duration) -> Self {
        self.duration = Some(time);
        self
    }

    /// Counts about one of so many calls; 1 for all of them.
    #[must_use]
    pub fn sample(mut self, ratio: u64) -> Self {
        self.sample = Some(ratio);
        self
    }

    /// Only keys of these slots, in a cluster.
    #[must_use]
    pub fn slots(mut self, slots: &'o [u16]) -> Self {
        self.slots = Some(slots);
        self
    }

    fn write<'r>(self, mut request: Request<'r>) -> Request<'r>
    where
        'o: 'r,
    {
        if self.duration.is_some_and(|time| time.is_zero()) {
            // The server takes it for ever.
            request.refuse(Flaw::Argument("needs a duration above zero"));
        }
        let metrics: &[&str] = match self.metrics {
            HotkeysMetrics::Cpu => &["CPU"],
            HotkeysMetrics::Net => &["NET"],
            HotkeysMetrics::Both => &["CPU", "NET"],
        };
        let seconds = self.duration.map(|time| time.as_nanos().div_ceil(1_000_000_000));
        let seconds = seconds.map(|seconds| u64::try_from(seconds).unwrap_or(u64::MAX));
        let request = request.arg("METRICS").arg(metrics.len());
        let request = metrics.iter().fold(request, |r, metric| r.arg(*metric));
        let numbers = [("COUNT", self.count), ("DURATION", seconds), ("SAMPLE", self.sample)];
        let request = numbers.into_iter().fold(request, |r, (word, number)| match number {
            Some(number) => r.arg(word).arg(number),
            None => r,
        });
        self.slots.into_iter().fold(request, |r, slots| r.arg("SLOTS").arg(slots.len()).args(slots))
    }
}

impl From<HotkeysMetrics> for HotkeysOptions<'_> {
    fn from(metrics: HotkeysMetrics) -> Self {
        Self::new(metrics)
    }
}

/// The keys that cost most.
#[derive(Clone)]
#[non_exhaustive]
pub struct Hotkeys {
    /// Whether the server still counts.
    pub tracking_active: bool,
    /// It counts about one of so many calls.
    pub sample_ratio: u64,
    /// The slots whose keys it counts.
    pub selected_slots: Vec<RangeInclusive<u16>>,
    /// When the count began, in milliseconds.
    pub collection_start_time: SystemTime,
    /// For how long it has counted, in milliseconds.
    pub collection_duration: Duration,
    /// The keys on which commands took longest, with the time; empty if that is not counted.
    pub by_cpu_time: Vec<(Vec<u8>, Duration)>,
    /// The keys whose commands and replies were longest, with their bytes; empty if that is not counted.
    pub by_net_bytes: Vec<(Vec<u8>, u64)>,
    all: Reply,
}

impl Hotkeys {
    /// Any field, by the name the server gives it: `all-commands-all-slots-us`, `total-net-bytes`, … `None` if there is
    /// no such field, or it is no `T`.
    pub fn get<T: DecodeOwned>(&self, name: &str) -> Option<T> {
        self.all.view().find(name)?.decode().ok()
    }
}

impl Decode<'_> for Hotkeys {
    fn decode(view: View<'_>) -> Result<Self, DecodeError> {
        let millis = |name| optional::<Millis>(view, name).map(|time| time.unwrap_or_default().0);
        let began = find(view, "collection-start-time-unix-ms")?;
        let slots = optional::<Vec<Vec<u16>>>(view, "selected-slots")?.unwrap_or_default();
        let times = optional::<Vec<(Vec<u8>, u64)>>(view, "by-cpu-time-us")?.unwrap_or_default();
        Ok(Self {
            tracking_active: optional(view, "tracking-active")?.unwrap_or_default(),
            sample_ratio: optional(view, "sample-ratio")?.unwrap_or(1),
            selected_slots: slots.iter().filter_map(|range| Some(*range.first()?..=*range.last()?)).collect(),
            collection_start_time: since_1970(began, began.decode::<Millis>()?.0)?,
            collection_duration: millis("collection-duration-ms")?,
            by_cpu_time: times
                .into_iter()
                .map(|(key, micros)| (key, Duration::from_micros(micros)))
                .collect(),
            by_net_bytes: optional(view, "by-net-bytes")?.unwrap_or_default(),
            all: view.to_reply(),
        })
    }
}

impl fmt::Debug for Hotkeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hotkeys").field(&self.all).finish()
    }
}
