import assert from "node:assert/strict";
import type { Blow } from "../faults/blow.ts";
import { BROKEN_LINES } from "../faults/broken_lines.ts";
import { CHANGES } from "../faults/changes.ts";
import { LIES } from "../faults/lies.ts";
import { Matrix } from "../faults/matrix.ts";
import { SCENARIOS, VERSIONS } from "../faults/scenarios.ts";
import { WRONG_ANSWERS } from "../faults/wrong_answers.ts";
import { WRONG_TLS } from "../faults/wrong_tls.ts";

// Every fault at every request of a run: see injection.ts for what is judged.

const BLOWS: readonly Blow[] = [
  ...BROKEN_LINES,
  ...WRONG_TLS,
  ...WRONG_ANSWERS,
  ...LIES,
  ...CHANGES,
];

const lockFolder = Deno.makeTempDirSync();
const matrix = new Matrix(SCENARIOS, lockFolder, 32);

const rows = VERSIONS.flatMap((version) =>
  BLOWS.filter(({ versions = VERSIONS }) => versions.includes(version))
    .map((blow) => ({ version, blow }))
);
/** Rows that are begun before it is their turn, so that nobody waits for pauses only. */
const AHEAD = 12;
const begun: ReturnType<Matrix["row"]>[] = [];

/** Never rejects before it is awaited: what went wrong is told by the test of the row. */
function begin(index: number): void {
  const row = rows[index];
  if (row === undefined || begun[index] !== undefined) return;
  const result = matrix.row(row.version, row.blow);
  result.catch(() => {});
  begun[index] = result;
}

for (const [index, { version, blow }] of rows.entries()) {
  Deno.test({
    name: `${blow.name}: the album is never harmed on Immich ${version}`,
    // The rows ahead have their servers open.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      for (let ahead = 0; ahead <= AHEAD; ahead++) begin(index + ahead);
      const result = await begun[index];
      assert.ok(result !== undefined && result.injections > 0, "struck nothing");
      assert.deepEqual(result.problems, []);
    },
  });
}

Deno.test("the fault matrix is complete, and nothing was added or removed wrongly", async (t) => {
  Deno.removeSync(lockFolder, { recursive: true });
  const { injections, requestsStruck, wrongAdditions, wrongRemovals, notHealed } = matrix.totals;
  // The name of a step is printed even where the output of tests is not.
  await t.step(
    `fault matrix: ${VERSIONS.length} generations, ${BLOWS.length} kinds of faults, ` +
      `${injections} faults injected (${requestsStruck} requests struck), ` +
      `${wrongRemovals} wrong removals, ${wrongAdditions} wrong additions, ` +
      `${notHealed} albums not completed by the next run`,
    () => assert.deepEqual([wrongRemovals, wrongAdditions, notHealed], [0, 0, 0]),
  );
});
