//! A cursor becomes an iterator: `SCAN` and its kin, page by page.

use std::vec;

use resp::{DecodeOwned, Request};

use crate::execute::{Blocking, decode};
use crate::{Commands, Error};

/// What a scan finds, one by one. A page is fetched when the one before it is used up.
///
/// As the server promises it: what is there during the whole scan comes at least once; what comes and goes meanwhile
/// may or may not come; something may come twice. After an error the iterator ends.
#[derive(Debug)]
pub struct Scan<'c, E, T> {
    commands: &'c Commands<E>,
    /// Packs the request for the page at a cursor.
    page: Page,
    /// `None` when the last page was fetched.
    cursor: Option<u64>,
    items: vec::IntoIter<T>,
}

/// Everything of a page's request but its cursor.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    pub(crate) name: &'static str,
    /// Absent for `SCAN` itself.
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) options: Vec<Vec<u8>>,
}

impl<'c, E, T> Scan<'c, E, T> {
    pub(crate) fn new(commands: &'c Commands<E>, page: Page) -> Self {
        Self { commands, page, cursor: Some(0), items: Vec::new().into_iter() }
    }
}

impl Page {
    /// The request for the page at `cursor`.
    pub(crate) fn at(&self, cursor: u64) -> Request<'_> {
        let mut request = Request::new(self.name);
        if let Some(key) = &self.key {
            request = request.key(key);
        }
        self.options.iter().fold(request.arg(cursor), Request::arg)
    }
}

impl<E: Blocking, T: DecodeOwned> Iterator for Scan<'_, E, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(Ok(item));
            }
            let request = self.page.at(self.cursor.take()?);
            match self.commands.executor.execute_now(request, decode::<(u64, Vec<T>)>) {
                Ok((cursor, items)) => {
                    self.cursor = Some(cursor).filter(|cursor| *cursor != 0);
                    self.items = items.into_iter();
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }
}
