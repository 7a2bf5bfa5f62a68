//! Address ranges: a CIDR, or `first-last` as MetalLB writes it.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// An inclusive range of addresses of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IpRange {
    /// The first address.
    pub first: IpAddr,
    /// The last address, not before the first.
    pub last: IpAddr,
}

impl IpRange {
    /// Reads `10.0.0.0/24`, `10.0.0.1-10.0.0.9` or a single address.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((first, last)) = text.split_once('-') {
            let range = IpRange { first: first.trim().parse().ok()?, last: last.trim().parse().ok()? };
            let one_family = range.first.is_ipv4() == range.last.is_ipv4();
            return (one_family && range.first <= range.last).then_some(range);
        }
        if text.contains('/') {
            return text.trim().parse().ok().map(IpRange::of);
        }
        let only = text.trim().parse().ok()?;
        Some(IpRange { first: only, last: only })
    }

    /// All addresses of a network.
    pub fn of(net: IpNet) -> Self {
        IpRange { first: net.network(), last: net.broadcast() }
    }

    /// Whether an address lies in it.
    pub fn contains(self, ip: IpAddr) -> bool {
        ip.is_ipv4() == self.first.is_ipv4() && self.first <= ip && ip <= self.last
    }

    /// Whether the two share an address.
    pub fn overlaps(self, other: IpRange) -> bool {
        self.first.is_ipv4() == other.first.is_ipv4() && self.first <= other.last && other.first <= self.last
    }

    /// The n-th address from the start (0 is the first), or from the end for a negative n.
    pub fn nth(self, n: i64) -> Option<IpAddr> {
        let base = if n < 0 { number(self.last).checked_add(1)? } else { number(self.first) };
        let found = base.checked_add_signed(i128::from(n))?;
        let ip = match self.first {
            IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::from(u32::try_from(found).ok()?)),
            IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::from(found)),
        };
        self.contains(ip).then_some(ip)
    }
}

fn number(ip: IpAddr) -> u128 {
    match ip {
        IpAddr::V4(v4) => u128::from(u32::from(v4)),
        IpAddr::V6(v6) => u128::from(v6),
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { write!(f, "{}", self.first) } else { write!(f, "{}-{}", self.first, self.last) }
    }
}

#[cfg(test)]
mod tests {
    use super::IpRange;

    #[test]
    fn ranges_are_read_counted_and_compared() {
        let nothing = IpRange::of(ipnet::IpNet::from(std::net::IpAddr::from([0, 0, 0, 0])));
        let range = |text| IpRange::parse(text).unwrap_or(nothing);
        assert_eq!(range("10.0.0.0/30").nth(1).map(|ip| ip.to_string()).as_deref(), Some("10.0.0.1"));
        assert_eq!(range("10.0.0.0/30").nth(-1).map(|ip| ip.to_string()).as_deref(), Some("10.0.0.3"));
        assert_eq!(range("10.0.0.0/30").nth(4), None);
        assert!(range("10.0.0.5-10.0.0.9").overlaps(range("10.0.0.8/29")));
        assert!(!range("10.0.0.5-10.0.0.9").overlaps(range("fd00::/8")));
        assert_eq!(IpRange::parse("10.0.0.9-10.0.0.5"), None);
        assert_eq!(IpRange::parse("10.0.0.0/33"), None);
    }
}
