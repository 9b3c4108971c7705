//! What a page makes the browser fetch, page included and uncompressed.

use web::{asset, assets};

use crate::samples;

/// Pages that people wait for on the way to somewhere else.
const PAGE_BYTES_MAX: usize = 30_000;
/// Pages that people read, which grow with what there is to tell.
const LONG_PAGE_BYTES_MAX: usize = 40_000;

/// The page and every asset that it names, with what those import.
fn weight(html: &str) -> usize {
    let mut paths: Vec<&str> = assets().iter().map(|asset| asset.path).filter(|path| html.contains(path)).collect();
    let mut next = 0;
    while let Some(path) = paths.get(next) {
        let body = asset(path).expect("a path from the list").body;
        if path.ends_with(".js") {
            let text = std::str::from_utf8(body).expect("a script is text");
            for other in assets() {
                let import = format!("from \"./{}\"", other.path.rsplit('/').next().expect("a path has a name"));
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
        let long = name.starts_with("account") || name == "tour";
        let most = if long { LONG_PAGE_BYTES_MAX } else { PAGE_BYTES_MAX };
        assert!(bytes < most, "{name} weighs {bytes} bytes");
    }
}
