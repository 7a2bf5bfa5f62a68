//! Functions on addresses.

use std::net::IpAddr;

use ipnet::IpNet;
use minijinja::Error;

use super::functions::invalid;
use crate::network::IpRange;

fn net(text: &str) -> Result<IpNet, Error> {
    text.parse().map_err(|_| invalid(format!("`{text}` is not a CIDR")))
}

fn ip(text: &str) -> Result<IpAddr, Error> {
    text.parse().map_err(|_| invalid(format!("`{text}` is not an IP address")))
}

fn range(text: &str) -> Result<IpRange, Error> {
    IpRange::parse(text).ok_or_else(|| invalid(format!("`{text}` is not an address range (a CIDR, or `first-last`)")))
}

/// The n-th address of a network; a negative n counts from the end.
pub(super) fn cidr_host(cidr: &str, n: i64) -> Result<String, Error> {
    let range = IpRange::of(net(cidr)?);
    range.nth(n).map(|ip| ip.to_string()).ok_or_else(|| invalid(format!("`{cidr}` has no address number {n}")))
}

/// Whether an address, or a whole network, lies in a network.
pub(super) fn cidr_contains(cidr: &str, inner: &str) -> Result<bool, Error> {
    let outer = net(cidr)?;
    if inner.contains('/') { Ok(outer.contains(&net(inner)?)) } else { Ok(outer.contains(&ip(inner)?)) }
}

/// The first address of a range.
pub(super) fn range_first(text: &str) -> Result<String, Error> {
    Ok(range(text)?.first.to_string())
}

/// The last address of a range.
pub(super) fn range_last(text: &str) -> Result<String, Error> {
    Ok(range(text)?.last.to_string())
}

/// Whether an address lies in a range.
pub(super) fn range_contains(text: &str, address: &str) -> Result<bool, Error> {
    Ok(range(text)?.contains(ip(address)?))
}
