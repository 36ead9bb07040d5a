//! HCL, the language of Terraform, as `terraform fmt` lays it out.

/// What is in a file or between the braces of a block, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Body {
    items: Vec<Item>,
}

#[derive(Clone, Debug)]
enum Item {
    Attribute(String, Expression),
    Block(String, Body),
    Comment(String),
    Blank,
}

/// A value, or what Terraform is to compute.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Text(String),
    Integer(i64),
    Decimal(f64),
    Boolean(bool),
    Null,
    List(Vec<Expression>),
    Object(Object),
    /// An object with a line for each entry, however short.
    Long(Object),
    /// As it stands: references and the like.
    Code(String),
}

/// Keys with their values, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Object {
    entries: Vec<(String, Expression)>,
}

/// An object with lines longer than this has a line for each entry.
const LONGEST_LINE: usize = 100;

/// Words that mean something else at the start of an object.
const RESERVED: [&str; 4] = ["for", "true", "false", "null"];

impl Body {
    pub(super) fn set(&mut self, name: &str, value: impl Into<Expression>) {
        self.items
            .push(Item::Attribute(name.to_owned(), value.into()));
    }

    /// Adds a block; its head is the type and the labels: `variable "ssh_cidrs"`.
    pub(super) fn block(&mut self, head: impl Into<String>, body: Body) {
        self.items.push(Item::Block(head.into(), body));
    }

    pub(super) fn comment(&mut self, text: &str) {
        self.items.push(Item::Comment(text.to_owned()));
    }

    pub(super) fn append(&mut self, other: Body) {
        self.items.extend(other.items);
    }

    pub(super) fn blank(&mut self) {
        self.items.push(Item::Blank);
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        write_body(&mut text, self, 0);
        text
    }
}

impl Object {
    pub(super) fn set(&mut self, key: impl Into<String>, value: impl Into<Expression>) {
        self.entries.push((key.into(), value.into()));
    }

    /// Sets a key to a value that may be there.
    pub(super) fn set_some(&mut self, key: &str, value: Option<impl Into<Expression>>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    pub(super) fn extend(&mut self, other: Object) {
        self.entries.extend(other.entries);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(known, _)| known == key)
    }

    /// The keys of the object at a key.
    pub(super) fn keys_of(&self, key: &str) -> impl Iterator<Item = &str> {
        let found = self.entries.iter().find(|(known, _)| known == key);
        let entries = found.and_then(|(_, value)| match value {
            Expression::Object(object) | Expression::Long(object) => Some(&object.entries),
            Expression::Text(_)
            | Expression::Integer(_)
            | Expression::Decimal(_)
            | Expression::Boolean(_)
            | Expression::Null
            | Expression::List(_)
            | Expression::Code(_) => None,
        });
        entries.into_iter().flatten().map(|(key, _)| key.as_str())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<K: Into<String>, V: Into<Expression>> FromIterator<(K, V)> for Object {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Object {
        let entries = entries.into_iter();
        Object {
            entries: entries
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        }
    }
}

impl From<&str> for Expression {
    fn from(text: &str) -> Expression {
        Expression::Text(text.to_owned())
    }
}

impl From<String> for Expression {
    fn from(text: String) -> Expression {
        Expression::Text(text)
    }
}

impl From<i64> for Expression {
    fn from(number: i64) -> Expression {
        Expression::Integer(number)
    }
}

impl From<bool> for Expression {
    fn from(boolean: bool) -> Expression {
        Expression::Boolean(boolean)
    }
}

impl From<Object> for Expression {
    fn from(object: Object) -> Expression {
        Expression::Object(object)
    }
}

impl<E: Into<Expression>> From<Vec<E>> for Expression {
    fn from(items: Vec<E>) -> Expression {
        Expression::List(items.into_iter().map(Into::into).collect())
    }
}

/// A text as a name of a resource, a module or a provider's alias.
pub(super) fn identifier(text: &str) -> String {
    let mut name: String = text
        .chars()
        .map(|character| {
            if is_letter(character) && character != '-' {
                character
            } else {
                '_'
            }
        })
        .collect();
    if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        name.insert(0, 'r');
    }
    name
}

/// A text in quotes, with what HCL would read something else from escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                // A third sign in a row would be taken for the first.
                if before == character {
                    quoted.push_str(&escape(character));
                } else {
                    quoted.push(character);
                    quoted.push(character);
                }
            }
            other if other.is_control() || is_invisible(other) => quoted.push_str(&escape(other)),
            other => quoted.push(other),
        }
        before = character;
    }
    quoted.push('"');
    quoted
}

fn escape(character: char) -> String {
    let code = u32::from(character);
    if code > 0xFFFF {
        format!("\\U{code:08x}")
    } else {
        format!("\\u{code:04x}")
    }
}

