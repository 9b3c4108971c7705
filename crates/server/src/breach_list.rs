//! Looking up a password in a local list of breached ones: a text file ordered by hash, as Have I Been Pwned publishes it.
//!
//! Each line holds the SHA-1 of a password in hexadecimal, or the beginning of one, and after a colon how often it was
//! seen, if the list counts: `21BD12DC183F740EE76F27B78EB39C8AD972A757:52579`. The whole list has forty gigabytes: it
//! is searched where it lies, with some forty short reads, and nothing of it is kept in memory.
//!
//! Reading blocks: call it off the event loop.

use std::io::{self, Read, Seek, SeekFrom};

/// Longest line read, with its end, in bytes: 40 digits, a colon, a count of 20 digits and room.
const LINE_BYTES_MAX: usize = 80;
/// Digits of a whole SHA-1.
const HASH_DIGITS: usize = 40;
/// Fewest digits of a beginning: forty bits, so that among a billion entries one password in a thousand is refused wrongly.
const PREFIX_DIGITS_MIN: usize = 10;

/// How often the password with this SHA-1 was seen: `None` when the list doesn't hold it, zero when the list doesn't count.
///
/// # Errors
/// Of reading; and [`io::ErrorKind::InvalidData`] when a line that is met on the way is none of such a list. A list out of
/// order can't be noticed this way.
pub fn times_seen<L: Read + Seek>(list: &mut L, sha1: &[u8; 20]) -> io::Result<Option<u64>> {
    let wanted = hex(sha1);
    // The first line that begins at `low` or later may be the one; none that begins at `high` or later is.
    let (mut low, mut high) = (0, list.seek(SeekFrom::End(0))?);
    while low < high {
        let middle = low + (high - low) / 2;
        let Some((line, next)) = line_from(list, middle)? else {
            // No line begins between the middle and the end of the list.
            high = middle;
            continue;
        };
        let entry = Entry::read(&line)?;
        match entry.digits.as_slice().cmp(&wanted[..entry.digits.len()]) {
            std::cmp::Ordering::Equal => return Ok(Some(entry.times)),
            std::cmp::Ordering::Less => low = next,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(None)
}

/// The first line that begins at `at` or later, and where the one after it begins. Lines may end with LF or CR LF, and the
/// last without either.
fn line_from<L: Read + Seek>(list: &mut L, at: u64) -> io::Result<Option<(Vec<u8>, u64)>> {
    // A line begins at `at` only if the byte before it ends one, so reading starts there.
    let start = at.saturating_sub(1);
    list.seek(SeekFrom::Start(start))?;
    let mut window = Vec::with_capacity(2 * LINE_BYTES_MAX);
    list.take(2 * LINE_BYTES_MAX as u64).read_to_end(&mut window)?;
    let begin = if at == 0 {
        0
    } else {
        match window.iter().position(|byte| *byte == b'\n') {
            Some(end) => end + 1,
            None if window.len() > LINE_BYTES_MAX => return Err(not_a_list()),
            None => return Ok(None),
        }
    };
    let rest = &window[begin..];
    if rest.is_empty() {
        return Ok(None);
    }
    let (line, taken) = match rest.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&rest[..end], end + 1),
        None => (rest, rest.len()),
    };
    if line.len() > LINE_BYTES_MAX {
        return Err(not_a_list());
    }
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    Ok(Some((line.to_vec(), start + (begin + taken) as u64)))
}

struct Entry {
    digits: Vec<u8>,
    times: u64,
}

impl Entry {
    fn read(line: &[u8]) -> io::Result<Self> {
        let line = std::str::from_utf8(line).map_err(|_| not_a_list())?;
        let (digits, times) = match line.split_once(':') {
            Some((digits, times)) => (digits, times.parse().map_err(|_| not_a_list())?),
            None => (line, 0),
        };
        let fits = (PREFIX_DIGITS_MIN..=HASH_DIGITS).contains(&digits.len());
        if !fits || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(not_a_list());
        }
        Ok(Self { digits: digits.to_ascii_uppercase().into_bytes(), times })
    }
}

fn hex(sha1: &[u8; 20]) -> [u8; HASH_DIGITS] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = [0; HASH_DIGITS];
    for (pair, byte) in text.chunks_exact_mut(2).zip(sha1) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 0x0f)];
    }
    text
}

