// What the grammar cannot say by itself, because it depends on what stands behind: it looks ahead and keeps no state.

#include "tree_sitter/parser.h"

// In the order of `externals` in grammar.js.
enum Token {
  NEWLINE,
  NEWLINE_BEFORE_STATEMENT,
  NEWLINE_BEFORE_TOP_LEVEL,
  BLANK,
  WRONG_LAYOUT,
  CORRECTION,
};

enum {
  // Longer than the words of the top level; words that begin alike are not told apart behind it.
  LONGEST_WORD = 8,
  // Deeper indentation of long strings is not compared.
  DEEPEST_INDENTATION = 512,
};

static void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static bool is_blank(int32_t character) { return character == ' ' || character == '\t'; }

static bool is_digit(int32_t character) { return character >= '0' && character <= '9'; }

static bool begins_name(int32_t character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character == '_';
}

static bool is_name_character(int32_t character) {
  return begins_name(character) || is_digit(character) || character == '-';
}

static bool is_literal_character(int32_t character) {
  switch (character) {
    case '.': case ':': case '/': case '+': case '*': case '~': case '%':
      return true;
    default:
      return is_name_character(character);
  }
}

static bool begins_label(int32_t character) {
  return is_name_character(character) || character == '"' || character == '$';
}

// Everything that Unicode calls white, but no line feed.
static bool is_white(int32_t character) {
  switch (character) {
    case ' ': case '\t': case '\r': case 0xA0: case 0x1680:
    case 0x2028: case 0x2029: case 0x202F: case 0x205F: case 0x3000:
      return true;
    default:
      return character >= 0x2000 && character <= 0x200A;
  }
}

static bool skip_blanks(TSLexer *lexer) {
  bool any = false;
  for (; is_blank(lexer->lookahead); any = true) {
    advance(lexer);
  }
  return any;
}

static bool skip_newline(TSLexer *lexer) {
  if (lexer->lookahead == '\r') {
    advance(lexer);
  }
  if (lexer->lookahead != '\n') {
    return false;
  }
  advance(lexer);
  return true;
}

static bool is_word(const char *word, const char *other) {
  while (*word != '\0' && *word == *other) {
    word++;
    other++;
  }
  return *word == *other;
}

// A string of one line.
static bool skip_string(TSLexer *lexer) {
  advance(lexer);
  while (lexer->lookahead != '"') {
    if (lexer->lookahead == '\\') {
      advance(lexer);
    }
    if (lexer->lookahead == '\n' || lexer->eof(lexer)) {
      return false;
    }
    advance(lexer);
  }
  advance(lexer);
  return true;
}

// A key, a word or a label; of one that is a name `word` gets the first letters.
static bool skip_scalar(TSLexer *lexer, char *word) {
  if (lexer->lookahead == '"') {
    return skip_string(lexer);
  }
  if (!begins_label(lexer->lookahead)) {
    return false;
  }
  bool is_literal = is_digit(lexer->lookahead) || lexer->lookahead == '-';
  int length = 0;
  do {
    if (length < LONGEST_WORD) {
      word[length++] = (char)lexer->lookahead;
    }
    advance(lexer);
  } while (is_literal ? is_literal_character(lexer->lookahead)
                      : is_name_character(lexer->lookahead) || lexer->lookahead == '.');
  return true;
}

// Which end of a line it is, by what stands on the next line.
static enum Token newline_before(TSLexer *lexer) {
  bool is_indented = skip_blanks(lexer);
  char word[LONGEST_WORD + 1] = {0};
  if (!skip_scalar(lexer, word)) {
    return NEWLINE;
  }
  int labels = 0;
  int32_t first_label = 0;
  while (skip_blanks(lexer) && begins_label(lexer->lookahead)) {
    if (labels++ == 0) {
      first_label = lexer->lookahead;
    }
    char label[LONGEST_WORD + 1] = {0};
    if (!skip_scalar(lexer, label)) {
      break;
    }
  }
  bool has_block = lexer->lookahead == '{';
  bool has_value = lexer->lookahead == '=' || lexer->lookahead == ':';
  if (!is_indented) {
    bool is_definition = is_word(word, "cluster") || is_word(word, "profile") || is_word(word, "use");
    bool is_table = is_word(word, "image") || is_word(word, "region") || is_word(word, "release");
    bool is_binding = is_word(word, "param") || is_word(word, "let");
    if ((is_definition && (begins_name(first_label) || first_label == '"')) ||
        (is_table && labels > 0 && has_block) ||
        (is_binding && labels == 1 && begins_name(first_label) && has_value)) {
      return NEWLINE_BEFORE_TOP_LEVEL;
    }
  }
  return has_block || has_value ? NEWLINE_BEFORE_STATEMENT : NEWLINE;
}

