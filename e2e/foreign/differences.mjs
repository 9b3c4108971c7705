// Where Lockgate and the reference tell a program different things, and why that is meant. The list is exact: reference.test.mjs fails when
// a difference is missing from it, and when one that stands here has gone. Each reason is a section of docs/decisions/error-codes.md.
//
// `words`: request → [what we say, what the reference says].

export const DIFFERENCES = [
  {
    reason: "Nothing travels in a fragment",
    words: {
      "authorize: the implicit response type": ["redirect unsupported_response_type", "redirect unsupported_response_type in the fragment"],
      "authorize: a hybrid response type": ["redirect unsupported_response_type", "redirect invalid_request in the fragment"],
      "authorize: the fragment mode": ["redirect invalid_request", "redirect code in the fragment"],
    },
  },
  {
    reason: "Errors have registered names",
    words: {
      "authorize: a response mode that nobody has": ["redirect invalid_request", "redirect unsupported_response_mode"],
    },
  },
  {
    reason: "Scopes that a client may not have are left out, unless nothing would be left",
    words: {
      "authorize: a scope that this client may not have": ["redirect code", "redirect invalid_scope"],
      "own: a scope that nobody has": ["400 invalid_scope", "200"],
    },
  },
  {
    reason: "Who has no key can't sign a request",
    words: {
      "authorize: a request object that is none": ["redirect request_not_supported", "redirect invalid_request_object"],
      "authorize: a request object that nobody signed": ["redirect request_not_supported", "redirect invalid_request_object"],
      "par: a request object that is none": ["400 request_not_supported", "400 invalid_request_object"],
    },
  },
  {
    reason: "A request that can't be read leads nowhere",
    words: {
      "authorize: a pushed request that nobody pushed": ["400 page", "redirect invalid_request_uri"],
      "authorize: a request object and a request address": ["400 page", "redirect invalid_request"],
    },
  },
  {
    reason: "A pushed request holds no request address",
    words: {
      "par: a request address": ["400 invalid_request", "400 request_uri_not_supported"],
    },
  },
  {
    reason: "Whoever does not prove who they are is an invalid client",
    words: {
      "token: no client": ["401 invalid_client", "400 invalid_request"],
      "token: a header that is no Basic": ["401 invalid_client", "400 invalid_request"],
      "token: an assertion that is none": ["401 invalid_client", "400 invalid_request"],
      "token: an assertion of another kind": ["401 invalid_client", "400 invalid_request"],
      "token: an assertion without its kind": ["401 invalid_client", "400 invalid_request"],
      "device: begun by nobody": ["401 invalid_client", "400 invalid_request"],
      "par: nobody": ["401 invalid_client", "400 invalid_request"],
      "introspection: nobody": ["401 invalid_client", "400 invalid_request"],
      "revocation: nobody": ["401 invalid_client", "400 invalid_request"],
    },
  },
  {
    reason: "An assertion is for the issuer alone",
    words: {
      "token: an assertion for the token endpoint": ["401 invalid_client", "200"],
    },
  },
  {
    reason: "A client that may not use a grant is told so",
    words: {
      "token: a grant that this client may not use": ["400 unauthorized_client", "400 invalid_request"],
      "device: begun by a client that may not": ["400 unauthorized_client", "400 invalid_request"],
    },
  },
  {
    reason: "What is missing is a bad request, what is wrong is a bad grant",
    words: {
      "code: no verifier": ["400 invalid_request", "400 invalid_grant"],
      "DPoP: none from a client that must": ["400 invalid_dpop_proof", "400 invalid_grant"],
    },
  },
  {
    reason: "Another client's token is not revoked, and that is said",
    words: {
      "revocation: a token of another client": ["400 invalid_grant", "200"],
    },
  },
  {
    reason: "A challenge says no more than the request earned",
    words: {
      "userinfo: no token": ["401 challenge", "401 invalid_token"],
      "userinfo: a bearer token under DPoP": ["401 invalid_token", "400 invalid_request"],
    },
  },
];
