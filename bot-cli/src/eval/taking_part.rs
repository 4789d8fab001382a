//! Which intents come into question: a test file can't know of those that every bot has.
use bot_core::catalog::{Catalog, Intent, IntentId};
use bot_core::dialogue::Tracker;
use bot_core::engine::Engine;
use jiff::Zoned;

/// Which intents take part.
#[derive(Clone, Debug, Default)]
pub struct TakingPart {
    part: Vec<bool>,
    /// Built-in intents that take no part, by name.
    pub left_out: Vec<String>,
    /// Intents that never can: their `when` doesn't hold for a customer who has just come.
    pub never: Vec<String>,
}

impl TakingPart {
    /// The folder's own intents, and built-in ones that it adds to or that `named` has; with `builtins` all.
    pub fn new(
        engine: &Engine,
        tracker: &Tracker,
        now: &Zoned,
        builtins: bool,
        named: &[IntentId],
    ) -> TakingPart {
        let catalog = engine.catalog();
        let mut taking = TakingPart::default();
        for (index, intent) in catalog.intents.iter().enumerate() {
            let id = IntentId(index as u32);
            let chosen = builtins || is_own(intent) || named.contains(&id);
            let exists = engine.exists(tracker, id, now);
            taking.part.push(chosen && exists);
            if !chosen {
                taking.left_out.push(intent.name.clone());
            } else if !exists {
                taking.never.push(intent.name.clone());
            }
        }
        taking
    }

    /// Whether that intent does.
    pub fn has(&self, intent: IntentId) -> bool {
        self.part[intent.0 as usize]
    }

    /// Those that do.
    pub fn intents<'c>(&self, catalog: &'c Catalog) -> impl Iterator<Item = (IntentId, &'c Intent)> {
        let all = catalog.intents.iter().enumerate().map(|(index, intent)| (IntentId(index as u32), intent));
        all.filter(|(id, _)| self.has(*id))
    }
}

/// Whether the folder says anything that a customer might say for it.
fn is_own(intent: &Intent) -> bool {
    intent.origin.file != BUILTIN || intent.examples.iter().any(|example| example.origin.file != BUILTIN)
}

/// The name of the file that the intents of every bot are in.
pub const BUILTIN: &str = "built-in";
