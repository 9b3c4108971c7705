//! The people of Low Water Trust: forty made-up persons of an organisation that looks after canals.

use model::Employment::{self, Contractor, Partner, Workforce};

/// One made-up person.
pub(super) struct Example {
    pub(super) display: &'static str,
    pub(super) name: &'static str,
    pub(super) employment: Employment,
    pub(super) privileged: bool,
    pub(super) groups: &'static [&'static str],
}

const fn person(
    display: &'static str,
    name: &'static str,
    employment: Employment,
    groups: &'static [&'static str],
) -> Example {
    Example { display, name, employment, privileged: false, groups }
}

const fn privileged(
    display: &'static str,
    name: &'static str,
    employment: Employment,
    groups: &'static [&'static str],
) -> Example {
    Example { display, name, employment, privileged: true, groups }
}

/// Everyone. Whoever takes the tour becomes one of them who has no passkey yet.
pub(super) const PEOPLE: [Example; 40] = [
    person("Maren Okafor", "maren", Workforce, &["office", "all-staff"]),
    person("Tomás Lindqvist", "tomas", Workforce, &["keepers", "all-staff"]),
    person("Aiko Ferreira", "aiko", Workforce, &["ecology", "all-staff"]),
    person("Yusuf Hallgrímsson", "yusuf", Workforce, &["engineers", "all-staff"]),
    person("Noor van Dijk", "noor", Workforce, &["finance", "all-staff"]),
    privileged("Ingrid Achterberg", "ingrid", Workforce, &["it", "all-staff"]),
    privileged("Kwame Delacroix", "kwame", Workforce, &["it", "all-staff"]),
    privileged("Siobhán Rao", "siobhan", Workforce, &["finance", "all-staff"]),
    privileged("Mateusz Ibarra", "mateusz", Workforce, &["engineers", "all-staff"]),
    privileged("Leilani Novák", "leilani", Contractor, &["it"]),
    person("Hana Mbeki", "hana", Workforce, &["keepers", "all-staff"]),
    person("Anders Quispe", "anders", Workforce, &["keepers", "all-staff"]),
    person("Farah O’Donnell", "farah", Workforce, &["keepers", "all-staff"]),
    person("Björn Castellanos", "bjorn", Workforce, &["keepers", "all-staff"]),
    person("Nguyễn Thị Lan", "lan", Workforce, &["keepers", "all-staff"]),
    person("Olumide Sørensen", "olumide", Workforce, &["keepers", "all-staff"]),
    person("Petra Yamashiro", "petra", Workforce, &["keepers", "all-staff"]),
    person("Rafael Mac Giolla", "rafael", Workforce, &["engineers", "all-staff"]),
    person("Zeynep Halloran", "zeynep", Workforce, &["engineers", "all-staff"]),
    person("Chidi Laurent", "chidi", Workforce, &["engineers", "all-staff"]),
    person("Marta Whakaari", "marta", Workforce, &["engineers", "all-staff"]),
    person("Davit Petrosyan", "davit", Workforce, &["engineers", "all-staff"]),
    person("Eun-ji Bakker", "eun-ji", Workforce, &["ecology", "all-staff"]),
    person("Lucía Thorvald", "lucia", Workforce, &["ecology", "all-staff"]),
    person("Samir Koskinen", "samir", Workforce, &["ecology", "all-staff"]),
    person("Wilhelmina Adeyemi", "wilhelmina", Workforce, &["office", "all-staff"]),
    person("Arjun Beaumont", "arjun", Workforce, &["office", "all-staff"]),
    person("Thandiwe Lombardi", "thandiwe", Workforce, &["office", "all-staff"]),
    person("Ramón Eskildsen", "ramon", Workforce, &["finance", "all-staff"]),
    person("Oksana Whitlock", "oksana", Workforce, &["finance", "all-staff"]),
    person("Jean-Baptiste Tui", "jean-baptiste", Workforce, &["boats", "all-staff"]),
    person("Mei-Ling Abernathy", "mei-ling", Workforce, &["boats", "all-staff"]),
    person("Goran Nakamura", "goran", Contractor, &["engineers"]),
    person("Fatoumata Berg", "fatoumata", Contractor, &["boats"]),
    person("Cillian Wójcik", "cillian", Contractor, &["ecology"]),
    person("Soraya Lindholm", "soraya", Contractor, &["office"]),
    person("Emeka Villanueva", "emeka", Contractor, &["engineers"]),
    person("Astrid Ghosh", "astrid", Partner, &["water-board"]),
    person("Bartholomew Ruiz", "bartholomew", Partner, &["water-board"]),
    person("Ayesha Strand", "ayesha", Partner, &["boaters-union"]),
];

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn names_are_distinct_and_usable() {
        let names: HashSet<&str> = PEOPLE.iter().map(|person| person.name).collect();
        assert_eq!(names.len(), PEOPLE.len());
        for person in &PEOPLE {
            let parsed = signin::SigninName::parse(person.name).expect("a sign-in name");
            assert_eq!(parsed.expose(), person.name);
        }
    }

    #[test]
    fn every_kind_is_there_and_some_are_privileged() {
        for kind in [Workforce, Contractor, Partner] {
            assert!(PEOPLE.iter().any(|person| person.employment == kind), "{kind:?}");
        }
        assert!(PEOPLE.iter().filter(|person| person.privileged).count() >= 3);
    }
}
