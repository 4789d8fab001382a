//! What is measured: the sample shop, and a made-up folder of 150 intents with 100 examples each; and messages to both.
use std::path::Path;

use bot_core::catalog::Source;

/// The names of the folders.
pub const FOLDERS: [&str; 2] = ["sample", "150x100"];

/// The files of a folder.
pub fn sources(folder: &str) -> Vec<Source> {
    if folder == "sample" { sample() } else { vec![made()] }
}

fn sample() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../intents");
    let mut sources = Vec::new();
    collect(&root, "", &mut sources);
    sources
}

fn collect(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in std::fs::read_dir(folder).expect("the sample is there").flatten() {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let path = entry.path();
        if path.is_dir() {
            collect(&path, &format!("{name}/"), sources);
        } else if name.ends_with(".yaml") {
            sources
                .push(Source { name, bytes: std::fs::read(path).expect("a file of the sample is readable") });
        }
    }
}

/// 150 intents with 100 examples of 4 to 12 words: two of the intent's eight words, the others of 600 that all share.
fn made() -> Source {
    let mut random = Random(7);
    let mut yaml = String::from("intents:\n");
    for intent in 0..150 {
        let examples: Vec<String> = (0..100).map(|_| random.sentence(intent)).collect();
        yaml.push_str(&format!("  intent_{intent}: {{ examples: [{}], say: Yes. }}\n", examples.join(", ")));
    }
    Source { name: "made.yaml".to_owned(), bytes: yaml.into_bytes() }
}

/// What customers write to it.
pub fn messages(folder: &str) -> Vec<String> {
    if folder == "sample" {
        let texts = [
            "wheres my parcle",
            "can you tell me where my package is right now",
            "I'd like to cancel the order I made yesterday",
            "what is the capital of france",
            "do i have to pay for the return shipping",
            "refund",
        ];
        return texts.map(str::to_owned).into();
    }
    let mut random = Random(11);
    (0..200).map(|intent| random.sentence(intent % 150)).collect()
}

struct Random(u64);

impl Random {
    fn below(&mut self, count: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % count
    }

    fn sentence(&mut self, intent: u64) -> String {
        let length = 4 + self.below(9);
        let own = [self.below(length), self.below(length)];
        let words = (0..length).map(|at| {
            if own.contains(&at) { word(1_000 + intent * 8 + self.below(8)) } else { word(self.below(600)) }
        });
        words.collect::<Vec<_>>().join(" ")
    }
}

/// A word of two to four syllables.
fn word(number: u64) -> String {
    let mut rest = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut word = String::new();
    for _ in 0..2 + rest % 3 {
        rest /= 3;
        word.push(char::from(b"bdfghklmnprstvw"[(rest % 15) as usize]));
        rest /= 15;
        word.push(char::from(b"aeiou"[(rest % 5) as usize]));
        rest /= 5;
    }
    word
}
