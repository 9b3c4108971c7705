//! The closed list of what can be told about a person (OpenID Connect Core §5.1, and `groups`).

macro_rules! claims {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $scope:literal, $kind:ident, $words:literal;)+) => {
        /// One claim about a person. The list is closed: what is not here can't be kept, asked for or told.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Claim { $($(#[$doc])* $name),+ }

        impl Claim {
            /// Every claim, in the order in which answers carry them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];
            /// Its registered name.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $(Self::$name => $word),+ } }
            /// The scope that asks for it (OpenID Connect Core §5.4).
            #[must_use]
            pub const fn scope(self) -> &'static str { match self { $(Self::$name => $scope),+ } }
            /// What kind of value it has.
            #[must_use]
            pub const fn kind(self) -> Kind { match self { $(Self::$name => Kind::$kind),+ } }
            /// What it is called on pages, after "your".
            #[must_use]
            pub const fn words(self) -> &'static str { match self { $(Self::$name => $words),+ } }
        }
    };
}

/// What kind of value a claim has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text of 1 to 1,024 bytes.
    Text,
    /// Yes or no.
    Flag,
    /// A whole number.
    Number,
    /// A list of texts.
    List,
    /// A postal address (OpenID Connect Core §5.1.1).
    Address,
}

claims! {
    /// Full name, as shown.
    Name = "name", "profile", Text, "name";
    /// Given names.
    GivenName = "given_name", "profile", Text, "given name";
    /// Family names.
    FamilyName = "family_name", "profile", Text, "family name";
    /// Middle names.
    MiddleName = "middle_name", "profile", Text, "middle name";
    /// Casual name.
    Nickname = "nickname", "profile", Text, "nickname";
    /// Short name by which the person wishes to be referred to. Not unique, not an identifier (§5.7).
    PreferredUsername = "preferred_username", "profile", Text, "user name";
    /// Time zone, such as `Europe/Berlin`.
    Zoneinfo = "zoneinfo", "profile", Text, "time zone";
    /// Language and region, such as `de-CH`.
    Locale = "locale", "profile", Text, "language";
    /// When the attributes last changed, in seconds since 1970.
    UpdatedAt = "updated_at", "profile", Number, "date of the last change";
    /// E-mail address.
    Email = "email", "email", Text, "e-mail address";
    /// Whether the e-mail address was verified.
    EmailVerified = "email_verified", "email", Flag, "e-mail address's check mark";
    /// Postal address.
    Address = "address", "address", Address, "postal address";
    /// Telephone number, E.164 where possible.
    PhoneNumber = "phone_number", "phone", Text, "telephone number";
    /// Whether the telephone number was verified.
    PhoneNumberVerified = "phone_number_verified", "phone", Flag, "telephone number's check mark";
    /// Names of the person's groups.
    Groups = "groups", "groups", List, "groups";
}

impl Claim {
    /// The claim of that registered name, if it is one that can be told here.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|claim| claim.name() == name)
    }

    /// Its place in a [`crate::ClaimSet`].
    pub(crate) const fn bit(self) -> u32 {
        1 << (self as u32)
    }
}
