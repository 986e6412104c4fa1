import assert from "node:assert/strict";
import { type Outcome, runProgram } from "../support/program.ts";

/** A folder with no configuration, so that nothing else goes on. */
async function runInEmptyFolder(...args: readonly string[]): Promise<Outcome> {
  const cwd = Deno.makeTempDirSync();
  try {
    return await runProgram({ args, cwd });
  } finally {
    Deno.removeSync(cwd, { recursive: true });
  }
}

/** Of each command: right usage that fails all the same, wrong usage, and where its error stands. */
const COMMANDS = [
  ["sync", ["sync"], ["sync", "--bogus"], "error"],
  ["sync", [], ["--every", "often"], "error"],
  ["check", ["check"], ["check", "--bogus"], "checks"],
  ["init", ["init"], ["init", "--env-file", "a.env", "--env-file", "b.env"], "error"],
  ["missed", ["missed"], ["missed", "--limit", "0"], "error"],
  ["schedule", ["schedule", "cron"], ["schedule"], "error"],
] as const;

for (const [command, right, wrong, place] of COMMANDS) {
  Deno.test(`with --json, wrong usage of ${command} is told in its own document: ${wrong.join(" ")}`, async () => {
    const usual = JSON.parse((await runInEmptyFolder(...right, "--json")).stdout);
    const { code, stdout, stderr } = await runInEmptyFolder(...wrong, "--json");
    assert.equal(code, 2);
    const document = JSON.parse(stdout);
    assert.deepEqual(Object.keys(document), Object.keys(usual));
    assert.equal(document.exitCode, usual.exitCode);
    const [told] = [document[place]].flat();
    assert.deepEqual(Object.keys(told), Object.keys([usual[place]].flat()[0]));
    const help = command === "sync" ? "--help" : `${command} --help`;
    assert.equal(told.hint, `See immich-faceless-sync ${help}.`);
    assert.equal(stderr, `${told.message}\n${told.hint}\n`);
    assert.equal((await runInEmptyFolder(...wrong)).stdout, "");
  });
}

Deno.test("wrong usage before a command is known is told in the summary of sync", async () => {
  for (const args of [["--dry-run", "--bogus"], ["--dry-run", "snyc"], ["--log-level", "loud"]]) {
    const { code, stdout } = await runInEmptyFolder(...args, "--json");
    assert.equal(code, 2);
    const { status, exitCode, dryRun, error } = JSON.parse(stdout);
    assert.deepEqual([status, exitCode, error.name], ["failed", 2, "UsageError"]);
    assert.equal(dryRun, args.includes("--dry-run"));
  }
});

Deno.test("a wrong option of every command is told in the document of the one it came with", async () => {
  for (const args of [["check", "--log-level", "loud"], ["--log-level", "loud", "check"]]) {
    const { code, stdout } = await runInEmptyFolder(...args, "--json");
    assert.equal(code, 2);
    assert.deepEqual(Object.keys(JSON.parse(stdout)), ["exitCode", "checks", "settings"]);
  }
});
