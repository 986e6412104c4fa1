import assert from "node:assert/strict";
import { startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { createSmallLibrary } from "../support/small_library.ts";
import { runProgram } from "../support/program.ts";

/** A shell that gets the program and its arguments, and leads its output there. */
const into = (where: string) => ["bash", "-c", `set -o pipefail; "$0" "$@" ${where}`];

const OUTPUTS: readonly (readonly string[])[] = [
  ["--version"],
  ["--help"],
  ["schedule", "cron", "--env-file", ".env"],
  ["schedule", "cron", "--env-file", ".env", "--json"],
  ["check"],
  ["check", "--json"],
  ["sync"],
  ["sync", "--json"],
];

for (const args of OUTPUTS) {
  Deno.test({
    name: `${args.join(" ")} > /dev/full says that the output is lost, and is no success`,
    ignore: Deno.build.os !== "linux",
    fn: async () => {
      const { world, key } = createSmallLibrary();
      await using emulator = await startEmulator({ version: "3.1.0", world });
      using home = createHome(emulator, key);
      const options = { args, cwd: home.folder };
      const { code, stderr } = await runProgram({ ...options, launcher: into(">/dev/full") });
      assert.equal(code, 1);
      assert.equal(stderr.match(/Cannot write to standard output: no space left/g)?.length, 1);
      const isSync = args[0] === "sync";
      assert.equal(emulator.writes().length > 0, isSync, "the run goes on all the same");
      // When nobody looks any more that is no failure.
      const cut = await runProgram({ ...options, launcher: into("| true") });
      assert.doesNotMatch(cut.stderr, /Cannot write/);
      assert.equal(cut.code, 0);
    },
  });
}
