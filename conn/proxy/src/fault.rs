//! What can happen to a request, to its reply, or to the connection between the two.

use std::fmt;

/// What the proxy can do to one request or to its reply.
///
/// Of a request that a `…Request` fault befalls, the server has seen nothing, or no whole one; one that a `…Reply`
/// fault befalls was executed.
///
/// | fault | on chunks too | the client sees |
/// |---|---|---|
/// | `DropRequest`, `DropReply` | no | no reply, or in a pipeline one too few |
/// | `DelayRequest`, `DelayReply` | yes | a late reply |
/// | `CutRequest`, `CutReply` | yes | the end of the stream, `CutReply` after some bytes of the reply |
/// | `StallRequest`, `StallReply` | yes | silence on an open connection, from then on |
/// | `ResetRequest`, `ResetReply` | yes | "connection reset"; over a Unix socket the end of the stream |
/// | `SplitRequest`, `SplitReply` | yes | a reply in pieces of one byte |
/// | `PushBefore`, `PushAfter` | no | a push (RESP3) before or behind the reply |
/// | `Flip` | no | a reply that is broken in a byte of its structure, never of its payload |
/// | `Twice` | no | the reply, and once more the same |
///
/// `Flip` and `Twice` can make more replies out of one. The proxy then holds back what it has until every request
/// is answered, and writes all of it at once, so that the surplus comes together with the last reply: a client that
/// has got as many replies as it asked for, and nothing more, has no means to know that one of them was too many.
/// Together they are still no more than what the client's system hands over at once: keep such flights below 64 KiB.
/// Chance doubles no reply of more than 16 KiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// The request never reaches the server.
    DropRequest,
    /// The reply never reaches the client.
    DropReply,
    /// The request reaches the server late, and with it all that follow on the connection.
    DelayRequest,
    /// The reply reaches the client late, and with it all that follow on the connection.
    DelayReply,
    /// The server gets the first bytes of the request, then both connections are closed.
    CutRequest,
    /// The client gets the first bytes of the reply, then both connections are closed.
    CutReply,
    /// Neither the request nor anything after it goes through, in either direction; the connection stays open.
    StallRequest,
    /// Neither the reply nor anything after it goes through, in either direction; the connection stays open.
    StallReply,
    /// Instead of passing the request on, the proxy resets the connection to the client.
    ResetRequest,
    /// Instead of passing the reply on, the proxy resets the connection to the client.
    ResetReply,
    /// The request reaches the server in writes of one byte.
    SplitRequest,
    /// The reply reaches the client in writes of one byte.
    SplitReply,
    /// A push comes before the reply.
    PushBefore,
    /// A push comes right behind the reply.
    PushAfter,
    /// One bit of the reply is flipped: in its type, its length or a line end.
    Flip,
    /// The reply comes twice.
    Twice,
}

impl Fault {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::DropRequest,
        Self::DropReply,
        Self::DelayRequest,
        Self::DelayReply,
        Self::CutRequest,
        Self::CutReply,
        Self::StallRequest,
        Self::StallReply,
        Self::ResetRequest,
        Self::ResetReply,
        Self::SplitRequest,
        Self::SplitReply,
        Self::PushBefore,
        Self::PushAfter,
        Self::Flip,
        Self::Twice,
    ];

    /// Whether it needs no knowledge of requests and replies, and so can be done to encrypted bytes.
    pub fn is_blind(self) -> bool {
        !matches!(
            self,
            Self::DropRequest
                | Self::DropReply
                | Self::PushBefore
                | Self::PushAfter
                | Self::Flip
                | Self::Twice
        )
    }

    /// Whether it happens on the way to the server.
    pub fn is_of_request(self) -> bool {
        matches!(
            self,
            Self::DropRequest
                | Self::DelayRequest
                | Self::CutRequest
                | Self::StallRequest
                | Self::ResetRequest
                | Self::SplitRequest
        )
    }

    /// Whether the client may afterwards get more or fewer replies than it sent requests. Two such faults on one
    /// connection could cancel each other out, and nobody could tell: a random generator never draws a second.
    pub fn miscounts(self) -> bool {
        matches!(self, Self::DropRequest | Self::DropReply | Self::Flip | Self::Twice)
    }

    fn name(self) -> &'static str {
        match self {
            Self::DropRequest => "drop request",
            Self::DropReply => "drop reply",
            Self::DelayRequest => "delay request",
            Self::DelayReply => "delay reply",
            Self::CutRequest => "cut request",
            Self::CutReply => "cut reply",
            Self::StallRequest => "stall request",
            Self::StallReply => "stall reply",
            Self::ResetRequest => "reset request",
            Self::ResetReply => "reset reply",
            Self::SplitRequest => "split request",
            Self::SplitReply => "split reply",
            Self::PushBefore => "push before",
            Self::PushAfter => "push after",
            Self::Flip => "flip",
            Self::Twice => "twice",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_its_place_in_the_list() {
        for (index, fault) in Fault::ALL.into_iter().enumerate() {
            assert_eq!(fault as usize, index);
            assert_eq!(fault.is_of_request(), fault.to_string().ends_with("request"), "{fault}");
        }
    }
}
