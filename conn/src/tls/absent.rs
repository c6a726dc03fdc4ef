//! TLS in a build without the feature `tls`: nothing of it can be made, and to want it is an error.

use std::io::{self, IoSlice};

use super::{Tls, TlsError, TlsInfo};
use crate::socket::{Cutter, Peeked, Socket};
use crate::stream::{Speaking, Stream};
use crate::{Address, Deadline};

/// Cannot be made.
#[derive(Debug, Clone)]
pub(crate) enum Connector {}

/// Cannot be made either.
#[derive(Debug)]
pub(crate) enum TlsStream {}

/// Nor this.
#[derive(Debug)]
pub(crate) enum TlsListening {}

/// Nor that.
#[derive(Debug)]
pub(crate) enum TlsSpeaking {}

impl Connector {
    pub(crate) fn new(_: &Tls, _: &Address) -> Result<Self, TlsError> {
        Err(TlsError::missing())
    }

    pub(crate) fn words(&self) -> &Tls {
        match *self {}
    }

    pub(crate) fn connect(&self, _: Socket, _: &Address, _: Deadline) -> io::Result<TlsStream> {
        match *self {}
    }
}

impl TlsStream {
    pub(crate) fn receive(&mut self, _: &mut [u8], _: Deadline) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn send(&mut self, _: &[IoSlice<'_>], _: Deadline) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn peek(&mut self) -> Peeked {
        match *self {}
    }

    pub(crate) fn cutter(&self) -> Cutter {
        match *self {}
    }

    pub(crate) fn info(&self) -> TlsInfo {
        match *self {}
    }
}

impl TlsStream {
    pub(crate) fn second(&self) -> Socket {
        match *self {}
    }

    pub(crate) fn split(self) -> (Stream, Speaking) {
        match self {}
    }
}

impl TlsListening {
    pub(crate) fn second(&self) -> Socket {
        match *self {}
    }

    pub(crate) fn receive(&mut self, _: &mut [u8], _: Deadline) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn peek(&mut self) -> Peeked {
        match *self {}
    }

    pub(crate) fn cutter(&self) -> Cutter {
        match *self {}
    }

    pub(crate) fn info(&self) -> TlsInfo {
        match *self {}
    }
}

impl TlsSpeaking {
    pub(crate) fn send(&mut self, _: &[IoSlice<'_>], _: Deadline) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn cutter(&self) -> Cutter {
        match *self {}
    }
}
