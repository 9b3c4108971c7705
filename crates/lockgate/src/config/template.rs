//! The commented configuration file that `lockgate init` writes.

use super::issuer::Origin;

const TEMPLATE: &str = include_str!("template.toml");

/// What the file's reader would otherwise have to fill in.
pub(crate) struct Wanted<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) organisation: &'a str,
}

/// The file's text, or why the issuer won't do.
pub(crate) fn fill(wanted: &Wanted<'_>) -> Result<String, String> {
    let origin = Origin::parse(wanted.issuer).map_err(|fault| {
        let (what, fix) = fault.words();
        format!("the issuer {what}; {fix}")
    })?;
    // A local issuer is reached on its own port. A real one is reached through TLS, which the operator sets up next.
    let port = wanted.issuer.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok()).filter(|_| !origin.https);
    let listen = format!("127.0.0.1:{}", port.unwrap_or(8400));
    Ok(TEMPLATE
        .replace("@ISSUER@", wanted.issuer)
        .replace("@HOST@", &origin.host)
        .replace("@LISTEN@", &listen)
        .replace("@ORGANISATION@", &escaped(wanted.organisation)))
}

/// For a TOML basic string.
fn escaped(text: &str) -> String {
    let visible = text.chars().filter(|c| !c.is_control());
    visible.collect::<String>().replace('\\', "\\\\").replace('"', "\\\"")
}
