//! The codes of errors about texts, each with its page.

use crate::diagnostic::codes;

codes! {
    /// Text is where the language has no place for it.
    ///
    /// A statement is `key = value` or `word label… { … }`, one a line. Text that is neither a name (letters, digits,
    /// `_`, `-`, dots between) nor a literal (begins with a digit) is quoted: paths, patterns, names that begin with a
    /// digit, sentences.
    ///
    /// A value ends at the first blank. Quotes keep words together, and characters such as `@`, `/` at the begin, `(`
    /// or `*` out of the language.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = Database Team }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "Database Team" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `foreign-syntax`, `missing-value` and `unclosed-string`.
    UNEXPECTED_TEXT = "unexpected-text";

    /// A value, a name or a condition is missing where one must stand.
    ///
    /// The value is on the line of its `=`: a line break ends a statement. For the default remove the whole line.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring =
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring = legacy
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `misplaced-token` and `unexpected-text`.
    MISSING_VALUE = "missing-value";

    /// A `{` has no `}`, or a `[` no `]`, or a `(` no `)`.
    ///
    /// The message points at the bracket that was left open; where several may be meant, the indentation decides. A
    /// word that stands only at the top level, such as `cluster`, closes every open block if it begins a line, so that
    /// the rest of the file is still checked.
    ///
    /// Without the closing bracket everything below would belong to the list or block, so m1c says where it was opened
    /// and goes on where it probably ends.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   repositories { edb = [standard }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   repositories { edb = [standard] }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `stray-brace` and `unclosed-string`.
    UNCLOSED_BRACKET = "unclosed-bracket";

    /// A `}` closes nothing.
    ///
    /// It is one too many, or the `{` that it should close is missing; where the indentation tells which, the message
    /// points there.
    ///
    /// Braces are counted; one too many usually means that a block was closed too early above, and that the lines after
    /// it are in the wrong block.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unclosed-bracket` and `misplaced-token`.
    STRAY_BRACE = "stray-brace";

    /// A string has no closing quote on its line, or a long string none at all.
    ///
    /// A string ends on its line, so that a forgotten quote does not swallow the rest of the file. Text of several
    /// lines is written between lines of `"""`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "Database Team }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "Database Team" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `invalid-escape` and `long-string-layout`.
    UNCLOSED_STRING = "unclosed-string";

    /// A string has a `\` that begins no escape.
    ///
    /// The escapes are `\n`, `\t`, `\"`, `\\`, `\$` and `\u{…}` with one to six hexadecimal digits.
    ///
    /// A backslash begins an escape in every string. One that is text is written twice.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   vars { postgres_wal_dir = "\data" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "CORP\\dba" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unclosed-string` and `invalid-reference`.
    INVALID_ESCAPE = "invalid-escape";

    /// A `$` is not followed by the name of a `param` or `let`.
    ///
    /// `$name` is one of this file, `$module.name` one of a used file; inside a string both are in `${…}`. A dollar
    /// sign that is text is written `\$`.
    ///
    /// Nothing is run and nothing is read from the environment while a source is compiled. What changes from run to run
    /// is a `param`: `m1c build --set owner=dba`.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = $1 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "\$1" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unknown-reference` and `invalid-escape`.
    INVALID_REFERENCE = "invalid-reference";

    /// Something is in the wrong place, or missing between two things: a `{` apart from its head, an `else` apart from its
    /// `}`, a comma between statements, two items of a list without a comma.
    ///
    /// A comma separates the items of a list; statements end with their line or with `;`. A brace belongs to the line
    /// of its statement, because a line break ends it.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform docker
    ///   network { cidr = 10.1.0.0/16, subnet_prefix = 28 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform docker
    ///   network { cidr = 10.1.0.0/16; subnet_prefix = 28 }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `missing-value`, `stray-brace` and `foreign-syntax`.
    MISPLACED_TOKEN = "misplaced-token";

    /// Something is written as another language writes it.
    ///
    /// | there | here |
    /// |---|---|
    /// | `key: value`, `key := value` | `key = value` |
    /// | `'text'` | `"text"` |
    /// | `// comment`, `/* comment */` | `# comment` |
    /// | `- item` | `key = [item, item]` |
    /// | `&&`, `\|\|`, `!` | `and`, `or`, `not` |
    /// | `elif`, `elsif` | `else if` |
    ///
    /// There are no functions, operators or heredocs; text of several lines is written between lines of `"""`.
    ///
    /// The message says what it is in this language, and editors offer it as a fix.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring: legacy
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   keyring = legacy
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unexpected-text` and `unknown-statement`.
    FOREIGN_SYNTAX = "foreign-syntax";

    /// `param` and `let` belong at the top level of a file.
    ///
    /// A name holds for the whole file, whatever the order. Inside a block it would look as if it held for that block
    /// alone.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   let nodes = 2
    ///
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// let nodes = 2
    ///
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///
    ///   location main { data $nodes }
    /// }
    /// ```
    ///
    /// See also `unknown-reference`.
    MISPLACED_BINDING = "misplaced-binding";

    /// A map holds `key = value` lines and nothing else.
    ///
    /// A map becomes a map of YAML, which has keys and values only. Statements with words and blocks are for the blocks
    /// of a cluster.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   vars { postgres_conf_settings = { work_mem 64MB } }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   vars { postgres_conf_settings = { work_mem = 64MB } }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `wrong-form` and `misplaced-token`.
    NOT_A_MAP_ENTRY = "not-a-map-entry";

    /// A long string is laid out wrongly.
    ///
    /// `"""`, a line break, the text, and `"""` alone on its line. The indentation of that last line is removed from
    /// every line.
    ///
    /// The last line decides which blanks belong to the text, so it has to be alone.
    ///
    /// ```m1 fails
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = """Database Team""" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// Use instead:
    ///
    /// ```m1 passes
    /// cluster speedy {
    ///   postgres postgresql 16
    ///   failover repmgr
    ///   platform bare
    ///   tags { Owner = "Database Team" }
    ///
    ///   location main { data 2 }
    /// }
    /// ```
    ///
    /// See also `unclosed-string`.
    LONG_STRING_LAYOUT = "long-string-layout";

    /// A character is in the source that nobody can see, or that makes the source look other than it is.
    ///
    /// Control characters and marks that turn the direction of text are not in a source, comments included; in a
    /// string they are written `\u{…}`. Lines end with a line feed, or a carriage return and a line feed.
    ///
    /// They come from text that was copied from a web page or a terminal, and can hide what a source does. Delete the
    /// blank or the word and type it again; `cat -A FILE` shows where they are.
    ///
    /// See also `not-utf8` and `unexpected-text`.
    CONTROL_CHARACTER = "control-character";

    /// Blocks, lists, maps and parentheses nest more than 64 deep.
    ///
    /// Nothing that TPA reads is nested so deep; usually a bracket is not closed. A long chain of `else if` can become
    /// one `if` for each value of a `param`.
    ///
    /// See also `unclosed-bracket` and `too-large`.
    NESTING_TOO_DEEP = "nesting-too-deep";

    /// There are more syntax errors than are shown.
    ///
    /// Fix the first ones, as the others often follow from them, and run m1c again. If all lines are wrong it is
    /// probably not an .m1 file.
    ///
    /// See also `too-many-mistakes`.
    TOO_MANY_ERRORS = "too-many-errors";
}
