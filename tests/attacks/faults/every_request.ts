import assert from "node:assert/strict";
import { portsFrom } from "../../emulator/mod.ts";
import type { Blow } from "./blow.ts";
import { ONE_OF } from "../share.ts";
import { BROKEN_LINES } from "./broken_lines.ts";
import { CHANGES } from "./changes.ts";
import { LIES } from "./lies.ts";
import { Matrix } from "./matrix.ts";
import { SCENARIOS } from "./scenarios.ts";
import { WRONG_ANSWERS } from "./wrong_answers.ts";
import { WRONG_TLS } from "./wrong_tls.ts";
import { VERSIONS } from "../../emulator/versions.ts";

const BLOWS: readonly Blow[] = [
  ...BROKEN_LINES,
  ...WRONG_TLS,
  ...WRONG_ANSWERS,
  ...LIES,
  ...CHANGES,
];

/** Injections at once: most of their time is the pauses before retries. */
const AT_ONCE = 32;
/** Rows that are begun before it is their turn, so that nobody waits for pauses only. */
const AHEAD = 12;
const PORTS = 5400;

/**
 * Tests of every fault at every request of a run against one version: injection.ts has what is
 * judged. Its servers have `PORTS` ports from `firstPort` on. `part` 0 and 1 of 2 have half of the
 * faults each, to run at the same time.
 */
export function testEveryRequest(
  version: string,
  firstPort: number,
  { part, of }: { readonly part: number; readonly of: number } = { part: 0, of: 1 },
): void {
  const lockFolder = Deno.makeTempDirSync();
  const ports = portsFrom(firstPort, PORTS);
  const matrix = new Matrix(SCENARIOS, { lockFolder, ports, atOnce: AT_ONCE });
  const blows = BLOWS.filter(({ versions = VERSIONS }) => versions.includes(version))
    .filter((_, index) => index % of === part);
  const begun: ReturnType<Matrix["row"]>[] = [];

  /** Never rejects before it is awaited: what went wrong is told by the test of the row. */
  const begin = (index: number) => {
    const blow = blows[index];
    if (blow === undefined || begun[index] !== undefined) return;
    const result = matrix.row(version, blow);
    result.catch(() => {});
    begun[index] = result;
  };

  for (const [index, blow] of blows.entries()) {
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
      `fault matrix, Immich ${version}: ${blows.length} kinds of faults, ` +
        `${injections} faults injected${ONE_OF > 1 ? `, one in ${ONE_OF} of all` : ""} ` +
        `(${requestsStruck} requests struck), ` +
        `${wrongRemovals} wrong removals, ${wrongAdditions} wrong additions, ` +
        `${notHealed} albums not completed by the next run`,
      () => assert.deepEqual([wrongRemovals, wrongAdditions, notHealed], [0, 0, 0]),
    );
  });
}
