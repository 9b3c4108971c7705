//! Checking a code, once.

use crypto::{
    equal,
    otp::{OTP_DIGITS, hotp},
};
use model::Timestamp;

use super::TotpSecret;
use crate::limits::{TOTP_STEP_SECONDS, TOTP_STEPS_OFF_MAX};

/// Longest text looked at, in bytes: six digits, and room for spaces.
const TYPED_BYTES_MAX: usize = 32;

/// Why a code was not accepted. The person is told the same in every case; only [`Self::Malformed`] is not a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TotpRefusal {
    /// Not six digits.
    #[error("expected six digits")]
    Malformed,
    /// Not the code of this time.
    #[error("the code does not match")]
    Wrong,
    /// The code of this time, or of a time before it, was accepted already.
    #[error("the code was used already")]
    AlreadyUsed,
}

/// What acceptance leaves behind, to be written before anybody is let in: the step becomes the last one used.
/// Precondition: the last one used is still `before`. Whoever loses that race asks again, and meets
/// [`TotpRefusal::AlreadyUsed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a step that is not written down can be used again"]
pub struct StepUsed {
    /// The last step used, as it was read.
    pub before: Option<u64>,
    /// The last step used from now on: 30-second steps since 1970.
    pub step: u64,
}

/// Checks a typed code against one person's secret. `last_step` is the last step used.
///
/// The code of the step before and of the one after are accepted too, for clocks that run apart and people who type
/// slowly (RFC 6238 §5.2 recommends at most one). A step is accepted once, and none before it afterwards.
///
/// # Errors
/// [`TotpRefusal`].
pub fn check(
    secret: &TotpSecret,
    last_step: Option<u64>,
    typed: &str,
    now: Timestamp,
) -> Result<StepUsed, TotpRefusal> {
    let code = digits(typed).ok_or(TotpRefusal::Malformed)?;
    // A clock before 1970 is no clock.
    let current = u64::try_from(now.seconds()).map_err(|_| TotpRefusal::Wrong)? / TOTP_STEP_SECONDS;
    let mut refusal = TotpRefusal::Wrong;
    let mut accepted = None;
    // Every candidate is computed and compared, whichever matches: the time taken says nothing of the code.
    for step in current.saturating_sub(TOTP_STEPS_OFF_MAX)..=current + TOTP_STEPS_OFF_MAX {
        let matches = equal(&hotp(secret.expose(), step), &code);
        // RFC 6238 §5.2: the second use of a code must be refused.
        let fresh = last_step.is_none_or(|last| step > last);
        if matches && !fresh {
            refusal = TotpRefusal::AlreadyUsed;
        }
        // Two steps may share a code, one time in a million. The earlier one is taken.
        if matches && fresh && accepted.is_none() {
            accepted = Some(step);
        }
    }
    accepted.map(|step| StepUsed { before: last_step, step }).ok_or(refusal)
}

/// A secret that was shown to a person, and of which they have not yet shown a code. It opens nothing.
#[derive(Debug, Clone)]
pub struct Enrolling {
    secret: TotpSecret,
}

/// A secret that is in somebody's application for certain. Only this is stored.
#[derive(Debug, Clone)]
pub struct ConfirmedTotp {
    /// The secret, to be sealed.
    pub secret: TotpSecret,
    /// The step that confirmed it, to be stored as the last one used: the same code won't sign in a moment later.
    pub used: StepUsed,
}

impl Enrolling {
    /// Begins with a fresh secret, or with one that was kept while its page was open.
    #[must_use]
    pub const fn new(secret: TotpSecret) -> Self {
        Self { secret }
    }

    /// The secret, for the page and for keeping it sealed until the code comes.
    #[must_use]
    pub const fn secret(&self) -> &TotpSecret {
        &self.secret
    }

    /// Confirms with a code made from the secret: a person who mistyped it finds out now, and not when locked out.
    ///
    /// # Errors
    /// [`TotpRefusal`], with the enrolment as it was: the person may type again.
    pub fn confirm(self, typed: &str, now: Timestamp) -> Result<ConfirmedTotp, (Self, TotpRefusal)> {
        match check(&self.secret, None, typed, now) {
            Ok(used) => Ok(ConfirmedTotp { secret: self.secret, used }),
            Err(refusal) => Err((self, refusal)),
        }
    }
}

