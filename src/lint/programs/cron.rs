//! The five fields of a schedule, as Debian's cron reads them.

/// One of the five fields.
#[derive(Debug)]
pub(in crate::lint) struct Field {
    /// What it holds.
    pub(in crate::lint) name: &'static str,
    pub(in crate::lint) least: u32,
    pub(in crate::lint) most: u32,
    /// Names of its numbers, from the least on.
    pub(in crate::lint) names: &'static [&'static str],
}

/// In the order of a line.
pub(in crate::lint) static FIELDS: [Field; 5] = [
    Field {
        name: "minute",
        least: 0,
        most: 59,
        names: &[],
    },
    Field {
        name: "hour",
        least: 0,
        most: 23,
        names: &[],
    },
    Field {
        name: "day of the month",
        least: 1,
        most: 31,
        names: &[],
    },
    Field {
        name: "month",
        least: 1,
        most: 12,
        names: &[
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        ],
    },
    Field {
        name: "weekday",
        least: 0,
        most: 7,
        names: &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    },
];

/// The most days that each month has.
const DAYS_OF_MONTHS: [u32; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A schedule that cron takes.
#[derive(Debug, Default)]
pub(in crate::lint) struct Schedule<'t> {
    pub(in crate::lint) minutes: Vec<u32>,
    pub(in crate::lint) hours: Vec<u32>,
    days: Vec<u32>,
    months: Vec<u32>,
    /// Sunday is 0 and 7.
    weekdays: Vec<u32>,
    /// Whether the field of days begins with `*`; then days and weekdays have to fit both, else one of them is enough.
    any_day: bool,
    any_weekday: bool,
    /// The field and the end of it that cron skips silently.
    pub(in crate::lint) skipped: Option<(&'static Field, &'t str)>,
}

/// Why cron refuses a field.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::lint) enum Refusal<'t> {
    /// Nothing stands where a number has to be: `1,` or `?`.
    Missing,
    /// A word that is not a name of this field.
    Word(&'t str),
    Outside(&'t str),
    /// `0/6`: only `*` and a range take a step.
    StepOfNumber,
    /// A step of 0, or one that is not a number.
    Step(&'t str),
}

/// Reads five fields; for the first that cron refuses: which it is, and why.
pub(in crate::lint) fn read<'t>(
    fields: &[&'t str; 5],
) -> Result<Schedule<'t>, (&'static Field, Refusal<'t>)> {
    let mut schedule = Schedule::default();
    let [_, _, days, _, weekdays] = fields;
    schedule.any_day = days.starts_with('*');
    schedule.any_weekday = weekdays.starts_with('*');
    let mut lists = Vec::new();
    for (field, text) in FIELDS.iter().zip(fields) {
        let (numbers, rest) = list(field, text).map_err(|refusal| (field, refusal))?;
        if !rest.is_empty() && schedule.skipped.is_none() {
            schedule.skipped = Some((field, rest));
        }
        lists.push(numbers);
    }
    if let Ok([minutes, hours, days, months, weekdays]) = <[Vec<u32>; 5]>::try_from(lists) {
        schedule.minutes = minutes;
        schedule.hours = hours;
        schedule.days = days;
        schedule.months = months;
        schedule.weekdays = weekdays.iter().map(|day| day % 7).collect();
    }
    Ok(schedule)
}

/// A list of numbers and ranges, and what cron skips after it.
fn list<'t>(field: &Field, text: &'t str) -> Result<(Vec<u32>, &'t str), Refusal<'t>> {
    let mut numbers = Vec::new();
    let mut rest = text;
    loop {
        rest = range(field, rest, &mut numbers)?;
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Ok((numbers, rest)),
        }
    }
}

fn range<'t>(field: &Field, text: &'t str, numbers: &mut Vec<u32>) -> Result<&'t str, Refusal<'t>> {
    let (from, to, rest) = if let Some(rest) = text.strip_prefix('*') {
        (field.least, field.most, rest)
    } else {
        let (first, rest) = word(text);
        let from = number(field, first)?;
        let Some(rest) = rest.strip_prefix('-') else {
            if rest.starts_with('/') {
                return Err(Refusal::StepOfNumber);
            }
            numbers.push(within(field, first, from)?);
            return Ok(rest);
        };
        let (last, rest) = word(rest);
        let to = number(field, last)?;
        (within(field, first, from)?, within(field, last, to)?, rest)
    };
    let (step, rest) = match rest.strip_prefix('/') {
        None => (1, rest),
        Some(rest) => {
            let (step, rest) = word(rest);
            (steps(step)?, rest)
        }
    };
    // From `fri` to `mon` there is nothing, which cron takes.
    numbers.extend((from..=to).step_by(step));
    Ok(rest)
}

