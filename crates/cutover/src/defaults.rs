//! What a product does when its configuration does not say.

/// One row of the table of defaults. The table stands beside the readers, who apply it; a fact that rests on a row points at it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefaultRow {
    /// The product, and the tool where the tool's default differs: "Keycloak", "Terraform provider keycloak".
    pub product: &'static str,
    /// The versions for which this is known, in the product's own counting: "4.0 and later", "all".
    pub versions: &'static str,
    /// The setting, as the product writes it: `standardFlowEnabled`.
    pub setting: &'static str,
    /// What is done when it is absent, for people: "true".
    pub value: &'static str,
    /// Where that is written: the product's documentation, or the file of its source code.
    pub source: &'static str,
}
