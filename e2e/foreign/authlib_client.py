"""A client made of the PyPI package `authlib`, which shares no code with Lockgate.

Reads one command a line on standard input, as JSON; writes one answer a line: {"ok": …} or {"error": …, "what": …}.
"""

import json
import os
import sys

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # The issuer speaks plain HTTP on loopback.

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

sessions = {}


def metadata(issuer):
    answer = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=30)
    answer.raise_for_status()
    return answer.json()


class Assertions(PrivateKeyJWT):
    """Assertions that live for a time of our choosing: the library's own live for an hour."""

    seconds = 60

    def sign(self, auth, token_endpoint):
        return private_key_jwt_sign(auth.client_secret, auth.client_id, token_endpoint, alg=self.alg, expires_in=self.seconds)


def begin(name, issuer, client_id, secret=None, method="client_secret_basic", key=None, audience=None, seconds=60, scope="openid", redirect_uri=None):
    """Sets a client up by discovery. `key` is a PEM; `audience` is what its assertions are for, the library's own choice unless given."""
    server = metadata(issuer)
    session = OAuth2Session(
        client_id, ECKey.import_key(key) if key else secret, token_endpoint_auth_method=method, revocation_endpoint_auth_method=method,
        scope=scope, redirect_uri=redirect_uri, code_challenge_method="S256",
    )
    if key:
        # Without an audience the library takes the address that it posts to.
        assertions = Assertions(audience, alg="ES256")
        assertions.seconds = seconds
        session.register_client_auth_method(assertions)
    sessions[name] = (session, server)
    return server["issuer"]


def authorize(name, **more):
    session, server = sessions[name]
    session.verifier, session.nonce = generate_token(48), generate_token(20)
    url, state = session.create_authorization_url(
        server["authorization_endpoint"], code_verifier=session.verifier, nonce=session.nonce, **more)
    session.expected = state
    return url


def id_token(session, server, token, nonce):
    keys = KeySet.import_key_set(requests.get(server["jwks_uri"], timeout=30).json())
    decoded = jwt.decode(token["id_token"], keys, algorithms=server["id_token_signing_alg_values_supported"])
    claims = CodeIDToken(
        decoded.claims, decoded.header, options={"iss": {"value": server["issuer"]}, "aud": {"value": session.client_id}},
        params={"nonce": nonce, "client_id": session.client_id, "access_token": token["access_token"]})
    claims.validate(leeway=10)
    return dict(claims)


def redeem(name, callback, verifier=None, nonce=None):
    session, server = sessions[name]
    token = session.fetch_token(
        server["token_endpoint"], authorization_response=callback, state=session.expected, code_verifier=verifier or session.verifier)
    claims = id_token(session, server, token, nonce or session.nonce)
    answer = session.get(server["userinfo_endpoint"], timeout=30)
    answer.raise_for_status()
    return {"token": dict(token), "claims": claims, "userinfo": answer.json()}


def refresh(name):
    session, server = sessions[name]
    return dict(session.refresh_token(server["token_endpoint"]))


def own(name, **parameters):
    session, server = sessions[name]
    return dict(session.fetch_token(server["token_endpoint"], grant_type="client_credentials", **parameters))


def introspect(name, token):
    session, server = sessions[name]
    answer = session.introspect_token(server["introspection_endpoint"], token=token)
    return {"status": answer.status_code, "told": answer.json()}


def revoke(name, token):
    session, server = sessions[name]
    return session.revoke_token(server["revocation_endpoint"], token=token).status_code


COMMANDS = {command.__name__: command for command in (begin, authorize, redeem, refresh, own, introspect, revoke)}

for line in sys.stdin:
    asked = json.loads(line)
    try:
        said = {"ok": COMMANDS[asked.pop("do")](**asked)}
    except AuthlibBaseError as refusal:
        said = {"error": refusal.error or type(refusal).__name__, "what": refusal.description or ""}
    except (JoseError, requests.RequestException) as refusal:
        said = {"error": type(refusal).__name__, "what": str(refusal)[:200]}
    print(json.dumps(said), flush=True)
