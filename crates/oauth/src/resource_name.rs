//! Resource indicators (RFC 8707 §2): the names of resource servers in requests.

use crate::Client;

/// Most resources that one request may name.
pub const RESOURCES_MAX: usize = 8;
/// Longest name, in bytes.
pub const RESOURCE_BYTES_MAX: usize = 512;

/// Whether `text` can name a resource: an absolute URI without fragment (RFC 8707 §2).
#[must_use]
pub fn is_resource_name(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    is_scheme
        && !rest.is_empty()
        && text.len() <= RESOURCE_BYTES_MAX
        && rest.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
}

impl Client {
    /// Whether its requests may name `resource`: its own audience, or one it is registered for, compared as strings.
    #[must_use]
    pub fn may_name_resource(&self, resource: &str) -> bool {
        self.audience == resource || self.settings.requests.resources.iter().any(|known| known == resource)
    }
}
