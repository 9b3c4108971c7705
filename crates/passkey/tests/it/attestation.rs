//! Whose word counts: makers that are trusted, makers that are not, and roots that are no roots.

use passkey::{Challenge, RelyingParty};
use testkit::{
    Attestation, AttestationMaker, Authenticator, CertificateKnobs, Knobs,
    catalogue::{self, ORIGIN, REGISTRATION_CHALLENGE},
};

use crate::stage::{register, rp};

fn attested(rp: &RelyingParty, maker: AttestationMaker, certificate: CertificateKnobs) -> bool {
    let knobs = Knobs { attestation: Attestation::PackedCertificate(certificate), ..Knobs::default() };
    let mut authenticator = Authenticator::new(3).made_by(maker);
    let json = authenticator.create(&catalogue::creation_options(), ORIGIN, &knobs).unwrap();
    register(rp, &Challenge::from_bytes(REGISTRATION_CHALLENGE), &json).unwrap().attested
}

#[test]
fn only_a_trusted_makers_word_counts() {
    let (ours, other) = (AttestationMaker::new(1), AttestationMaker::new(2));
    let rp = rp(&ours.root_der());
    assert!(attested(&rp, ours.clone(), CertificateKnobs::default()));
    // The other maker has the same name and another key.
    assert!(!attested(&rp, other.clone(), CertificateKnobs::default()));
    let both = RelyingParty { attestation_roots: vec![other.root_der(), ours.root_der()], ..rp.clone() };
    assert!(attested(&both, ours, CertificateKnobs::default()));
    assert!(attested(&both, other, CertificateKnobs::default()));
}

#[test]
fn a_root_that_is_no_certificate_trusts_nobody() {
    let maker = AttestationMaker::new(1);
    let mut cut = maker.root_der();
    cut.pop();
    for root in [Vec::new(), vec![0x30, 0x00], cut] {
        assert!(!attested(&rp(&root), maker.clone(), CertificateKnobs::default()));
    }
}

#[test]
fn an_attestation_certificate_may_be_trusted_by_itself() {
    let maker = AttestationMaker::new(1);
    let knobs = Knobs { attestation: Attestation::PackedCertificate(CertificateKnobs::default()), ..Knobs::default() };
    let mut authenticator = Authenticator::new(3).made_by(maker);
    let json = authenticator.create(&catalogue::creation_options(), ORIGIN, &knobs).unwrap();
    let challenge = Challenge::from_bytes(REGISTRATION_CHALLENGE);
    let new = register(&rp(&[]), &challenge, &json).unwrap();
    assert!(!new.attested);
    // The certificate's own signature differs each time it is written, so the trusted one is cut out of the statement.
    let like = AttestationMaker::new(1).certificate_der(&CertificateKnobs::default());
    let leaf = certificate_in(&new.attestation_object, &like[..2]);
    assert!(register(&rp(leaf), &challenge, &json).unwrap().attested);
}

/// The DER certificate in an attestation object: the first SEQUENCE with a long length behind the word `x5c`.
fn certificate_in<'a>(object: &'a [u8], opening: &[u8]) -> &'a [u8] {
    let after = object.windows(3).position(|window| window == b"x5c").unwrap();
    let start = after + object[after..].windows(2).position(|window| window == opening).unwrap();
    let length = usize::from(u16::from_be_bytes([object[start + 2], object[start + 3]])) + 4;
    &object[start..start + length]
}
