//! rustis as a client of messages, on a runtime of one thread: with more of them it is no faster.

use std::hint::black_box;

use futures_util::StreamExt;
use rustis::client::Client;
use rustis::commands::PubSubCommands;
use tokio::runtime::Builder;

use super::NAME;
use crate::client::{CHANNEL, MESSAGES, Manner, Publisher, Server};
use crate::{Contender, Role};

pub(crate) fn messages(server: &Server, manner: Manner) -> Contender {
    let channel = format!("{CHANNEL}:rustis");
    let publisher = Publisher::new(server, &channel);
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime is to be had");
    let (client, mut stream) = runtime.block_on(async {
        let client = Client::connect(server.url.as_str()).await.expect("the server listens");
        let stream = client.subscribe(channel.as_str()).await.expect("the server confirms it");
        (client, stream)
    });
    publisher.contender(NAME, Role::Peer, manner, move || {
        black_box(&client);
        runtime.block_on(async {
            for _ in 0..MESSAGES {
                match stream.next().await {
                    Some(Ok(message)) if !black_box(message.payload()).is_empty() => {}
                    _ => return false,
                }
            }
            true
        })
    })
}
