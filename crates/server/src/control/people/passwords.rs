//! Password hashes that another system made, so that people keep their password while they move to passkeys.
//!
//! A line is a sign-in name, a comma, and the hash; the hash may have commas, and quotation marks around it. Reports name lines and never
//! repeat a name or a hash: whoever holds the file can look there.

use std::collections::{BTreeMap, HashMap};

use crypto::password::StoredHash;
use model::{Actor, PersonId, Secret};
use signin::SigninName;

use crate::{
    ambient,
    control::{
        Desk,
        wire::{Refused, Reply, Verdict, failed},
    },
};

/// Most lines of a list.
const ROWS_MAX: usize = 200_000;
/// Most remarks that a report has; the rest is counted.
const REMARKS_MAX: usize = 1000;
/// People whose hashes are written in one commit.
const COMMIT_ROWS: usize = 500;
/// A first line of this form is a header.
const HEADERS: [&str; 2] = ["name,hash", "sign_in_name,hash"];

/// One line, as written.
pub(in crate::control) struct Row<'a> {
    pub(in crate::control) line: usize,
    pub(in crate::control) name: &'a str,
    pub(in crate::control) hash: &'a str,
}

/// The lines of a list: the row, or the number of a line that is none.
pub(in crate::control) fn rows_of(list: &str) -> impl Iterator<Item = Result<Row<'_>, usize>> {
    let list = list.strip_prefix('\u{feff}').unwrap_or(list);
    list.lines().zip(1..).filter_map(|(text, line)| {
        let text = text.trim();
        if text.is_empty() || (line == 1 && HEADERS.contains(&text)) {
            return None;
        }
        let row = text.split_once(',').map(|(name, hash)| Row { line, name: bare(name), hash: bare(hash) });
        Some(row.filter(|row| !row.name.is_empty() && !row.hash.is_empty()).ok_or(line))
    })
}

/// Without quotation marks around it. Neither sign-in names nor hashes have any inside.
fn bare(field: &str) -> &str {
    let field = field.trim();
    field.strip_prefix('"').and_then(|inner| inner.strip_suffix('"')).unwrap_or(field)
}

pub(super) fn import(desk: &Desk, list: &Secret<String>, dry_run: bool, replace: bool) -> Result<Reply, Refused> {
    let plan = Plan::of(desk, list.expose(), replace)?;
    let mut lines: Vec<String> = plan.remarks.iter().take(REMARKS_MAX).cloned().collect();
    if plan.remarks.len() > REMARKS_MAX {
        lines.push(format!("… and {} more lines.", plan.remarks.len() - REMARKS_MAX));
    }
    for (scheme, count) in &plan.schemes {
        lines.push(format!("{count} hashes of the kind {scheme}"));
    }
    let (wanted, verdict) = (plan.wanted.len(), if plan.remarks.is_empty() { Verdict::Yes } else { Verdict::No });
    if dry_run {
        lines.push(format!("{wanted} passwords would be imported. Nothing was changed."));
    } else if verdict == Verdict::No {
        // Half an import is hard to tell from a whole one.
        return Err(Refused::because("the list was not imported: every line must be sound", lines));
    } else {
        plan.carry_out(desk)?;
        lines.push(format!("Imported {wanted} passwords. They serve where the policy allows a password."));
    }
    Ok(Reply { lines, verdict, ..Reply::default() })
}

struct Plan {
    wanted: Vec<(PersonId, Secret<String>)>,
    remarks: Vec<String>,
    schemes: BTreeMap<&'static str, usize>,
}

impl Plan {
    fn of(desk: &Desk, list: &str, replace: bool) -> Result<Self, Refused> {
        let mut plan = Self { wanted: Vec::new(), remarks: Vec::new(), schemes: BTreeMap::new() };
        let mut seen: HashMap<PersonId, usize> = HashMap::new();
        for (count, row) in rows_of(list).enumerate() {
            if count == ROWS_MAX {
                return Err(Refused::new(format_args!("the list has more than {ROWS_MAX} lines; import it in parts")));
            }
            match row {
                Err(line) => plan.remarks.push(format!("line {line}: expected a sign-in name, a comma and a hash")),
                Ok(row) => match judge(desk, &row, replace, &mut seen)? {
                    Ok((person, hash)) => {
                        *plan.schemes.entry(hash.scheme()).or_default() += 1;
                        plan.wanted.push((person, hash.to_text()));
                    }
                    Err(remark) => plan.remarks.push(format!("line {}: {remark}", row.line)),
                },
            }
        }
        Ok(plan)
    }

    fn carry_out(self, desk: &Desk) -> Result<(), Refused> {
        let now = ambient::now();
        let mut waiting = self.wanted.into_iter().peekable();
        while waiting.peek().is_some() {
            let (mut changes, mut audit) = (Vec::new(), Vec::new());
            for (person, hash) in waiting.by_ref().take(COMMIT_ROWS) {
                let outcome = signin::import_password(Actor::Operator, person, hash, now);
                changes.extend(outcome.changes.into_iter().map(Into::into));
                audit.extend(outcome.audit);
            }
            desk.write(now, changes, audit)?;
        }
        Ok(())
    }
}

/// Whose password it is and the hash, or what stands against the line.
fn judge(
    desk: &Desk,
    row: &Row<'_>,
    replace: bool,
    seen: &mut HashMap<PersonId, usize>,
) -> Result<Result<(PersonId, StoredHash), String>, Refused> {
    let Ok(name) = SigninName::parse(row.name) else { return Ok(Err("this can't be a sign-in name".to_owned())) };
    let Some(person) = desk.find(&name)? else { return Ok(Err("nobody has this sign-in name".to_owned())) };
    if let Some(first) = seen.insert(person.id, row.line) {
        return Ok(Err(format!("line {first} is about the same person")));
    }
    let hash = match StoredHash::parse(row.hash) {
        Ok(hash) => hash,
        Err(fault) => return Ok(Err(format!("this hash can't be used: {fault}"))),
    };
    let has_one = desk.store.password_of(person.id).map_err(failed("look a password up"))?.is_some();
    if has_one && !replace {
        return Ok(Err("this person has a password already; --replace puts this one in its place".to_owned()));
    }
    Ok(Ok((person.id, hash)))
}
