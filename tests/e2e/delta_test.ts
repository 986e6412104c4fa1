import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runForSummary, runProgram } from "../support/program.ts";

const FAST = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics"];

/** A first run would read everything, because nothing is known of an earlier one. */
const NO_SCAN = { SCAN_EVERY: "0" };

function createLibrary() {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const things = Array.from({ length: 30 }, () => world.addAsset({ owner: alice }));
  const portraits = Array.from({ length: 30 }, () => world.addAsset({ owner: alice }));
  for (const asset of portraits) world.addFace({ asset, person: anna });
  const album = world.addAlbum({ owner: alice, name: "Faceless", assets: things });
  const keyWith = (permissions: string[]) => world.addKey({ user: alice, permissions });
  return { world, alice, anna, things, portraits, album, keyWith };
}

Deno.test("Immich 3.2 is asked for differences only: nothing to do takes seven requests, no list", async () => {
  const { world, alice, things, portraits, keyWith } = createLibrary();
  // What lists of differences would always show: a face of nobody, and unnamed people who are not
  // listed, alone on an asset and beside Anna.
  const [first] = things;
  const [beside] = portraits;
  assert.ok(first && beside);
  world.addFace({ asset: first });
  for (const asset of [world.addAsset({ owner: alice }), beside]) {
    world.addFace({ asset, person: world.addPerson({ owner: alice, name: "" }) });
  }
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, keyWith(FAST), NO_SCAN);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 0);
  assert.equal(summary.strategy, "delta");
  assert.equal(summary.unassignedFaces, 1);
  assert.deepEqual(summary.assets, {
    read: null,
    matching: null,
    inAlbum: 30,
    foreign: 0,
    heldBack: 0,
  });
  assert.deepEqual(
    emulator.requests.map(({ path }) => path.replace(/^\/api/, "")).sort(),
    [
      "/albums",
      "/api-keys/me",
      "/people",
      "/search/random",
      "/search/random",
      "/server/version",
      "/timeline/buckets",
    ],
  );
});

Deno.test("where a sample does not hold all faces of nobody, they are counted", async () => {
  const { world, alice, album, keyWith } = createLibrary();
  for (let number = 0; number < 1000; number++) {
    const asset = world.addAsset({ owner: alice });
    world.addFace({ asset });
    album.assets.add(asset);
  }
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, keyWith(FAST), NO_SCAN);
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([summary.strategy, summary.added, summary.removed], ["delta", 0, 0]);
  assert.equal(summary.unassignedFaces, 1000);
  assert.deepEqual(
    emulator.requests.map(({ path }) => path.replace(/^\/api/, "")).sort(),
    [
      "/albums",
      "/api-keys/me",
      "/people",
      "/search/random",
      "/search/random",
      "/search/statistics",
      "/search/statistics",
      "/search/statistics",
      "/server/version",
      "/timeline/buckets",
    ],
  );
});

Deno.test("a server without samples is asked for lists", async () => {
  const { world, alice, album, things, keyWith } = createLibrary();
  await using emulator = await startEmulator({ version: "3.2.0", world });
  emulator.faults.add({ match: { path: /random/ }, fault: { kind: "status", status: 404 } });
  using home = createHome(emulator, keyWith(FAST), NO_SCAN);
  const added = world.addAsset({ owner: alice });
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.strategy, summary.added, summary.removed], [0, "delta", 1, 0]);
  assert.deepEqual(new Set(album.assets), new Set([...things, added]));
});

Deno.test("somebody who is not listed among the people is found on an asset of the album", async () => {
  const { world, alice, album, things, keyWith } = createLibrary();
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, keyWith(FAST), NO_SCAN);
  const [asset, ...others] = things;
  assert.ok(asset);
  world.addFace({ asset, person: world.addPerson({ owner: alice, name: "" }) });
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([summary.strategy, summary.added, summary.removed], ["delta", 0, 1]);
  assert.deepEqual(new Set(album.assets), new Set(others));
});

