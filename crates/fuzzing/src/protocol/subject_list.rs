//! Lists of sign-in names and subjects, as administrators import them.

use ::oauth::subject_map::csv::parse;

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let read = parse(bytes);
    if let Ok(rows) = &read {
        let mut written = String::from("sign_in_name,subject\r\n");
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut line = 1;
        for row in rows {
            assert!(row.line > line, "rows stand on lines of their own, in order");
            line = row.line;
            let name = row.name.expose();
            assert!(!name.is_empty() && name.len() <= 320 && !name.chars().any(char::is_control));
            assert!((1..=255).contains(&row.subject.as_str().len()));
            written.push_str(&format!("{},{}\r\n", quoted(name), quoted(row.subject.as_str())));
        }
        let again = parse(written.as_bytes()).expect("another writer's list is read");
        let pairs = |rows: &[::oauth::subject_map::csv::Row]| -> Vec<(String, String)> {
            rows.iter().map(|row| (row.name.expose().clone(), row.subject.as_str().to_owned())).collect()
        };
        assert_eq!(pairs(rows), pairs(&again), "a list that is written again says something else");
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    [
        "sign_in_name,subject\nada,1001\n",
        "\u{feff}sign_in_name,subject\r\n\"ada, countess\",\"a\"\"b\"\r\n\r\ngrace@example.org,auth0|7",
        "\"sign_in_name\",\"subject\"\n ada ,x\n",
        "sign_in_name,subject\nada,1,2\n",
        "sign_in_name,subject\n\"ada,1\n",
        "sign_in_name,subject\n\"a\nb\",1\nx,y",
        "name,subject\n",
    ]
    .map(|text| text.as_bytes().to_vec())
    .to_vec()
}
