//! German, and its compounds: "einundzwanzig", "Dienstagabend", and words typed without umlauts ("fuenf").
use jiff::civil::Weekday::*;

use super::{Part, Role, Role::*, Table, Unit};

pub(super) const WORDS: &Table = &[
    // Numbers.
    ("null", Cardinal(0)),
    ("eins", Cardinal(1)),
    ("zwei zwo", Cardinal(2)),
    ("drei", Cardinal(3)),
    ("vier", Cardinal(4)),
    ("funf", Cardinal(5)),
    ("sechs", Cardinal(6)),
    ("sieben", Cardinal(7)),
    ("acht", Cardinal(8)),
    ("neun", Cardinal(9)),
    ("zehn", Cardinal(10)),
    ("elf", Cardinal(11)),
    ("zwolf", Cardinal(12)),
    ("dreizehn", Cardinal(13)),
    ("vierzehn", Cardinal(14)),
    ("funfzehn", Cardinal(15)),
    ("sechzehn", Cardinal(16)),
    ("siebzehn", Cardinal(17)),
    ("achtzehn", Cardinal(18)),
    ("neunzehn", Cardinal(19)),
    ("zwanzig", Cardinal(20)),
    ("dreissig", Cardinal(30)),
    ("vierzig", Cardinal(40)),
    ("funfzig", Cardinal(50)),
    ("sechzig", Cardinal(60)),
    ("siebzig", Cardinal(70)),
    ("achtzig", Cardinal(80)),
    ("neunzig", Cardinal(90)),
    ("hundert", Scale(100)),
    ("tausend", Scale(1_000)),
    ("million millionen mio", Scale(1_000_000)),
    ("dutzend", Scale(12)),
    ("anderthalb", Amount(1.5)),
    ("ein eine einen einem einer eines", Article),
    ("und", And),
    ("minus", Minus),
    ("halb halbe halben halbes halber", Half),
    ("viertel", Quarter),
    ("dreiviertel", ThreeQuarters),
    // Ordinals.
    ("erste ersten erster", Ordinal(1)),
    ("zweite zweiten zweiter", Ordinal(2)),
    ("dritte dritten dritter", Ordinal(3)),
    ("vierte vierten vierter", Ordinal(4)),
    ("funfte funften funfter", Ordinal(5)),
    ("sechste sechsten sechster", Ordinal(6)),
    ("siebte siebten siebter", Ordinal(7)),
    ("achte achten achter", Ordinal(8)),
    ("neunte neunten neunter", Ordinal(9)),
    ("zehnte zehnten zehnter", Ordinal(10)),
    ("elfte elften elfter", Ordinal(11)),
    ("zwolfte zwolften zwolfter", Ordinal(12)),
    ("funfzehnte funfzehnten", Ordinal(15)),
    ("zwanzigste zwanzigsten", Ordinal(20)),
    ("dreissigste dreissigsten", Ordinal(30)),
    // Dates.
    ("januar janner jan", Month(1)),
    ("februar feber feb", Month(2)),
    ("marz mrz", Month(3)),
    ("april apr", Month(4)),
    ("mai", Month(5)),
    ("juni jun juno", Month(6)),
    ("juli jul", Month(7)),
    ("august aug", Month(8)),
    ("september sep sept", Month(9)),
    ("oktober okt", Month(10)),
    ("november nov", Month(11)),
    ("dezember dez", Month(12)),
    ("montag mo", Weekday(Monday)),
    ("dienstag di", Weekday(Tuesday)),
    ("mittwoch mi", Weekday(Wednesday)),
    ("donnerstag do", Weekday(Thursday)),
    ("freitag fr", Weekday(Friday)),
    ("samstag sonnabend sa", Weekday(Saturday)),
    ("sonntag so", Weekday(Sunday)),
    ("mo di mi do fr sa so", Unsure),
    ("heute heut", Day(0)),
    ("morgen", Day(1)),
    ("ubermorgen", Day(2)),
    ("gestern", Day(-1)),
    ("vorgestern", Day(-2)),
    ("sekunde sekunden sek", Unit(Unit::Second)),
    ("minute minuten m", Unit(Unit::Minute)),
    ("stunde stunden std", Unit(Unit::Hour)),
    ("tag tage tagen tages", Unit(Unit::Day)),
    ("woche wochen", Unit(Unit::Week)),
    ("monat monate monaten monats", Unit(Unit::Month)),
    ("jahr jahre jahren jahres", Unit(Unit::Year)),
    ("viertelstunde", Seconds(900)),
    ("halbstunde", Seconds(1_800)),
    ("dreiviertelstunde", Seconds(2_700)),
    ("wochenende", Weekend),
    ("monatsende", MonthEnd),
    ("nachste nachsten nachster nachstem nachstes", Next),
    ("ubernachste ubernachsten ubernachster", AfterNext),
    ("kommende kommenden kommender kommendem", Coming),
    ("letzte letzten letzter letztem letztes vorige vorigen voriger vergangene vergangenen", Last),
    ("diese diesen dieser diesem dieses", This),
    ("in", In),
    ("vor", Prior),
    ("am vom zum bis ab seit dem den der nach auf zu", On),
    ("der die das dem den des", The),
    ("des der vom von", Of),
    ("ende", End),
    ("anfang beginn", Start),
    ("mitte", Middle),
    // Times.
    ("um gegen ab bis vor nach seit circa ca", At),
    ("uhr", Clock),
    ("mittag mittags", Hour(12)),
    ("mitternacht", Hour(0)),
    ("nach", Past),
    ("vor", To),
    ("morgens fruh vormittags vormittag morgen", Part(Part::Morning)),
    ("nachmittags nachmittag", Part(Part::Afternoon)),
    ("abends abend", Part(Part::Evening)),
    ("nachts nacht", Part(Part::Night)),
    // Money.
    ("euro euros", Currency("EUR")),
    ("dollar dollars", Currency("USD")),
    ("pfund", Currency("GBP")),
    ("franken", Currency("CHF")),
    ("cent cents ct", Cent(None)),
    ("rappen", Cent(Some("CHF"))),
];

