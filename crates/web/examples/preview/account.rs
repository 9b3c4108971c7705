//! My account: an account with everything, one with a single passkey, one with a password only, one with nothing.

use model::{ClientId, PasskeyId, SessionId, SigninMethod, SigninOutcome};
use web::{
    AccountHolder, AccountPage, AccountSaid, ApplicationRow, ApplicationsPage, Computer, ConfirmPage, DataPage,
    Fallback, LastUsed, Moment, NewPasswordPage, PasskeyKeeping, PasskeyRow, PasskeyStanding, PasskeyUser,
    PasswordFlaw, QrCode, ReceiptRow, RecoveryCodesPage, SessionRow, SessionsPage, ShownCodes, ShownSecret,
    SigninProblem, SigninRow, Site, StrandingAct, TotpPage, WaysHeld, WaysPage, scope_words,
};

use super::{DAY, MINUTE, NOW, Pages, SHARED, Stage, marks};

fn who(said: Option<AccountSaid>) -> AccountHolder {
    AccountHolder { person: "Inès Moreau".into(), signin_name: "ines.moreau".into(), computer: Computer::Own, said }
}

fn ago(minutes: i64) -> Moment {
    Moment::new(NOW.plus_seconds(-minutes * MINUTE), NOW)
}

pub(super) fn pages(stage: &Stage) -> Pages {
    let mut pages = overviews(&stage.site);
    pages.extend(ways(&stage.site));
    pages.extend(secrets(&stage.site));
    pages.extend(lists(stage));
    pages
}

fn signins() -> Vec<SigninRow> {
    let row = |minutes, path: &str, method, outcome| SigninRow { at: ago(minutes), path: path.into(), method, outcome };
    vec![
        row(4, "My account", SigninMethod::PasskeyAutofill, SigninOutcome::Success),
        row(60 * 5, "Harbour Notes", SigninMethod::PasskeyButton, SigninOutcome::Cancelled),
        row(60 * 24, "Harbour Notes", SigninMethod::PasswordTotp, SigninOutcome::SecondFactorFailed),
        row(60 * 24 * 3, "Harbour Notes", SigninMethod::EnrolmentPass, SigninOutcome::Success),
    ]
}

fn overviews(site: &Site) -> Pages {
    use PasskeyKeeping::{NotYetSynced, OneDevice, OneDeviceAttested, Synced};
    let held = |passkeys: &[PasskeyKeeping], password, recovery_codes| WaysHeld {
        passkeys: passkeys.to_vec(),
        password,
        authenticator_app: password && recovery_codes > 0,
        recovery_codes,
    };
    let page = |held, full: bool, computer| AccountPage {
        site,
        who: AccountHolder { computer, ..who(None) },
        held,
        sessions: if full { 3 } else { 1 },
        applications: if full {
            ["Harbour Notes", "Tide Tables", "Dues", "Wheelhouse Display"].map(str::to_owned).into()
        } else {
            Vec::new()
        },
        told: if full { vec!["Tide Tables".into()] } else { Vec::new() },
        signins: if full { signins() } else { Vec::new() },
    };
    [
        ("account", page(held(&[Synced, OneDeviceAttested, NotYetSynced], false, 0), true, Computer::Own)),
        ("account-one", page(held(&[OneDevice], false, 0), false, Computer::Own)),
        ("account-password-too", page(held(&[Synced], true, 8), true, SHARED)),
        ("account-password-only", page(held(&[], true, 0), false, Computer::Own)),
        ("account-none", page(held(&[], false, 0), false, Computer::Own)),
    ]
    .map(|(name, page)| (name.to_owned(), page.render()))
    .into()
}

fn passkey(number: u8, label: &str, keeping: PasskeyKeeping, used: bool) -> PasskeyRow {
    PasskeyRow {
        id: PasskeyId::from_bytes([number; 16]),
        label: label.to_owned(),
        keeping,
        created: Moment::new(NOW.plus_seconds(-90 * DAY), NOW),
        last_used: if used { LastUsed::At(ago(4)) } else { LastUsed::Never },
        used_for_this_session: used,
        sessions: usize::from(used),
        standing: PasskeyStanding::Full,
    }
}

