//! What a customer does *not* want: "I don't want to cancel", "not the red one but", "ohne Anmeldung".
//!
//! Only what takes a wish back counts. That something *is* not so ("my parcel hasn't arrived", "die App geht nicht") is
//! what customers write to tell their problem, and it stays evidence for it. Most languages say it before what it is
//! about, so that the scope goes from there to the end of the clause; some say it late, so that the scope is the clause.
//! The words are in [`table`]; a language without a file has no negation.
mod table;

use crate::text::{Token, Utterance};
use table::{Table, begins, position};

/// What parts clauses, in any script.
const MARKS: [char; 18] =
    ['.', ',', ';', '!', '?', ':', '\n', '–', '—', '。', '，', '、', '；', '！', '？', '،', '؟', '।'];

/// By token: whether it stands in what the customer does not want. Empty if nothing does.
pub(super) fn negated(utterance: &Utterance) -> Vec<bool> {
    let tokens = utterance.tokens();
    let mut negated = Vec::new();
    let Some(table) = Table::of(utterance.language().code()) else { return negated };
    for clause in clauses(utterance, table) {
        if let Some(from) = scope(&tokens[clause.clone()], table) {
            negated.resize(tokens.len(), false);
            negated[clause.start + from..clause.end].fill(true);
        }
    }
    negated
}

/// Clauses by punctuation and by the words that begin one.
fn clauses(utterance: &Utterance, table: &Table) -> Vec<std::ops::Range<usize>> {
    let tokens = utterance.tokens();
    let mut clauses = Vec::new();
    let mut start = 0;
    for index in 1..tokens.len() {
        let rest = &tokens[index..];
        let begins = is_parted(utterance, index)
            || begins(rest, &table.turn).is_some()
            || begins(rest, &table.clause).is_some()
            || joins_wishes(&tokens[start..index], rest, table);
        if begins {
            clauses.push(start..index);
            start = index;
        }
    }
    clauses.push(start..tokens.len());
    clauses
}

fn is_parted(utterance: &Utterance, index: usize) -> bool {
    let tokens = utterance.tokens();
    let between = utterance.text().get(tokens[index - 1].span.end..tokens[index].span.start);
    between.is_some_and(|text| text.contains(MARKS))
}

/// Words behind "und" that may say whether it joins wishes; a clause seldom has more.
const NEAR: usize = 12;

/// "Gefällt mir nicht und soll zurück": the wish is another clause's. In "will das Abo und das Konto nicht kündigen"
/// things are joined.
fn joins_wishes(before: &[Token], rest: &[Token], table: &Table) -> bool {
    if begins(rest, &table.and).is_none() {
        return false;
    }
    let rest = &rest[1..rest.len().min(NEAR)];
    let is_negated = position(before, &table.late).is_some();
    begins(rest, &table.late).is_some() || is_negated && position(rest, &table.wish).is_some()
}

/// Where in a clause what is not wanted begins: the cue itself is a part of it.
fn scope(clause: &[Token], table: &Table) -> Option<usize> {
    let holds = |part: &String| clause.iter().any(|token| token.word.contains(part.as_str()));
    let is_within = table.within.iter().flatten().any(holds);
    if is_within || position(clause, &table.all).is_some() || is_late(clause, table) {
        return Some(0);
    }
    let first = begins(clause, &table.turn).unwrap_or(0);
    let begins_at = |at: usize| {
        let rest = &clause[at..];
        begins(rest, &table.from).is_some() || (at == first && begins_clause(rest, table))
    };
    (0..clause.len()).find(|&at| begins_at(at))
}

fn begins_clause(clause: &[Token], table: &Table) -> bool {
    let cue = begins(clause, &table.first);
    cue.is_some_and(|cue| cue < clause.len() && begins(&clause[cue..], &table.state).is_none())
}

/// "Ich will … nicht stornieren", "bitte nicht liefern", "das Abo nicht kündigen".
fn is_late(clause: &[Token], table: &Table) -> bool {
    let Some(at) = position(clause, &table.late) else { return false };
    let start = begins(clause, &table.and).or(begins(clause, &table.turn)).unwrap_or(0);
    // "Keiner antwortet" tells of somebody, "keine Werbung" of a wish, "keine Werbung bekommen" of what has happened.
    let opens = at == start && begins(&clause[at..], &table.who).is_none() && !is_done(clause, table);
    let is_wish = opens || position(clause, &table.wish).is_some() || is_infinitive(clause, at, table);
    is_wish && position(clause, &table.told).is_none()
}

/// "Das Konto nicht löschen": one infinitive behind "nicht", and nobody who does it.
fn is_infinitive(clause: &[Token], at: usize, table: &Table) -> bool {
    let Some(last) = clause.last().filter(|_| at + 2 == clause.len()) else { return false };
    !table.finite.is_empty()
        && last.word.ends_with('n')
        && !is_done(clause, table)
        && position(clause, &table.finite).is_none()
}

