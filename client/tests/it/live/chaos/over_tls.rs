//! The same over TLS. The proxy sees only sealed bytes, so it does its blind faults to chunks of them.

use proxy::Proxy;

use super::{Kind, LASTING, survive};
use crate::kit;
use crate::secured::Secured;

#[test]
fn single_calls() {
    survive_over_tls(&Kind::single("TLS"));
}

#[test]
fn pipelines_of_100() {
    survive_over_tls(&Kind { one_in: 40, ..Kind::pipelined("TLS, pipelines of 100") });
}

fn survive_over_tls(kind: &Kind) {
    let sign = |authority: &crate::certificates::Authority| authority.sign(&["127.0.0.1"]);
    let mut secured = Secured::start_with(&kit::newest().binary, sign, &LASTING);
    let proxy = Proxy::opaque(secured.port).unwrap();
    let url = format!("rediss://127.0.0.1:{}?tls_ca={}", proxy.port(), secured.ca().display());
    survive(kind, &mut secured.plain, &proxy, url.parse().unwrap());
}
