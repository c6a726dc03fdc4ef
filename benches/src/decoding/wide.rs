//! A struct of a hundred fields, as serde makes it of a hash, and as one makes it of a `HashMap` without serde.

use std::collections::HashMap;

use serde::Deserialize;

macro_rules! wide {
    ($($field:ident)*) => {
        /// The fields of the corpus `map_100`.
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "it is made, and nobody reads it")]
        pub(crate) struct Wide {
            $($field: String,)*
        }

        impl Wide {
            /// Moves the values out of a map.
            #[cfg_attr(not(feature = "peers"), allow(dead_code, reason = "only peers go this way"))]
            pub(crate) fn from_map(mut map: HashMap<String, String>) -> Option<Self> {
                Some(Self { $($field: map.remove(stringify!($field))?,)* })
            }
        }
    };
}

wide! {
    field0 field1 field2 field3 field4 field5 field6 field7 field8 field9 field10 field11 field12 field13
    field14 field15 field16 field17 field18 field19 field20 field21 field22 field23 field24 field25 field26
    field27 field28 field29 field30 field31 field32 field33 field34 field35 field36 field37 field38 field39
    field40 field41 field42 field43 field44 field45 field46 field47 field48 field49 field50 field51 field52
    field53 field54 field55 field56 field57 field58 field59 field60 field61 field62 field63 field64 field65
    field66 field67 field68 field69 field70 field71 field72 field73 field74 field75 field76 field77 field78
    field79 field80 field81 field82 field83 field84 field85 field86 field87 field88 field89 field90 field91
    field92 field93 field94 field95 field96 field97 field98 field99
}