Deno.test("with more faces of nobody than a sample has, somebody unlisted is found within some runs", async () => {
  const { world, alice, album, things, keyWith } = createLibrary();
  for (let number = 0; number < 1500; number++) {
    const asset = world.addAsset({ owner: alice });
    world.addFace({ asset });
    album.assets.add(asset);
  }
  const [asset] = things;
  assert.ok(asset);
  world.addFace({ asset, person: world.addPerson({ owner: alice, name: "" }) });
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, keyWith(FAST), NO_SCAN);
  let runs = 0;
  for (; album.assets.has(asset); runs++) {
    assert.ok(runs < 20, "1,000 of 1,501 assets are in each sample");
    emulator.clearRequests();
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.strategy], [0, "delta"]);
  }
  assert.equal(album.assets.size, 1529);
});

Deno.test("differences are found and applied by delta, with few requests", async () => {
  const { world, alice, anna, things, portraits, album, keyWith } = createLibrary();
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, keyWith(FAST), NO_SCAN);
  const added = world.addAsset({ owner: alice });
  const [recognised] = things;
  const [forgotten] = portraits;
  assert.ok(recognised && forgotten);
  world.addFace({ asset: recognised, person: anna });
  world.removeFaces(forgotten);
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.equal(summary.strategy, "delta");
  assert.deepEqual([summary.added, summary.removed], [2, 1]);
  assert.deepEqual(new Set(album.assets), new Set([...things.slice(1), added, forgotten]));
});

Deno.test("a key without a permission for delta scans, and says once which one would help", async () => {
  for (const missing of ["person.read", "asset.statistics"]) {
    const { world, keyWith } = createLibrary();
    await using emulator = await startEmulator({ version: "3.2.0", world });
    const key = keyWith(FAST.filter((one) => one !== missing));
    using home = createHome(emulator, key, NO_SCAN);
    const { code, stdout, stderr } = await runProgram({ cwd: home.folder });
    assert.equal(code, 0, stderr);
    assert.equal(stdout.split(missing).length - 1, 1, stdout);
    assert.match(stdout, /much faster/);
  }
});

Deno.test("a server that says 3.2 and ignores structured searches is not believed", async () => {
  // The key may ask for differences, or not.
  for (const permissions of [FAST, MINIMAL_PERMISSIONS]) {
    const { world, alice, album, keyWith } = createLibrary();
    world.addAsset({ owner: alice });
    const before = new Set(album.assets);
    await using emulator = await startEmulator({ version: "3.1.0", world });
    emulator.faults.add({
      match: { path: /version/ },
      fault: { kind: "json", body: { major: 3, minor: 2, patch: 0 } },
    });
    using home = createHome(emulator, keyWith(permissions), NO_SCAN);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 1);
    assert.match(summary.error?.message ?? "", /ignores structured searches/);
    assert.deepEqual(new Set(album.assets), before);
  }
});

Deno.test("others' assets in the album are counted and weigh nothing at the guard, as in a scan", async () => {
  for (const permissions of [FAST, FAST.slice(0, -1)]) {
    const { world, anna, things, album, keyWith } = createLibrary();
    const bob = world.addUser({ name: "Bob" });
    for (let number = 0; number < 40; number++) album.assets.add(world.addAsset({ owner: bob }));
    for (const asset of things.slice(0, 20)) world.addFace({ asset, person: anna });
    await using emulator = await startEmulator({ version: "3.2.0", world });
    using home = createHome(emulator, keyWith(permissions), NO_SCAN);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(summary.strategy, permissions === FAST ? "delta" : "scan");
    assert.deepEqual([code, summary.guard?.name], [4, "MAX_REMOVE_PERCENT"]);
    assert.deepEqual([summary.assets.inAlbum, summary.assets.foreign], [70, 40]);
    assert.equal(album.assets.size, 70);
  }
});

Deno.test("a partner's portrait, on which 3.2 shows nobody, is not added whoever may ask for differences", async () => {
  for (const rule of ["no-people", "no-named-people", "no-faces"]) {
    const { world, alice, album, things, keyWith } = createLibrary();
    const paula = world.addUser({ name: "Paula" });
    world.addPartner({ from: paula, to: alice });
    const portrait = world.addAsset({ owner: paula });
    world.addFace({ asset: portrait, person: world.addPerson({ owner: paula, name: "Pia" }) });
    const landscape = world.addAsset({ owner: paula });
    await using emulator = await startEmulator({ version: "3.2.2", world });
    const settings = { INCLUDE_PARTNERS: "true", FACELESS_RULE: rule };
    using home = createHome(emulator, keyWith(FAST), settings);
    for (let run = 1; run <= 2; run++) {
      const { code } = await runForSummary({ cwd: home.folder });
      assert.equal(code, 0);
      assert.deepEqual(new Set(album.assets), new Set([...things, landscape]), rule);
    }
  }
});

