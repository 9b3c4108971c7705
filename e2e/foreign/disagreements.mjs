// Where Lockgate and a foreign verifier answer differently, and why that is right. The list is exact: oracles.test.mjs fails when a
// disagreement is missing from it, and when one that stands here has gone.
//
// `ours` is our side: a fault's word where we refuse; "unattested" or "counter_risk" where we accept with that mark.

const both = (...names) => ({ python: names, simple: names });

export const DISAGREEMENTS = [
  {
    why: "This package knows no ES384.",
    ours: "accepts",
    python: [
      "es384_none_registration", "es384_none_authentication", "es384_packed_self_registration", "es384_packed_self_authentication",
      "es384_packed_certificate_registration", "es384_packed_certificate_authentication",
      "es384_packed_chain_registration", "es384_packed_chain_authentication",
    ],
    simple: [],
  },
  {
    why: "This package reads no attestation certificates with Ed25519 or P-521 keys.",
    ours: "accepts",
    python: [],
    simple: [
      "eddsa_packed_certificate_registration", "eddsa_packed_certificate_authentication",
      "eddsa_packed_chain_registration", "eddsa_packed_chain_authentication",
      "es512_packed_certificate_registration", "es512_packed_certificate_authentication",
      "es512_packed_chain_registration", "es512_packed_chain_authentication",
    ],
  },
  {
    why: "WebAuthn L3 §7.1 step 10, §7.2 step 13: a ceremony in another site's frame counts only where the relying party expects one, and "
      + "we expect none. One package never looks; the other looks at assertions, and there only at a top origin.",
    ours: "cross_origin",
    python: ["registration_cross_origin", "registration_framed_by_another", "authentication_cross_origin", "authentication_framed_by_another"],
    simple: ["registration_cross_origin", "registration_framed_by_another", "authentication_cross_origin"],
  },
  {
    why: "§7.1 step 11, §7.2 step 14: topOrigin stands only beside a true crossOrigin. Alone it is nothing that a browser writes.",
    ours: "top_origin",
    python: ["registration_top_origin_alone", "authentication_top_origin_alone"],
    simple: ["registration_top_origin_alone"],
  },
  {
    why: "Two parsers may read a member that stands twice differently, and nothing that browsers write is larger than 8 KiB.",
    ours: "client_data",
    ...both(
      "registration_client_data_member_twice", "authentication_client_data_member_twice",
      "registration_client_data_huge", "authentication_client_data_huge",
    ),
  },
  {
    why: "§7.1 step 6: client data is UTF-8. This package replaces what is not.",
    ours: "client_data",
    python: [],
    simple: ["registration_client_data_not_utf8", "authentication_client_data_not_utf8"],
  },
  {
    why: "§6.1: extension outputs are a map.",
    ours: "authenticator_data",
    python: ["registration_extensions_not_a_map", "authentication_extensions_not_a_map"],
    simple: [],
  },
  {
    why: "§5.1: the id outside is the id inside the attestation object; whoever stores the one must not verify the other.",
    ours: "id_mismatch",
    ...both("registration_id_of_another_credential"),
  },
  {
    why: "§6.5.1.1: an algorithm's key has the algorithm's key type, and those parameters only; otherwise it will verify nothing later.",
    ours: "public_key",
    ...both("registration_algorithm_of_another_kind", "registration_key_member_too_many"),
  },
  {
    why: "§7.1 step 25: a credential id has at most 1023 bytes.",
    ours: "credential_id_length",
    ...both("registration_credential_id_of_1024_bytes"),
  },
  {
    why: "§6.5.4: the attestation object is one CBOR map in canonical form with three members, and nothing after it.",
    ours: "cbor",
    python: ["registration_object_trailing_bytes", "registration_object_of_indefinite_length"],
    simple: ["registration_object_trailing_bytes"],
  },
  {
    why: "§6.5.4: the attestation object has three members.",
    ours: "attestation_object",
    ...both("registration_object_member_too_many"),
  },
  {
    why: "§8.2: a packed statement has alg, sig and x5c, and we follow no chain of more than four certificates.",
    ours: "attestation_statement",
    ...both("registration_packed_member_too_many", "registration_chain_of_five_certificates"),
  },
  {
    why: "§8.2.1: the certificate is version 3, no authority, has the unit \"Authenticator Attestation\" and names this very model.",
    ours: "attestation_certificate",
    python: [
      "registration_certificate_version_1", "registration_certificate_of_an_authority",
      "registration_certificate_unit_wrong", "registration_certificate_other_model",
    ],
    simple: [],
  },
  {
    why: "§8.2.1: the model's extension must not be critical. RFC 5280 §4.2: no extension stands twice.",
    ours: "attestation_certificate",
    python: [],
    simple: ["registration_certificate_model_critical", "registration_certificate_extension_twice"],
  },
  {
    why: "§7.1 step 24 leaves it to policy: a statement whose chain leads to no root of ours makes a passkey that is not attested. "
      + "It is never counted as attested.",
    ours: "unattested",
    python: [
      "registration_certificate_expired", "registration_certificate_not_yet_valid", "registration_certificate_unknown_critical",
      "registration_certificate_forged", "registration_certificate_issuer_renamed", "registration_chain_through_no_authority",
      "registration_chain_longer_than_allowed", "registration_chain_key_for_other_uses",
    ],
    simple: [
      "registration_certificate_expired", "registration_certificate_not_yet_valid", "registration_certificate_forged",
      "registration_certificate_issuer_renamed",
    ],
  },
  {
    why: "§7.2 step 6: both packages leave it to the caller to look the credential up by its id.",
    ours: "other_credential",
    ...both("authentication_id_of_another_credential"),
  },
  {
    why: "§7.2 step 6: both packages leave the user handle to the caller.",
    ours: "user_handle_mismatch",
    ...both("authentication_user_handle_of_another", "authentication_user_handle_cut_short"),
  },
  {
    why: "§7.2 step 6: where the person is not known beforehand, the user handle must be there.",
    ours: "user_handle_missing",
    ...both("authentication_user_handle_missing"),
  },
  {
    why: "§6.1: an assertion carries no credential.",
    ours: "authenticator_data",
    ...both("authentication_credential_in_assertion"),
  },
  {
    why: "§7.2 step 19: backup eligibility never changes; both packages leave the comparison to the caller.",
    ours: "backup_eligibility_changed",
    ...both("authentication_became_eligible", "authentication_no_longer_eligible"),
  },
  {
    why: "§7.2 step 22 leaves it to policy: a counter that does not rise is a sign of a copy, which we mark and record.",
    ours: "counter_risk",
    ...both("authentication_counter_stands_still", "authentication_counter_goes_back", "authentication_counter_goes_silent"),
  },
];
