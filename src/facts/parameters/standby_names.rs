//! The language of `synchronous_standby_names`: `a, b`, `2 (a, b)`, `FIRST 1 (a, b)`, `ANY 1 (a, b)`, and `*` for all.

/// Which standbys a commit waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandbyNames {
    pub method: Method,
    /// How many of them.
    pub count: usize,
    /// Their names; `*` stands for every one.
    pub members: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The first ones of the list that are there.
    First,
    /// Whichever answer first.
    Any,
}

impl StandbyNames {
    /// Whether a machine is meant. Postgres compares names without regard to case.
    pub fn names(&self, name: &str) -> bool {
        let mut members = self.members.iter();
        members.any(|member| member.eq_ignore_ascii_case(name))
    }

    pub fn names_everyone(&self) -> bool {
        self.members.iter().any(|member| member == "*")
    }

    /// The list as it is best written.
    pub fn spelling(&self) -> String {
        let quoted = |name: &String| format!("\"{}\"", name.replace('"', "\"\""));
        let members: Vec<String> = self.members.iter().map(quoted).collect();
        let method = match self.method {
            Method::First => "FIRST",
            Method::Any => "ANY",
        };
        format!("{method} {} ({})", self.count, members.join(", "))
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    /// In double quotes, so that it is a name whatever it looks like.
    Quoted(String),
    Number(String),
    Sign(char),
}

/// Reads a list; `None` for an empty one, which means that no commit waits. The error says what is wrong.
pub fn parse(text: &str) -> Result<Option<StandbyNames>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let tokens = tokens(text)?;
    let parsed = match tokens.as_slice() {
        [] => return Err("a list of names is not made of blanks only".to_owned()),
        [
            Token::Word(word),
            Token::Number(count),
            Token::Sign('('),
            rest @ ..,
        ] if method(word).is_some() => {
            let method = method(word).unwrap_or(Method::First);
            list(method, count, rest)?
        }
        [Token::Number(count), Token::Sign('('), rest @ ..] => list(Method::First, count, rest)?,
        all => StandbyNames {
            method: Method::First,
            count: 1,
            members: members(all)?,
        },
    };
    if parsed.count == 0 {
        return Err("the number of standbys is at least 1".to_owned());
    }
    Ok(Some(parsed))
}

/// What was probably meant: names with hyphens in them, as hosts have them, count as names.
pub fn guess(text: &str) -> Option<StandbyNames> {
    let (head, list) = match text.split_once('(') {
        Some((head, list)) => (head.trim(), list.trim().strip_suffix(')')?),
        None => ("", text),
    };
    let words: Vec<&str> = head.split_whitespace().collect();
    let (method, count) = match words.as_slice() {
        [] => (Method::First, 1),
        [count] => (Method::First, count.parse().ok()?),
        [word, count] => (method(word)?, count.parse().ok()?),
        _ => return None,
    };
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-._*".contains(c);
    let names = list
        .split(|c: char| c == ',' || c.is_whitespace())
        .map(|name| name.trim_matches('"'))
        .filter(|name| !name.is_empty());
    let members: Vec<String> = names.map(str::to_owned).collect();
    let all_hosts = members.iter().all(|name| name.chars().all(is_host));
    (all_hosts && !members.is_empty() && count > 0).then_some(StandbyNames {
        method,
        count,
        members,
    })
}

fn method(word: &str) -> Option<Method> {
    match word.to_ascii_lowercase().as_str() {
        "any" => Some(Method::Any),
        "first" => Some(Method::First),
        _ => None,
    }
}

fn list(method: Method, count: &str, rest: &[Token]) -> Result<StandbyNames, String> {
    let [inner @ .., Token::Sign(')')] = rest else {
        return Err("a `)` is missing at the end".to_owned());
    };
    let members = members(inner)?;
    Ok(StandbyNames {
        method,
        // C keeps the lower 32 bits of a larger number, which nobody means.
        count: count
            .parse::<i32>()
            .ok()
            .and_then(|count| usize::try_from(count).ok())
            .ok_or_else(|| format!("`{count}` is too large a number"))?,
        members,
    })
}

fn members(tokens: &[Token]) -> Result<Vec<String>, String> {
    let mut members = Vec::new();
    for item in tokens.split(|token| *token == Token::Sign(',')) {
        match item {
            [Token::Word(name)] if method(name).is_some() => {
                return Err(format!(
                    "`{name}` is a word of the list itself, and a name in double quotes only"
                ));
            }
            [Token::Word(name) | Token::Quoted(name) | Token::Number(name)] => {
                members.push(name.clone());
            }
            [] => return Err("a name is missing before or after a comma".to_owned()),
            [Token::Sign(sign), ..] => return Err(format!("`{sign}` is where a name should be")),
            [
                Token::Word(name) | Token::Quoted(name) | Token::Number(name),
                ..,
            ] => {
                return Err(format!("a comma is missing after `{name}`"));
            }
        }
    }
    Ok(members)
}

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let begins_word = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
        let in_word = |c: char| begins_word(c) || c.is_ascii_digit() || c == '$';
        let length = if first == '"' {
            let (name, length) = quoted(rest)?;
            tokens.push(Token::Quoted(name));
            length
        } else if begins_word(first) {
            let word = rest.split(|c| !in_word(c)).next().unwrap_or_default();
            tokens.push(Token::Word(word.to_owned()));
            word.len()
        } else if first.is_ascii_digit() {
            let number = rest.split(|c: char| !c.is_ascii_digit()).next();
            let number = number.unwrap_or_default();
            tokens.push(Token::Number(number.to_owned()));
            number.len()
        } else if first == '*' {
            tokens.push(Token::Word("*".to_owned()));
            1
        } else if matches!(first, ',' | '(' | ')') {
            tokens.push(Token::Sign(first));
            1
        } else {
            return Err(match tokens.last() {
                Some(Token::Word(word)) => {
                    format!("`{word}` cannot go on with `{first}` outside double quotes")
                }
                Some(Token::Quoted(_) | Token::Number(_) | Token::Sign(_)) | None => {
                    format!("`{first}` is where a name should be")
                }
            });
        };
        rest = rest.split_at(length).1.trim_start();
    }
    Ok(tokens)
}

/// The name in double quotes that a text begins with, and the length of both.
fn quoted(text: &str) -> Result<(String, usize), String> {
    let mut name = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, character)) = characters.next() {
        if character != '"' {
            name.push(character);
        } else if characters.next_if(|(_, next)| *next == '"').is_some() {
            name.push('"');
        } else {
            return Ok((name, at + 1));
        }
    }
    Err("a double quote is not closed".to_owned())
}
