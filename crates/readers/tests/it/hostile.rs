//! Files that are damaged, or made to hurt: each gets its notice, and the rest of the scan goes on.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use cutover::NoticeKind;
use readers::{Scan, scan};
use tempfile::TempDir;

const GOOD: &str = r#"{"realm": "r", "clients": [{"clientId": "good", "publicClient": true}]}"#;

fn scanned(make: impl FnOnce(&Path)) -> Scan {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("zz-good.json"), GOOD).unwrap();
    make(folder.path());
    scan(&[folder.path().to_owned()], &|_| {}).unwrap()
}

/// The good client is found whatever lies beside it, and this is what is said of the bad file.
#[track_caller]
fn check(make: impl FnOnce(&Path), kind: NoticeKind, words: &str) {
    let scan = scanned(make);
    assert!(scan.clients.iter().any(|client| client.label() == "good"), "the good file was lost");
    assert!(
        scan.notices.iter().any(|notice| notice.kind == kind && notice.text.contains(words)),
        "no notice with {words:?} in {:#?}",
        scan.notices
    );
}

#[test]
fn truncated() {
    check(|folder| fs::write(folder.join("a.json"), &GOOD[..60]).unwrap(), NoticeKind::Unread, "a string has no end");
}

#[test]
fn other_encoding() {
    check(|folder| fs::write(folder.join("a.yaml"), b"name: caf\xe9").unwrap(), NoticeKind::Unread, "not UTF-8");
}

#[test]
fn marked_and_utf16() {
    let scan = scanned(|folder| {
        let utf16: Vec<u8> = GOOD.encode_utf16().flat_map(u16::to_le_bytes).collect();
        fs::write(folder.join("a.json"), [b"\xff\xfe".to_vec(), utf16].concat()).unwrap();
        fs::write(folder.join("b.json"), [b"\xef\xbb\xbf", GOOD.as_bytes()].concat()).unwrap();
    });
    assert_eq!((scan.clients.len(), scan.notices.len()), (3, 0), "{:?}", scan.notices);
}

#[test]
fn nested_without_end() {
    let deep = format!(r#"{{"clientId": {}"#, "[".repeat(500_000));
    check(|folder| fs::write(folder.join("a.json"), deep).unwrap(), NoticeKind::Unread, "nested too deeply");
}

#[test]
fn one_huge_line() {
    let filler = "x".repeat(3_000_000);
    let scan = scanned(|folder| {
        let text = format!(
            r#"{{"realm": "r", "clients": [{{"clientId": "big", "publicClient": true, "description": "{filler}"}}]}}"#
        );
        fs::write(folder.join("a.json"), text).unwrap();
    });
    assert_eq!(scan.clients.len(), 2);
}

#[test]
fn anchors_that_hold_themselves() {
    let text = "clients: &a\n  - name: x\n    app_type: spa\n    self: *a\n";
    check(|folder| fs::write(folder.join("a.yaml"), text).unwrap(), NoticeKind::Unread, "inside what it refers to");
}

#[cfg(unix)]
#[test]
fn links_in_a_circle() {
    let scan = scanned(|folder| {
        std::os::unix::fs::symlink(folder, folder.join("again")).unwrap();
        std::os::unix::fs::symlink("/etc", folder.join("outside")).unwrap();
    });
    assert_eq!((scan.clients.len(), scan.files.seen), (1, 1));
}

#[test]
fn nested_hcl() {
    let text = format!("resource \"okta_app_oauth\" \"a\" {{\n  label = {}1\n}}\n", "(".repeat(50_000));
    check(|folder| fs::write(folder.join("a.tf"), text).unwrap(), NoticeKind::Unread, "can't be parsed");
}

#[test]
fn terraform_as_json_is_named() {
    let text = r#"{"resource": {"okta_app_oauth": {"a": {"label": "A"}}}}"#;
    check(|folder| fs::write(folder.join("a.tf.json"), text).unwrap(), NoticeKind::Unread, "JSON syntax");
}

fn gzip(path: &Path, write: impl FnOnce(&mut flate2::write::GzEncoder<File>)) {
    let mut encoder = flate2::write::GzEncoder::new(File::create(path).unwrap(), flate2::Compression::fast());
    write(&mut encoder);
    encoder.finish().unwrap();
}

#[test]
fn archive_bomb() {
    check(
        |folder| {
            gzip(&folder.join("a.json.gz"), |out| {
                out.write_all(b"{").unwrap();
                let zeros = vec![b' '; 1 << 20];
                for _ in 0..140 {
                    out.write_all(&zeros).unwrap();
                }
            });
        },
        NoticeKind::Unread,
        "larger than 128 MiB",
    );
}

#[test]
fn archives_are_opened_and_broken_ones_named() {
    let scan = scanned(|folder| {
        let mut zip = zip::ZipWriter::new(File::create(folder.join("a.zip")).unwrap());
        zip.start_file("in/realm.json", zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(GOOD.as_bytes()).unwrap();
        zip.finish().unwrap();
        gzip(&folder.join("b.tar.gz"), |out| {
            let mut tar = tar::Builder::new(out);
            let mut header = tar::Header::new_gnu();
            header.set_size(GOOD.len() as u64);
            tar.append_data(&mut header, "realm.json", GOOD.as_bytes()).unwrap();
            tar.finish().unwrap();
        });
        fs::write(folder.join("c.zip"), b"PK\x03\x04 and nothing more").unwrap();
    });
    let files: Vec<&str> = scan.clients.iter().map(|client| &*client.source.file).collect();
    assert_eq!(files, ["a.zip!/in/realm.json", "b.tar.gz!/realm.json", "zz-good.json"]);
    assert_eq!(scan.notices.len(), 1, "{:?}", scan.notices);
    assert_eq!(&*scan.notices[0].source.file, "c.zip");
}

#[test]
fn a_root_that_is_not_there() {
    assert!(scan(&["/nowhere/at/all".into()], &|_| {}).is_err());
}
