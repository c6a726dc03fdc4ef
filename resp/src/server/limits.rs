//! How much a client may send.

/// The limits of one request. A request that goes over one is an error, and nothing is reserved for it.
///
/// # Example
/// ```
/// use bytes::BytesMut;
/// use resp::{RequestErrorKind, RequestLimits, RequestParser};
///
/// let mut parser = RequestParser::new(RequestLimits::unauthenticated());
/// let error = parser.parse(&mut BytesMut::from(&b"*11\r\n"[..])).unwrap_err();
/// assert_eq!(error.kind(), RequestErrorKind::TooManyArguments { limit: 10 });
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestLimits {
    pub(super) arguments: usize,
    pub(super) bulk: usize,
    pub(super) inline: usize,
    pub(super) request: usize,
}

impl Default for RequestLimits {
    fn default() -> Self {
        Self {
            // What Redis took up to 6.2; since 7.0 it takes 2³¹ − 1.
            arguments: 1 << 20,
            // `proto-max-bulk-len` of a server, by default.
            bulk: 512 << 20,
            // `PROTO_INLINE_MAX_SIZE` of Redis.
            inline: 64 << 10,
            // `client-query-buffer-limit` of a server, by default.
            request: 1 << 30,
        }
    }
}

impl RequestLimits {
    /// What Redis takes from somebody who has not said a password yet: 10 arguments of at most 16,384 bytes.
    pub fn unauthenticated() -> Self {
        Self::default().arguments(10).bulk(16_384)
    }

    /// Sets how many arguments a command may have, its name included: by default 1,048,576.
    #[must_use]
    pub fn arguments(mut self, arguments: usize) -> Self {
        self.arguments = arguments;
        self
    }

    /// Sets the length of one argument in bytes, by default 512 MiB.
    #[must_use]
    pub fn bulk(mut self, bytes: usize) -> Self {
        self.bulk = bytes;
        self
    }

    /// Sets the length of an inline command in bytes, its end of line left out: by default 64 KiB.
    #[must_use]
    pub fn inline(mut self, bytes: usize) -> Self {
        self.inline = bytes;
        self
    }

    /// Sets the length of a whole command in bytes, by default 1 GiB.
    #[must_use]
    pub fn request(mut self, bytes: usize) -> Self {
        self.request = bytes;
        self
    }
}
