//! One file per page: the view struct, what it derives for display, and its template of the same name in `templates/`.

pub mod account;
pub mod consent;
pub mod enrol;
pub mod error;
pub mod sign_in;
pub mod signed_out;
pub mod tour;

/// Writes a page. Every value on a page displays infallibly, and a `String` takes all that it is given.
fn rendered(template: &impl askama::Template) -> String {
    template.render().expect("writing into a String can't fail, and no value on a page fails to display")
}
