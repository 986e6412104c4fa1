import assert from "node:assert/strict";
import { formatEnvLine } from "../../../src/config/env_file.ts";
import { allVariables } from "../../../src/config/variables.ts";
import type { Summary } from "../../../src/sync/summary.ts";
import { runProgram } from "../../support/program.ts";
import { IMPOSSIBLE_VALUES } from "./impossible_values.ts";

const KEY = "key-0123456789abcdef";

Deno.test("every variable there is has impossible values to try, and no other", () => {
  assert.deepEqual(
    [...IMPOSSIBLE_VALUES.keys()].sort(),
    allVariables.map(({ name }) => name).sort(),
  );
});

Deno.test("every impossible value is refused with what is allowed, and nothing is done", async (t) => {
  // In one start, by a file each: a start of its own takes a hundred times as long as the refusal.
  const folder = Deno.makeTempDirSync({ prefix: "faceless-" });
  const cases = [...IMPOSSIBLE_VALUES].flatMap(([name, impossible]) =>
    impossible.values.map((value) => ({ name, value, ...impossible }))
  );
  const args = cases.flatMap(({ name, value, env }, index) => {
    const all = { IMMICH_URL: "http://localhost:4", API_KEY: KEY, ...env, [name]: value };
    const lines = Object.entries(all).map(([name, value]) => formatEnvLine(name, value));
    Deno.writeTextFileSync(`${folder}/${index}.env`, lines.join("\n"), { mode: 0o600 });
    return ["--env-file", `${index}.env`];
  });
  const { code, stdout, stderr } = await runProgram({ cwd: folder, args: ["--json", ...args] });
  assert.equal(code, 2, stderr);
  const { runs }: { readonly runs: readonly Summary[] } = JSON.parse(stdout);
  assert.equal(runs.length, cases.length);
  for (const [index, { name, value, allowed, secret = false }] of cases.entries()) {
    const { exitCode, error, requests } = runs[index] ?? {};
    await t.step(`${name}=${short(value)}`, () => {
      assert.deepEqual([exitCode, requests, error?.name], [2, 0, "ConfigError"]);
      assert.match(error?.message ?? "", new RegExp(`\\b${name} must ${allowed.source}`));
      assert.match(
        error?.message ?? "",
        secret ? /not shown, as it may be secret/ : /: found "/,
      );
      assert.notEqual(error?.hint, "");
    });
  }
  const lines = stderr.split("\n").filter((line) => / ERROR /.test(line));
  const problems = cases.reduce((sum, { problems = 1 }) => sum + problems, 0);
  assert.equal(lines.length, problems + cases.length, "the problems and the advice, not more");
  Deno.removeSync(folder, { recursive: true });
});

function short(value: string): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 40)}… (${value.length} characters)` : text;
}
