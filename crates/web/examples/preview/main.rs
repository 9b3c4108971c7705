//! Writes every page in every state as files: `cargo run -p web --example preview -- FOLDER`. For looking at, and for taking screens.
//!
//! The addresses of assets are absolute, as in production: serve the folder from its root (`python3 -m http.server`).

use std::{fs, io, path::Path};

use web::assets;

mod samples;

fn main() -> io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/preview".to_owned());
    let folder = Path::new(&folder);
    for asset in assets() {
        let file = folder.join(asset.path.trim_start_matches('/'));
        fs::create_dir_all(file.parent().expect("assets live in folders"))?;
        fs::write(file, asset.body)?;
    }
    for (name, html) in samples::pages() {
        fs::write(folder.join(format!("{name}.html")), html)?;
    }
    Ok(())
}