fn ways(site: &Site) -> Pages {
    let page = |passkeys: Vec<PasskeyRow>, held: bool, offered: bool, said| {
        let fallback = |days: i64| Fallback { held: held.then(|| ago(days * 24 * 60)), offered };
        WaysPage {
            site,
            who: who(said),
            user: PasskeyUser {
                rp_id: "localhost".into(),
                user_id: "AAECAwQFBgcICQoLDA0ODw".into(),
                name: "ines.moreau".into(),
                display_name: "Inès Moreau".into(),
            },
            passkeys,
            password: fallback(400),
            authenticator_app: fallback(12),
            recovery_codes: fallback(12),
            recovery_codes_left: if held { 8 } else { 0 },
        }
        .render()
    };
    let three = || {
        vec![
            passkey(1, "MacBook", PasskeyKeeping::Synced, true),
            passkey(2, "Security key in the drawer, second floor", PasskeyKeeping::OneDeviceAttested, false),
            PasskeyRow {
                standing: PasskeyStanding::Unconfirmed,
                ..passkey(3, "Phone", PasskeyKeeping::NotYetSynced, false)
            },
        ]
    };
    let one = || vec![passkey(4, "Windows computer", PasskeyKeeping::OneDevice, true)];
    vec![
        ("account-ways".to_owned(), page(three(), true, true, Some(AccountSaid::PasswordChanged))),
        ("account-ways-passkeys-only".to_owned(), page(three(), false, false, None)),
        ("account-ways-one".to_owned(), page(one(), false, false, None)),
        ("account-ways-one-and-password".to_owned(), page(one(), true, true, None)),
        ("account-ways-retired".to_owned(), page(one(), true, false, None)),
        ("account-ways-none".to_owned(), page(Vec::new(), false, true, None)),
    ]
}

/// Something of a QR code's looks; it says nothing.
fn qr() -> QrCode {
    let side = 37;
    let dark = (0..side * side).map(|at| {
        let (x, y) = (at % side, at / side);
        let finder = |left: usize, top: usize| {
            (x >= left && y >= top && x < left + 7 && y < top + 7).then(|| {
                let edge = [x - left, y - top, left + 6 - x, top + 6 - y].into_iter().min();
                edge != Some(1)
            })
        };
        finder(0, 0)
            .or_else(|| finder(side - 7, 0))
            .or_else(|| finder(0, side - 7))
            .unwrap_or((x * 7 + y * y * 5 + x * y * 3) % 11 < 5)
    });
    QrCode::new(side, dark.collect()).expect("the numbers fit")
}

