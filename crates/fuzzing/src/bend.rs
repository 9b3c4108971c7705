//! Bending something that holds: a stranger can't make a signature, so random bytes never come past one. Their bytes become
//! instructions that change a signed text instead.

/// What `script` makes of `honest`. Each four bytes change it once: what to do, where (two bytes), and with which byte. An
/// empty script changes nothing.
pub(crate) fn bend(honest: &[u8], script: &[u8]) -> Vec<u8> {
    let mut bent = honest.to_vec();
    for &[how, high, low, byte] in script.as_chunks::<4>().0.iter().take(64) {
        let at = usize::from(u16::from_be_bytes([high, low])) % (bent.len() + 1);
        match how % 6 {
            0 if at < bent.len() => bent[at] = byte,
            1 if at < bent.len() => bent[at] ^= 1 << (byte % 8),
            2 => bent.insert(at, byte),
            3 => drop(bent.drain(at..bent.len().min(at + usize::from(byte)))),
            4 => bent.truncate(at),
            5 => bent.extend(honest.iter().skip(at).take(usize::from(byte))),
            _ => {}
        }
    }
    bent
}

/// Scripts to begin with: nothing, and one change of each kind.
pub(crate) fn scripts() -> Vec<Vec<u8>> {
    let mut scripts = vec![Vec::new()];
    for how in 0..6 {
        scripts.extend([vec![how, 0, 3, b'A'], vec![how, 0, 0xa0, 2]]);
    }
    // A bit that is turned over and back again.
    scripts.push(vec![1, 0, 9, 1, 1, 0, 9, 1]);
    scripts
}