fn not_a_list() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "expected lines of SHA-1 in hexadecimal, ordered, each with a count")
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    /// Hash number `n` of a list, in order of `n`, of differing lengths of count.
    fn hash(n: u32) -> [u8; 20] {
        let mut hash = [0xa5; 20];
        hash[..4].copy_from_slice(&(n.wrapping_mul(1_000_003)).to_be_bytes());
        hash
    }

    fn text_of(hash: [u8; 20]) -> String {
        String::from_utf8(hex(&hash).to_vec()).expect("hexadecimal is text")
    }

    fn list(count: u32, line_end: &str) -> Vec<u8> {
        (0..count)
            .map(|n| format!("{}:{}{line_end}", text_of(hash(n)), 7_u64.pow(n % 20)))
            .collect::<String>()
            .into_bytes()
    }

    fn seen(list: &[u8], sha1: [u8; 20]) -> Option<u64> {
        times_seen(&mut Cursor::new(list), &sha1).expect("a well-formed list")
    }

    #[test]
    fn every_line_is_found_and_nothing_between_them() {
        for count in (0..40).chain([500]) {
            for line_end in ["\n", "\r\n"] {
                let mut text = list(count, line_end);
                for ended in [true, false] {
                    if !ended {
                        text.truncate(text.len().saturating_sub(line_end.len()));
                    }
                    for n in 0..count {
                        assert_eq!(seen(&text, hash(n)), Some(7_u64.pow(n % 20)), "{n} of {count}");
                        let (mut below, mut above) = (hash(n), hash(n));
                        below[19] -= 1;
                        above[19] += 1;
                        assert_eq!((seen(&text, below), seen(&text, above)), (None, None), "beside {n} of {count}");
                    }
                    assert_eq!((seen(&text, [0; 20]), seen(&text, [0xff; 20])), (None, None), "outside of {count}");
                }
            }
        }
    }

    #[test]
    fn a_list_may_lack_counts_hold_beginnings_and_small_letters() {
        let hashes: String = (0..50).map(|n| text_of(hash(n)).to_lowercase() + "\n").collect();
        let beginnings: String = (0..50).map(|n| text_of(hash(n))[..12].to_owned() + ":5\n").collect();
        for n in 0..50 {
            assert_eq!(seen(hashes.as_bytes(), hash(n)), Some(0));
            assert_eq!(seen(beginnings.as_bytes(), hash(n)), Some(5));
            let mut same_beginning = hash(n);
            same_beginning[6] ^= 1;
            assert_eq!(seen(beginnings.as_bytes(), same_beginning), Some(5));
            let mut other_beginning = hash(n);
            other_beginning[5] ^= 1;
            assert_eq!(seen(beginnings.as_bytes(), other_beginning), None);
        }
    }

    #[test]
    fn what_is_no_list_is_said_to_be_none() {
        let long = format!("{}:{}\n", text_of(hash(1)), "1".repeat(500));
        let short = "ABCDEF012:1\n".to_owned();
        for text in [
            "password\n123456\n".to_owned(),
            "\n\n\n".to_owned(),
            "x".repeat(1000),
            long,
            short,
            format!("{}:many\n", text_of(hash(1))),
            format!("{}:-1\n", text_of(hash(1))),
            "é".repeat(300),
        ] {
            let fault = times_seen(&mut Cursor::new(text.as_bytes()), &hash(1)).expect_err(&text);
            assert_eq!(fault.kind(), io::ErrorKind::InvalidData, "{text:.40}");
            assert!(!fault.to_string().contains("password"));
        }
        let mut bytes = list(3, "\n");
        bytes[70] = 0xff;
        assert!((0..3).any(|n| times_seen(&mut Cursor::new(&bytes), &hash(n)).is_err()));
    }

    #[test]
    fn a_long_list_takes_few_reads() {
        struct Counted(Cursor<Vec<u8>>, usize);
        impl Read for Counted {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.1 += 1;
                assert!(buffer.len() <= 2 * LINE_BYTES_MAX, "a read is short");
                self.0.read(buffer)
            }
        }
        impl Seek for Counted {
            fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
                self.0.seek(to)
            }
        }
        let text = list(4000, "\r\n");
        let bits = text.len().ilog2() as usize + 1;
        for n in [0, 1, 1999, 3998, 3999] {
            let mut counted = Counted(Cursor::new(text.clone()), 0);
            assert!(times_seen(&mut counted, &hash(n)).expect("a list").is_some());
            // One window at a time, with the read that finds its end.
            assert!(counted.1 <= 2 * bits, "{} reads of {} bytes", counted.1, text.len());
        }
    }
}