// ---- long strings ----

typedef struct {
  int32_t characters[DEEPEST_INDENTATION];
  int length;
} Indentation;

static Indentation skip_indentation(TSLexer *lexer) {
  Indentation indentation = {.length = 0};
  for (; is_white(lexer->lookahead); advance(lexer)) {
    if (indentation.length < DEEPEST_INDENTATION) {
      indentation.characters[indentation.length++] = lexer->lookahead;
    }
  }
  return indentation;
}

static int common_length(const Indentation *one, const Indentation *other) {
  int length = 0;
  while (length < one->length && length < other->length && one->characters[length] == other->characters[length]) {
    length++;
  }
  return length;
}

// Three at most.
static int skip_quotes(TSLexer *lexer) {
  int quotes = 0;
  for (; quotes < 3 && lexer->lookahead == '"'; quotes++) {
    advance(lexer);
  }
  return quotes;
}

// Goes to the line break. Whether a `"""` or the end of the file comes before.
static bool ends_in_line(TSLexer *lexer) {
  while (lexer->lookahead != '\n') {
    if (lexer->eof(lexer) || skip_quotes(lexer) == 3) {
      return true;
    }
    if (lexer->lookahead == '\\') {
      advance(lexer);
      if (lexer->lookahead == '"') {
        advance(lexer);
      }
    } else if (lexer->lookahead != '\n') {
      advance(lexer);
    }
  }
  return false;
}

// Whether the text behind a `"""` breaks its line at once, ends with a `"""` alone on a line, and has the indentation
// of that line on every line that is not empty.
static bool is_laid_out_well(TSLexer *lexer) {
  Indentation common = {.length = DEEPEST_INDENTATION};
  bool has_lines = false;
  skip_indentation(lexer);
  while (lexer->lookahead == '\n') {
    advance(lexer);
    Indentation own = skip_indentation(lexer);
    if (lexer->lookahead == '\n') {
      continue;
    }
    if (skip_quotes(lexer) == 3) {
      return !has_lines || common_length(&common, &own) == own.length;
    }
    if (ends_in_line(lexer)) {
      return false;
    }
    if (has_lines) {
      common.length = common_length(&common, &own);
    } else {
      common = own;
      has_lines = true;
    }
  }
  return false;
}

// ---- what tree-sitter calls ----

void *tree_sitter_m1_external_scanner_create(void) { return NULL; }

void tree_sitter_m1_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_m1_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_m1_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

bool tree_sitter_m1_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  bool blanks = false;
  for (; is_blank(lexer->lookahead); blanks = true) {
    lexer->advance(lexer, !valid[BLANK]);
  }
  lexer->mark_end(lexer);
  if (valid[NEWLINE] && skip_newline(lexer)) {
    lexer->mark_end(lexer);
    lexer->result_symbol = newline_before(lexer);
    return true;
  }
  // Behind a mistake everything is asked for.
  if (valid[NEWLINE] && valid[CORRECTION]) {
    return false;
  }
  if (valid[BLANK] && blanks && begins_label(lexer->lookahead)) {
    lexer->result_symbol = BLANK;
    return true;
  }
  if (valid[WRONG_LAYOUT] && skip_quotes(lexer) == 3 && !is_laid_out_well(lexer)) {
    lexer->result_symbol = WRONG_LAYOUT;
    return true;
  }
  return false;
}