/// Whether the clause ends in a participle.
fn is_done(clause: &[Token], table: &Table) -> bool {
    let Some(last) = clause.last() else { return false };
    // "Angekommen", but not "kündigen".
    let holds =
        |start: &String| last.word.split_once(start.as_str()).is_some_and(|(_, rest)| rest.len() >= 4);
    let is_participle = table.participle.iter().flatten().any(holds);
    position(std::slice::from_ref(last), &table.done).is_some() || is_participle
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn not_wanted(language: &str, text: &str) -> String {
        let utterance = Utterance::new(text, &Language::new(language));
        let found = negated(&utterance);
        let words = utterance.tokens().iter().zip(found).filter(|(_, negated)| *negated);
        words.map(|(token, _)| token.word.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_is_not_wanted_is_found_and_what_is_not_so_is_left() {
        for (language, text, expected) in [
            ("en", "I don't want to cancel my order", "dont want to cancel my order"),
            ("en", "I do not want a refund, I want a new one", "do not want a refund"),
            ("en", "don't cancel it but change the address", "dont cancel it"),
            ("en", "please don't cancel it", "please dont cancel it"),
            ("de", "die Jacke gefällt mir nicht und soll zurück", ""),
            ("de", "keiner antwortet mir", ""),
            ("en", "not a refund, an exchange", "not a refund"),
            ("en", "can I order without an account", "without an account"),
            ("en", "my parcel hasn't arrived", ""),
            ("en", "I don't know my password", ""),
            ("en", "the app does not work", ""),
            ("en", "not received my card", ""),
            ("en", "dont know how to pay", ""),
            ("en", "I'm not able to pay", ""),
            ("en", "why don't you ship to Malta", ""),
            ("en", "cancel my order", ""),
            (
                "de",
                "ich will meine Bestellung nicht stornieren",
                "ich will meine bestellung nicht stornieren",
            ),
            ("de", "Ich möchte kein Geld zurück, sondern einen Ersatz", "ich mochte kein geld zuruck"),
            ("de", "kann ich ohne Konto bestellen", "ohne konto bestellen"),
            ("de", "mein Paket ist nicht angekommen", ""),
            ("de", "ich will wissen warum es nicht geht", ""),
            ("de", "das Abo und das Konto nicht kündigen", "das abo und das konto nicht kundigen"),
            (
                "de",
                "ich will nicht das Abo und das Konto kündigen",
                "ich will nicht das abo und das konto kundigen",
            ),
            ("de", "ich will stornieren und nicht länger warten", "und nicht langer warten"),
            ("de", "Ware nicht erhalten", ""),
            ("de", "Paket nicht angekommen", ""),
            ("de", "keine Bestätigung erhalten", ""),
            ("de", "keine Werbung mehr", "keine werbung mehr"),
            ("xx", "I don't want to cancel", ""),
            ("en", "", ""),
        ] {
            assert_eq!(not_wanted(language, text), expected, "{text}");
        }
    }

    #[test]
    fn other_languages_have_their_words_for_it() {
        for (language, text, expected) in [
            ("es", "no quiero cancelar mi pedido", "no quiero cancelar mi pedido"),
            ("es", "no quiero un reembolso sino otro", "no quiero un reembolso"),
            ("es", "no ha llegado mi pedido", ""),
            ("fr", "je ne veux pas annuler", "ne veux pas annuler"),
            ("fr", "je n'ai pas besoin d'aide, je veux payer", "ai pas besoin d aide"),
            ("fr", "je n'ai pas reçu mon colis", ""),
            ("it", "non voglio annullare l'ordine", "non voglio annullare l ordine"),
            ("it", "il pacco non è arrivato", ""),
            ("pt", "não quero cancelar", "nao quero cancelar"),
            ("pt", "não recebi meu pedido", ""),
            ("nl", "ik wil mijn bestelling niet annuleren", "ik wil mijn bestelling niet annuleren"),
            ("nl", "mijn pakket is niet aangekomen", ""),
            ("sv", "jag vill inte avboka", "vill inte avboka"),
            ("da", "jeg vil ikke annullere", "vil ikke annullere"),
            ("no", "jeg ønsker ikke å avbestille", "onsker ikke a avbestille"),
            ("fi", "en halua perua tilausta", "en halua perua tilausta"),
            ("hu", "lemondani nem akarom", "lemondani nem akarom"),
            ("pl", "nie chcę anulować zamówienia", "nie chce anulowac zamowienia"),
            ("pl", "paczka nie doszła", ""),
            ("cs", "nechci zrušit objednávku", "nechci zrusit objednavku"),
            ("ru", "я не хочу отменять заказ", "не хочу отменять заказ"),
            ("ru", "посылка не пришла", ""),
            ("uk", "не хочу скасовувати", "не хочу скасовувати"),
            ("ro", "nu vreau să anulez", "nu vreau sa anulez"),
            ("tr", "siparişimi iptal etmek istemiyorum", "siparisimi iptal etmek istemiyorum"),
            ("tr", "kargom gelmedi", ""),
            ("ar", "لا أريد إلغاء الطلب", "لا اريد الغاء الطلب"),
            ("ar", "لم يصل طلبي", ""),
            ("el", "δεν θέλω ακύρωση", "δεν θελω ακυρωση"),
            ("ja", "キャンセルしたくないです、返品です", "キャンセル したくないです"),
            ("ja", "届いていないです", ""),
            ("zh", "我不想取消，我要退货", "不 想 取 消"),
            ("zh", "还没收到", ""),
            ("ko", "취소하고 싶지 않아요", "취소하고 싶지 않아요"),
            ("ko", "택배가 안 왔어요", ""),
            ("hi", "मैं रद्द नहीं चाहता", "मैं रद्द नहीं चाहता"),
            ("vi", "tôi không muốn hủy đơn", "khong muon huy don"),
        ] {
            assert_eq!(not_wanted(language, text), expected, "{text}");
        }
    }
}
