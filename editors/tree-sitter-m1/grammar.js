/**
 * @file Syntax of .m1, the language of m1c
 * @license Apache-2.0 OR MIT
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// A text has an ERROR or a MISSING node exactly when m1c reports a syntax error; ../../tests/tree_sitter.rs holds the
// two to each other. The words of the language are not reserved, so the grammar knows only those of its own: `param`,
// `let`, `if`, `else`, `and`, `or`, `not`, `in`.

// m1c lets nobody hide in a source what cannot be seen: control characters, marks that turn the direction of text.
const INVISIBLE = "\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\ufeff";
const LITERAL_CHARACTER = "[0-9A-Za-z_.:/+*~%-]";
const IDENTIFIER = /[a-zA-Z_][a-zA-Z0-9_-]*/;

export default grammar({
  name: "m1",

  externals: ($) => [
    // The end of a line.
    $._newline,
    // The end of a line before one with a key and a `=`, or a word and a `{`: no list goes on behind it.
    $._newline_before_statement,
    // The end of a line before one that only the top level has: no block goes on behind it. That keeps a missing bracket
    // from swallowing the rest of the file, in the compiler too.
    $._newline_before_top_level,
    // The blanks before a label. Nowhere else do blanks matter.
    $._blank,
    // Of no width, before a `"""` that begins a string whose lines are laid out wrongly.
    $._wrong_layout,
    // Never comes: what asks for it is a mistake, and a MISSING node says so.
    $.correction,
  ],

  extras: ($) => [/[ \t]/, $.comment],

  word: ($) => $.name,

  supertypes: ($) => [$.statement, $.value, $.condition],

  inline: ($) => [$._end],

  rules: {
    source_file: ($) =>
      body(
        choice($.binding, $.statement, alias($._attribute_of_binding_word, $.attribute)),
        choice($._end, $._newline_before_top_level),
      ),

    _end: ($) => choice($._newline, $._newline_before_statement, ";"),

    comment: (_) => token(seq("#", new RegExp(`[^\\n${INVISIBLE}]*`))),

    // ---- statements ----

    binding: ($) =>
      choice(
        seq(
          "param",
          field("name", $.identifier),
          choice(seq($._type, optional($._assigned)), $._assigned),
        ),
        seq("let", field("name", $.identifier), $._assigned),
      ),

    _type: ($) => seq(":", field("type", choice($.name, $.list))),

    _assigned: ($) => seq("=", field("value", $.value)),

    statement: ($) => choice($.attribute, $.conditional, $.entry),

    attribute: ($) => seq(field("key", choice($._key, $._key_word)), $._assigned),

    _key: ($) => choice($.name, $._string, $.number, $.literal),

    _key_word: ($) => choice(...["if", "else", "elif", "elsif", "elseif"].map((word) => alias(word, $.name))),

    // At the top level `param` and `let` begin a binding, unless an `=` follows.
    _attribute_of_binding_word: ($) =>
      seq(field("key", choice(alias("param", $.name), alias("let", $.name))), $._assigned),

    entry: ($) =>
      seq(
        field("word", choice($.name, $._string)),
        repeat(seq($._blank, field("label", $._scalar))),
        optional(field("block", $.block)),
      ),

    block: ($) => seq("{", body($.statement, $._end), "}"),

    // ---- conditions ----

    conditional: ($) =>
      seq(
        "if",
        field("condition", $.condition),
        field("then", $.block),
        optional(seq("else", field("otherwise", choice($.conditional, $.block)))),
      ),

    condition: ($) => choice($.or, $._all),

    or: ($) => joined($._all, "or"),

    _all: ($) => choice($.and, $._test),

    and: ($) => joined($._test, "and"),

    _test: ($) => choice($.not, $.group, $.comparison, $._scalar),

    not: ($) => seq("not", $._test),

    group: ($) => seq("(", $.condition, ")"),

    comparison: ($) =>
      seq(
        field("left", $._scalar),
        choice(
          seq(field("operator", choice("==", "!=")), field("right", $._scalar)),
          seq(field("operator", "in"), field("right", choice($.list, $.reference))),
        ),
      ),

    // ---- values ----

    value: ($) => choice($._scalar, $.list, $.map),

    _scalar: ($) => choice($.name, $._string, $.number, $.literal, $.reference),

    list: ($) =>
      seq(
        "[",
        repeat($._newline),
        optional(seq($.value, repeat(seq($._separator, $.value)), optional($._separator))),
        "]",
      ),

    // Of commas there is one at most.
    _separator: ($) => choice(repeat1($._newline), seq(repeat($._newline), ",", repeat($._newline))),

    map: ($) => seq("{", body($.attribute, $._end), "}"),

    // ---- tokens ----

    name: (_) => /[a-zA-Z_][a-zA-Z0-9_-]*(\.[a-zA-Z0-9_-]+)*/,

    identifier: (_) => IDENTIFIER,

    // The longest wins, and of two as long the first.
    number: ($) => choice(/-?(0|[1-9][0-9]*)(\.[0-9]+)?/, seq($._joined_number, $.correction)),

    // `-1d` would be a literal, if literals began with a `-`.
    _joined_number: (_) => new RegExp(`-[0-9]${LITERAL_CHARACTER}*`),

    literal: (_) => new RegExp(`[0-9]${LITERAL_CHARACTER}*`),

    reference: ($) => seq("$", $._target),

    // `name` or `module.name`.
    _target: ($) => {
      const identifier = alias($._identifier_behind, $.identifier);
      return seq(
        optional(seq(field("module", identifier), token.immediate("."))),
        field("name", identifier),
      );
    },

    _identifier_behind: (_) => token.immediate(IDENTIFIER),

    _string: ($) => choice($.string, $.long_string),

    string: ($) =>
      seq(
        '"',
        repeat(choice(characters(`[^"\\\\$\\n${INVISIBLE}]+`), token.immediate("$"), $.escape, $.interpolation)),
        '"',
      ),

    long_string: ($) =>
      seq(
        optional($._wrong),
        '"""',
        repeat(
          choice(
            characters(`([^"\\\\$${INVISIBLE}]|\\r\\n)+`),
            token.immediate(/[$"]/),
            $.escape,
            $.interpolation,
          ),
        ),
        '"""',
      ),

    // A rule of its own, so that the correction is missing here and the string is still one.
    _wrong: ($) => seq($._wrong_layout, $.correction),

    escape: (_) => token.immediate(seq("\\", choice(/[nt"\\$]/, seq("u{", codePoint(), "}")))),

    interpolation: ($) => seq(token.immediate("${"), $._target, token.immediate("}")),
  },
});

/** Statements with ends between them, of which there may be too many. */
function body(statement, end) {
  return seq(repeat(choice(end, seq(statement, end))), optional(statement));
}

/** At least two parts with a word between. */
function joined(part, word) {
  return seq(part, repeat1(seq(word, part)));
}

/** Characters of a string; a `#` among them begins no comment. */
function characters(pattern) {
  return token.immediate(prec(1, new RegExp(pattern)));
}

/** One to six hexadecimal digits that are a Unicode character. */
function codePoint() {
  const noSurrogate = "([0-9a-ce-fA-CE-F][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})";
  return choice(
    /[0-9a-fA-F]{1,3}/,
    new RegExp(`0{0,2}${noSurrogate}`),
    /0?[1-9a-fA-F][0-9a-fA-F]{4}/,
    /10[0-9a-fA-F]{4}/,
  );
}
