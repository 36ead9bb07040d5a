/** Where the `m1c` that runs is looked for. Knows nothing of VS Code. */

import { delimiter, isAbsolute, join, resolve } from "node:path";

export interface Surroundings {
  /** The setting `m1c.path`; empty where nothing is set. */
  setting: string;
  /** The folder that relative paths of the setting begin at. */
  folder?: string;
  home: string;
  /** The environment variable `PATH`. */
  path: string;
  windows: boolean;
  isExecutable(file: string): boolean;
}

export type Found =
  | { file: string; from: "the setting m1c.path" | "PATH" }
  /** What was looked for in vain, as a sentence for the user. */
  | { missing: string };

/** The program that the setting names, else the first `m1c` in `PATH`. A wrong setting is not passed over in silence. */
export function find(surroundings: Surroundings): Found {
  const setting = surroundings.setting.trim();
  if (setting !== "") {
    const file = resolved(setting, surroundings);
    return surroundings.isExecutable(file)
      ? { file, from: "the setting m1c.path" }
      : { missing: `The setting m1c.path names ${file}, which is not an executable file.` };
  }
  const name = surroundings.windows ? "m1c.exe" : "m1c";
  const folders = surroundings.path.split(delimiter).filter((folder) => folder !== "");
  const file = folders.map((folder) => join(folder, name)).find(surroundings.isExecutable);
  return file === undefined
    ? { missing: "There is no m1c in PATH, and the setting m1c.path is empty." }
    : { file, from: "PATH" };
}

function resolved(setting: string, { folder, home }: Surroundings): string {
  if (/^~[/\\]/.test(setting)) {
    return join(home, setting.slice(2));
  }
  return isAbsolute(setting) || folder === undefined ? setting : resolve(folder, setting);
}
