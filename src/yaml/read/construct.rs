//! What values become, by their tags and by what they look like.

use crate::yaml::error::Error;
use crate::yaml::node::{Data, Node};
use crate::yaml::resolve::{self, Plain};
use crate::yaml::scan::Mark;

/// What `!!` stands for.
pub(super) const YAML: &str = "tag:yaml.org,2002:";

pub(super) const NO_TAGS: &str =
    "remove it: the only tags that TPA reads are those of YAML itself, such as `!!str`";

/// How Ansible marks what is encrypted with its vault.
const VAULT: &str = "!vault";
const NO_VAULT: &str = "remove the line: TPA makes passwords itself and keeps them in the cluster's own vault; `tpaexec store-password` stores one of yours there";

const QUOTES: &str = "put the value in quotes";

/// A tag with its handle replaced.
#[derive(Clone, Debug)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) at: Mark,
}

impl Tag {
    /// Its name in YAML itself; `None` for one that says nothing.
    fn kind(&self) -> Option<&str> {
        (self.name != "!").then(|| self.name.strip_prefix(YAML).unwrap_or(""))
    }

    fn unknown(&self) -> Error {
        let name = match self.name.strip_prefix(YAML) {
            Some(name) => format!("!!{name}"),
            None => self.name.clone(),
        };
        let help = if name == VAULT { NO_VAULT } else { NO_TAGS };
        self.at.error(format!("the tag `{name}`"), help)
    }

    fn unfit(&self, what: &str) -> Error {
        self.at.error(
            format!("the tag `!!{}` on {what}", self.kind().unwrap_or_default()),
            NO_TAGS,
        )
    }
}

/// What a value may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Value,
    /// `<<`, which is a key only.
    Merge,
    /// `=`, which is a key only.
    EqualSign,
}

/// A value, and what it may be used for.
#[derive(Clone, Debug)]
pub(super) struct Built {
    pub(super) node: Node,
    pub(super) meaning: Meaning,
    pub(super) mark: Mark,
    /// What is wrong with it, unless `<<` takes its entries only.
    pub(super) refused: Option<Box<Error>>,
}

impl Built {
    /// Only a key may be `<<` or `=`.
    pub(super) fn into_value(self) -> Result<Built, Error> {
        if let Some(refused) = self.refused {
            return Err(*refused);
        }
        let sign = match self.meaning {
            Meaning::Value => return Ok(self),
            Meaning::Merge => "<<",
            Meaning::EqualSign => "=",
        };
        Err(self
            .mark
            .error(format!("`{sign}` has a meaning of its own in YAML"), QUOTES))
    }
}

pub(super) fn scalar(
    text: &str,
    is_plain: bool,
    tag: Option<&Tag>,
    at: Mark,
) -> Result<(Data, Meaning), Error> {
    let kind = tag.map(Tag::kind);
    match (kind, tag) {
        (Some(Some(kind)), Some(tag)) => tagged(text, kind, tag, at),
        // A tag that says nothing takes the quotes' meaning.
        (Some(None), _) => plain(text, at),
        (None | Some(Some(_)), _) if is_plain => plain(text, at),
        (None | Some(Some(_)), _) => Ok((Data::Text(text.to_owned()), Meaning::Value)),
    }
}

fn plain(text: &str, at: Mark) -> Result<(Data, Meaning), Error> {
    let data = match resolve::plain(text) {
        Plain::Null => Data::Null,
        Plain::Boolean(boolean) => Data::Boolean(boolean),
        Plain::Integer(integer) => Data::Integer(integer),
        Plain::Decimal(decimal) => Data::Decimal(decimal),
        Plain::Time if !resolve::time_exists(text) => {
            return Err(at.error(
                format!("`{text}` looks like a date or time, and there is no such one"),
                QUOTES,
            ));
        }
        Plain::NoDigits => {
            return Err(at.error(
                format!("`{text}` looks like a number, and has no digits"),
                QUOTES,
            ));
        }
        Plain::Merge => return Ok((Data::Text(text.to_owned()), Meaning::Merge)),
        Plain::EqualSign => return Ok((Data::Text(text.to_owned()), Meaning::EqualSign)),
        Plain::Time | Plain::Long | Plain::Text => Data::Text(text.to_owned()),
    };
    Ok((data, Meaning::Value))
}

