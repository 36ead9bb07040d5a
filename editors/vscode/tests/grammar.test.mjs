// The grammar in VS Code's own engine, on every source of the repository that has no mistake.
// With UPDATE=1 the snapshots are written instead of compared.

import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { test } from "node:test";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";

const here = import.meta.dirname;
const repository = join(here, "../../..");

const require = createRequire(import.meta.url);
await oniguruma.loadWASM(readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  }),
  loadGrammar: async () => {
    const path = join(here, "../syntaxes/m1.tmLanguage.json");
    return textmate.parseRawGrammar(readFileSync(path, "utf8"), path);
  },
});
const grammar = await registry.loadGrammar("source.m1");

/** Every line with its tokens, and what is still open at the end. */
function colour(text) {
  let stack = textmate.INITIAL;
  const lines = text.split(/\r?\n/).map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return { line, tokens: tokens.map(({ startIndex, endIndex, scopes }) => ({ text: line.slice(startIndex, endIndex), scopes })) };
  });
  return { lines, depth: stack.depth };
}

/** Each line as it is, then its tokens with what they are; scopes without `.m1`. */
function snapshot(text) {
  const { lines } = colour(text);
  return lines
    .map(({ line, tokens }) => {
      const named = tokens.filter(({ text, scopes }) => text.trim() && scopes.length > 1);
      const shown = named.map(
        ({ text, scopes }) => `    ${text.trim()} │ ${scopes.slice(1).map((scope) => scope.replace(/\.m1$/, "")).join(" ")}\n`,
      );
      return `${line}\n${shown.join("")}`;
    })
    .join("");
}

function sources(folder) {
  const names = readdirSync(join(repository, folder)).filter((name) => name.endsWith(".m1"));
  return names.sort().map((name) => join(repository, folder, name));
}

const published = [...sources("examples"), ...sources("stdlib")];
const sound = [...published, ...sources("tests/format"), ...sources("tests/parse/ok")];

for (const path of published) {
  test(`${basename(path)} has the colours of its snapshot`, () => {
    const file = join(here, "snapshots", `${basename(path)}.snap`);
    const found = snapshot(readFileSync(path, "utf8"));
    if (process.env.UPDATE) {
      writeFileSync(file, found);
    }
    assert.equal(found, readFileSync(file, "utf8"));
  });
}

for (const path of sound) {
  test(`${path.slice(repository.length + 1)} has nothing invalid in it and closes what it opens`, () => {
    const { lines, depth } = colour(readFileSync(path, "utf8"));
    const invalid = lines.flatMap(({ line, tokens }, index) =>
      tokens
        .filter(({ scopes }) => scopes.some((scope) => scope.startsWith("invalid")))
        .map(({ text }) => `${index + 1}: \`${text}\` in ${line}`),
    );
    assert.deepEqual(invalid, []);
    assert.equal(depth, 1);
  });
}
