//! The bot that is talked to, written for as many teams as there are cases.
use std::path::Path;

/// Long enough for two messages; each paragraph has a word of its own.
fn story() -> String {
    let sentence = "it went on and on and nobody knew why, but everybody listened to the end of it. ";
    let paragraphs = ["Once", "Then", "Later", "Afterwards", "Finally"];
    paragraphs.map(|word| format!("        {word} {}\n", sentence.repeat(14))).join("\n")
        + "\n        The end.\n"
}

const HEAD: &str = r"name: Max
languages: [en, de]
greeting: Hello, I'm Max.
entities:
  word: { pattern: '\b(tick|tack|tock)\b', example: tick }
intents:
  colour:
    title: Choose a colour
    examples: [choose a colour]
    flow:
      - choose: colour
        say: Which colour do you like?
        options: { red: Red, blue: Blue }
      - say: 'Painted {{ colour }}.'
  size:
    title: Choose a size
    examples: [choose a size]
    flow:
      - choose: size
        say: Which size do you need?
        options: { xs: Tiny, s: Small, m: Medium, l: Large, xl: Huge, xxl: Gigantic }
      - say: 'Size {{ size }} it is.'
  echo:
    title: Repeat a word
    examples: [repeat a word, 'echo {echoed}']
    flow:
      - ask: echoed
        type: word
        say: Which word?
      - choose: how
        say: 'How shall I say {{ echoed }}?'
        options: { loud: Loud, soft: Soft }
      - say: 'Heard {{ echoed }}.'
";

/// What brings a customer to the agents of that case.
pub fn call_for(case: usize) -> String {
    format!("connect me with desk {}", team(case))
}

/// The team of a case.
pub fn team(case: usize) -> String {
    format!("team{case}")
}

/// Writes the folder.
///
/// # Panics
/// It can't be written.
pub fn write(folder: &Path, cases: usize) {
    let teams: Vec<String> = (0..cases).map(|case| format!("{}: {{}}", team(case))).collect();
    let mut yaml = format!(
        "{HEAD}  story:\n    title: A story\n    examples: [tell me a story]\n    say: |\n{}",
        story()
    );
    for case in 0..cases {
        let (team, call) = (team(case), call_for(case));
        yaml += &format!(
            "  {team}:\n    title: Desk {team}\n    examples: [{call}]\n    flow:\n      - handoff: {team}\n        reason: wants a person\n"
        );
    }
    yaml += &format!("handoff: {{ rating: true, teams: {{ {} }} }}\n", teams.join(", "));
    std::fs::write(folder.join("bot.yaml"), yaml).expect("the folder can be written");
}
