/** Options and commands that do not exist, or not like this. */

import assert from "node:assert/strict";
import type { Input } from "./attempt.ts";

/** A key in the wrong place; it is configured as well, so that no way may show it. */
const KEY = "k3y-t0-the-ph0t0s-0123456789abcdef";

const WRONG: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [["--dry-rum"], /^unknown option '--dry-rum'$/],
  [["--dryrun"], /\(Did you mean --dry-run\?\)/],
  [["snyc"], /\(Did you mean sync\?\)/],
  [["photos"], /^unknown command 'photos'$/],
  [["sync", "extra"], /^unknown command 'extra'$/],
  [["sync", "sync"], /^unknown command 'sync'$/],
  [[""], /^unknown command ''$/],
  [["-x"], /^unknown option '-x'$/],
  [["--no-dry-run"], /^unknown option '--no-dry-run'$/],
  [["--dry-run=1"], /^unknown option '--dry-run=…'$/],
  [["--force=yes"], /^unknown option '--force=…'$/],
  [["--env-file"], /^option '--env-file <file>' argument missing$/],
  [["--report"], /^option '--report <file>' argument missing$/],
  [["sync", "--log-level"], /^option '--log-level <level>' argument missing$/],
  [["--log-level", "loud"], /'loud' is invalid\. Allowed choices are debug, info, warn, error\./],
  [["--log-level", ""], /'' is invalid\. Allowed choices are debug, info, warn, error\./],
  [["--album", "Faceless"], /^unknown option '--album'$/],
  [["\x1b[31mred\x07"], /^unknown command '\\x1b\[31mred\\x07'$/],
];

const SECRET: readonly (readonly string[])[] = [
  [`--api-key=${KEY}`],
  ["--api-key", KEY],
  [KEY],
  ["sync", KEY],
  [`API_KEY=${KEY}`],
];

export const commandLineInputs: readonly Input[] = [
  ...WRONG.map(([args, says]): Input => ({
    name: `${args.map((arg) => JSON.stringify(arg)).join(" ")} is wrong usage`,
    args,
    code: 2,
    says,
    problems: args.some((arg) => /dry-?ru[nm]|snyc/.test(arg)) ? 2 : 1, // one says what was meant
  })),
  ...SECRET.map((args): Input => ({
    name: `a key on the command line (${args.join(" ").replace(KEY, "KEY")}) is not repeated`,
    args,
    code: 2,
    says: /^unknown (option|command)/,
    afterwards: (_place, { stdout, stderr }) => assert.ok(!(stdout + stderr).includes("k3y")),
  })),
  {
    name: "help for a command that does not exist is wrong usage",
    args: ["help", "snyc"],
    code: 2,
    says: /^unknown command 'help'$/,
  },
  {
    name: "options may come before and after the command, the last of several counts",
    args: ["--log-level", "error", "sync", "--log-level", "info"],
    code: 0,
    says: /INFO/,
  },
];
