import assert from "node:assert/strict";
import { seededRandom } from "../../emulator/ids.ts";
import { boundariesOf, type Boundary, withBoundary } from "./boundaries.ts";
import type { LogBounds } from "./files.ts";
import { beginLife, type Life, type LifeOptions, requestsOfRun, totals } from "./life.ts";
import { ONE_OF, someOf } from "../share.ts";
import { inPool } from "../../support/pool.ts";
import { print } from "./print.ts";

const POOL = 4;
/** As often as that the program was ended by SIGKILL. */
let kills = 0;

/** Each with several chunks of at most 3,000 ids to add, one of them also to remove. */
const FILLED: Readonly<Record<string, LifeOptions["sizes"]>> = {
  "2.7.5": { toAdd: 3100, toRemove: 3050, album: true },
  "3.1.0": { toAdd: 6200, toRemove: 30, album: true },
  // By differences.
  "3.2.0": { toAdd: 3100, toRemove: 30, album: true, others: 3500 },
};

for (const [version, sizes] of Object.entries(FILLED)) {
  Deno.test(`a run killed before or after any request is completed by the next one on Immich ${version}`, async () => {
    await killAtEveryBoundary({ version, sizes });
  });

  Deno.test(`a run killed while it creates its album leaves one album, not two, on Immich ${version}`, async () => {
    await killAtEveryBoundary({ version, sizes: { toAdd: 40, toRemove: 0, album: false } });
  });
}

async function killAtEveryBoundary(options: LifeOptions): Promise<void> {
  const requests = await requestsOfRun(options);
  const asksForDifferences = requests.includes("POST /api/search/statistics");
  assert.equal(asksForDifferences, options.sizes.others !== undefined);
  const boundaries = someOf(boundariesOf(requests));
  await inPool(POOL, boundaries, (boundary) =>
    withBoundary(boundary, async () => {
      await using life = await beginLife(options);
      await killAt(life, boundary);
      life.assertOnTheWay();
      await life.assertCompleted();
    }));
}

async function killAt(life: Life, { nth, side }: Boundary): Promise<void> {
  const process = life.start();
  const { faults } = life.emulator;
  const kill = () => process.kill("SIGKILL");
  faults.add({ match: { nth }, fault: { kind: side, run: kill } });
  // Nobody is there any more; without it the request would be handled after the kill.
  faults.add({ match: { nth }, handled: side === "after", fault: { kind: "reset" } });
  const { signal } = await process.output();
  assert.equal(signal, "SIGKILL");
  kills++;
}

/** Small, so that the log is rotated several times in a run: every id stands in it at debug. */
const CHATTY: LogBounds = { format: "json", maxSize: 10_240, backups: 2 };
const RANDOM_KILLS = 16;

for (const [index, version] of Object.keys(FILLED).entries()) {
  const others = version === "3.2.0" ? { others: 500 } : {};
  Deno.test(`a run killed at any time, also while it rotates its log, is completed by the next one on Immich ${version}`, async () => {
    const random = seededRandom(index + 1);
    const options: LifeOptions = {
      version,
      sizes: { toAdd: 300, toRemove: 100, album: true, ...others },
      settings: { LOG_LEVEL: "debug" },
      log: CHATTY,
    };
    const whole = await durationOfRun(options);
    const jobs = someOf(
      Array.from({ length: RANDOM_KILLS }, (_, job) => ({ seed: random(), job })),
    );
    await inPool(POOL, jobs, async ({ seed, job }) => {
      const again = seededRandom(seed * 2 ** 32);
      for (let killed = false; !killed;) {
        await using life = await beginLife(options);
        killed = await killAtRandom(life, again() * whole, job % 4 === 0);
        life.assertOnTheWay();
        await life.assertCompleted();
      }
    });
  });
}

/** Milliseconds from the first request to the end. */
async function durationOfRun(options: LifeOptions): Promise<number> {
  await using life = await beginLife(options);
  let started = performance.now();
  life.emulator.faults.add({
    match: { nth: 1 },
    fault: { kind: "before", run: () => started = performance.now() },
  });
  await life.start().output();
  return performance.now() - started;
}

/**
 * Kills so many milliseconds after the first request, or after the start of the process.
 *
 * @returns false when the run had ended by then
 */
async function killAtRandom(life: Life, ms: number, fromStart: boolean): Promise<boolean> {
  const process = life.start();
  const timers: ReturnType<typeof setTimeout>[] = [];
  const killSoon = () => void timers.push(setTimeout(() => process.kill("SIGKILL"), ms));
  if (fromStart) killSoon();
  else life.emulator.faults.add({ match: { nth: 1 }, fault: { kind: "before", run: killSoon } });
  const { signal } = await process.output();
  for (const timer of timers) clearTimeout(timer);
  if (signal !== "SIGKILL") return false;
  kills++;
  return true;
}

Deno.test("every kill was survived, and no album was wrong", async () => {
  const { wrongAlbums, albumsLookedAt, completed } = totals;
  await print(
    `crash matrix: ${kills} kills, ${wrongAlbums} wrong albums (${albumsLookedAt} looked at), ` +
      `${completed} completed by the next run`,
  );
  assert.equal(wrongAlbums, 0);
  assert.ok(kills >= 200 / ONE_OF, `${kills} kills`);
});
