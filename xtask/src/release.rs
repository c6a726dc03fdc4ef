//! Which server a binary is: its brand and version, read from what it says of itself.

use std::cmp::Reverse;
use std::fmt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::job;

/// Who makes a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Brand {
    Redis,
    Valkey,
}

/// A version of a server; prints as `redis-8.10.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Release {
    pub(crate) brand: Brand,
    pub(crate) version: [u32; 3],
}

impl Brand {
    /// How its files begin: `redis` in `redis-server`.
    pub(crate) fn stem(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Valkey => "valkey",
        }
    }
}

impl Release {
    /// Asks a server binary with `--version`.
    pub(crate) fn of(binary: &Path) -> Result<Self> {
        let banner = job::quiet(Command::new(binary).arg("--version"))?;
        Self::from_banner(&banner)
            .with_context(|| format!("{} is neither Redis nor Valkey: {}", binary.display(), banner.trim()))
    }

    /// Reads `Redis server v=8.10.2 sha=00000000:0 malloc=libc bits=64 build=39b0`.
    fn from_banner(banner: &str) -> Option<Self> {
        let (brand, rest) = banner.split_once(" server v=")?;
        let brand = match brand {
            "Redis" => Brand::Redis,
            "Valkey" => Brand::Valkey,
            _ => return None,
        };
        Some(Self { brand, version: version(rest.split_whitespace().next()?)? })
    }

    /// Reads the start of a name, `redis-8.10.2` of `redis-8.10.2-o1`, and returns the rest beside it.
    pub(crate) fn from_name(name: &str) -> Option<(Self, &str)> {
        let (brand, rest) = name.split_once('-')?;
        let brand = [Brand::Redis, Brand::Valkey].into_iter().find(|b| b.stem() == brand)?;
        let (number, rest) = rest.split_once('-').unwrap_or((rest, ""));
        Some((Self { brand, version: version(number)? }, rest))
    }

    /// The number alone: `8.10.2`.
    pub(crate) fn number(&self) -> String {
        let [major, minor, patch] = self.version;
        format!("{major}.{minor}.{patch}")
    }

    /// Sorts the newest Redis first and Valkey last.
    pub(crate) fn rank(&self) -> impl Ord + use<> {
        (self.brand, Reverse(self.version))
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.brand.stem(), self.number())
    }
}

fn version(text: &str) -> Option<[u32; 3]> {
    let mut parts = text.split('.').map(|part| part.parse().ok());
    let version = [parts.next()??, parts.next()??, parts.next()??];
    parts.next().is_none().then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(brand: Brand, version: [u32; 3]) -> Release {
        Release { brand, version }
    }

    #[test]
    fn banners() {
        let cases = [
            (
                "Redis server v=8.10.2 sha=00000000:1 malloc=libc bits=64 build=39b066afefdbd36e\n",
                Some(release(Brand::Redis, [8, 10, 2])),
            ),
            (
                "Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64 build=b06b94b9d10d4eb4\n",
                Some(release(Brand::Valkey, [9, 1, 2])),
            ),
            ("Redis server v=255.255.255 sha=1\n", Some(release(Brand::Redis, [255, 255, 255]))),
            ("KeyDB server v=6.3.4 sha=0\n", None),
            ("Redis server v=7.0 sha=0\n", None),
            ("Redis server v=7.0.1.2 sha=0\n", None),
            ("Redis server v=", None),
            ("", None),
        ];
        for (banner, expected) in cases {
            assert_eq!(Release::from_banner(banner), expected, "{banner:?}");
        }
    }

    #[test]
    fn names() {
        let redis = release(Brand::Redis, [8, 10, 2]);
        assert_eq!(redis.to_string(), "redis-8.10.2");
        assert_eq!(Release::from_name("redis-8.10.2"), Some((redis, "")));
        assert_eq!(Release::from_name("redis-8.10.2-o1-libc-tls"), Some((redis, "o1-libc-tls")));
        assert_eq!(Release::from_name("valkey-9.1-wheel"), None);
        assert_eq!(Release::from_name("redict-7.3.6"), None);
        assert_eq!(Release::from_name(".tmp-1"), None);
    }

    #[test]
    fn the_newest_redis_comes_first_and_valkey_last() {
        let mut all = [
            release(Brand::Valkey, [8, 1, 1]),
            release(Brand::Redis, [8, 2, 3]),
            release(Brand::Valkey, [9, 1, 2]),
            release(Brand::Redis, [8, 10, 2]),
            release(Brand::Redis, [6, 2, 14]),
        ];
        all.sort_by_key(Release::rank);
        let names = all.map(|release| release.to_string());
        assert_eq!(names, ["redis-8.10.2", "redis-8.2.3", "redis-6.2.14", "valkey-9.1.2", "valkey-8.1.1"]);
    }
}
