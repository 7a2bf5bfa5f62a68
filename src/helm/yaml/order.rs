//! The order of keys in YAML that Go writes.

use std::cmp::Ordering;

/// Sorts by what may be no order: by [`natural`], `a10` comes before `a1b`, that before `a9`, and that before `a10`. Where there is such
/// a ring, Go's result is another at each run. The standard library's sort may panic there; this one gives the same each time.
pub(super) fn sorted<T>(mut items: Vec<T>, compare: &impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    if items.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return items;
    }
    let right = items.split_off(items.len() / 2);
    let (mut left, mut right) = (sorted(items, compare).into_iter(), sorted(right, compare).into_iter());
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut a, mut b) = (left.next(), right.next());
    loop {
        (a, b) = match (a, b) {
            (Some(x), Some(y)) if compare(&x, &y).is_le() => {
                merged.push(x);
                (left.next(), Some(y))
            }
            (x, Some(y)) => {
                merged.push(y);
                (x, right.next())
            }
            (Some(x), None) => {
                merged.push(x);
                (left.next(), None)
            }
            (None, None) => return merged,
        };
    }
}

/// The order of keys: numbers in names count as numbers, letters come after everything else.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() && !has_digit_near_difference(a.as_bytes(), b.as_bytes()) {
        return plain_order(a, b);
    }
    let (left, right): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let Some(n) = left.iter().zip(&right).position(|(x, y)| x != y) else { return left.len().cmp(&right.len()) };
    let (x, y) = (left[n], right[n]);
    match (x.is_alphabetic(), y.is_alphabetic()) {
        (true, true) => return x.cmp(&y),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let digits_before = left[..n].iter().rev().take_while(|c| c.is_numeric());
    let inside = (x == '0' || y == '0') && digits_before.into_iter().any(|c| *c != '0');
    let (x_number, x_end) = run(&left, n, inside);
    let (y_number, y_end) = run(&right, n, inside);
    x_number.cmp(&y_number).then(x_end.cmp(&y_end)).then(x.cmp(&y))
}

/// Keys whose first difference is between letters, or letters and signs, need no look at numbers.
fn plain_order(a: &str, b: &str) -> Ordering {
    let difference = a.bytes().zip(b.bytes()).find(|(x, y)| x != y);
    let Some((x, y)) = difference else { return a.len().cmp(&b.len()) };
    (x.is_ascii_alphabetic(), x).cmp(&(y.is_ascii_alphabetic(), y))
}

fn has_digit_near_difference(a: &[u8], b: &[u8]) -> bool {
    a.iter().zip(b).find(|(x, y)| x != y).is_some_and(|(x, y)| x.is_ascii_digit() || y.is_ascii_digit())
}

fn run(chars: &[char], start: usize, inside: bool) -> (i64, usize) {
    let mut number = i64::from(inside);
    let mut end = start;
    while let Some(digit) = chars.get(end).and_then(|c| c.to_digit(10)) {
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
        end += 1;
    }
    (number, end)
}

#[cfg(test)]
mod tests {
    use super::{natural, sorted};

    #[test]
    fn keys_that_go_in_a_ring_are_sorted_without_panic() {
        let names =
            |n: u32| [format!("a{n}"), format!("a1{}", char::from_u32(97 + n % 26).unwrap_or('a')), format!("{n}")];
        let keys: Vec<String> = (0..200).flat_map(|n| names(n * 37 % 200)).collect();
        let once = sorted(keys.clone(), &|a, b| natural(a, b));
        assert_eq!(once, sorted(keys.clone(), &|a, b| natural(a, b)));
        let (mut left, mut right) = (once, keys);
        left.sort_unstable();
        right.sort_unstable();
        assert_eq!(left, right);
    }

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let keys = ["b", "a10", "B", "a9", "10", "_x", "9", "a.b", ""].map(str::to_owned).to_vec();
        assert_eq!(sorted(keys, &|a, b| natural(a, b)), ["", "_x", "9", "10", "B", "a.b", "a9", "a10", "b"]);
    }
}
