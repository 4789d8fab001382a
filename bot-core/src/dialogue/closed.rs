//! After an agent has closed the conversation: a rating, a "thanks", or a new question.
use super::event::{Event, Offer};
use super::reading::Reading;
use super::turn::Turn;
use crate::catalog::{Body, Builtin, BuiltinEntity};
use crate::entity::Value;
use crate::handoff::Owner;
use crate::reply::Markup;
use crate::template::Text;
use crate::text::Utterance;

const RATINGS: [&str; 5] = ["1", "2", "3", "4", "5"];

/// What may stand beside a number of stars, folded: "4 stars", "4 von 5".
const STARS: [&str; 26] = [
    "5",
    "star",
    "stars",
    "out",
    "of",
    "points",
    "stern",
    "sterne",
    "sternen",
    "punkte",
    "von",
    "estrella",
    "estrellas",
    "de",
    "etoile",
    "etoiles",
    "sur",
    "stella",
    "stelle",
    "su",
    "ster",
    "sterren",
    "van",
    "estrela",
    "estrelas",
    "em",
];

impl Turn<'_> {
    /// Asks how it was, if the folder wants that and the ticket is known.
    pub fn ask_for_rating(&mut self) {
        let ticket = self.tracker.ticket.as_ref().and_then(|ticket| ticket.number);
        let Some(ticket) = ticket.filter(|_| self.brain.catalog.settings.handoff.rating) else { return };
        let text = Text::new("How was it, from 1 (bad) to 5 (very good)?");
        let text = self.rendered("bot", &text, &self.text_values());
        let mut labels = RATINGS.map(str::to_owned).to_vec();
        labels.push(self.translated("bot", "Skip"));
        self.deliver(Markup(text), labels);
        self.emit(Event::Offered(Offer::Rating { ticket }));
    }

    /// The first words after the conversation was closed.
    pub fn hear_when_closed(&mut self, text: &str) {
        let rating = match self.tracker.offer {
            Some(Offer::Rating { ticket }) => Some(ticket),
            _ => None,
        };
        if let (Some(ticket), Some(stars)) = (rating, self.stars(text)) {
            return self.rate(ticket, stars);
        }
        let reading = self.read(text);
        if rating.is_some() && self.skips(&reading) {
            self.emit(Event::OfferClosed);
            return self.say_own("Skipped.", &[]);
        }
        if !self.react(&reading, rating.is_some()) {
            self.reopen();
            self.answer(text);
        }
    }

    /// The bot answers again, if the conversation was closed.
    pub fn reopen(&mut self) {
        if self.tracker.owner != Owner::Closed {
            return;
        }
        if self.tracker.offer.is_some() {
            self.emit(Event::OfferClosed);
        }
        self.emit(Event::OwnerChanged { owner: Owner::Bot });
    }

    fn rate(&mut self, ticket: u64, stars: u8) {
        self.emit(Event::OfferClosed);
        self.emit(Event::Rated { ticket, stars });
        self.say_own("Thank you for your rating.", &[]);
    }

    fn skips(&self, reading: &Reading) -> bool {
        let leads = |builtin| reading.leads(self.brain.catalog, builtin);
        leads(Builtin::Skip) || leads(Builtin::Deny)
    }

    /// "Thanks", "bye", "ok": a reaction at most, and none while a rating is asked for, whose buttons are to stay.
    fn react(&mut self, reading: &Reading, is_asked: bool) -> bool {
        use Builtin::{Affirm, Goodbye, Thanks};
        let catalog = self.brain.catalog;
        let Some(best) = reading.sure(catalog) else { return false };
        let intent = catalog.intent(best.intent);
        match (&intent.body, intent.builtin) {
            (Body::Flow(_), _) | (_, None) => return false,
            (Body::Say(say), Some(Thanks | Goodbye)) => {
                self.emit(Event::Understood { intent: intent.name.clone(), confidence: best.confidence });
                if !is_asked {
                    self.say(&intent.name, &intent.name, say);
                }
            }
            (_, Some(Affirm | Thanks | Goodbye)) => {
                self.emit(Event::Understood { intent: intent.name.clone(), confidence: best.confidence });
            }
            _ => return false,
        }
        true
    }

    /// "4", "four", "4 stars", "4/5", "⭐⭐⭐⭐".
    fn stars(&self, text: &str) -> Option<u8> {
        if let Some(signs) = count_signs(text) {
            return Some(signs).filter(|signs| (1..=5).contains(signs));
        }
        let text = text.trim().strip_suffix("/5").unwrap_or(text);
        let utterance = Utterance::new(text, self.language());
        let found = self.brain.recognizer.find_answer(BuiltinEntity::Number.id(), &utterance, self.now);
        let first = found.first()?;
        let Value::Number(number) = first.value else { return None };
        let mut rest = utterance.tokens().iter().filter(|token| !first.span.contains(token.span));
        let says_nothing_else = rest.all(|token| STARS.contains(&token.word.as_str()));
        (1..=5).find(|stars| f64::from(*stars) == number).filter(|_| says_nothing_else)
    }
}

/// How many stars a message of stars has.
fn count_signs(text: &str) -> Option<u8> {
    let signs = text.chars().filter(|sign| !sign.is_whitespace() && *sign != '\u{fe0f}');
    let signs: Vec<char> = signs.collect();
    let are_stars = !signs.is_empty() && signs.iter().all(|sign| ['⭐', '★', '🌟'].contains(sign));
    are_stars.then(|| u8::try_from(signs.len()).unwrap_or(u8::MAX))
}
