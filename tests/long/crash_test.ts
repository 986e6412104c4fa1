import assert from "node:assert/strict";
import { createWorld, type Emulator, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome, type Home } from "../e2e/home.ts";
import { outcomeOf, runForSummary, startProgram } from "../e2e/program.ts";
import { inPool } from "../pool.ts";

/** Kills at random moments, for each generation; the others are at every request. */
const RANDOM_KILLS = 25;
const VERSIONS = ["2.7.5", "3.1.0", "3.2.0"];

/** A library in which a run has everything to do: additions in two requests, removals, foreign. */
function createLibrary(version: string, withAlbum: boolean, seed: number) {
  const world = createWorld(seed);
  const alice = world.addUser({ name: "Alice" });
  const carol = world.addUser({ name: "Carol" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const things = Array.from({ length: 2050 }, () => world.addAsset({ owner: alice }));
  const portraits = Array.from({ length: 20 }, () => world.addAsset({ owner: alice }));
  for (const asset of portraits) world.addFace({ asset, person: anna });
  const foreign = world.addAsset({ owner: carol });
  const members = [...things.slice(0, 30), ...portraits.slice(0, 5), foreign];
  if (withAlbum) world.addAlbum({ owner: alice, name: "Faceless", assets: members });
  const fast = version === "3.2.0" ? ["person.read", "asset.statistics"] : [];
  const key = world.addKey({ user: alice, permissions: [...MINIMAL_PERMISSIONS, ...fast] });
  const right = new Set([...things, ...(withAlbum ? [foreign] : [])]);
  const before = new Set(withAlbum ? members : []);
  return { world, key, right, before };
}

/** When to kill: at the nth request, before or after the server has done it, or after a time. */
type Moment =
  | { readonly request: number; readonly handled: boolean }
  | { readonly afterMs: number };

/** One killed run, then a healthy one, then one that must find nothing to do. */
async function killAndRecover(version: string, moment: Moment, seed: number): Promise<boolean> {
  const { world, key, right, before } = createLibrary(version, seed % 2 === 0, seed);
  await using emulator = await startEmulator({ version, world });
  using home = createHome(emulator, key);
  const temporary = `${home.folder}/tmp`;
  Deno.mkdirSync(temporary);
  const options = { cwd: home.folder, env: { TMPDIR: temporary } };
  const process = startProgram(options);
  const kill = () => {
    try {
      process.kill("SIGKILL");
    } catch {
      // It has ended before.
    }
  };
  const timer = "afterMs" in moment ? setTimeout(kill, moment.afterMs) : undefined;
  if ("request" in moment) {
    const kind = moment.handled ? "after" : "before";
    emulator.faults.add({ match: { nth: moment.request }, fault: { kind, run: kill } });
    // So that the process is gone before an answer could reach it.
    emulator.faults.add({ match: { nth: moment.request }, fault: { kind: "delay", ms: 50 } });
  }
  const { code } = await outcomeOf(process);
  clearTimeout(timer);
  const albums = [...world.albums.values()];
  assert.ok(albums.length <= 1, "never a second album");
  for (const asset of albums[0]?.assets ?? []) {
    assert.ok(right.has(asset) || before.has(asset), "nothing wrong was added");
  }
  for (const asset of before) {
    assert.ok(!right.has(asset) || albums[0]?.assets.has(asset), "nothing right was removed");
  }
  emulator.faults.clear();
  const healthy = await runForSummary(options);
  assert.equal(healthy.code, 0, healthy.stderr);
  assert.equal(world.albums.size, 1);
  assert.deepEqual(new Set([...world.albums.values()][0]?.assets), right);
  await assertSettled(emulator, home, options);
  return code === 137 || code === 128 + 9;
}

async function assertSettled(
  emulator: Emulator,
  home: Home,
  options: Parameters<typeof runForSummary>[0],
): Promise<void> {
  emulator.clearRequests();
  const settled = await runForSummary(options);
  assert.equal(settled.code, 0);
  assert.deepEqual(emulator.writes(), []);
  for (const line of home.readLog().trimEnd().split("\n")) {
    assert.match(line, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (DEBUG|INFO|WARN|ERROR) +\S/);
  }
  const files = [...Deno.readDirSync(home.folder)].map(({ name }) => name).sort();
  assert.deepEqual(files, [".env", "faceless_sync.log", "tmp"]);
  const temporary = [...Deno.readDirSync(`${home.folder}/tmp`)].map(({ name }) => name);
  assert.equal(temporary.length, 1);
  assert.match(temporary[0] ?? "", /^immich-faceless-sync-[0-9a-f]+\.lock$/);
}

/** How many requests a run sends that nobody disturbs, with an album (even seed) and without. */
async function countRequests(version: string, seed: number): Promise<number> {
  const { world, key } = createLibrary(version, seed % 2 === 0, seed);
  await using emulator = await startEmulator({ version, world });
  using home = createHome(emulator, key);
  assert.equal((await runForSummary({ cwd: home.folder })).code, 0);
  return emulator.requests.length;
}

for (const version of VERSIONS) {
  Deno.test(`kill -9 at any request or moment on Immich ${version}: the next run completes the album`, async () => {
    const moments: { moment: Moment; seed: number }[] = [];
    for (const seed of [2, 3]) {
      const count = await countRequests(version, seed);
      for (let request = 1; request <= count; request++) {
        for (const handled of [false, true]) moments.push({ moment: { request, handled }, seed });
      }
    }
    const atRequests = moments.length;
    for (let i = 0; i < RANDOM_KILLS; i++) {
      moments.push({ moment: { afterMs: 60 + i * 9 }, seed: 10 + i });
    }
    let kills = 0;
    await inPool(3, moments, async ({ moment, seed }) => {
      if (await killAndRecover(version, moment, seed)) kills++;
    });
    // deno-lint-ignore no-console -- the figure that the README states
    console.log(`crash matrix, Immich ${version}: ${kills} kills, 0 wrong albums`);
    assert.ok(kills >= atRequests && kills >= 67, `only ${kills} of ${moments.length} were killed`);
  });
}
