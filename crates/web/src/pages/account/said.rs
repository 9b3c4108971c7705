//! What was just done, told once at the top of the page that the browser is sent to: `?said={word}`. Only our own words are ever shown.

macro_rules! said {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $title:literal, $detail:literal;)+) => {
        /// What was just done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum AccountSaid { $($(#[$doc])* $name),+ }

        impl AccountSaid {
            /// Everything that can be said, for tests and for the preview of pages.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in the address.
            #[must_use]
            pub const fn as_str(self) -> &'static str { match self { $(Self::$name => $word),+ } }

            /// Reads the word written by [`Self::as_str`].
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|said| said.as_str() == word)
            }

            pub(crate) const fn title(self) -> &'static str { match self { $(Self::$name => $title),+ } }
            pub(crate) const fn detail(self) -> &'static str { match self { $(Self::$name => $detail),+ } }
        }
    };
}

said! {
    /// A first password was set.
    PasswordSet = "password_set", "Your password is set", "";
    /// The password was changed.
    PasswordChanged = "password_changed", "Your password is changed", "The old one no longer works.";
    /// The password was removed.
    PasswordRemoved = "password_removed", "Your password is removed", "Nobody can guess or steal it any more.";
    /// An authenticator app was added.
    AppAdded = "app_added", "Your authenticator app is added", "From now on a password asks for its code.";
    /// The authenticator app was removed.
    AppRemoved = "app_removed", "Your authenticator app is removed", "Its codes no longer work.";
    /// The recovery codes were removed.
    CodesRemoved = "codes_removed", "Your recovery codes are removed", "Those on paper no longer work.";
    /// One session was ended.
    SessionEnded = "session_ended", "That browser is signed out", "Applications opened in it may keep their own sessions for a while.";
    /// All other sessions were ended.
    OthersEnded = "others_ended", "All other browsers are signed out", "Applications opened in them may keep their own sessions for a while.";
    /// An application's access was withdrawn.
    AccessWithdrawn = "access_withdrawn", "Access is withdrawn", "The application can't get anything new. If you open it again, you're asked first.";
    /// What was to be changed is no longer there.
    Gone = "gone", "That is already gone", "It was changed in another tab, or it ended by itself. The page shows what is there now.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_distinct_and_read_back() {
        for said in AccountSaid::ALL {
            assert_eq!(AccountSaid::from_word(said.as_str()), Some(*said));
            assert!(!said.title().ends_with('.') && (said.detail().is_empty() || said.detail().ends_with('.')));
        }
        assert_eq!(AccountSaid::from_word("<script>"), None);
    }
}
