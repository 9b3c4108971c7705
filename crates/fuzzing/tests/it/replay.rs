//! Every committed input is fed to its target again.

use std::{collections::BTreeSet, fs, path::PathBuf};

use fuzzing::{TARGETS, Target, Verdict};

/// Most inputs of one target that are committed, and most bytes of all of them together. More belongs into a fuzzer's own store.
const INPUTS_MAX: usize = 200;
const CORPUS_BYTES_MAX: u64 = 2 * 1024 * 1024;

fn corpus() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "fuzz", "corpus"].iter().collect()
}

fn inputs(target: &Target) -> Vec<PathBuf> {
    let folder = corpus().join(target.name);
    let entries = fs::read_dir(&folder).unwrap_or_else(|_| panic!("{} has no folder of inputs", target.name));
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// A target whose every input is refused checks nothing but that it refuses.
#[test]
fn every_target_takes_and_refuses_some_of_its_seeds() {
    for target in TARGETS {
        let verdicts: Vec<Verdict> = (target.seeds)().iter().map(|seed| (target.check)(seed)).collect();
        assert!(verdicts.contains(&Verdict::Taken), "{}: no seed is taken", target.name);
        let truncated = (target.seeds)().into_iter().map(|mut seed| {
            seed.truncate(seed.len() / 2);
            (target.check)(&seed)
        });
        let refused = verdicts.iter().copied().chain(truncated).any(|verdict| verdict == Verdict::Refused);
        assert!(refused, "{}: nothing is refused", target.name);
    }
}

#[test]
fn every_committed_input_keeps_every_property() {
    for target in TARGETS {
        let inputs = inputs(target);
        assert!(!inputs.is_empty(), "{} has no inputs: see docs/howto/fuzz.md", target.name);
        let taken = inputs.iter().filter(|path| (target.check)(&fs::read(path).unwrap()) == Verdict::Taken).count();
        assert!(taken > 0, "{}: none of {} inputs is taken, so none goes deep", target.name, inputs.len());
    }
}

#[test]
fn every_folder_of_inputs_has_a_target_and_stays_small() {
    let names: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    let folders: BTreeSet<String> =
        fs::read_dir(corpus()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(folders, names);
    let mut bytes = 0;
    for target in TARGETS {
        let inputs = inputs(target);
        assert!(inputs.len() <= INPUTS_MAX, "{} has {} inputs", target.name, inputs.len());
        bytes += inputs.iter().map(|path| fs::metadata(path).unwrap().len()).sum::<u64>();
    }
    assert!(bytes <= CORPUS_BYTES_MAX, "the inputs hold {bytes} bytes");
}

/// Each target has a fuzzer of its name.
#[test]
fn every_target_has_a_fuzzer() {
    let fuzz = corpus().join("..");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    for target in TARGETS {
        assert!(manifest.contains(&format!("name = \"{}\"\n", target.name)), "fuzz/Cargo.toml lacks {}", target.name);
        let source = fs::read_to_string(fuzz.join("fuzz_targets").join(format!("{}.rs", target.name))).unwrap();
        assert!(source.contains(&format!("\"{}\"", target.name)), "{}.rs feeds another target", target.name);
    }
}