/// What a word that is not in the table is made of.
pub(super) fn compound(word: &str) -> Option<Role> {
    // Compounds are at most "neunhundertneunundneunzigtausendneunhundertneunundneunzig" long.
    if !(4..=64).contains(&word.len()) {
        return None;
    }
    without_umlauts(word).or_else(|| part_of_day(word)).or_else(|| number(word))
}

/// "fuenf" as "fünf", where that is a word of the table.
fn without_umlauts(word: &str) -> Option<Role> {
    let plain = word.replace("ae", "a").replace("oe", "o").replace("ue", "u");
    if plain == word {
        return None;
    }
    single(&plain).or_else(|| number(&plain))
}

/// "Dienstagabend" as "Dienstag".
fn part_of_day(word: &str) -> Option<Role> {
    let parts = ["abend", "morgen", "mittag", "nachmittag", "vormittag", "nacht", "fruh"];
    // Longest first: "nachmittag" ends in "mittag".
    let days = parts.iter().filter_map(|part| {
        word.strip_suffix(part).map(|day| day.trim_end_matches("nach").trim_end_matches("vor"))
    });
    days.filter(|day| day.len() > 2).find_map(single).filter(|role| matches!(role, Weekday(_)))
}

/// The first role of a word of the table.
fn single(word: &str) -> Option<Role> {
    super::GERMAN.get(word).and_then(|roles| roles.first()).copied()
}

/// "zweihundertfünfunddreißigtausend" and "zweieinhalb".
fn number(word: &str) -> Option<Role> {
    if let Some(whole) = word.strip_suffix("einhalb") {
        let whole = if whole == "ein" { 1 } else { below_hundred(whole)? };
        return Some(Amount(f64::from(whole) + 0.5));
    }
    let (thousands, rest) = cut(word, "tausend");
    let thousands = thousands.map_or(Some(0), |part| one_or(part, below_thousand))?;
    let rest = if rest.is_empty() { 0 } else { below_thousand(rest)? };
    Some(Cardinal(thousands * 1_000 + rest))
}

fn below_thousand(word: &str) -> Option<u32> {
    let (hundreds, rest) = cut(word, "hundert");
    let hundreds = hundreds.map_or(Some(0), |part| one_or(part, below_hundred))?;
    let rest = if rest.is_empty() { 0 } else { below_hundred(rest)? };
    Some(hundreds * 100 + rest)
}

fn below_hundred(word: &str) -> Option<u32> {
    if let Some((ones, tens)) = word.split_once("und") {
        let ones = one_or(ones, |ones| cardinal(ones).filter(|ones| *ones < 10))?;
        return cardinal(tens).filter(|tens| *tens >= 20).map(|tens| tens + ones);
    }
    if word == "ein" { Some(1) } else { cardinal(word) }
}

fn cardinal(word: &str) -> Option<u32> {
    single(word).and_then(|role| if let Cardinal(number) = role { Some(number) } else { None })
}

/// What stands before a scale and after it, without the "und" of "hunderteins".
fn cut<'a>(word: &'a str, scale: &str) -> (Option<&'a str>, &'a str) {
    match word.split_once(scale) {
        Some((before, after)) => (Some(before), after.strip_prefix("und").unwrap_or(after)),
        None => (None, word),
    }
}

/// One where nothing is said or "ein", else what `read` makes of it.
fn one_or(word: &str, read: impl Fn(&str) -> Option<u32>) -> Option<u32> {
    if word.is_empty() || word == "ein" { Some(1) } else { read(word) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compounds_are_read_by_their_parts() {
        for (word, role) in [
            ("einundzwanzig", Some(Cardinal(21))),
            ("neunundneunzig", Some(Cardinal(99))),
            ("hunderteins", Some(Cardinal(101))),
            ("hundertundeins", Some(Cardinal(101))),
            ("zwolfhundert", Some(Cardinal(1_200))),
            ("zweihundertfunfunddreissigtausend", Some(Cardinal(235_000))),
            ("tausendzwei", Some(Cardinal(1_002))),
            ("zweieinhalb", Some(Amount(2.5))),
            ("fuenf", Some(Cardinal(5))),
            ("fuenfundzwanzig", Some(Cardinal(25))),
            ("maerz", Some(Month(3))),
            ("naechsten", Some(Next)),
            ("uebermorgen", Some(Day(2))),
            ("dienstagabend", Some(Weekday(Tuesday))),
            ("freitagnachmittag", Some(Weekday(Friday))),
            ("bund", None),
            ("gesund", None),
            ("tausendfach", None),
            ("hunderthundert", None),
            ("zehnundzwanzig", None),
        ] {
            assert_eq!(compound(word), role, "{word}");
        }
    }
}
