//! The client is who it says it is.

use crypto::equal;

use super::{Opening, Run};
use crate::{AuthenticatedClient, ClientAuth, ClientStatus, token::TokenRefusal};

pub(super) fn check(opening: &mut Opening<'_>) -> Run<()> {
    let id = opening.request.client_id().ok_or(TokenRefusal::ClientMissing)?;
    let client = opening.facts.client.filter(|client| client.id.as_str() == id).ok_or(TokenRefusal::ClientUnknown)?;
    match client.status {
        ClientStatus::Active => {}
        ClientStatus::Disabled => return Err(TokenRefusal::ClientDisabled.into()),
    }
    match (client.auth, opening.request.secret()) {
        // OAuth 2.1 §8.1: no secret is asked of a client that can't keep one.
        (ClientAuth::None, None) => {}
        // §3.2.2: whatever is sent is verified; a public client has nothing that it could match.
        (ClientAuth::None, Some(_)) => return Err(TokenRefusal::SecretUnexpected.into()),
        (ClientAuth::SecretBasic | ClientAuth::SecretPost, None) => return Err(TokenRefusal::SecretMissing.into()),
        // §2.4.1, §2.4.2: a client that is registered with a secret may send it in the header or in the body.
        (ClientAuth::SecretBasic | ClientAuth::SecretPost, Some(secret)) => {
            let presented = opening.facts.keys.client_secret_hash(secret);
            // All of them are compared, so that time does not tell which was nearly right.
            let known = client.secrets.iter().fold(false, |known, kept| known | equal(kept, &presented));
            if !known {
                return Err(TokenRefusal::SecretWrong.into());
            }
        }
        (ClientAuth::PrivateKeyJwt | ClientAuth::TlsClientAuth | ClientAuth::SelfSignedTls, _) => {
            return Err(TokenRefusal::SecretMissing.into());
        }
    }
    opening.client = Some(AuthenticatedClient::new(client, None));
    Ok(())
}
