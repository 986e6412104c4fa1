import assert from "node:assert/strict";
import { allVariables } from "../../../src/config/variables.ts";
import { IMPOSSIBLE, refusalOf } from "../../support/impossible_values.ts";
import { assertNoLeak, secretsOf } from "../../support/leaks.ts";
import { folderWith, load, problemsOf, required } from "./helpers.ts";

Deno.test("every variable there is has impossible values to try, and no other", () => {
  assert.deepEqual([...IMPOSSIBLE.keys()].sort(), allVariables.map(({ name }) => name).sort());
});

for (const [name, impossible] of IMPOSSIBLE) {
  Deno.test(`no impossible value of ${name} is taken, each is refused with what is allowed`, () => {
    using folder = folderWith({});
    for (const value of impossible.values) {
      const env = { ...required, ...impossible.env, [name]: value };
      const problems = problemsOf(load(env, { cwd: folder.path }));
      assert.equal(problems.length, impossible.problems ?? 1, problems.join("\n"));
      const told = problems.join("\n");
      for (const said of refusalOf(name, impossible)) assert.match(told, said);
      assertNoLeak(secretsOf({ env, cwd: folder.path }), "what is told", told);
    }
  });
}