for (
  const [version, what] of [
    ["4.0.0", "refuses the flat fields of a search"],
    ["4.1.0", "ignores the flat fields of a search"],
  ] as const
) {
  Deno.test(`an Immich ${version} that ${what} gets the right album, and is said to be untried`, async () => {
    for (const permissions of [FAST, MINIMAL_PERMISSIONS]) {
      const { world, alice, anna, things, album, keyWith } = createLibrary();
      const added = world.addAsset({ owner: alice });
      const [recognised] = things;
      assert.ok(recognised);
      world.addFace({ asset: recognised, person: anna });
      for (const visibility of ["archive", "hidden"] as const) {
        album.assets.add(world.addAsset({ owner: alice, visibility }));
      }
      world.addAsset({ owner: alice, trashed: true });
      await using emulator = await startEmulator({ version, world });
      using home = createHome(emulator, keyWith(permissions), NO_SCAN);
      const { code, stdout, stderr } = await runProgram({ cwd: home.folder });
      assert.equal(code, 0, stderr);
      assert.deepEqual(new Set(album.assets), new Set([...things.slice(1), added]));
      assert.equal((stdout + stderr).split("has not been tested").length - 1, 1);
    }
  });
}

Deno.test("the first sync of a library, a shared album and a library without people are scanned", async () => {
  const first = createLibrary();
  first.album.assets.clear();
  for (let i = 0; i < 1100; i++) first.world.addAsset({ owner: first.alice });
  const shared = createLibrary();
  shared.album.users.set(shared.world.addUser({ name: "Bob" }), "editor");
  const nobody = createLibrary();
  for (const asset of nobody.portraits) nobody.world.removeFaces(asset);
  for (const { world, keyWith } of [first, shared, nobody]) {
    await using emulator = await startEmulator({ version: "3.2.0", world });
    using home = createHome(emulator, keyWith(FAST), NO_SCAN);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 0);
    assert.equal(summary.strategy, "scan");
  }
});

Deno.test("with no-faces nothing is removed because a server that ignores the question found it", async () => {
  const { world, things, portraits, album, keyWith } = createLibrary();
  for (const portrait of portraits.slice(0, 3)) album.assets.add(portrait);
  await using emulator = await startEmulator({ version: "3.2.0", world });
  const ignore = (_: unknown, request: { body: unknown }) => {
    const { filter: { or: _or, hasPeople: _has, ...filter }, ...rest } = request.body as {
      filter: Record<string, unknown>;
    };
    request.body = { ...rest, filter };
  };
  emulator.faults.add({ match: { path: /metadata/ }, fault: { kind: "before", run: ignore } });
  using home = createHome(emulator, keyWith(FAST), {
    ...NO_SCAN,
    FACELESS_RULE: "no-faces",
    MAX_REMOVE_PERCENT: "100",
  });
  await runForSummary({ cwd: home.folder });
  for (const thing of things) assert.ok(album.assets.has(thing));
});

Deno.test("what shows only people who do not count is added by delta as by a scan", async () => {
  for (
    const settings of [
      { FACELESS_RULE: "no-named-people" },
      { FACELESS_RULE: "without", WITHOUT_PEOPLE: "Anna" },
    ]
  ) {
    const { world, alice, keyWith, album } = createLibrary();
    const added = world.addAsset({ owner: alice });
    world.addFace({ asset: added, person: world.addPerson({ owner: alice, name: "" }) });
    await using emulator = await startEmulator({ version: "3.2.0", world });
    using home = createHome(emulator, keyWith(FAST), { ...NO_SCAN, ...settings });
    const { summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([summary.strategy, summary.added, summary.removed], ["delta", 1, 0]);
    assert.ok(album.assets.has(added));
  }
});

Deno.test("a list of people that repeats its page is not believed, and everything is read", async () => {
  const { world, alice, keyWith, album } = createLibrary();
  const added = world.addAsset({ owner: alice });
  await using emulator = await startEmulator({ version: "3.2.0", world });
  const change = (body: unknown) => ({ ...Object(body), hasNextPage: true });
  emulator.faults.add({ match: { path: /people/ }, fault: { kind: "mutate", change } });
  using home = createHome(emulator, keyWith(FAST), NO_SCAN);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.strategy, summary.added], [0, "scan", 1]);
  assert.ok(album.assets.has(added));
  assert.match(home.readLog(), /list of people can't be trusted/);
});

