//! What the script `fuzz/run` asks about the targets:
//!
//! ```text
//! targets list                    each target's name, and the most bytes that are worth feeding it
//! targets seeds TARGET FOLDER     writes the target's seeds into the folder
//! ```

use std::{env, fs, io, path::Path, process::ExitCode};

#[expect(clippy::print_stderr, clippy::print_stdout, reason = "a program for the command line")]
fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["list"] => {
            for target in fuzzing::TARGETS {
                println!("{} {}", target.name, target.bytes_max);
            }
            ExitCode::SUCCESS
        }
        ["seeds", name, folder] => match write_seeds(name, Path::new(folder)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("failed to write seeds: {error}");
                ExitCode::FAILURE
            }
        },
        _ => {
            eprintln!("usage: targets list | targets seeds TARGET FOLDER");
            ExitCode::from(2)
        }
    }
}

fn write_seeds(name: &str, folder: &Path) -> io::Result<()> {
    let target = fuzzing::target(name).ok_or_else(|| io::Error::other("no target has that name"))?;
    fs::create_dir_all(folder)?;
    for (number, seed) in (target.seeds)().iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:02}")), seed)?;
    }
    Ok(())
}
