import assert from "node:assert/strict";
import { parseArguments, VERBS } from "../../src/cli.ts";
import { environmentNames } from "../../src/config/variables.ts";
import { runProgram } from "../support/program.ts";
import { onTerminal, testOnTerminal } from "../support/terminal.ts";

/** Where the launcher of a terminal finds its python3. */
const PATH = { PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin" };

async function help(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runProgram({ args: [...args, "--help"] });
  assert.equal(code, 0, stderr);
  assert.equal(stderr, "");
  return stdout;
}

Deno.test("--help shows examples before anything else, then commands, options, variables, exit codes", async () => {
  const headings = (await help()).split("\n").filter((line) => /^\S.*:$/.test(line));
  assert.deepEqual(headings, [
    "Examples:",
    "Commands:",
    "Options for sync:",
    "Options for every command:",
    "Environment variables, or lines of .env:",
    "Where they are read from:",
    "Exit codes:",
  ]);
});

Deno.test("--help names every variable of the configuration and every exit code", async () => {
  const text = await help();
  for (const name of environmentNames) assert.match(text, new RegExp(`\\b${name}\\b`));
  for (const code of ["0", "1", "2", "3", "4", "5", "130", "143"]) {
    assert.match(text, new RegExp(`^ {2}${code} {2,}\\w`, "m"));
  }
});

Deno.test("every command that --help names has a --help of its own, with examples and its options", async () => {
  const text = await help();
  const commands = [
    ...(/^Commands:\n((?: .*\n)+)/m.exec(text)?.[1] ?? "").matchAll(/^ {2}(\w\S*)/gm),
  ];
  assert.ok(commands.length >= 2);
  for (const [, command = ""] of commands) {
    const own = await help(command);
    assert.match(own, new RegExp(`^Usage: immich-faceless-sync ${command} `, "m"));
    assert.match(own, /^Examples:\n {2}immich-faceless-sync/m);
    assert.match(own, /--env-file <file>/);
    assertFits(own);
  }
});

Deno.test("every example of the help is a command line that the program understands", async () => {
  const commands = ["", "sync", "check", "init", "missed", "schedule"];
  for (const command of commands) {
    const text = await help(...command === "" ? [] : [command]);
    const lines = [...text.matchAll(/^ {2}immich-faceless-sync(| .*?)(?: {2,}.*)?$/gm)];
    assert.ok(lines.length > 0, text);
    for (const [line, args = ""] of lines) {
      const words = args.replace(/ (?:\||>>?) ?.*/, "").split(" ").filter((word) => word !== "");
      const request = await parseArguments(words);
      assert.ok(!["wrong", "print"].includes(request.command), line);
    }
  }
});

Deno.test("the help names the commands that take more than one --env-file", async () => {
  const [, named = ""] = /one run per file \(([^)]*)\)/.exec((await help()).replace(/\s+/g, " ")) ??
    [];
  const several = ["--env-file", "a.env", "--env-file", "b.env"];
  for (const command of Object.keys(VERBS)) {
    const args = command === "schedule" ? ["cron", ...several] : several;
    const { command: understood } = await parseArguments([command, ...args]);
    assert.equal(understood !== "wrong", named.split(", ").includes(command), command);
  }
});

Deno.test("no line of the help is longer than a terminal is wide", async () => {
  assertFits(await help());
});

Deno.test("the help has no colours where there is no terminal", async () => {
  assert.ok(!(await help()).includes("\x1b"));
});

testOnTerminal("on a terminal the headings are bold, and nothing is with NO_COLOR", async () => {
  const shown = async (env: Record<string, string>) =>
    (await runProgram({ args: ["--help"], env: { ...PATH, ...env }, launcher: onTerminal() }))
      .stdout;
  assert.ok((await shown({})).includes("\x1b[1mExamples:\x1b[22m"));
  // Deno's own progress while it loads the source moves the cursor, but colours nothing.
  // deno-lint-ignore no-control-regex
  assert.ok(!/\x1b\[[\d;]*m/.test(await shown({ NO_COLOR: "1" })));
});

Deno.test("a misspelt command or option is answered with the one that was meant", async () => {
  const cases: readonly (readonly [args: readonly string[], meant: string])[] = [
    [["snyc"], "sync"],
    [["chekc"], "check"],
    [["--dyr-run"], "--dry-run"],
    [["sync", "--forse"], "--force"],
    [["schedule", "cron", "--jsno"], "--json"],
  ];
  for (const [args, meant] of cases) {
    const { code, stderr } = await runProgram({ args });
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`\\(Did you mean ${meant}\\?\\)`));
  }
});

Deno.test("what stands where nothing is expected is not repeated, since it may be a key", async () => {
  const { code, stderr } = await runProgram({ args: ["schedule", "cron", "s3cr3t: key"] });
  assert.equal(code, 2);
  assert.match(stderr, /^too many arguments for 'schedule'\. Expected 1 argument but got 2\.\n/);
  assert.ok(!stderr.includes("s3cr3t"));
});

function assertFits(text: string): void {
  for (const line of text.split("\n")) {
    // A command to copy stays in one piece.
    if (!/^ {2}immich-faceless-sync /.test(line)) assert.ok(line.length <= 80, line);
  }
}