/// The letters and digits that a text begins with.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric());
    text.split_at(end.unwrap_or(text.len()))
}

fn number<'t>(field: &Field, word: &'t str) -> Result<i64, Refusal<'t>> {
    if word.is_empty() {
        return Err(Refusal::Missing);
    }
    let named = field
        .names
        .iter()
        .zip(i64::from(field.least)..)
        .find(|(name, _)| name.eq_ignore_ascii_case(word));
    match named {
        Some((_, number)) => Ok(number),
        None => digits(word).ok_or(Refusal::Word(word)),
    }
}

fn digits(word: &str) -> Option<i64> {
    let all = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    all.then(|| word.parse().unwrap_or(i64::MAX))
}

fn within<'t>(field: &Field, word: &'t str, number: i64) -> Result<u32, Refusal<'t>> {
    u32::try_from(number)
        .ok()
        .filter(|number| (field.least..=field.most).contains(number))
        .ok_or(Refusal::Outside(word))
}

fn steps(word: &str) -> Result<usize, Refusal<'_>> {
    digits(word)
        .and_then(|step| usize::try_from(step).ok())
        .filter(|step| *step > 0)
        .ok_or(Refusal::Step(word))
}

impl Schedule<'_> {
    /// Why it never comes, if it does not, and what to do.
    pub(in crate::lint) fn never(&self) -> Option<(String, &'static str)> {
        let lists = [
            (&FIELDS[0], &self.minutes),
            (&FIELDS[1], &self.hours),
            (&FIELDS[2], &self.days),
            (&FIELDS[3], &self.months),
            (&FIELDS[4], &self.weekdays),
        ];
        let empty = lists.into_iter().find(|(_, numbers)| numbers.is_empty());
        if let Some((field, _)) = empty {
            return Some((
                format!("its range of the {} ends before it begins", field.name),
                "cron counts upwards within a field: write `22-23,0-2` for `22-2`, and `fri,sat,sun,mon` for `fri-mon`",
            ));
        }
        let either = !self.any_day && !self.any_weekday;
        let has_day = |month: &u32| {
            let most = DAYS_OF_MONTHS
                .iter()
                .zip(1..)
                .find(|(_, number)| number == month);
            most.is_some_and(|(most, _)| self.days.iter().any(|day| day <= most))
        };
        (!either && !self.months.iter().any(has_day)).then(|| {
            (
                "no month in it has that day".to_owned(),
                "write a day that the months have; 28 is the last one of each",
            )
        })
    }

    /// The days of the week on which it runs, where they alone decide.
    pub(in crate::lint) fn weekdays(&self) -> Option<&[u32]> {
        (self.any_day && self.days.len() == 31 && self.months.len() == 12)
            .then_some(self.weekdays.as_slice())
    }

    /// The days of the month on which it runs, where they alone decide.
    pub(in crate::lint) fn days(&self) -> Option<&[u32]> {
        let every = (0..7).all(|day| self.weekdays.contains(&day));
        (self.any_weekday && every && self.months.len() == 12).then_some(self.days.as_slice())
    }

    /// How often it runs in a year, about.
    pub(in crate::lint) fn runs_in_a_year(&self) -> usize {
        let (of_month, of_week) = (set(&self.days), set(&self.weekdays));
        let mut weekday = 0;
        let mut days = 0;
        for (most, month) in DAYS_OF_MONTHS.iter().zip(1..) {
            let is_in_month = self.months.contains(&month);
            for day in 1..=*most {
                weekday = (weekday + 1) % 7;
                let fits_day = of_month & (1 << day) != 0;
                let fits_weekday = of_week & (1 << weekday) != 0;
                let fits = if self.any_day || self.any_weekday {
                    fits_day && fits_weekday
                } else {
                    fits_day || fits_weekday
                };
                if fits && is_in_month {
                    days += 1;
                }
            }
        }
        days * self.hours.len() * self.minutes.len()
    }
}

/// Days as the bits of a number.
fn set(days: &[u32]) -> u32 {
    days.iter().fold(0, |all, day| all | (1 << day))
}

/// The fields that stand for a word after `@`.
pub(in crate::lint) fn special(word: &str) -> Option<&'static str> {
    Some(match word {
        "@yearly" | "@annually" => "0 0 1 1 *",
        "@monthly" => "0 0 1 * *",
        "@weekly" => "0 0 * * 0",
        "@daily" | "@midnight" => "0 0 * * *",
        "@hourly" => "0 * * * *",
        _ => return None,
    })
}
