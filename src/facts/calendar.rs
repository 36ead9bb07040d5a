//! The days that there are.

/// Whether a text such as `2027-02-28` is a day of the calendar.
pub fn is_day(text: &str) -> bool {
    let mut parts = text.split('-').map(|part| {
        let are_digits = part.bytes().all(|byte| byte.is_ascii_digit());
        let number = part.parse::<u32>().ok().filter(|_| are_digits);
        number.map(|number| (part.len(), number))
    });
    let found = (parts.next(), parts.next(), parts.next(), parts.next());
    match found {
        (Some(Some((4, year))), Some(Some((2, month))), Some(Some((2, day))), None) => {
            (1..=days_in(year, month)).contains(&day)
        }
        _ => false,
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    }
}
