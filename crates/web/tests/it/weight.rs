//! Everything that a page makes the browser fetch stays under 30 kB, uncompressed.

use web::{asset, assets};

use crate::samples;

const PAGE_BYTES_MAX: usize = 30_000;

/// The page and every asset that it names, with what those import.
fn weight(html: &str) -> usize {
    let mut paths: Vec<&str> = assets().iter().map(|asset| asset.path).filter(|path| html.contains(path)).collect();
    let mut next = 0;
    while let Some(path) = paths.get(next) {
        let body = asset(path).expect("a path from the list").body;
        if path.ends_with(".js") {
            let text = std::str::from_utf8(body).unwrap();
            for other in assets() {
                let import = format!("from \"./{}\"", other.path.rsplit('/').next().unwrap());
                if text.contains(&import) && !paths.contains(&other.path) {
                    paths.push(other.path);
                }
            }
        }
        next += 1;
    }
    html.len() + paths.iter().map(|path| asset(path).expect("a path from the list").body.len()).sum::<usize>()
}

#[test]
fn every_page_is_light() {
    for (name, html) in samples::pages() {
        let bytes = weight(&html);
        println!("{name}: {bytes}");
        assert!(bytes > html.len() + 5_000, "{name}: the stylesheet counts");
        assert!(bytes < PAGE_BYTES_MAX, "{name} weighs {bytes} bytes");
    }
}
