//! The types of `authorization_details` that an installation knows (RFC 9396 §2, §5.1): their fields, and the words in which a
//! person is asked.

/// Most types that one installation may know.
pub const DETAIL_TYPES_MAX: usize = 64;
/// Most fields of one type, nested ones included.
pub const DETAIL_FIELDS_MAX: usize = 32;
/// Longest name of a type, in bytes. Types are often URIs (RFC 9396 §2.1).
pub const DETAIL_NAME_BYTES_MAX: usize = 128;
/// Longest words of consent, in bytes.
pub const CONSENT_WORDS_BYTES_MAX: usize = 300;
/// Longest text in a field, in bytes, whatever the type says.
pub const DETAIL_TEXT_BYTES_MAX: usize = 512;
/// Deepest nesting of fields.
const NESTING_MAX: usize = 3;

/// One type of authorization details, checked: its words name only fields that it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailType {
    name: String,
    fields: Vec<DetailField>,
    consent: String,
    always_ask: bool,
}

/// One field of a type, or of an object inside it. `type` itself is not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetailField {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it must be there.
    pub required: bool,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A text of at most [`DETAIL_TEXT_BYTES_MAX`] bytes; one of these, when any are listed.
    Text {
        /// The texts that it may be; empty when it may be any.
        one_of: Vec<String>,
    },
    /// One to sixteen texts, each as above.
    Texts {
        /// The texts that they may be; empty when they may be any.
        one_of: Vec<String>,
    },
    /// A whole number within these bounds.
    Integer {
        /// The least.
        least: i64,
        /// The greatest.
        greatest: i64,
    },
    /// Yes or no.
    Flag,
    /// An object with fields of its own.
    Members(Vec<DetailField>),
}

/// Why a type can't be registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadDetailType {
    /// Its name is empty, too long or not printable.
    #[error("expected a type of 1 to 128 visible ASCII characters")]
    Name,
    /// A field's name is empty, too long, `type`, or there twice; or there are too many fields, or they are nested too deeply.
    #[error(
        "field {0}: expected at most 32 fields with different names, nested at most 3 deep; `type` is always there"
    )]
    Field(String),
    /// The words are empty or too long.
    #[error("expected words of consent of at most 300 bytes")]
    Words,
    /// The words name a field that does not exist, or a brace is not closed.
    #[error("the words of consent name {{{0}}}, which is no field of this type")]
    UnknownPlaceholder(String),
}

impl DetailType {
    /// Checks a type. `consent` is one sentence for people, with fields in braces: `Pay {amount.value} {amount.currency} to {payee}`.
    ///
    /// # Errors
    /// When a name or the words break a rule.
    pub fn new(name: &str, fields: Vec<DetailField>, consent: &str) -> Result<Self, BadDetailType> {
        if name.is_empty() || name.len() > DETAIL_NAME_BYTES_MAX || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(BadDetailType::Name);
        }
        if let Err(field) = check_fields(&fields, 1, &mut 0) {
            return Err(BadDetailType::Field(field));
        }
        if consent.trim().is_empty() || consent.len() > CONSENT_WORDS_BYTES_MAX || consent.chars().any(char::is_control)
        {
            return Err(BadDetailType::Words);
        }
        for piece in Piece::all(consent) {
            if let Piece::Field(path) = piece
                && !is_field(&fields, path)
            {
                return Err(BadDetailType::UnknownPlaceholder(path.to_owned()));
            }
        }
        Ok(Self { name: name.to_owned(), fields, consent: consent.to_owned(), always_ask: false })
    }

    /// The same, asked about even where the organisation trusts the client: for what each person must decide each time.
    #[must_use]
    pub fn always_asked(mut self) -> Self {
        self.always_ask = true;
        self
    }

    /// Its name: the value of `type`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its fields.
    #[must_use]
    pub fn fields(&self) -> &[DetailField] {
        &self.fields
    }

    /// Whether people are asked even where the organisation trusts the client.
    #[must_use]
    pub const fn is_always_asked(&self) -> bool {
        self.always_ask
    }

    /// The words of consent, in pieces.
    pub(super) fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        Piece::all(&self.consent)
    }
}

/// A piece of the words of consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// As it stands.
    Words(&'a str),
    /// The value at this path.
    Field(&'a str),
}

impl<'a> Piece<'a> {
    /// Cuts words at their braces. What follows a brace that is never closed counts as a path, which no field has.
    fn all(words: &'a str) -> impl Iterator<Item = Self> {
        words
            .split('{')
            .enumerate()
            .flat_map(|(i, part)| match (i, part.split_once('}')) {
                (0, _) => [Some(Self::Words(part)), None],
                (_, Some((path, after))) => [Some(Self::Field(path)), Some(Self::Words(after))],
                (_, None) => [Some(Self::Field(part)), None],
            })
            .flatten()
    }
}

/// The name of the first field that breaks a rule.
fn check_fields(fields: &[DetailField], depth: usize, count: &mut usize) -> Result<(), String> {
    for (i, field) in fields.iter().enumerate() {
        *count += 1;
        let name = &field.name;
        let is_name = !name.is_empty()
            && name.len() <= DETAIL_NAME_BYTES_MAX
            && name.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'{' | b'}' | b'.'))
            && (depth > 1 || name != "type");
        let twice = fields[..i].iter().any(|other| other.name == *name);
        if !is_name || twice || *count > DETAIL_FIELDS_MAX || depth > NESTING_MAX {
            return Err(name.clone());
        }
        if let FieldKind::Members(members) = &field.kind {
            check_fields(members, depth + 1, count)?;
        }
    }
    Ok(())
}

/// Whether `path` leads to a field that has a value of its own.
fn is_field(fields: &[DetailField], path: &str) -> bool {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    match (fields.iter().find(|field| field.name == name).map(|field| &field.kind), rest) {
        (Some(FieldKind::Members(members)), Some(rest)) => is_field(members, rest),
        (
            Some(FieldKind::Text { .. } | FieldKind::Texts { .. } | FieldKind::Integer { .. } | FieldKind::Flag),
            None,
        ) => true,
        (_, _) => false,
    }
}
