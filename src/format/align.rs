//! The columns of lines that follow one another: `=`, the labels of entries, comments.
//!
//! A column is as wide as its widest cell that has something after it, so that a line's last cell widens nothing.

use super::line::{Behind, Kind, Line, columns};

/// Entries are aligned inside the blocks of a cluster: machines, hosts, volumes. Further out every line is about
/// something else, and columns would only pull its words apart.
const FIRST_LEVEL_OF_ENTRIES: usize = 2;

pub(super) fn align(lines: &mut [Line]) {
    align_attributes(lines);
    align_entries(lines);
    align_comments(lines);
}

fn align_attributes(lines: &mut [Line]) {
    let mut start = 0;
    while let Some(first) = lines.get(start) {
        let (kind, indentation) = (first.kind, first.indentation);
        let length = if kind == Kind::Attribute {
            run(lines, start, |line| {
                line.kind == kind && line.indentation == indentation
            })
        } else {
            1
        };
        if kind == Kind::Attribute
            && let Some(run) = lines.get_mut(start..start + length)
        {
            widen(&mut run.iter_mut().collect::<Vec<_>>());
        }
        start += length;
    }
}

/// The entries of one column, by the indices of their lines.
#[derive(Default)]
struct Group {
    labels: usize,
    lines: Vec<usize>,
}

/// Entries with the same number of labels that follow one another. Those in neighbouring blocks do so too, so that
/// the machines of all locations line up where no blank line parts the locations.
fn align_entries(lines: &mut [Line]) {
    let mut groups: Vec<Group> = Vec::new();
    for index in 0..lines.len() {
        let Some(Line {
            kind, indentation, ..
        }) = lines.get(index)
        else {
            continue;
        };
        let (kind, indentation) = (*kind, *indentation);
        match kind {
            Kind::Blank | Kind::Comment => close(&mut groups, 0, lines),
            Kind::Attribute | Kind::Whole | Kind::Part => close(&mut groups, indentation, lines),
            Kind::Head | Kind::Close => {
                close(&mut groups, indentation + 2, lines);
                if let Some(group) = groups.get_mut(indentation) {
                    finish(group, lines);
                }
            }
            Kind::Entry { labels } => {
                close(&mut groups, indentation + 1, lines);
                groups.resize_with(groups.len().max(indentation + 1), Group::default);
                if let Some(group) = groups.get_mut(indentation) {
                    if group.labels != labels {
                        finish(group, lines);
                    }
                    group.labels = labels;
                    group.lines.push(index);
                }
            }
        }
    }
    close(&mut groups, 0, lines);
}

/// Ends the groups that are indented so far or further.
fn close(groups: &mut Vec<Group>, indentation: usize, lines: &mut [Line]) {
    while groups.len() > indentation {
        if let Some(mut group) = groups.pop() {
            finish(&mut group, lines);
        }
    }
}

fn finish(group: &mut Group, lines: &mut [Line]) {
    let members = std::mem::take(&mut group.lines);
    let (Some(&first), Some(&last)) = (members.first(), members.last()) else {
        return;
    };
    let mut members = members.into_iter().peekable();
    let mut rows = Vec::new();
    for (index, line) in (first..).zip(lines.get_mut(first..=last).unwrap_or_default()) {
        if members.next_if_eq(&index).is_some() {
            rows.push(line);
        }
    }
    if group.labels > 0 {
        rows.retain(|row| row.level >= FIRST_LEVEL_OF_ENTRIES);
        widen(&mut rows);
    }
}

/// Makes the columns of some rows equally wide.
fn widen(rows: &mut [&mut Line]) {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows.iter() {
        let followed = row.cells.len().saturating_sub(1);
        widths.resize(widths.len().max(followed), 0);
        for (width, cell) in widths.iter_mut().zip(row.cells.iter().take(followed)) {
            *width = columns(cell).max(*width);
        }
    }
    for row in rows {
        row.widths.clone_from(&widths);
    }
}

/// Comments after whole statements or items that follow one another are in one column, as far from the longest line
/// as it had its own.
fn align_comments(lines: &mut [Line]) {
    let mut start = 0;
    while let Some(first) = lines.get(start) {
        let indentation = first.indentation;
        let length = run(lines, start, |line| {
            line.comment.is_some() && line.indentation == indentation && is_whole(line.kind)
        });
        let length = length.max(1);
        if let Some(run) = lines.get_mut(start..start + length) {
            let mut column = 0;
            let mut longest = 0;
            for line in run.iter() {
                let width = line.width();
                if let Some(comment) = &line.comment
                    && width > longest
                {
                    longest = width;
                    column = width + comment.gap;
                }
            }
            for line in run {
                let width = line.width();
                if let Some(comment) = &mut line.comment {
                    comment.gap = column.saturating_sub(width).max(Behind::GAP);
                }
            }
        }
        start += length;
    }
}

fn is_whole(kind: Kind) -> bool {
    match kind {
        Kind::Attribute | Kind::Entry { .. } | Kind::Whole => true,
        Kind::Blank | Kind::Comment | Kind::Head | Kind::Close | Kind::Part => false,
    }
}

/// How many lines from `start` on are such.
fn run(lines: &[Line], start: usize, is_such: impl Fn(&Line) -> bool) -> usize {
    let lines = lines.get(start..).unwrap_or_default();
    lines.iter().take_while(|line| is_such(line)).count()
}
