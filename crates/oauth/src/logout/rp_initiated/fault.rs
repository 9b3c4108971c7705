//! Why a logout request is refused. Always on a page of ours; nobody is redirected by mistake (RP-Initiated Logout §4).

/// The rule that a logout request breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LogoutFault {
    /// A parameter came more than once.
    #[error("send {0} only once")]
    Repeated(&'static str),
    /// `id_token_hint` is not an ID token of ours.
    #[error("id_token_hint is not an ID token that was issued here")]
    HintInvalid,
    /// `id_token_hint` was issued to another client than `client_id` says.
    #[error("id_token_hint was issued to another client")]
    HintOfOtherClient,
    /// No such client.
    #[error("this client is not registered here")]
    ClientUnknown,
    /// `post_logout_redirect_uri` without a client that it could be registered for.
    #[error("send id_token_hint or client_id with post_logout_redirect_uri")]
    RedirectWithoutClient,
    /// `post_logout_redirect_uri` is not one of the client's.
    #[error("this post_logout_redirect_uri is not registered for this client; it must match character by character")]
    RedirectUnregistered,
    /// A check left nothing behind: a fault of ours.
    #[error("the request could not be decided")]
    Incomplete,
}