/// The six digits in `typed`; spaces around and between them are how applications show a code.
fn digits(typed: &str) -> Option<[u8; OTP_DIGITS]> {
    if typed.len() > TYPED_BYTES_MAX {
        return None;
    }
    let mut code = [0; OTP_DIGITS];
    let mut typed = typed.chars().filter(|c| !c.is_whitespace());
    for digit in &mut code {
        *digit = typed.next().filter(char::is_ascii_digit).and_then(|c| u8::try_from(c).ok())?;
    }
    typed.next().is_none().then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> TotpSecret {
        TotpSecret::from_bytes(*b"12345678901234567890")
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn the_values_of_rfc_6238_appendix_b() {
        // The appendix shows eight digits; six are the last six of them (RFC 4226 §5.3: the same number, reduced more).
        for (seconds, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            let step = seconds as u64 / 30;
            assert_eq!(check(&secret(), None, code, at(seconds)), Ok(StepUsed { before: None, step }), "{seconds}");
        }
    }

    #[test]
    fn one_step_either_side_is_accepted_and_no_more() {
        // The code of the seconds 30 to 59.
        for (seconds, expected) in
            [(0, true), (29, true), (30, true), (59, true), (89, true), (90, false), (120, false), (-1, false)]
        {
            let checked = check(&secret(), None, "287082", at(seconds));
            let expected = if expected { Ok(StepUsed { before: None, step: 1 }) } else { Err(TotpRefusal::Wrong) };
            assert_eq!(checked, expected, "{seconds}");
        }
        let far = at(1_111_111_109);
        assert!(check(&secret(), None, "081804", far.plus_seconds(30)).is_ok());
        assert!(check(&secret(), None, "081804", far.plus_seconds(-30)).is_ok());
        assert_eq!(check(&secret(), None, "081804", far.plus_seconds(-60)), Err(TotpRefusal::Wrong));
        assert_eq!(check(&secret(), None, "081805", far), Err(TotpRefusal::Wrong));
        assert_eq!(check(&TotpSecret::from_bytes([1; 20]), None, "081804", far), Err(TotpRefusal::Wrong));
    }

    #[test]
    fn a_step_is_used_once_and_none_before_it_afterwards() {
        let now = at(1_111_111_109);
        let used = check(&secret(), Some(7), "081804", now).expect("the code of now");
        assert_eq!(used, StepUsed { before: Some(7), step: 37_037_036 });
        // Shown again at once, and as long as it would still be in the window.
        for later in [0, 20, 30] {
            let again = check(&secret(), Some(used.step), "081804", now.plus_seconds(later));
            assert_eq!(again, Err(TotpRefusal::AlreadyUsed));
        }
        // The next step's code was used (a clock that runs ahead): this step's is spent with it.
        assert_eq!(check(&secret(), Some(used.step + 1), "081804", now), Err(TotpRefusal::AlreadyUsed));
        // The code after it still opens.
        assert_eq!(
            check(&secret(), Some(used.step), "050471", now),
            Ok(StepUsed { before: Some(used.step), step: used.step + 1 })
        );
        // A wrong code is wrong, whatever was used.
        assert_eq!(check(&secret(), Some(used.step), "000000", now), Err(TotpRefusal::Wrong));
    }

    #[test]
    fn a_code_may_be_typed_with_spaces_and_nothing_else() {
        for typed in ["287082", " 287 082 ", "2 8 7 0 8 2", "287\u{a0}082"] {
            assert!(check(&secret(), None, typed, at(59)).is_ok(), "{typed}");
        }
        for typed in
            ["", "28708", "2870820", "287-082", "28708x", "٢٨٧٠٨٢", "+87082", &" ".repeat(40), &"2".repeat(9000)]
        {
            assert_eq!(check(&secret(), None, typed, at(59)), Err(TotpRefusal::Malformed), "{typed:.20}");
        }
    }

    #[test]
    fn enrolment_needs_a_code_and_spends_it() {
        let enrolling = Enrolling::new(secret());
        let (enrolling, refusal) = enrolling.confirm("123456", at(59)).expect_err("a wrong code");
        assert_eq!(refusal, TotpRefusal::Wrong);
        assert_eq!(enrolling.secret().expose(), secret().expose(), "the same secret may be tried again");
        let confirmed = enrolling.confirm("287082", at(59)).expect("the code");
        assert_eq!(confirmed.used, StepUsed { before: None, step: 1 });
        let again = check(&confirmed.secret, Some(confirmed.used.step), "287082", at(60));
        assert_eq!(again, Err(TotpRefusal::AlreadyUsed));
    }
}
