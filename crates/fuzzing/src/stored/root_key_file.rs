//! The file that holds the root key.

use crypto::RootKey;
use model::Secret;

use crate::Verdict;

pub(crate) fn check(bytes: &[u8]) -> Verdict {
    let Ok(text) = std::str::from_utf8(bytes) else { return Verdict::Refused };
    let read = RootKey::from_file_text(text);
    if let Ok(key) = &read {
        // One key has one line; only the line's end may differ.
        assert_eq!(key.to_file_text().expose().trim_end_matches('\n'), text.trim_end_matches(['\r', '\n']));
    }
    Verdict::of(&read)
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    let text = RootKey::new(Secret::new([5; 32])).to_file_text().expose().clone();
    let windows = text.replace('\n', "\r\n");
    vec![
        windows.into_bytes(),
        text.trim_end().as_bytes().to_vec(),
        text.replace('F', "G").into_bytes(),
        text.into_bytes(),
    ]
}
