/** Runs `m1c lsp`, and says which `m1c` that is. */

import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { homedir } from "node:os";
import { promisify } from "node:util";
import * as vscode from "vscode";
import { LanguageClient } from "vscode-languageclient/node";
import { find } from "./binary";

const RESTARTING_SETTINGS = ["m1c.path", "m1c.args"];

let output: vscode.LogOutputChannel;
let client: LanguageClient | undefined;
/** Starts and stops are in a queue, so that two quick changes of the settings leave one server. */
let queue: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("m1c", { log: true });
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("m1c.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (RESTARTING_SETTINGS.some((setting) => change.affectsConfiguration(setting))) {
        void restart();
      }
    }),
  );
  await restart();
}

export async function deactivate(): Promise<void> {
  await queue;
  await stop();
}

function restart(): Promise<void> {
  queue = queue.then(stop).then(start);
  return queue;
}

async function stop(): Promise<void> {
  const stopping = client;
  client = undefined;
  try {
    await stopping?.dispose();
  } catch (error) {
    output.warn(`the server did not stop in an orderly way: ${text(error)}`);
  }
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("m1c");
  const found = find({
    setting: settings.get("path", ""),
    folder: vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
    home: homedir(),
    path: process.env["PATH"] ?? "",
    windows: process.platform === "win32",
    isExecutable,
  });
  if ("missing" in found) {
    complain(`${found.missing} Colours and snippets work without it; findings, completion and formatting do not.`);
    return;
  }
  const { file, from } = found;
  try {
    output.info(`${file} (from ${from}) is ${await answer(file, ["--version"])}`);
    // Asked first, because a client whose server ends at once complains several times, and not about this.
    await answer(file, ["lsp", "--help"]);
    client = new LanguageClient(
      "m1c",
      "m1c",
      { command: file, args: ["lsp", ...settings.get<string[]>("args", [])] },
      { documentSelector: [{ language: "m1" }], outputChannel: output },
    );
    await client.start();
  } catch (error) {
    complain(`${file} (from ${from}) does not run as a language server: ${text(error)}`);
    await stop();
  }
}

async function answer(file: string, args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(file, args, { timeout: 10_000 });
  return stdout.trim();
}

/** Not awaited: the message may stay for long. */
function complain(message: string): void {
  output.error(message);
  void answered(message);
}

async function answered(message: string): Promise<void> {
  const settings = "Open Settings";
  const again = "Try Again";
  const log = "Show Output";
  switch (await vscode.window.showErrorMessage(message, settings, again, log)) {
    case settings:
      await vscode.commands.executeCommand("workbench.action.openSettings", "m1c.path");
      break;
    case again:
      await restart();
      break;
    case log:
      output.show();
      break;
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
