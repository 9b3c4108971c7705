//! WCAG 2.2 contrast of every pair of colours that the stylesheet puts together, light and dark, computed from its own custom properties.

use std::collections::HashMap;

use web::{asset, assets};

/// Text, on everything it may stand on: AAA (WCAG 2.2 §1.4.6).
const TEXT: &[(&str, &[&str])] = &[
    ("ink", &["paper", "dawn", "surface", "mist", "brass-mist", "rust-mist", "moss-mist"]),
    ("water", &["paper", "surface"]),
    ("on-water", &["water", "water-deep"]),
    ("rust", &["paper", "surface", "rust-mist"]),
];
/// Small print and coloured words: AA (§1.4.3) at least.
const SMALL: &[(&str, &[&str])] = &[
    ("soft", &["paper", "dawn", "surface", "mist"]),
    ("water", &["dawn", "mist"]),
    ("water-deep", &["paper", "dawn", "surface"]),
    ("moss", &["paper", "dawn", "surface"]),
    ("brass", &["paper", "dawn", "surface"]),
    ("rust", &["dawn", "mist"]),
];
/// Borders, icons and focus rings that carry meaning (§1.4.11, §2.4.13).
const SHAPES: &[(&str, &[&str])] = &[
    ("edge", &["paper", "dawn", "surface", "mist"]),
    ("water", &["paper", "dawn", "surface", "mist"]),
    ("moss", &["mist"]),
    ("brass", &["brass-mist"]),
    ("rust", &["rust-mist"]),
];

fn stylesheet() -> &'static str {
    let style = assets().iter().find(|asset| asset.path.ends_with(".css")).expect("a stylesheet");
    std::str::from_utf8(asset(style.path).expect("it is served").body).expect("a stylesheet is text")
}

/// The six-digit colours among the custom properties of one `:root` block.
fn palette(block: &str) -> HashMap<&str, [f64; 3]> {
    let from = block.find(":root").expect("a :root block");
    let body = &block[from..from + block[from..].find('}').expect("the block ends")];
    body.split(['{', ';'])
        .filter_map(|declaration| declaration.strip_prefix("--")?.split_once(":#"))
        .map(|(name, hex)| {
            (
                name,
                [0, 2, 4].map(|at| linear(u8::from_str_radix(&hex[at..at + 2], 16).expect("six hexadecimal digits"))),
            )
        })
        .collect()
}

/// sRGB to linear light (WCAG 2.2, "relative luminance").
fn linear(channel: u8) -> f64 {
    let value = f64::from(channel) / 255.0;
    if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    let (a, b) = (luminance(one), luminance(other));
    a.max(b) / a.min(b)
}

#[test]
fn the_formula_is_right() {
    let grey = |value| [linear(value); 3];
    assert!((contrast(grey(0), grey(255)) - 21.0).abs() < 1e-9);
    // #767676 is the lightest grey that passes AA on white.
    assert!(contrast(grey(0x76), grey(255)) >= 4.5 && contrast(grey(0x77), grey(255)) < 4.5);
}

#[test]
fn every_pair_is_legible_in_light_and_dark() {
    let (light, dark) = stylesheet().split_once("prefers-color-scheme:dark").expect("a dark palette");
    let (light, dark) = (palette(light), palette(dark));
    assert_eq!(light.len(), dark.len(), "both palettes name the same colours");
    assert!(light.len() >= 14);
    for (scheme, colours) in [("light", &light), ("dark", &dark)] {
        for (pairs, least) in [(TEXT, 7.0), (SMALL, 4.5), (SHAPES, 3.0)] {
            for (front, backs) in pairs {
                for back in *backs {
                    let ratio = contrast(colours[front], colours[back]);
                    assert!(ratio >= least, "{scheme}: {front} on {back} is {ratio:.2}, wanted {least}");
                }
            }
        }
    }
}
