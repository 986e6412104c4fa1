import assert from "node:assert/strict";
import {
  createWorld,
  type Emulator,
  type Fault,
  type Match,
  MINIMAL_PERMISSIONS,
  startEmulator,
} from "../emulator/mod.ts";
import { createHome, type Home } from "../support/home.ts";
import { type Outcome, outcomeOf, runForSummary, startProgram } from "../support/program.ts";

/** So many assets that show nobody, and one that shows Anna: faces have been recognised. */
function createLibrary(faceless = 3) {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  for (let i = 0; i < faceless; i++) world.addAsset({ owner: alice });
  world.addFace({ asset: world.addAsset({ owner: alice }), person: anna });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  return { world, alice, key };
}

Deno.test("an album whose creation takes longer than the timeout is not created twice", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key, { IMMICH_TIMEOUT: "1s" });
  emulator.faults.add({
    match: { method: "POST", path: /albums$/ },
    fault: { kind: "delay", ms: 8000 },
  });
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 1);
  assert.equal(summary.error?.name, "TimeoutError");
  assert.equal(emulator.writes().length, 1);
  await new Promise((resolve) => setTimeout(resolve, 8000));
  assert.equal(world.albums.size, 1);
  const next = await runForSummary({ cwd: home.folder });
  assert.deepEqual([next.code, next.summary.added], [0, 3]);
  assert.equal(world.albums.size, 1);
});

Deno.test("SIGTERM in the pause before a write is tried again ends the run at once, with 143", async () => {
  const { world, alice, key } = createLibrary();
  const album = world.addAlbum({ owner: alice, name: "Faceless" });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key, { IMMICH_RETRIES: "5" });
  const process = startProgram({ cwd: home.folder, args: ["--json"] });
  let stopped = 0;
  const stopSoon = () =>
    setTimeout(() => {
      stopped = performance.now();
      process.kill("SIGTERM");
    }, 200);
  emulator.faults.add({
    match: { method: "PUT", nth: 3 },
    fault: { kind: "before", run: stopSoon },
  });
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "status", status: 503 } });
  const { code, stdout } = await outcomeOf(process);
  assert.equal(code, 143);
  assert.ok(performance.now() - stopped < 1000, "the third pause takes at least two seconds");
  assert.equal(JSON.parse(stdout).added, 0);
  assert.equal(emulator.writes().length, 3);
  assert.equal(album.assets.size, 0);
});

Deno.test("SIGTERM while a write fails is exit 143, for it is not tried again because of it", async () => {
  const { world, alice, key } = createLibrary();
  world.addAlbum({ owner: alice, name: "Faceless" });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key, { IMMICH_RETRIES: "5" });
  const process = startProgram({ cwd: home.folder, args: ["--json"] });
  const run = () => process.kill("SIGTERM");
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "before", run } });
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "delay", ms: 500 } });
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "status", status: 503 } });
  const { code, stdout, stderr } = await outcomeOf(process);
  assert.equal(code, 143);
  assert.equal(JSON.parse(stdout).error.name, "Interrupted");
  assert.match(stderr, /answered 503/);
  assert.equal(emulator.writes().length, 1);
});

/** Stops a run by a signal once it sends such a request, to which the server then does this. */
async function stopAt(
  { emulator, home, signal, match, fault }: {
    readonly emulator: Emulator;
    readonly home: Home;
    readonly signal: Deno.Signal;
    readonly match: Match;
    readonly fault: Fault;
  },
): Promise<Outcome> {
  const reached = Promise.withResolvers<void>();
  emulator.faults.add({ match, fault: { kind: "before", run: () => reached.resolve() } });
  emulator.faults.add({ match, fault });
  const process = startProgram({ cwd: home.folder, args: ["--json"] });
  await reached.promise;
  process.kill(signal);
  return await outcomeOf(process);
}

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`exit ${code} on ${signal} while listing, with a summary and nothing changed`, async () => {
    const { world, key } = createLibrary(1);
    await using emulator = await startEmulator({ version: "3.1.0", world });
    using home = createHome(emulator, key);
    const match = { path: /search/ };
    const outcome = await stopAt({ emulator, home, signal, match, fault: { kind: "hang" } });
    assert.equal(outcome.code, code);
    const summary = JSON.parse(outcome.stdout);
    assert.equal(summary.exitCode, code);
    assert.equal(summary.error.name, "Interrupted");
    assert.deepEqual(emulator.writes(), []);
  });

  Deno.test(`exit ${code} on ${signal} while adding: the chunk in flight is finished, no more is sent`, async () => {
    const { world, key } = createLibrary(7000);
    await using emulator = await startEmulator({ version: "3.1.0", world });
    using home = createHome(emulator, key);
    const match = { method: "PUT" };
    const fault = { kind: "delay", ms: 500 } as const;
    const outcome = await stopAt({ emulator, home, signal, match, fault });
    assert.equal(outcome.code, code);
    const summary = JSON.parse(outcome.stdout);
    const [album] = world.albums.values();
    assert.equal(album?.assets.size, summary.added);
    assert.ok(summary.added > 0 && summary.added < 7000);
    emulator.faults.clear();
    // More than there are in the album: no guard takes that for a reset of face recognition.
    assert.ok(7000 - summary.added > summary.added);
    const next = await runForSummary({ cwd: home.folder });
    assert.deepEqual([next.code, next.summary.added], [0, 7000 - summary.added]);
  });
}
