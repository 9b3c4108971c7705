//! Text that others wrote and people read: on a consent page, a word must not be able to dress up its neighbours.

/// Whether it is a formatting character that reorders or hides text (Unicode Standard Annex 9 §2, the zero-width ones, and the tags
/// that nothing draws).
const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
        || matches!(c, '\u{ad}' | '\u{180e}' | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a person can read all of it, in the order in which it stands.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || turns_direction(c))
}
