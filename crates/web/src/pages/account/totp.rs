//! Adding an authenticator app, at `/account/authenticator-app`. Its form posts `enrolling` and `code` there.

use std::fmt::{self, Write as _};

use askama::Template;

use super::AccountHolder;
use crate::{PageKind, SigninProblem, Site};

/// The page that shows a new authenticator secret, once as a picture and once as text, and takes the first code.
#[derive(Debug, Clone, Template)]
#[template(path = "account/totp.html", whitespace = "minimize")]
pub struct TotpPage<'a> {
    /// Where we stand.
    pub site: &'a Site,
    /// Whose account.
    pub who: AccountHolder,
    /// The `otpauth:` address as a QR code.
    pub qr: QrCode,
    /// The secret and its handle.
    pub secret: ShownSecret,
    /// Whether there is an app already, which this one replaces.
    pub replacing: bool,
    /// Why the page is shown again.
    pub problem: Option<SigninProblem>,
}

/// A secret that this one page shows. It never prints itself elsewhere.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownSecret {
    /// Base 32, without spaces or padding.
    pub base32: String,
    /// What the shell finds the waiting secret by; posted back as `enrolling`.
    pub enrolling: String,
}

impl fmt::Debug for ShownSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownSecret(…)")
    }
}

/// A QR code as its modules. It stands for the secret, so it never prints itself either.
#[derive(Clone, PartialEq, Eq)]
pub struct QrCode {
    side: usize,
    dark: Vec<bool>,
}

impl QrCode {
    /// A code of `side` × `side` modules, row by row, true where dark; 21 to 177 (ISO/IEC 18004). `None` when the numbers don't fit.
    #[must_use]
    pub fn new(side: usize, dark: Vec<bool>) -> Option<Self> {
        ((21..=177).contains(&side) && dark.len() == side * side).then_some(Self { side, dark })
    }

    /// Side of the picture in modules, with the quiet zone of four on each side that readers need (ISO/IEC 18004 §5.3.8).
    fn picture_side(&self) -> usize {
        self.side + 8
    }

    /// All dark modules as one SVG path: one stroke for each run in a row.
    fn path(&self) -> String {
        let mut path = String::with_capacity(self.side * self.side * 3);
        for (y, row) in self.dark.chunks(self.side).enumerate() {
            let mut x = 0;
            while x < self.side {
                let run = row[x..].iter().take_while(|dark| **dark).count();
                if run > 0 {
                    // Writing to a String can't fail.
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + 4, y + 4);
                }
                x += run.max(1);
            }
        }
        path
    }
}

impl fmt::Debug for QrCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrCode({0} × {0})", self.side)
    }
}

impl TotpPage<'_> {
    /// The kind of page, for [`crate::security_headers`].
    pub const KIND: PageKind = PageKind::Plain;

    /// The page as HTML.
    #[must_use]
    pub fn render(&self) -> String {
        crate::pages::rendered(self)
    }

    const fn here(&self) -> &'static str {
        "/account/ways-to-sign-in"
    }

    /// The secret in groups of four, as people copy it by hand.
    fn grouped(&self) -> String {
        let mut text = String::with_capacity(self.secret.base32.len() * 5 / 4 + 1);
        for (at, char) in self.secret.base32.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push(' ');
            }
            text.push(char);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_needs_as_many_modules_as_its_side_says() {
        assert!(QrCode::new(21, vec![false; 441]).is_some());
        assert!(QrCode::new(21, vec![false; 440]).is_none());
        assert!(QrCode::new(20, vec![false; 400]).is_none());
        assert!(QrCode::new(178, vec![false; 178 * 178]).is_none());
    }

    #[test]
    fn each_run_is_one_stroke_inside_the_quiet_zone() {
        let mut dark = vec![false; 441];
        for at in [0, 1, 2, 20, 440] {
            dark[at] = true;
        }
        let code = QrCode::new(21, dark).expect("the numbers fit");
        assert_eq!(code.path(), "M4 4h3v1h-3zM24 4h1v1h-1zM24 24h1v1h-1z");
        assert_eq!(code.picture_side(), 29);
    }

    #[test]
    fn neither_the_secret_nor_its_picture_prints_itself() {
        let secret = ShownSecret { base32: "JBSWY3DP".into(), enrolling: "h4ndle".into() };
        let text = format!("{secret:?} {:?}", QrCode::new(21, vec![true; 441]));
        assert!(!text.contains("JBSW") && !text.contains("h4ndle") && !text.contains("true"), "{text}");
    }
}
