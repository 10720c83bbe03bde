//! What IIPtran wants to reach, as ratios to others in one run.

use super::record::{Run, SELF};

/// A goal for some rows.
pub(crate) struct Goal {
    pub(crate) title: &'static str,
    /// The same for where there is little room.
    pub(crate) short: &'static str,
    /// Our rows: `{}` stands for each of the sizes.
    ours: &'static str,
    /// The rows of the peer that they are held against.
    theirs: &'static str,
    /// The peer: the fastest of the contestants whose names begin so.
    pub(crate) peer: &'static str,
    /// Sizes, with the highest ratio of the minima that reaches the goal.
    sizes: &'static [(&'static str, f64)],
    variants: &'static [&'static str],
}

/// How far we are from a goal in one row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Standing {
    pub(crate) size: &'static str,
    pub(crate) variant: &'static str,
    pub(crate) limit: f64,
    pub(crate) outcome: Outcome,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// Ours and theirs, by the minima.
    Measured { ours: f64, theirs: f64 },
    /// One of the two is missing: why.
    Unknown(String),
}

const BOTH_WAYS: &[&str] = &["out", "in"];
const HOT_AND_COLD: &[&str] = &["hot", "cold"];
const SAS: &[(&str, f64)] = &[("1", 1.0), ("1000", 1.0), ("100000", 1.0), ("1000000", 1.0)];

pub(crate) const GOALS: [Goal; 9] = [
    Goal {
        title: "raw AES-128-GCM",
        short: "raw GCM",
        ours: "raw/aes-128-gcm/{}",
        theirs: "raw/aes-128-gcm/{}",
        peer: "IPsec-MB",
        sizes: &[("64", 0.45), ("256", 0.70), ("1400", 0.95)],
        variants: &["seal", "open"],
    },
    Goal {
        title: "ESP by an SA, AES-128-GCM",
        short: "SA, GCM",
        ours: "esp/aes-128-gcm/{}",
        theirs: "esp/aes-128-gcm/{}",
        peer: "DPDK aesni_gcm",
        sizes: &[("64", 0.30), ("imix", 0.45), ("1400", 0.75)],
        variants: BOTH_WAYS,
    },
    Goal {
        title: "whole node against the SA alone",
        short: "node, GCM",
        ours: "node/iiptran/{}",
        theirs: "esp/aes-128-gcm/{}",
        peer: "DPDK aesni_gcm",
        sizes: &[("64", 0.75), ("1400", 0.90)],
        variants: BOTH_WAYS,
    },
    Goal {
        title: "ESP by an SA, ChaCha20-Poly1305",
        short: "SA, ChaCha20",
        ours: "esp/chacha20-poly1305/{}",
        theirs: "esp/chacha20-poly1305/{}",
        peer: "boringtun",
        sizes: &[("64", 0.95), ("imix", 0.95), ("1400", 0.95)],
        variants: BOTH_WAYS,
    },
    Goal {
        title: "SAD by SPI",
        short: "SAD",
        ours: "sad/spi/{}",
        theirs: "sad/spi/{}",
        peer: "rte_ipsec_sad",
        sizes: SAS,
        variants: HOT_AND_COLD,
    },
    Goal {
        title: "SAD by SPI and destination",
        short: "SAD, SPI+destination",
        ours: "sad/spi+destination/{}",
        theirs: "sad/spi+destination/{}",
        peer: "rte_ipsec_sad",
        sizes: SAS,
        variants: HOT_AND_COLD,
    },
    Goal {
        title: "FIB of IPv4",
        short: "FIB IPv4",
        ours: "fib/ipv4/{}",
        theirs: "fib/ipv4/{}",
        peer: "rte_fib",
        sizes: &[("900000", 1.2)],
        variants: HOT_AND_COLD,
    },
    Goal {
        title: "FIB of IPv6",
        short: "FIB IPv6",
        ours: "fib/ipv6/{}",
        theirs: "fib/ipv6/{}",
        peer: "rte_fib",
        sizes: &[("200000", 1.2)],
        variants: HOT_AND_COLD,
    },
    Goal {
        title: "SPD",
        short: "SPD",
        ours: "spd/policies/{}",
        theirs: "spd/policies/{}",
        peer: "rte_acl",
        sizes: &[("10000", 1.5)],
        variants: HOT_AND_COLD,
    },
];

/// Building an SPD is measured in other units, and once.
pub(crate) const BUILDING: Goal = Goal {
    title: "building an SPD",
    short: "building an SPD",
    ours: "build/policies/{}",
    theirs: "build/policies/{}",
    peer: "rte_acl",
    sizes: &[("10000", 1.0)],
    variants: &["ms"],
};

impl Goal {
    /// Where a run stands, for each size and variant.
    pub(crate) fn standings(&self, run: &Run) -> Vec<Standing> {
        let sizes = self.sizes.iter();
        let rows =
            sizes.flat_map(|size| self.variants.iter().map(move |variant| (*size, *variant)));
        rows.map(|((size, limit), variant)| Standing {
            size,
            variant,
            limit,
            outcome: self.outcome(run, size, variant),
        })
        .collect()
    }

    fn outcome(&self, run: &Run, size: &str, variant: &str) -> Outcome {
        let minimum = |pattern: &str, contestant: &str| {
            let name = format!("{}/{variant}", pattern.replace("{}", size));
            run.find(&name, contestant)
                .map(|row| row.minimum)
                .ok_or_else(|| {
                    let why = run.why_absent(&name, contestant);
                    format!("{contestant}: {}", why.unwrap_or("not measured"))
                })
        };
        match (minimum(self.ours, SELF), minimum(self.theirs, self.peer)) {
            (Ok(ours), Ok(theirs)) => Outcome::Measured { ours, theirs },
            (Err(why), _) | (_, Err(why)) => Outcome::Unknown(why),
        }
    }
}

impl Standing {
    /// Ours by theirs; smaller is better.
    pub(crate) fn ratio(&self) -> Option<f64> {
        match self.outcome {
            Outcome::Measured { ours, theirs } => Some(ours / theirs),
            Outcome::Unknown(_) => None,
        }
    }

    /// In words.
    pub(crate) fn verdict(&self) -> String {
        match (&self.outcome, self.ratio()) {
            (Outcome::Unknown(why), _) => format!("unknown: {why}"),
            (_, Some(ratio)) if ratio <= self.limit => "reached".into(),
            (_, Some(ratio)) => {
                let over = (ratio / self.limit - 1.0) * 100.0;
                format!("missed by {} %", over.ceil())
            }
            (_, None) => "unknown".into(),
        }
    }
}
