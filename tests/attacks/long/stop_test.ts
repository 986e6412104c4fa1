import assert from "node:assert/strict";
import { outcomeOf } from "../../support/program.ts";
import type { Summary } from "../../../src/sync/summary.ts";
import { boundariesOf, type Boundary, withBoundary } from "./boundaries.ts";
import { membersOf, ownAlbums } from "./library.ts";
import { beginLife, type Life, type LifeOptions, requestsOfRun } from "./life.ts";
import { someOf } from "../share.ts";
import { inPool } from "../../support/pool.ts";
import { print } from "./print.ts";

const POOL = 4;
const SIGNALS = [["SIGINT", 130], ["SIGTERM", 143]] as const;
type Stop = (typeof SIGNALS)[number];

let stops = 0;

const LIVES: readonly [string, LifeOptions["sizes"]][] = [
  ["fills its album", { toAdd: 3100, toRemove: 30, album: true }],
  ["creates its album", { toAdd: 40, toRemove: 0, album: false }],
];

for (const stop of SIGNALS) {
  const [signal, code] = stop;
  for (const [doing, sizes] of LIVES) {
    Deno.test(`${signal} before or after any request of a run that ${doing} is exit ${code} with a summary of what was really done`, async () => {
      const options = { version: "3.1.0", sizes };
      const boundaries = someOf(boundariesOf(await requestsOfRun(options)));
      await inPool(POOL, boundaries, (boundary) =>
        withBoundary(boundary, async () => {
          await using life = await beginLife(options);
          assertTrue(await stopAt(life, boundary, stop), life);
          life.assertOnTheWay();
          await life.assertCompleted();
        }));
    });
  }
}

for (const stop of SIGNALS) {
  Deno.test(`${stop[0]} while a write fails tells what was really done and sends nothing again`, async () => {
    const options = { version: "3.1.0", sizes: { toAdd: 3100, toRemove: 30, album: true } };
    const writes = boundariesOf(await requestsOfRun(options))
      .filter(({ name, side }) => /^(?:PUT|DELETE)/.test(name) && side === "before");
    assert.equal(writes.length, 3);
    await inPool(POOL, writes, (boundary) =>
      withBoundary(boundary, async () => {
        await using life = await beginLife(options);
        life.emulator.faults.add({
          match: { nth: boundary.nth },
          fault: { kind: "status", status: 503 },
        });
        // The signal comes first: nobody waits for the retry.
        assertTrue(await stopAt(life, boundary, stop), life);
        assert.equal(life.emulator.requests.length, boundary.nth);
        await life.assertCompleted();
      }));
  });
}

/** Ends the run by a signal, and lets the server go on only when the run has heard it. */
async function stopAt(
  life: Life,
  { nth, side }: Boundary,
  [signal, code]: Stop,
): Promise<Summary> {
  const process = life.start();
  const run = () => {
    process.kill(signal);
    waitUntilHeard(life, signal);
  };
  life.emulator.faults.add({ match: { nth }, fault: { kind: side, run } });
  const outcome = await outcomeOf(process);
  assert.equal(outcome.code, code, outcome.stderr);
  stops++;
  const summary: Summary = JSON.parse(outcome.stdout);
  assert.equal(summary.exitCode, outcome.code);
  assert.equal(summary.error?.name, "Interrupted");
  return summary;
}

/** Blocks this thread, the server with it: the log says when the run has taken notice. */
function waitUntilHeard({ home }: Life, signal: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const until = performance.now() + 10_000;
  while (!home.readLog().includes(`${signal} received`)) {
    assert.ok(performance.now() < until, "the run does not hear the signal");
    Atomics.wait(pause, 0, 0, 2);
  }
}

function assertTrue(summary: Summary, { library }: Life): void {
  assert.equal(summary.status, "failed");
  assert.deepEqual(summary.failed, []);
  const { before } = library;
  const members = membersOf(library);
  const added = [...members].filter((asset) => !before.has(asset)).length;
  const removed = [...before].filter((asset) => !members.has(asset)).length;
  assert.deepEqual([summary.added, summary.removed], [added, removed]);
  const [album] = ownAlbums(library);
  assert.equal(summary.album.created, album !== undefined && before.size === 0);
  if (summary.album.id !== null) assert.equal(summary.album.id, album?.id);
}

Deno.test("every stop told the truth", async () => {
  await print(`stop matrix: ${stops} stops by SIGINT and SIGTERM, each with a true summary`);
  assert.ok(stops > 0);
});
