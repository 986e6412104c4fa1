import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { outcomeOf, runForSummary, runProgram, startProgram } from "../support/program.ts";

/** An album in which `things` are missing, and from which as many portraits are to be removed. */
function createLibrary(things: number, portraits = 0) {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const missing = Array.from({ length: things }, () => world.addAsset({ owner: alice }));
  const unfit = Array.from({ length: portraits }, () => world.addAsset({ owner: alice }));
  for (const asset of unfit) world.addFace({ asset, person: anna });
  const album = world.addAlbum({ owner: alice, name: "Faceless", assets: unfit });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  return { world, album, missing, unfit, key };
}

/** The ids of a request, in their order. */
function idsIn(body: unknown): string[] {
  const ids = body !== null && typeof body === "object" && "ids" in body ? body.ids : undefined;
  return Array.isArray(ids) ? ids.map(String) : [];
}

Deno.test("all is added before anything is removed", async () => {
  const { world, key } = createLibrary(3, 3);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const { code } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 0);
  assert.deepEqual(emulator.writes().map(({ method }) => method), ["PUT", "DELETE"]);
});

Deno.test("nothing is removed when adding failed", async () => {
  const { world, album, key } = createLibrary(3, 3);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "status", status: 503 } });
  using home = createHome(emulator, key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.added, summary.removed], [1, 0, 0]);
  assert.equal(album.assets.size, 3);
});

Deno.test("SIGTERM during the last request is exit 143, and what that request did is told", async () => {
  const { world, album, key } = createLibrary(3);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const process = startProgram({ cwd: home.folder, args: ["--json"] });
  const run = () => process.kill("SIGTERM");
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "before", run } });
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "delay", ms: 500 } });
  const { code, stdout } = await outcomeOf(process);
  const summary = JSON.parse(stdout);
  assert.deepEqual([code, summary.error.name, summary.added], [143, "Interrupted", 3]);
  assert.equal(album.assets.size, 3);
});

Deno.test("an asset that is not in the album any more counts as removed", async () => {
  const { world, album, unfit, key } = createLibrary(0, 3);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const [first] = unfit;
  assert.ok(first);
  const run = () => void album.assets.delete(first);
  emulator.faults.add({ match: { method: "DELETE" }, fault: { kind: "before", run } });
  using home = createHome(emulator, key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.removed, summary.failed], [0, 3, []]);
});

Deno.test("an asset that has got into the album meanwhile counts as added", async () => {
  const { world, album, missing, key } = createLibrary(3);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const [first] = missing;
  assert.ok(first);
  const run = () => void album.assets.add(first);
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "before", run } });
  using home = createHome(emulator, key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.added, summary.failed], [0, 3, []]);
});

Deno.test("results are matched by id, in whatever order they come", async () => {
  const { world, missing, key } = createLibrary(3);
  const [first] = missing;
  assert.ok(first);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  emulator.faults.add({
    match: { method: "PUT" },
    fault: {
      kind: "mutate",
      change: (_, { body }) =>
        idsIn(body).reverse().map((id) =>
          id === first.id ? { id, success: false, error: "no_permission" } : { id, success: true }
        ),
    },
  });
  using home = createHome(emulator, key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.added], [3, 2]);
  assert.deepEqual(summary.failed, [{ id: first.id, action: "add", error: "no_permission" }]);
});

Deno.test("an asset of which the server tells nothing is told as one that failed", async () => {
  const { world, missing, key } = createLibrary(3);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const [first] = missing;
  assert.ok(first);
  const change = (results: unknown) =>
    Array.isArray(results) ? results.filter(({ id }) => id !== first.id) : results;
  emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "mutate", change } });
  using home = createHome(emulator, key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.added], [3, 2]);
  assert.deepEqual(summary.failed, [{ id: first.id, action: "add", error: "no_answer" }]);
});

Deno.test("an album that came up meanwhile is looked for before one is created, and left as it is", async () => {
  const { world, album, key } = createLibrary(3, 3);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  emulator.faults.add({
    match: { method: "GET", path: /albums$/ },
    times: 1,
    fault: { kind: "json", body: [] },
  });
  using home = createHome(emulator, key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 1);
  assert.ok(summary.error?.message.includes(album.id), summary.error?.message);
  assert.deepEqual(emulator.writes(), []);
});

Deno.test("SYNC_MODE=remove-only creates no album: there is nothing to do, and that is said", async () => {
  const { world, album, key } = createLibrary(3);
  world.removeAlbum(album);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key, { SYNC_MODE: "remove-only" });
  const { code, stdout } = await runProgram({ cwd: home.folder });
  assert.equal(code, 0);
  assert.match(stdout, /Nothing to do: SYNC_MODE=remove-only creates no album/);
  assert.equal(world.albums.size, 0);
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([summary.status, summary.album.id, summary.album.created], ["ok", null, false]);
});

Deno.test("what a proxy finds too large is sent in smaller pieces", async () => {
  const { world, album, missing, key } = createLibrary(50, 20);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const where = ({ body }: { body: unknown }) => idsIn(body).length > 8;
  const fault = { kind: "status", status: 413, body: "<html></html>" } as const;
  emulator.faults.add({ match: { method: "PUT", where }, fault });
  emulator.faults.add({ match: { method: "DELETE", where }, fault });
  using home = createHome(emulator, key, { MAX_REMOVE_PERCENT: "100" });
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.added, summary.removed], [0, 50, 20]);
  assert.deepEqual(new Set(album.assets), new Set(missing));
  assert.ok(emulator.writes().length <= 17, "not halved, but sent in pieces as small as can be");
});

Deno.test("what only a proxy answers is told as the proxy's, with its status and what to set", async () => {
  const cases: [number, RegExp][] = [
    [411, /chunked/],
    [413, /client_max_body_size/],
    [414, /longer addresses/],
    [431, /IMMICH_HEADERS/],
  ];
  for (const [status, hint] of cases) {
    const { world, key } = createLibrary(3);
    await using emulator = await startEmulator({ version: "3.1.0", world });
    emulator.faults.add({ match: { method: "PUT" }, fault: { kind: "status", status } });
    using home = createHome(emulator, key);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 1);
    assert.match(summary.error?.message ?? "", new RegExp(`proxy in front of Immich.*${status}`));
    assert.match(summary.error?.hint ?? "", hint);
    assert.doesNotMatch(summary.error?.hint ?? "", /deleted during the run/);
  }
});
