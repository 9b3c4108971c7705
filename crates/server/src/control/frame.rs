//! One message on the socket: four bytes of length, most significant first, then that much JSON.

use std::io::{self, Read, Write};

use serde::{Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

/// Most bytes of a request. Lists of people and their subjects travel inside.
pub(super) const REQUEST_BYTES_MAX: usize = 24 * 1024 * 1024;
/// Most bytes of an answer.
pub(super) const RESPONSE_BYTES_MAX: usize = 96 * 1024 * 1024;
/// Longest a peer may be silent in the middle of a message, in seconds.
pub(super) const SILENCE_SECONDS_MAX: u64 = 10;

/// Sends one message. Its bytes may hold a secret, so they are wiped.
pub(super) fn send(to: &mut impl Write, message: &impl Serialize, bytes_max: usize) -> io::Result<()> {
    let json = Zeroizing::new(serde_json::to_vec(message)?);
    let length = u32::try_from(json.len()).ok().filter(|_| json.len() <= bytes_max);
    let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "the message is too long"))?;
    to.write_all(&length.to_be_bytes())?;
    to.write_all(&json)?;
    to.flush()
}

/// Receives one message of at most `bytes_max` bytes.
pub(super) fn receive<T: DeserializeOwned>(from: &mut impl Read, bytes_max: usize) -> io::Result<T> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    if length > bytes_max {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the message is too long"));
    }
    // Memory grows with what has come, not with what was announced.
    let mut json = Zeroizing::new(Vec::new());
    from.take(length as u64).read_to_end(&mut json)?;
    if json.len() != length {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(serde_json::from_slice(&json)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_comes_back_as_it_went() {
        let mut bytes = Vec::new();
        send(&mut bytes, &vec!["a", "b"], 64).expect("it fits");
        let back: Vec<String> = receive(&mut bytes.as_slice(), 64).expect("it is whole");
        assert_eq!(back, ["a", "b"]);
    }

    #[test]
    fn what_is_too_long_cut_off_or_no_message_is_refused() {
        assert!(send(&mut Vec::new(), &"x".repeat(64), 64).is_err(), "too long to send");
        assert!(receive::<String>(&mut [0, 0, 0, 65].as_slice(), 64).is_err(), "too long to receive");
        assert!(receive::<String>(&mut [0, 0, 0, 4, b'"', b'a'].as_slice(), 64).is_err(), "cut off");
        assert!(receive::<String>(&mut [0, 0, 0, 2, b'{', b'}'].as_slice(), 64).is_err(), "another kind");
        assert!(receive::<String>(&mut [0, 0].as_slice(), 64).is_err(), "no length");
    }
}
