import assert from "node:assert/strict";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { find, type Surroundings } from "./binary";

function surroundings(executable: string[], changed: Partial<Surroundings> = {}): Surroundings {
  return {
    setting: "",
    folder: "/project",
    home: "/home/ann",
    path: ["/usr/local/bin", "", "/usr/bin"].join(delimiter),
    windows: false,
    isExecutable: (file) => executable.includes(file),
    ...changed,
  };
}

test("the first m1c in PATH is found", () => {
  const both = ["/usr/bin/m1c", "/usr/local/bin/m1c"];
  assert.deepEqual(find(surroundings(both)), { file: "/usr/local/bin/m1c", from: "PATH" });
  assert.deepEqual(find(surroundings(["/usr/bin/m1c"])), { file: "/usr/bin/m1c", from: "PATH" });
});

test("the setting goes before PATH", () => {
  assert.deepEqual(find(surroundings(["/usr/bin/m1c", "/opt/m1c"], { setting: " /opt/m1c " })), {
    file: "/opt/m1c",
    from: "the setting m1c.path",
  });
});

test("the setting may begin at home or at the workspace", () => {
  const setting = (path: string, file: string) => find(surroundings([file], { setting: path }));
  assert.ok("file" in setting("~/bin/m1c", join("/home/ann", "bin/m1c")));
  assert.ok("file" in setting("./target/release/m1c", "/project/target/release/m1c"));
  assert.ok("file" in setting("tools/m1c", "/project/tools/m1c"));
});

test("a wrong setting is said, though there is one in PATH", () => {
  const found = find(surroundings(["/usr/bin/m1c"], { setting: "/opt/m1c" }));
  assert.deepEqual(found, { missing: "The setting m1c.path names /opt/m1c, which is not an executable file." });
});

test("no m1c anywhere is said", () => {
  for (const path of ["/usr/bin", ""]) {
    assert.deepEqual(find(surroundings([], { path })), {
      missing: "There is no m1c in PATH, and the setting m1c.path is empty.",
    });
  }
});

test("on Windows it is m1c.exe", () => {
  assert.ok("file" in find(surroundings([join("/usr/bin", "m1c.exe")], { windows: true })));
});
