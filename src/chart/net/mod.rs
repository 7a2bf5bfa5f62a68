//! HTTP: one request at a time, with retries, proxies, private certificates and limits. The only part that opens sockets.

mod client;
mod failure;
mod proxy;
mod tls;
mod url;

pub(crate) use client::{Client, NetSettings, Request, Response};
pub(crate) use failure::{Failure, Reason};
pub(crate) use tls::Trust;
pub(crate) use url::{Scheme, Url, encoded};