/// Marks that change how a text looks without being seen: a reader of the file must see them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn is_letter(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_' || character == '-'
}

/// A key of an object. One in quotes has ASCII alone, so that its width is its length.
fn key(text: &str) -> String {
    let is_bare = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && text.chars().all(is_letter)
        && !RESERVED.contains(&text);
    if is_bare {
        return text.to_owned();
    }
    let mut ascii = String::new();
    for character in quoted(text).chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            ascii.push_str(&escape(character));
        }
    }
    ascii
}

fn write_body(text: &mut String, body: &Body, depth: usize) {
    let mut run: Vec<(String, String)> = Vec::new();
    for item in &body.items {
        match item {
            Item::Attribute(name, value) => line(text, &mut run, name.clone(), value, depth),
            Item::Block(head, body) => {
                end_run(text, &mut run, depth);
                indent(text, depth);
                text.push_str(head);
                text.push_str(" {\n");
                write_body(text, body, depth + 1);
                indent(text, depth);
                text.push_str("}\n");
            }
            Item::Comment(comment) => {
                end_run(text, &mut run, depth);
                indent(text, depth);
                text.push_str("# ");
                text.push_str(comment);
                text.push('\n');
            }
            Item::Blank => {
                end_run(text, &mut run, depth);
                text.push('\n');
            }
        }
    }
    end_run(text, &mut run, depth);
}

/// Adds a line to the run of lines whose equals signs are aligned. One that opens a bracket is alone.
fn line(
    text: &mut String,
    run: &mut Vec<(String, String)>,
    name: String,
    value: &Expression,
    depth: usize,
) {
    let room = LONGEST_LINE.saturating_sub(2 * depth + name.len() + 3);
    if let Some(short) = on_one_line(value, room) {
        run.push((name, short));
        return;
    }
    end_run(text, run, depth);
    indent(text, depth);
    text.push_str(&name);
    text.push_str(" = ");
    write_long(text, value, depth);
    text.push('\n');
}

fn end_run(text: &mut String, run: &mut Vec<(String, String)>, depth: usize) {
    let width = run.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in run.drain(..) {
        indent(text, depth);
        text.push_str(&name);
        text.push_str(&" ".repeat(width - name.len()));
        text.push_str(" = ");
        text.push_str(&value);
        text.push('\n');
    }
}

fn indent(text: &mut String, depth: usize) {
    text.push_str(&"  ".repeat(depth));
}

/// A value on one line, where it fits there: a list or an object of short ones.
fn on_one_line(value: &Expression, room: usize) -> Option<String> {
    let short = match value {
        Expression::Text(text) => return Some(quoted(text)),
        Expression::Integer(number) => return Some(number.to_string()),
        Expression::Decimal(number) => return Some(number.to_string()),
        Expression::Boolean(boolean) => return Some(boolean.to_string()),
        Expression::Null => return Some("null".to_owned()),
        Expression::Code(code) => return (!code.contains('\n')).then(|| code.clone()),
        Expression::List(items) => {
            let items: Option<Vec<String>> =
                items.iter().map(|item| on_one_line(item, room)).collect();
            format!("[{}]", items?.join(", "))
        }
        Expression::Long(_) => return None,
        Expression::Object(object) if object.is_empty() => "{}".to_owned(),
        Expression::Object(object) => {
            let entries: Option<Vec<String>> = object
                .entries
                .iter()
                .map(|(name, value)| Some(format!("{} = {}", key(name), on_one_line(value, room)?)))
                .collect();
            format!("{{ {} }}", entries?.join(", "))
        }
    };
    (short.len() <= room).then_some(short)
}

/// A value over several lines, from after its equals sign to its last bracket.
fn write_long(text: &mut String, value: &Expression, depth: usize) {
    match value {
        Expression::List(items) => {
            text.push_str("[\n");
            for item in items {
                indent(text, depth + 1);
                match on_one_line(item, LONGEST_LINE.saturating_sub(2 * depth + 3)) {
                    Some(short) => text.push_str(&short),
                    None => write_long(text, item, depth + 1),
                }
                text.push_str(",\n");
            }
            indent(text, depth);
            text.push(']');
        }
        Expression::Object(object) | Expression::Long(object) => {
            text.push_str("{\n");
            let mut run = Vec::new();
            for (name, value) in &object.entries {
                line(text, &mut run, key(name), value, depth + 1);
            }
            end_run(text, &mut run, depth + 1);
            indent(text, depth);
            text.push('}');
        }
        Expression::Code(code) => {
            let mut lines = code.lines();
            text.push_str(lines.next().unwrap_or_default());
            for line in lines {
                text.push('\n');
                indent(text, depth);
                text.push_str(line);
            }
        }
        Expression::Text(_)
        | Expression::Integer(_)
        | Expression::Decimal(_)
        | Expression::Boolean(_)
        | Expression::Null => {}
    }
}
