//! What must be true of every page, whatever its state: the frame, the fences, the weight and the contrast.

mod assets;
mod contrast;
mod pages;
mod weight;
mod words;

#[path = "../../examples/preview/samples.rs"]
mod samples;
