//! Which environments a command works on.

use std::str::FromStr;

use clap::Args;

/// The environments that a command line names.
#[derive(Debug, Args)]
pub(super) struct Targets {
    /// Environments: `envs/prod`, `overlays/envs/prod`, `prod`, or a folder of them; all by default
    #[arg(value_name = "TARGETS")]
    pub(super) targets: Vec<String>,
    /// Only every N-th of the environments, from the K-th on: splits a fleet between machines
    #[arg(long, value_name = "K/N")]
    pub(super) shard: Option<Shard>,
}

impl Targets {
    /// One target, or none.
    pub(super) fn of(target: Option<&str>) -> Self {
        Targets { targets: target.into_iter().map(str::to_owned).collect(), shard: None }
    }

    /// Whether all environments of the repository are meant.
    pub(super) fn is_all(&self) -> bool {
        self.targets.is_empty() && self.shard.is_none()
    }

    /// This machine's share of the chosen environments.
    pub(super) fn share(&self, chosen: Vec<String>) -> Vec<String> {
        let Some(Shard { number, of }) = self.shard else { return chosen };
        chosen.into_iter().skip(number - 1).step_by(of).collect()
    }
}

/// One of several equal shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// From 1.
    number: usize,
    /// How many there are.
    of: usize,
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
        match parts {
            Some((number, of)) if 1 <= number && number <= of => Ok(Shard { number, of }),
            Some(_) => Err("K is a number from 1 to N".into()),
            None => Err("a shard is written as `K/N`, such as `3/10`".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shard, Targets};

    #[test]
    fn shards_split_environments_without_gap_or_overlap() {
        let all: Vec<String> = (0..7).map(|i| format!("envs/e{i}")).collect();
        let share = |number| Targets { targets: vec![], shard: Some(Shard { number, of: 3 }) }.share(all.clone());
        let mut together: Vec<String> = (1..=3).flat_map(share).collect();
        together.sort();
        assert_eq!(together, all);
        assert_eq!(share(3), ["envs/e2", "envs/e5"]);
    }

    #[test]
    fn shards_are_counted_from_one() {
        for wrong in ["0/3", "4/3", "x", "1", "1/0", "-1/2"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
        assert_eq!("3/3".parse(), Ok(Shard { number: 3, of: 3 }));
    }
}
