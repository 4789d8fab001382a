//! Money: an amount with a currency, "49.90 €", "$5", "fünf Euro 50", "50 cents".
use super::lexer::View;
use super::number::{quantity, scaled, small};
use super::words::Role;

/// An amount and its currency, if it was named.
pub(super) type Money = (f64, Option<&'static str>);

/// An amount of money in a sentence, and the index after it.
pub(super) fn money(view: &View, at: usize) -> Option<(Money, usize)> {
    before(view, at).or_else(|| after(view, at)).or_else(|| cents(view, at))
}

/// "€49.90", "US$ 5", "EUR 50", "-$5".
fn before(view: &View, at: usize) -> Option<(Money, usize)> {
    let minus = view.sign(at, &["-", "−"]) && !view.is_tight(at);
    let at = at + usize::from(minus);
    let sign = at + usize::from(view.word(at, &["us", "usd"]) && view.tight_sign(at + 1, &["$"]));
    let code = currency(view, sign)?;
    let (amount, end) = scaled(view, sign + 1)?;
    Some(((if minus { -amount } else { amount }, Some(code)), dashed(view, end)))
}

/// "49.90 €", "fünf Euro 50", "49,- €".
fn after(view: &View, at: usize) -> Option<(Money, usize)> {
    let (amount, end) = quantity(view, at)?;
    let end = dashed(view, end);
    let code = currency(view, end)?;
    let (hundredths, end) = rest(view, end + 1);
    let cents = f64::from(hundredths) / 100.0;
    Some(((if amount < 0.0 { amount - cents } else { amount + cents }, Some(code)), end))
}

/// The cents behind "5 euros": "50", "and 50 cents".
fn rest(view: &View, end: usize) -> (u8, usize) {
    let start = view.skip(end, Role::And);
    let Some((number, after)) = small(view, start) else { return (0, end) };
    let Ok(number) = u8::try_from(number) else { return (0, end) };
    let named = cent(view, after).is_some();
    // "5 Euro 50" by two digits right behind; "5 euros 20 days ago" is not that.
    let bare =
        start == end && view.digits(start).is_some_and(|digits| digits.len() == 2) && closes(view, after);
    match (named, bare) {
        (true, _) => (number, after + 1),
        (false, true) => (number, after),
        _ => (0, end),
    }
}

fn closes(view: &View, at: usize) -> bool {
    view.ends_clean(at)
        && view.at(at).is_none_or(|unit| unit.kind == super::lexer::Kind::Sign && unit.text != "%")
}

/// "50 cents", "50 ct", "20p".
fn cents(view: &View, at: usize) -> Option<(Money, usize)> {
    let (amount, end) = quantity(view, at)?;
    let code = cent(view, end)?;
    Some(((amount / 100.0, code), end + 1))
}

/// The index after ",-" or ".-", which German writes for no cents.
fn dashed(view: &View, end: usize) -> usize {
    let dash = view.tight_sign(end, &[",", "."]) && view.tight_sign(end + 1, &["-", "–", "—"]);
    end + if dash { 2 } else { 0 }
}

fn currency(view: &View, at: usize) -> Option<&'static str> {
    view.role(at, |role| if let Role::Currency(code) = role { Some(code) } else { None })
}

fn cent(view: &View, at: usize) -> Option<Option<&'static str>> {
    view.role(at, |role| if let Role::Cent(code) = role { Some(code) } else { None })
}
