//! The types that every crate is asked to make, and whether it did.

use std::collections::HashMap;
use std::hint::black_box;

use redis::Value;
use redis_protocol::resp3::types::{BytesFrame, Resp3Frame};
use resp::DecodeOwned;

/// A type that everybody can make.
pub(crate) trait Target: DecodeOwned + 'static {
    fn by_rustis(bytes: &[u8]) -> bool;
    fn by_redis_rs(value: Value) -> bool;
    fn by_redis_protocol(frame: BytesFrame) -> bool;
}

macro_rules! targets {
    ($($type:ty),* $(,)?) => {$(
        impl Target for $type {
            fn by_rustis(bytes: &[u8]) -> bool {
                black_box(rustis::resp::bench_support::bench_decode_to::<$type>(bytes)).is_ok()
            }

            fn by_redis_rs(value: Value) -> bool {
                black_box(redis::from_redis_value::<$type>(value)).is_ok()
            }

            fn by_redis_protocol(frame: BytesFrame) -> bool {
                black_box(frame.convert::<$type>()).is_ok()
            }
        }
    )*};
}

targets! {
    String,
    i64,
    Vec<String>,
    Vec<i64>,
    HashMap<String, String>,
    Vec<(String, HashMap<String, String>)>,
}
