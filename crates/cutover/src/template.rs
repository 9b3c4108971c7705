//! Text of which parts are filled in elsewhere.

use std::fmt;

/// A piece of a [`Template`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Piece {
    /// Text that stands as it is.
    Literal(String),
    /// A variable, placeholder or expression; as written, shortened. It may stand for any text, also for none.
    Hole(String),
}

/// Text with holes: `https://${var.host}/callback`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Template {
    pieces: Vec<Piece>,
}

impl Template {
    /// Text without holes.
    pub fn literal(text: impl Into<String>) -> Self {
        Self::new(vec![Piece::Literal(text.into())])
    }

    /// Joins neighbouring literals and drops empty ones.
    #[must_use]
    pub fn new(pieces: Vec<Piece>) -> Self {
        let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match (piece, joined.last_mut()) {
                (Piece::Literal(text), _) if text.is_empty() => {}
                (Piece::Literal(text), Some(Piece::Literal(before))) => before.push_str(&text),
                (piece, _) => joined.push(piece),
            }
        }
        Self { pieces: joined }
    }

    /// The pieces, in order; no two literals side by side, none empty.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The text, when there is no hole in it.
    #[must_use]
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Literal(text)] => Some(text),
            _ => None,
        }
    }

    /// The text before the first hole.
    #[must_use]
    pub fn prefix(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Literal(text)) => text,
            Some(Piece::Hole(_)) | None => "",
        }
    }

    /// The text after the last hole.
    #[must_use]
    pub fn suffix(&self) -> &str {
        match self.pieces.last() {
            Some(Piece::Literal(text)) => text,
            Some(Piece::Hole(_)) | None => "",
        }
    }
}

impl fmt::Display for Template {
    /// As written, near enough: holes appear as they were given.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Literal(text) | Piece::Hole(text) => f.write_str(text)?,
            }
        }
        Ok(())
    }
}
