//! What a message may hold, by its units: most messages have neither digits nor a currency nor a day, and then the grammars
//! of numbers, money, dates, times and durations have nothing to read.
//!
//! What it is not: a grammar. A hint says what a value can't do without, never that there is one.
use super::words::Role;
use crate::catalog::BuiltinEntity;

/// What some units can be parts of: one bit for each kind of hint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Hints(u8);

impl Hints {
    /// Digits may be part of anything.
    pub(super) const DIGITS: Hints = Hints(Hints::NUMERAL.0 | Hints::DAY.0);
    const NUMERAL: Hints = Hints(1);
    const CURRENCY: Hints = Hints(1 << 1);
    const UNIT: Hints = Hints(1 << 2);
    const DAY: Hints = Hints(1 << 3);
    const CLOCK: Hints = Hints(1 << 4);

    /// Of a role.
    pub(super) fn of(role: Role) -> Hints {
        use Role::*;
        match role {
            Cardinal(_) | Scale(_) | Amount(_) | Couple | Half => Hints::NUMERAL,
            Currency(_) | Cent(_) => Hints::CURRENCY,
            Unit(_) | Seconds(_) => Hints::UNIT,
            Ordinal(_) | Month(_) | Weekday(_) | Day(_) | Weekend | MonthEnd => Hints::DAY,
            Clock | Hour(_) => Hints::CLOCK,
            _ => Hints::default(),
        }
    }

    /// Whether there may be a value of that entity; `true` for those that no unit hints at.
    pub(super) fn may_hold(self, entity: BuiltinEntity) -> bool {
        let needs = match entity {
            BuiltinEntity::Number => Hints::NUMERAL,
            BuiltinEntity::Money => Hints::CURRENCY,
            BuiltinEntity::Date => Hints(Hints::DAY.0 | Hints::UNIT.0),
            BuiltinEntity::Time => Hints(Hints::NUMERAL.0 | Hints::CLOCK.0),
            BuiltinEntity::Duration => Hints::UNIT,
            _ => return true,
        };
        self.0 & needs.0 != 0
    }
}

impl FromIterator<Hints> for Hints {
    fn from_iter<T: IntoIterator<Item = Hints>>(hints: T) -> Hints {
        Hints(hints.into_iter().fold(0, |all, hints| all | hints.0))
    }
}
