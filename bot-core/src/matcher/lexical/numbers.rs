//! Hashes and functions that are the same to the last bit on every machine.
//!
//! `f64::ln` and `f64::exp` call the platform's library, whose last bit differs between systems, and training would
//! carry that bit into every weight. These use only operations that IEEE 754 defines exactly.

/// The hash of a text that goes on from `seed`: `hash(hash(1, "a"), "b") == hash(1, "ab")`.
///
/// Features are known by their hash alone. With 64 bits, a vocabulary of a million features holds two that share one
/// with a chance of 1 in 37 million.
pub(super) fn hash(seed: u64, text: &str) -> u64 {
    text.chars().fold(seed, mix)
}

/// The hash of a text with one more character.
pub(super) fn mix(hash: u64, next: char) -> u64 {
    let mixed = (hash ^ (u64::from(next) + 1)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 29)
}

/// The natural logarithm of a positive normal number, to about 1e-12.
pub(super) fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i64 - 1023;
    let mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    let (mantissa, exponent) = if mantissa > std::f64::consts::SQRT_2 {
        (mantissa / 2.0, exponent + 1)
    } else {
        (mantissa, exponent)
    };
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    // 2 artanh(s), |s| < 0.172: the term s^17/17 is below 1e-14.
    let series = (0..8).rev().fold(0.0, |sum, i| sum * s * s + 1.0 / f64::from(2 * i + 1));
    2.0 * s * series + exponent as f64 * std::f64::consts::LN_2
}

/// e to the power of x, to about 1e-13 of its value; x is held within ±700.
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-700.0, 700.0);
    let power = (x / std::f64::consts::LN_2).round();
    let rest = x - power * std::f64::consts::LN_2;
    // |rest| < 0.347: the next term is below 1e-15.
    let series = (1..14).rev().fold(1.0, |sum, i| 1.0 + sum * rest / f64::from(i));
    series * f64::from_bits(((power as i64 + 1023) as u64) << 52)
}

/// The logistic function: what share of 1 these odds are.
pub(super) fn logistic(log_odds: f64) -> f64 {
    1.0 / (1.0 + exp(-log_odds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ln_and_exp_agree_with_the_library() {
        for x in [1e-9, 0.1, 0.5, 0.999, 1.0, 1.5, 2.0, 3.0, 15_001.0, 1e12] {
            assert!((ln(x) - x.ln()).abs() < 1e-11, "ln {x}: {} {}", ln(x), x.ln());
        }
        for x in [-690.0, -20.5, -1.0, -0.1, 0.0, 0.3, 1.0, 5.0, 300.0] {
            assert!((exp(x) / x.exp() - 1.0).abs() < 1e-11, "exp {x}: {} {}", exp(x), x.exp());
        }
        assert!(logistic(-1e9) < 1e-100 && logistic(1e9) == 1.0 && logistic(0.0) == 0.5);
    }

    #[test]
    fn hashes_go_on_and_tell_words_apart() {
        assert_eq!(hash(hash(1, "log"), "in"), hash(1, "login"));
        assert_ne!(hash(1, "ab"), hash(1, "ba"));
        assert_ne!(hash(1, "a"), hash(2, "a"));
    }
}