fn tagged(text: &str, kind: &str, tag: &Tag, at: Mark) -> Result<(Data, Meaning), Error> {
    let is_right = match kind {
        "str" | "null" => true,
        "bool" => matches!(
            text.to_lowercase().as_str(),
            "yes" | "no" | "true" | "false" | "on" | "off"
        ),
        "int" => resolve::is_python_integer(text),
        "float" => resolve::is_python_decimal(text),
        "timestamp" => resolve::plain(text) == Plain::Time && resolve::time_exists(text),
        "binary" => is_base64(text),
        "merge" => return Ok((Data::Text(text.to_owned()), Meaning::Merge)),
        "value" => return Ok((Data::Text(text.to_owned()), Meaning::EqualSign)),
        "seq" | "map" | "omap" | "pairs" | "set" => {
            return Err(tag.unfit("what is not a collection"));
        }
        _ => return Err(tag.unknown()),
    };
    if !is_right {
        return Err(at.error(
            format!("a value that is not what its tag `!!{kind}` says"),
            NO_TAGS,
        ));
    }
    let data = match (kind, resolve::plain(text.trim())) {
        ("null", _) => Data::Null,
        ("bool", _) => Data::Boolean(matches!(
            text.to_lowercase().as_str(),
            "yes" | "true" | "on"
        )),
        ("int", Plain::Integer(integer)) => Data::Integer(integer),
        ("float", Plain::Decimal(decimal)) => Data::Decimal(decimal),
        #[expect(clippy::cast_precision_loss, reason = "it is to be a decimal")]
        ("float", Plain::Integer(integer)) => Data::Decimal(integer as f64),
        _ => Data::Text(text.to_owned()),
    };
    Ok((data, Meaning::Value))
}

/// Whether Python decodes it: what is not of the alphabet is skipped, and the padding has to fit.
fn is_base64(text: &str) -> bool {
    let mut position = 0;
    let mut padding = 0;
    for c in text.chars() {
        if !c.is_ascii() {
            return false;
        }
        if c == '=' {
            padding += 1;
            if position >= 2 && position + padding >= 4 {
                return true;
            }
        } else if c.is_ascii_alphanumeric() || c == '+' || c == '/' {
            padding = 0;
            position = (position + 1) % 4;
        }
    }
    position == 0
}

pub(super) fn check_list(tag: Option<&Tag>, items: &[Built]) -> Result<(), Error> {
    let Some((tag, kind)) = tag.and_then(|tag| Some((tag, tag.kind()?))) else {
        return Ok(());
    };
    match kind {
        "seq" => Ok(()),
        "omap" | "pairs" => {
            let is_pair =
                |item: &Built| matches!(&item.node.data, Data::Map(entries) if entries.len() == 1);
            if items.iter().all(is_pair) {
                Ok(())
            } else {
                Err(tag.unfit("a list that is not one of single pairs"))
            }
        }
        "str" | "null" | "bool" | "int" | "float" | "timestamp" | "binary" | "map" | "set" => {
            Err(tag.unfit("a list"))
        }
        _ => Err(tag.unknown()),
    }
}

pub(super) fn check_map(tag: Option<&Tag>) -> Result<(), Error> {
    let Some((tag, kind)) = tag.and_then(|tag| Some((tag, tag.kind()?))) else {
        return Ok(());
    };
    match kind {
        "map" | "set" => Ok(()),
        "str" | "null" | "bool" | "int" | "float" | "timestamp" | "binary" | "seq" | "omap"
        | "pairs" => Err(tag.unfit("a map")),
        _ => Err(tag.unknown()),
    }
}

/// The entries of a map; what is merged comes first, so that the map's own entries hold.
pub(super) fn entries(written: Vec<(Built, Built)>) -> Result<Vec<(Node, Node)>, Error> {
    let mut merged: Vec<(Node, Node)> = Vec::new();
    let mut entries: Vec<(Node, Node)> = Vec::new();
    for (key, value) in written {
        let at = value.mark;
        match key.meaning {
            Meaning::Merge => merged.extend(merged_entries(value.node, at)?),
            Meaning::EqualSign | Meaning::Value => {
                if matches!(key.node.data, Data::List(_) | Data::Map(_)) {
                    let message =
                        "a list or map as a key; a value that begins with `{{` needs quotes";
                    return Err(key.mark.error(message, QUOTES));
                }
                entries.push((key.node, value.into_value()?.node));
            }
        }
    }
    merged.extend(entries);
    Ok(merged)
}

/// The entries of the map, or of the maps, behind `<<`. Of several maps the first one holds.
fn merged_entries(value: Node, at: Mark) -> Result<Vec<(Node, Node)>, Error> {
    let refused = || {
        at.error(
            "`<<` takes a map or a list of maps",
            "remove it, or put it in quotes",
        )
    };
    match value.data {
        Data::Map(entries) => Ok(entries),
        Data::List(maps) => {
            let mut merged = Vec::new();
            for map in maps.into_iter().rev() {
                let Data::Map(entries) = map.data else {
                    return Err(refused());
                };
                merged.extend(entries);
            }
            Ok(merged)
        }
        Data::Null | Data::Boolean(_) | Data::Integer(_) | Data::Decimal(_) | Data::Text(_) => {
            Err(refused())
        }
    }
}
