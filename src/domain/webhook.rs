//! Webhooks: where a message may be sent, and when it is tried again.

#[cfg(test)]
mod tests;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// After so long without a success a webhook is disabled.
pub const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);

/// The first wait; each further one is three times as long ...
const FIRST_WAIT: TimeDelta = TimeDelta::seconds(10);

/// ... up to this.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(4);

/// Most characters of an address.
const LONGEST_URL: usize = 2000;

/// How far a delivery has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryStatus {
    /// To be tried, or tried again.
    Pending,
    /// The receiver took it.
    Delivered,
    /// Given up.
    Failed,
}

/// Whether messages may go to the organisation's own networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PrivateNetworks {
    /// Only to addresses that everybody reaches.
    Refused,
    /// To private addresses too: those of RFC 1918, RFC 6598 and unique local ones.
    Allowed,
}

/// An address to which messages may be sent, as far as the address itself tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    url: Url,
    reach: Reach,
}

/// Which addresses of the network a host may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// This machine only: it was called so.
    Loopback,
    /// Anybody's but this machine.
    Network(PrivateNetworks),
}

/// Why nothing may be sent to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// It is no absolute URL of a host.
    #[error("this is no absolute URL of at most 2000 characters with a host")]
    Malformed,
    /// It would be sent in the clear, or by something else than HTTP.
    #[error("it should begin with https://; http:// is for this machine only")]
    Scheme,
    /// It holds a name or a password, or a fragment.
    #[error("it should have no user, password or fragment")]
    Credentials,
    /// It is one of a network that nothing is sent to.
    #[error("its host is in a network to which nothing is sent")]
    Network,
}

impl Target {
    /// Reads an address. A host that is a name is not looked up: what it stands for is held against [`Target::reach`] each
    /// time that something is sent.
    pub fn parse(text: &str, private: PrivateNetworks) -> Result<Self, Refused> {
        if text.len() > LONGEST_URL {
            return Err(Refused::Malformed);
        }
        let url = Url::parse(text).map_err(|_| Refused::Malformed)?;
        let host = url.host().ok_or(Refused::Malformed)?;
        let ip = match host {
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
            Host::Domain(_) => None,
        };
        let reach = Reach::of(&host.to_string(), ip, private);
        match url.scheme() {
            "https" => {}
            "http" if reach == Reach::Loopback => {}
            _ => return Err(Refused::Scheme),
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(Refused::Credentials);
        }
        if ip.is_some_and(|ip| !reach.takes(ip)) {
            return Err(Refused::Network);
        }
        Ok(Self { url, reach })
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// What its host may stand for.
    pub fn reach(&self) -> Reach {
        self.reach
    }
}

impl Reach {
    /// What the host called `name` may stand for.
    pub fn of_name(name: &str, private: PrivateNetworks) -> Self {
        Self::of(name, name.parse().ok(), private)
    }

    fn of(name: &str, ip: Option<IpAddr>, private: PrivateNetworks) -> Self {
        let is_this_machine = ip.map_or_else(
            || name.trim_end_matches('.').eq_ignore_ascii_case("localhost"),
            |ip| embedded(ip).is_loopback(),
        );
        if is_this_machine {
            Self::Loopback
        } else {
            Self::Network(private)
        }
    }

    /// Whether something may be sent to `ip` for such a host.
    pub fn takes(self, ip: IpAddr) -> bool {
        let ip = embedded(ip);
        match self {
            Self::Loopback => ip.is_loopback(),
            Self::Network(private) => match range(ip) {
                Range::Public => true,
                Range::Private => private == PrivateNetworks::Allowed,
                Range::Special => false,
            },
        }
    }
}

/// When a message that has failed `attempts` times is tried again: three times as long after each, up to four hours, and a
/// fifth more or less, by `jitter` out of 1000, so that many receivers that come back are not called at once.
pub fn next_attempt(now: DateTime<Utc>, attempts: u32, jitter: u32) -> DateTime<Utc> {
    let factor = 3_i32.saturating_pow(attempts.saturating_sub(1).min(12));
    let wait = FIRST_WAIT.checked_mul(factor).unwrap_or(LONGEST_WAIT).min(LONGEST_WAIT);
    let share = 800 + i64::from(jitter.min(1000)) * 2 / 5;
    now + TimeDelta::milliseconds(wait.num_milliseconds() * share / 1000)
}

enum Range {
    /// Anybody's.
    Public,
    /// The organisation's own.
    Private,
    /// Nobody's to send to.
    Special,
}

/// The IPv4 address within an IPv6 one: mapped, compatible, NAT64, 6to4. It is what is called in the end.
fn embedded(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    if v6.is_loopback() || v6.is_unspecified() {
        return ip;
    }
    let v4 = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        IpAddr::V4(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => v4(high, low),
        _ => ip,
    }
}

fn range(ip: IpAddr) -> Range {
    match ip {
        IpAddr::V4(ip) => range_v4(ip),
        IpAddr::V6(ip) => range_v6(ip),
    }
}

fn range_v4(ip: Ipv4Addr) -> Range {
    let [a, b, c, _] = ip.octets();
    // This network, this machine, multicast, reserved, this link; examples, benchmarks and relays; and where two clouds
    // answer machines about themselves.
    let is_special = matches!((a, b), (0 | 127 | 224..=255, _) | (169, 254) | (198, 18..=19))
        || matches!(
            (a, b, c),
            (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) | (192, 88, 99)
        )
        || matches!((a, b, c), (100, 100, 100) | (168, 63, 129));
    let is_private = matches!((a, b), (10, _) | (172, 16..=31) | (192, 168) | (100, 64..=127));
    match (is_special, is_private) {
        (true, _) => Range::Special,
        (false, true) => Range::Private,
        (false, false) => Range::Public,
    }
}

fn range_v6(ip: Ipv6Addr) -> Range {
    let [a, b, ..] = ip.segments();
    // Beyond these two: loopback, unspecified, link-local, site-local, multicast, and what nobody was given.
    let (is_private, is_global) = ((0xfc00..=0xfdff).contains(&a), (0x2000..=0x3fff).contains(&a));
    // Tunnels and benchmarks, examples; and where a cloud answers machines about themselves.
    let is_special = matches!(
        (a, b),
        (0x2001, 0..=0x01ff | 0x0db8) | (0x3fff, 0..=0x0fff) | (0xfd00, 0x0ec2)
    );
    match (is_special, is_private, is_global) {
        (false, true, _) => Range::Private,
        (false, _, true) => Range::Public,
        _ => Range::Special,
    }
}