Deno.test("a count of our assets in the album that can't be right makes it a scan, which counts them", async () => {
  // Without the user all are counted, without the album the whole timeline is.
  for (const dropped of ["userId", "albumId"]) {
    const { world, anna, things, portraits, album, keyWith } = createLibrary();
    const bob = world.addUser({ name: "Bob" });
    const bobs = Array.from({ length: 20 }, () => world.addAsset({ owner: bob }));
    for (const asset of bobs) album.assets.add(asset);
    // In doubt, since 3.2 finds a face on it.
    for (const asset of bobs.slice(0, 5)) world.addFace({ asset, person: anna });
    for (const asset of things.slice(0, 16)) world.addFace({ asset, person: anna });
    await using emulator = await startEmulator({ version: "3.2.0", world });
    emulator.faults.add({
      match: { path: /buckets/, where: ({ query }) => query.has("userId") },
      fault: { kind: "before", run: (_, { query }) => query.delete(dropped) },
    });
    using home = createHome(emulator, keyWith(FAST), NO_SCAN);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.strategy, summary.assets.foreign], [4, "scan", 20]);
    assert.equal(summary.guard?.name, "MAX_REMOVE_PERCENT");
    assert.equal(portraits.length, 30);
  }
});

Deno.test("somebody who is on archived assets only is found there, even if not among those counted", async () => {
  const { world, alice, album, keyWith } = createLibrary();
  const archived = world.addAsset({ owner: alice, visibility: "archive" });
  world.addFace({ asset: archived, person: world.addPerson({ owner: alice, name: "" }) });
  album.assets.add(archived);
  await using emulator = await startEmulator({ version: "3.2.0", world });
  const change = (body: unknown) => ({ ...Object(body), total: Object(body).people.length });
  emulator.faults.add({ match: { path: /people/ }, fault: { kind: "mutate", change } });
  using home = createHome(emulator, keyWith(FAST), { ...NO_SCAN, INCLUDE_ARCHIVED: "true" });
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([summary.strategy, summary.removed], ["delta", 1]);
  assert.ok(!album.assets.has(archived));
});

Deno.test("everything is read at least every SCAN_EVERY, and the log says why", async () => {
  const { world, keyWith } = createLibrary();
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, keyWith(FAST));
  const strategyOfRun = async () => (await runForSummary({ cwd: home.folder })).summary.strategy;
  assert.equal(await strategyOfRun(), "scan");
  assert.match(home.readLog(), /Reading all assets.*not known.*\(SCAN_EVERY\)/);
  assert.equal(await strategyOfRun(), "delta");
  setLastScan(home.logFile, Date.now() - 23 * HOUR_MS);
  assert.equal(await strategyOfRun(), "delta");
  const longAgo = setLastScan(home.logFile, Date.now() - 25 * HOUR_MS);
  // A dry run leaves nothing behind, so that the next one reads everything again.
  const dry = await runForSummary({ cwd: home.folder, args: ["--dry-run"] });
  assert.equal(dry.summary.strategy, "scan");
  assert.equal(await strategyOfRun(), "scan");
  assert.ok(home.readLog().includes(`last done at ${longAgo} (SCAN_EVERY)`));
  assert.equal(await strategyOfRun(), "delta");
  home.configure({ SCAN_EVERY: "1ms" });
  assert.equal(await strategyOfRun(), "scan");
});

const HOUR_MS = 3_600_000;

/** Makes the state file say that everything was last read then, which is returned as it says it. */
function setLastScan(logFile: string, time: number): string {
  const path = `${logFile}.state.json`;
  const text = Deno.readTextFileSync(path);
  const iso = new Date(time).toISOString();
  const changed = text.replace(/("lastScanAt": ")[^"]*/, `$1${iso}`);
  assert.notEqual(changed, text);
  Deno.writeTextFileSync(path, changed);
  return iso;
}
