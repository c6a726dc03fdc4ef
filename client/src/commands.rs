//! Every command, once: its name, keys, arguments and the type of its reply.
//!
//! A method packs a [`Request`] and hands it to the executor, which decides what a call returns. Replies with one
//! shape have one type; only the user's own data is generic.

use resp::{DecodeOwned, Request};

use crate::execute::{Decoder, Execute, decode};

mod strings;
pub use strings::{
    Digest, GetExOptions, IfValue, IncrExOptions, Increment, LcsMatch, LcsMatches, MSetExOptions, SetOptions,
};
mod keys;
pub use keys::{CopyOptions, KeyType};
mod expiry;
pub use expiry::{ExpireOptions, ExpireTime, Ttl};
mod sort;
pub use sort::SortOptions;
mod objects;
pub use objects::RestoreOptions;
mod migrate;
pub use migrate::Migrate;
mod fields;
pub use fields::{FieldExpire, FieldPersist, HSetExOptions};
mod hash_import;
mod hashes;
mod lists;
pub use lists::{End, LmovemOptions, LposOptions};
#[cfg(feature = "serde")]
mod structs;

mod sets;
pub use sets::SunioncardOptions;
mod sorted_sets;
pub use sorted_sets::{Aggregate, CombineOptions, Extreme, LexBound, ScoreBound, ZRange, ZaddOptions};
mod streams;
pub use streams::{
    Claimed, ConsumerInfo, Delivery, EntryDelete, FullConsumerInfo, FullGroupInfo, FullStreamInfo, GroupInfo,
    IdmpOptions, Nack, Pending, PendingEntry, PendingSummary, References, StreamBound, StreamEntry, StreamId,
    StreamInfo, Streams, Trim, XaddOptions, XclaimOptions, XgroupOptions, XnackOptions, XpendingOptions,
    XreadOptions, XreadgroupOptions,
};
mod arrays;
pub use arrays::{ArrayBound, ArrayInfo, ArrayMatch, ArraySearch};
mod vectors;
pub use vectors::{
    Quantization, RawVector, VaddOptions, VectorLinks, VectorMatch, VectorSearch, VectorSetInfo,
};
mod geo;
pub use geo::{GeoCenter, GeoMatch, GeoPoint, GeoSearch, GeoUnit, GeoaddOptions};
mod bitmaps;
pub use bitmaps::{Bit, BitField, BitOp, BitRange, BitfieldOp, Overflow};
mod hyperloglog;
mod timeout;
pub use timeout::Timeout;
mod scripting;
pub use scripting::{Script, ScriptDebug};
mod functions;
pub use functions::{
    EngineStats, FunctionInfo, FunctionLibrary, FunctionListOptions, FunctionRestore, FunctionStats,
    LibraryInfo, RunningFunction,
};
mod transactions;

mod clients;
pub use clients::{ClientFilter, ClientInfo, ClientType};
mod connection;
pub use connection::AofSynced;
mod session;
pub use session::{ClientAttribute, Hello, HelloOptions, Switch};
mod tracking;
pub use tracking::{Redirection, TrackingInfo, TrackingOptions};
mod modules;
pub use modules::ModuleInfo;
mod server;
pub use server::FlushMode;
mod catalog;
mod help;
pub use catalog::{CommandArgument, CommandDocs, CommandFilter, CommandInfo, KeyBegin, KeyFind, KeySpec};
mod memory;
pub use memory::{MemoryDatabase, MemoryStats};
mod hotkeys;
pub use hotkeys::{Hotkeys, HotkeysMetrics, HotkeysOptions};
mod saving;
pub use saving::{Background, BackupStatus};
mod replication;
pub use replication::{FailoverOptions, Role, RoleReplica};
mod shutdown;
pub use shutdown::ShutdownOptions;
mod info;
pub use info::{
    CommandStats, Info, InfoClients, InfoCluster, InfoCpu, InfoDatabase, InfoMemory, InfoModule,
    InfoPersistence, InfoPrimary, InfoReplica, InfoReplication, InfoServer, InfoStats,
};

mod acl;
pub use acl::{AclLogEntry, AclReason, AclRules, AclSelector, AclUser, AclVerdict};
mod latency;
pub use latency::{CommandLatency, LatencyEvent, LatencySample};
mod slowlog;
pub use slowlog::{CommandlogKind, LargeEntry, SlowEntry};
mod cluster;
mod pubsub;
pub use cluster::{
    BumpedEpoch, ClusterEndpoint, ClusterFailover, ClusterInfo, ClusterLink, ClusterNode, ClusterReset,
    ClusterShard, ClusterShardNode, ClusterSlots, SlotMetric, SlotMigration, SlotState, SlotStats,
    SlotStatsOrder,
};

mod arguments;
#[cfg(test)]
mod costs;
mod reply;

mod table;
pub use table::CommandFacts;

/// All commands, for an executor that decides what a call returns.
///
/// [`Client`](crate::Client), [`Dedicated`](crate::Dedicated), [`Pipeline`](crate::Pipeline) and
/// [`Build`](crate::Build) are this type with their executors.
#[derive(Clone, Debug)]
pub struct Commands<E> {
    pub(crate) executor: E,
}

/// # Any command
impl<E: Execute> Commands<E> {
    /// Runs any command, also one that has no method here. Its reply decodes to the type that is asked for;
    /// [`Reply`](crate::Reply) and [`Value`](crate::Value) take whatever comes.
    ///
    /// # Example
    /// ```
    /// use client::Request;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let client = client::Client::open(&std::env::var("REDISY_URL")?)?;
    /// client.set("doc:run", "12345")?;
    /// let middle: String = client.run(Request::new("GETRANGE").key("doc:run").arg(1).arg(3))?;
    /// assert_eq!(middle, "234");
    ///
    /// let reply: client::Reply = client.run(Request::new("GET").key("doc:run"))?;
    /// assert_eq!(reply.view().as_str(), Some("12345")); // borrowed, without an allocation
    /// # Ok(())
    /// # }
    /// ```
    pub fn run<R: DecodeOwned>(&self, request: Request<'_>) -> E::Output<R> {
        self.call(request)
    }

    /// Runs a command whose reply decodes itself.
    #[inline]
    pub(crate) fn call<R: DecodeOwned>(&self, request: Request<'_>) -> E::Output<R> {
        self.executor.execute(request, decode)
    }

    /// Runs a command whose reply means something of its own.
    pub(crate) fn call_with<R>(&self, request: Request<'_>, decode: Decoder<R>) -> E::Output<R> {
        self.executor.execute(request, decode)
    }
}
