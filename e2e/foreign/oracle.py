"""Judges passkey ceremonies with the PyPI package `webauthn`, which shares no code with Lockgate.

Reads what testkit's `ceremonies` prints on standard input; writes {"name": {"ok": bool, "why": text or null, "counterRisk": bool}}.
"""

import base64
import json
import sys

from webauthn import base64url_to_bytes, verify_authentication_response, verify_registration_response
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AttestationFormat, COSEAlgorithmIdentifier

# What Lockgate offers, as far as this package knows the numbers.
OFFERED = [COSEAlgorithmIdentifier(number) for number in (-8, -7, -257, -35, -36)
           if number in COSEAlgorithmIdentifier._value2member_map_]


def pem(der):
    text = base64.encodebytes(base64.b64decode(der)).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n".encode()


def register(ceremony):
    rp, part = ceremony["rp"], ceremony["registration"]
    return verify_registration_response(
        credential=part["response"],
        expected_challenge=base64url_to_bytes(part["challenge"]),
        expected_rp_id=rp["id"],
        expected_origin=rp["origins"],
        require_user_verification=True,
        supported_pub_key_algs=OFFERED,
        pem_root_certs_bytes_by_fmt={AttestationFormat.PACKED: [pem(root) for root in rp["attestationRoots"]]},
    )


def authenticate(ceremony):
    registered = register(ceremony)
    rp, part = ceremony["rp"], ceremony["authentication"]
    return verify_authentication_response(
        credential=part["response"],
        expected_challenge=base64url_to_bytes(part["challenge"]),
        expected_rp_id=rp["id"],
        expected_origin=rp["origins"],
        credential_public_key=registered.credential_public_key,
        credential_current_sign_count=part["storedSignCount"],
        require_user_verification=True,
    )


def judge(ceremony):
    try:
        (register if ceremony["part"] == "registration" else authenticate)(ceremony)
    except WebAuthnException as refusal:
        return {"ok": False, "why": f"{type(refusal).__name__}: {refusal}"[:160]}
    except Exception as failure:  # Whatever else a verifier raises, it has not said yes.
        return {"ok": False, "why": f"it failed with {type(failure).__name__}: {failure}"[:160]}
    return {"ok": True, "why": None}


json.dump({ceremony["name"]: judge(ceremony) for ceremony in json.load(sys.stdin)}, sys.stdout)
