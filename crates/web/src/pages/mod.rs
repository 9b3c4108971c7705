//! One file per page: the view struct, what it derives for display, and its template of the same name in `templates/`.

pub mod account;
pub mod choose;
pub mod consent;
pub mod device;
pub mod enrol;
pub mod error;
pub mod form_post;
pub mod invitation;
pub mod password;
pub mod second_factor;
pub mod sign_in;
pub mod sign_out;
pub mod signed_out;
pub mod tour;
pub mod wait;
pub mod workstation;

/// Writes a page. Every value on a page displays infallibly, and a `String` takes all that it is given.
fn rendered(template: &impl askama::Template) -> String {
    template.render().expect("writing into a String can't fail, and no value on a page fails to display")
}