fn secrets(site: &Site) -> Pages {
    let password = |changing, flaws: &[PasswordFlaw], problem| {
        NewPasswordPage { site, who: who(None), changing, characters_min: 15, flaws: flaws.to_vec(), problem }.render()
    };
    let app = |replacing, problem| {
        let secret =
            ShownSecret { base32: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".into(), enrolling: "ZW5yb2xsaW5n".into() };
        TotpPage { site, who: who(None), qr: qr(), secret, replacing, problem }.render()
    };
    let flaws = [
        PasswordFlaw::TooShort { characters_min: 15 },
        PasswordFlaw::ContainsName,
        PasswordFlaw::NameOrWord,
        PasswordFlaw::Common,
        PasswordFlaw::Keyboard,
        PasswordFlaw::Repetition,
        PasswordFlaw::Sequence,
        PasswordFlaw::Date,
        PasswordFlaw::Simple,
        PasswordFlaw::Breached { times: 1 },
        PasswordFlaw::Breached { times: 4_812 },
    ];
    let codes = [
        "B2KD-9XQM-T4HV-PWZR",
        "J7NC-3FGS-Y8LA-E6UD",
        "Q5WR-H2TK-M9BX-C4VN",
        "Z8PF-6DJS-L3GY-A7HE",
        "U4MT-X9KQ-R2WB-N5CV",
        "D6HS-F8LP-G3JZ-Y7TA",
        "K9VE-B4UX-Q6NR-M2WC",
        "S3TD-P7HF-J5LK-G8ZY",
        "A2XW-N6VB-C9QM-U4RE",
        "E7FH-T3DS-K8PL-Y5GJ",
    ];
    let confirm = |act| ConfirmPage { site, who: who(None), act }.render();
    [
        ("account-password-new", password(false, &[], None)),
        ("account-password-change", password(true, &flaws[..2], None)),
        ("account-password-all-flaws", password(true, &flaws, Some(SigninProblem::LostRace))),
        ("account-app", app(false, None)),
        ("account-app-wrong", app(true, Some(SigninProblem::CodeInvalid))),
        (
            "account-codes",
            RecoveryCodesPage { site, who: who(None), codes: ShownCodes(codes.map(str::to_owned).into()) }.render(),
        ),
        ("account-strand-password", confirm(StrandingAct::RemovePassword)),
        ("account-strand-app", confirm(StrandingAct::RemoveAuthenticatorApp)),
        ("account-strand-codes", confirm(StrandingAct::RemoveRecoveryCodes)),
    ]
    .map(|(name, html)| (name.to_owned(), html))
    .into()
}

fn lists(stage: &Stage) -> Pages {
    let site = &stage.site;
    let mut entropy = stage.entropy.clone();
    let mut session = |this_one, with: &str, minutes| SessionRow {
        id: SessionId::fresh(NOW, &mut entropy),
        this_one,
        with: with.into(),
        created: ago(minutes),
        seen: ago(minutes / 3),
        expires: Moment::new(NOW.plus_seconds(12 * 3_600), NOW),
    };
    let three = vec![
        session(true, "MacBook", 4),
        session(false, "Phone", 60 * 5),
        session(false, "password and authenticator app", 60 * 9),
    ];
    let one = vec![session(true, "", 4)];
    let sessions = |sessions, signins, said| SessionsPage { site, who: who(said), sessions, signins }.render();
    let apps = |applications| ApplicationsPage { site, who: who(None), applications }.render();
    let data = |receipts| DataPage { site, who: who(None), receipts, kept_days: 396 }.render();
    [
        ("account-sessions", sessions(three, signins(), None)),
        ("account-sessions-one", sessions(one, Vec::new(), Some(AccountSaid::OthersEnded))),
        ("account-apps", apps(applications())),
        ("account-apps-none", apps(Vec::new())),
        ("account-data", data(receipts())),
        ("account-data-none", data(Vec::new())),
    ]
    .map(|(name, html)| (name.to_owned(), html))
    .into()
}

fn applications() -> Vec<ApplicationRow> {
    let [registered, itself, document] = marks();
    let row = |id: &str, name: &str, host: &str, mark| ApplicationRow {
        client: ClientId::parse(id).expect("a valid client id"),
        name: name.into(),
        host: host.into(),
        mark,
        may: vec![scope_words("openid").title, scope_words("offline_access").title],
        told: Vec::new(),
        allowed: ago(60 * 24 * 12),
        last_used: LastUsed::At(ago(3)),
        connected: true,
    };
    vec![
        row("harbour-notes", "Harbour Notes", "notes.example.com", registered),
        ApplicationRow {
            told: vec!["name".into(), "e-mail address".into()],
            last_used: LastUsed::Never,
            connected: false,
            ..row("tide-tables", "Tide Tables", "", itself)
        },
        row("https://tools.example.net/client", "Deck Tools", "tools.example.net", document),
    ]
}

fn receipts() -> Vec<ReceiptRow> {
    vec![
        ReceiptRow {
            application: "Tide Tables".into(),
            what: "postal address".into(),
            purpose: "To show the tides near you".into(),
            first: ago(60 * 24 * 9),
            last: ago(60 * 2),
            times: 14,
        },
        ReceiptRow {
            application: "Harbour Notes".into(),
            what: "name and e-mail address".into(),
            purpose: String::new(),
            first: ago(60 * 24 * 40),
            last: ago(60 * 24 * 40),
            times: 1,
        },
    ]
}
