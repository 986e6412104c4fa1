/** Places where no log can be written: the run goes on, says so once, and does its work. */

import assert from "node:assert/strict";
import type { Input, Place } from "./attempt.ts";
import { ON_A_FULL_DISK, WITHOUT_ROOT_POWERS } from "../../support/launchers.ts";

const onWindows = Deno.build.os === "windows";

function goesOn(name: string, path: string | undefined, why: string, more: Partial<Input>): Input {
  return {
    name: `a log path that is ${name} is told, and the run goes on`,
    ...(path === undefined ? {} : { env: { LOG_FILE_PATH: path } }),
    code: 0,
    says: new RegExp(
      `WARN {3}The log file .* cannot be written: ${why}\\. This run goes on with console output ` +
        "only; set LOG_FILE_PATH to a file in a folder that can be written\\.$",
    ),
    afterwards: (_place, { stderr }) => {
      assert.equal(stderr.match(/cannot be written/g)?.length, 1, "once");
      assert.match(stderr, /Done in/);
    },
    ...more,
  };
}

/** Does something to the log while the program waits for an answer. */
function duringTheRun(action: (folder: string) => void) {
  return ({ home, emulator }: Place) =>
    emulator.faults.add({
      match: { path: /search/ },
      times: 1,
      fault: { kind: "before", run: () => action(`${home.folder}/logs`) },
    });
}

/** Written over or rotated away, each of these would be lost. */
function refused(what: string, env: Record<string, string>, says: RegExp, file?: string): Input {
  return {
    name: `a log path that is ${what} is refused`,
    env,
    ...(file === undefined ? {} : { files: { [file]: "s3cret-in-a-file" } }),
    code: 2,
    says: [/ERROR {2}LOG_FILE_PATH must not be /, says],
    problems: env.API_KEY_FILE === undefined ? 1 : 2,
  };
}

export const logPathInputs: readonly Input[] = [
  goesOn("a folder", "logs", "it is a folder", {
    prepare: ({ home }) => Deno.mkdirSync(`${home.folder}/logs`),
  }),
  goesOn("below a file", "logs/sync.log", "a part of its path is a file, no folder", {
    files: { logs: "" },
  }),
  goesOn("in /proc", "/proc/sync.log", "this program is not allowed to", { ignore: onWindows }),
  goesOn("in /sys", "/sys/kernel/sync.log", "this program is not allowed to", {
    ignore: onWindows,
  }),
  goesOn("too long", "a".repeat(300), "file name too long", { ignore: onWindows }),
  goesOn("a link to nowhere", "link.log", "no such file or directory", {
    prepare: ({ home }) => Deno.symlinkSync("/nowhere/sync.log", `${home.folder}/link.log`),
    ignore: onWindows,
  }),
  goesOn("a file that is read-only", undefined, "permission denied", {
    prepare: ({ home }) => Deno.writeTextFileSync(home.logFile, "old\n", { mode: 0o400 }),
    ...WITHOUT_ROOT_POWERS,
  }),
  goesOn("in a folder that is read-only", "logs/sync.log", "permission denied", {
    prepare: ({ home }) => Deno.mkdirSync(`${home.folder}/logs`, { mode: 0o500 }),
    ...WITHOUT_ROOT_POWERS,
  }),
  goesOn("on a full disk", undefined, "file too large", ON_A_FULL_DISK),
  goesOn(
    "replaced by a file during the run",
    "logs/sync.log",
    "a part of its path is a file, no folder",
    {
      prepare: duringTheRun((folder) => {
        Deno.removeSync(folder, { recursive: true });
        Deno.writeTextFileSync(folder, "");
      }),
    },
  ),
  {
    name: "a log that is removed during the run is begun anew, folder and all",
    env: { LOG_FILE_PATH: "logs/sync.log" },
    prepare: duringTheRun((folder) => Deno.removeSync(folder, { recursive: true })),
    code: 0,
    says: /Done in/,
    afterwards: ({ home }, { stderr }) => {
      assert.doesNotMatch(stderr, /WARN/);
      assert.match(Deno.readTextFileSync(`${home.folder}/logs/sync.log`), /Done in/);
    },
  },
  ...["/dev/full", "/dev/null", "/dev/stdout"].map((path): Input => ({
    name: `a log path that is ${path} is left alone, as the console has it all`,
    env: { LOG_FILE_PATH: path },
    ignore: onWindows,
    code: 0,
    says: /Done in/,
    afterwards: (_place, { stderr }) => assert.doesNotMatch(stderr, /WARN/),
  })),
  refused("the env file", { LOG_FILE_PATH: ".env" }, /be the env file/),
  refused(
    "the file of a secret",
    { LOG_FILE_PATH: "./key.txt", API_KEY_FILE: "key.txt" },
    /be the file of API_KEY_FILE/,
    "key.txt",
  ),
];
