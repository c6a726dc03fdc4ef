//! The command whose success is that the server is gone: it closes the connection instead of answering.

use resp::{Reply, Request};

use crate::Error;

/// What has become of a call that failed: if it was to end the server, and the connection was closed once the command
/// was sent and before it was answered, it has done so.
///
/// # Errors
/// `error`, if that is not so.
#[cold]
pub(super) fn farewell(request: &Request<'_>, error: Error) -> Result<Reply, Error> {
    if !ends_server(request) || !error.is_end() {
        return Err(error);
    }
    Reply::from_bytes(&b"+OK\r\n"[..]).map_err(|_| error)
}

/// `SHUTDOWN ABORT` is answered.
fn ends_server(request: &Request<'_>) -> bool {
    let mut words = request.args_iter();
    let is = |name: &str, word: &[u8]| word.eq_ignore_ascii_case(name.as_bytes());
    words.next().is_some_and(|word| is("SHUTDOWN", word)) && !words.any(|word| is("ABORT", word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_abortion_and_all_else_are_answered() {
        assert!(ends_server(&Request::new("shutdown")));
        assert!(ends_server(&Request::new("SHUTDOWN").arg("NOSAVE").arg("now")));
        assert!(!ends_server(&Request::new("SHUTDOWN").arg("abort")));
        assert!(!ends_server(&Request::new("GET").key("SHUTDOWN")));
    }
}
