//! The configuration's shape: the `[policy]` table, read and then checked as a whole.
//!
//! Deserialize the table into a [`PolicyFile`], then call [`PolicyFile::check`]. The first step knows only shapes, the second reports everything
//! that stands against it at once, each [`Problem`] with its dotted path and, where a word was not known, the words that are.
//!
//! ```
//! let table = r#"
//!     presets = ["aal3_administrator"]
//!
//!     [base.standard]
//!     password_and_totp = true
//!
//!     [segments.finance]
//!     groups_any_of = ["finance", "treasury"]
//!
//!     [rules.finance-keys]
//!     segments = ["finance"]
//!     tiers = ["sensitive", "critical"]
//!     reason = "Payments can't be taken back."
//!     least = "device_bound_claimed"
//! "#;
//! let file: policy::file::PolicyFile = toml::from_str(table).expect("it has the shape of a policy");
//! let policy = file.check().expect("nothing stands against it");
//! assert_eq!(policy.rules().len(), 2);
//! ```

mod base;
mod list;
mod problem;
mod rules;
mod segments;
mod settings;
mod shape;

use model::Tier;

pub use problem::{Fault, Problem};
pub use shape::PolicyFile;

use crate::{Policy, PolicyFault, presets::Preset};

use problem::Problems;

/// The words that a `[policy]` table may hold.
const KEYS: [&str; 4] = ["presets", "base", "segments", "rules"];
/// The words of the tiers.
const TIERS: [Tier; 3] = [Tier::Standard, Tier::Sensitive, Tier::Critical];

impl PolicyFile {
    /// The policy that the table describes. An empty table describes [`Policy::default`].
    ///
    /// # Errors
    /// Every [`Problem`] at once, in the order of the table: unknown keys and words, values out of bounds, settings that contradict each other,
    /// rules that would allow something, bases below a floor or looser than the tier below.
    pub fn check(self) -> Result<Policy, Vec<Problem>> {
        let mut problems = Problems::default();
        problems.unknown_keys("policy", self.unknown.keys(), &KEYS);
        let presets = presets(&self.presets, &mut problems);
        let base = base::check(&self.base, &mut problems);
        let segments = segments::check(&self.segments, &mut problems);
        let mut rules = rules::check(&self.rules, &segments, &mut problems);
        rules.extend(presets.into_iter().flat_map(Preset::rules).map(|rule| segments.put_into(rule)));
        problems.finish(|problems| match Policy::new(base, rules) {
            Ok(policy) => Some(policy),
            Err(fault) => {
                problems.push("policy.rules", of_policy(fault));
                None
            }
        })
    }
}

fn presets(words: &[String], problems: &mut Problems) -> Vec<Preset> {
    let allowed = Preset::ALL.map(Preset::as_str);
    list::words("policy.presets", words, &allowed, Preset::from_word, problems)
}

fn of_policy(fault: PolicyFault) -> Fault {
    match fault {
        PolicyFault::SameName(name) => Fault::Repeated { typed: name.as_str().to_owned() },
        PolicyFault::NotARule(_) => Fault::NotAName,
        PolicyFault::TooMany(_) => Fault::TooMany { most: crate::bounds::RULES_MAX },
    }
}
