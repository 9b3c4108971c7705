//! Stylesheet, modules and the mark, embedded in the binary and addressed by content.

/// One embedded file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Absolute path at which to serve it: `/assets/{hash}/{name}`.
    pub path: &'static str,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The bytes to serve.
    pub body: &'static [u8],
    /// A strong entity tag, with its quotes (RFC 9110 §8.8.3).
    pub etag: &'static str,
}

/// What to send as `Cache-Control` with an asset: its address changes whenever its content does.
pub const ASSET_CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const ETAG: &str = concat!("\"", env!("LOCKGATE_ASSETS_HASH"), "\"");

macro_rules! embedded {
    ($($(#[$doc:meta])* $name:ident = $file:literal as $content_type:expr;)+) => {
        $($(#[$doc])* pub const $name: &str = concat!("/assets/", env!("LOCKGATE_ASSETS_HASH"), "/", $file);)+
        const ASSETS: &[Asset] = &[$(Asset {
            path: $name,
            content_type: $content_type,
            body: include_bytes!(concat!(env!("OUT_DIR"), "/assets/", $file)),
            etag: ETAG,
        }),+];
    };
}

embedded! {
    /// The one stylesheet.
    STYLE = "lockgate.css" as "text/css; charset=utf-8";
    /// What only the long pages need: My account and the tour.
    LONG_STYLE = "long.css" as "text/css; charset=utf-8";
    /// The mark, for the browser's tab.
    FAVICON = "favicon.svg" as "image/svg+xml";
    /// What the pages with ceremonies share.
    CEREMONY = "ceremony.js" as JAVASCRIPT;
    /// What every page with a script shares: messages, copy buttons, local times.
    PAGE = "page.js" as JAVASCRIPT;
    /// The sign-in page.
    SIGN_IN = "sign-in.js" as JAVASCRIPT;
    /// The enrolment page.
    ENROL = "enrol.js" as JAVASCRIPT;
    /// Names for new passkeys, for the two pages that make them.
    LABEL = "label.js" as JAVASCRIPT;
    /// The invitation to make a passkey.
    INVITATION = "invitation.js" as JAVASCRIPT;
    /// Plain forms and pages that wait.
    FORM = "form.js" as JAVASCRIPT;
    /// The answer that is posted to an application.
    FORM_POST = "form-post.js" as JAVASCRIPT;
    /// The page that marks a shared computer.
    WORKSTATION = "workstation.js" as JAVASCRIPT;
    /// Ways to sign in, in My account.
    ACCOUNT = "account.js" as JAVASCRIPT;
}

/// Every embedded file.
#[must_use]
pub const fn assets() -> &'static [Asset] {
    ASSETS
}

/// The file served at `path`, which is compared as a whole: an address with an older hash names nothing.
#[must_use]
pub fn asset(path: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.path == path)
}
