//! Words in lines that are not too long.

const WIDTH: usize = 78;

pub(super) fn filled<'w>(indentation: &str, words: impl IntoIterator<Item = &'w str>) -> String {
    let mut lines = String::new();
    let mut width = WIDTH;
    for word in words {
        width += 1 + word.len();
        if width > WIDTH {
            width = indentation.len() + word.len();
            lines += "\n";
            lines += indentation;
        } else {
            lines += " ";
        }
        lines += word;
    }
    lines.trim_start_matches('\n').to_owned() + "\n"
}
