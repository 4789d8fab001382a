//! A fair choice among the sentences of a template.

/// At most `limit` of `count` indexes, spread evenly and so that every optional part is sometimes there.
pub(super) fn spread(count: usize, limit: usize) -> Vec<usize> {
    if count <= limit {
        return (0..count).collect();
    }
    // A step near the golden section that shares no factor with the count visits everything, far apart.
    let near = count * 618 / 1000;
    let step = (near..count).find(|&step| greatest_common_divisor(step, count) == 1).unwrap_or(1);
    let mut chosen: Vec<usize> = (0..limit).map(|index| index * step % count).collect();
    chosen.sort_unstable();
    chosen
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chosen_are_far_apart_and_each_option_is_among_them() {
        assert_eq!(spread(3, 16), [0, 1, 2]);
        assert!(spread(0, 16).is_empty());
        for count in [17, 32, 64, 100, 4_096] {
            let chosen = spread(count, 16);
            assert_eq!(chosen.len(), 16, "{count}");
            assert!(
                chosen.windows(2).all(|pair| pair[0] < pair[1]) && chosen[15] < count,
                "{count}: {chosen:?}"
            );
            // The last optional part is there in every other sentence, the first in the first half.
            assert!(
                chosen.iter().any(|index| index % 2 == 0) && chosen.iter().any(|index| index % 2 == 1),
                "{count}"
            );
            assert!(
                chosen.iter().any(|index| index * 2 < count) && chosen.iter().any(|index| index * 2 >= count)
            );
        }
    }
}
