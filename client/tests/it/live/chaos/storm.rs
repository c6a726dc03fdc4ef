//! What befalls the server meanwhile: killed clients, pauses, a stop, a restart.

use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use client::{Client, Config, Request};
use proxy::Dice;

use crate::kit::Private;

/// Harm to a server, at intervals.
pub(super) struct Storm<'s> {
    server: &'s mut Private,
    dice: Dice,
    killed: u64,
    pauses: u64,
    stops: u64,
    kills: u64,
    shutdowns: u64,
}

impl<'s> Storm<'s> {
    pub(super) fn new(server: &'s mut Private, dice: Dice) -> Self {
        Self { server, dice, killed: 0, pauses: 0, stops: 0, kills: 0, shutdowns: 0 }
    }

    /// Rages until then. The server runs when it is over.
    pub(super) fn rage(&mut self, until: Instant) {
        while Instant::now() < until {
            self.wait(100, 700);
            match self.dice.below(10) {
                0..4 => {
                    let kill = Request::new("CLIENT KILL").arg("TYPE").arg("normal");
                    self.killed += self.client().run::<u64>(kill).unwrap();
                }
                4..6 => {
                    let pause = Duration::from_millis(50 + self.dice.below(350));
                    let client = self.client();
                    match self.dice.below(2) {
                        0 => client.client_pause(pause).unwrap(),
                        _ => client.client_pause_writes(pause).unwrap(),
                    }
                    self.pauses += 1;
                    thread::sleep(pause);
                }
                6..8 => {
                    self.server.signal("STOP");
                    self.wait(50, 600);
                    self.server.signal("CONT");
                    self.stops += 1;
                }
                8 => {
                    self.server.signal("KILL");
                    self.server.restart();
                    self.kills += 1;
                }
                _ => {
                    self.server.signal("TERM");
                    self.server.restart();
                    self.shutdowns += 1;
                }
            }
        }
    }

    /// A client of the server itself, past the proxy.
    pub(super) fn client(&self) -> Client {
        let config: Config = self.server.url().parse().unwrap();
        let client = Client::new(&config.timeout(Duration::from_secs(10))).unwrap();
        while client.ping().is_err_and(|error| error.is_loading()) {
            thread::sleep(Duration::from_millis(5));
        }
        client
    }

    fn wait(&mut self, least: u64, most: u64) {
        thread::sleep(Duration::from_millis(least + self.dice.below(most - least)));
    }
}

impl fmt::Display for Storm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { killed, pauses, stops, kills, shutdowns, .. } = self;
        write!(
            f,
            "{killed} clients killed, {pauses} pauses, {stops} stops, {} restarts ({kills} after a kill, {shutdowns} after a shutdown)",
            kills + shutdowns
        )
    }
}
