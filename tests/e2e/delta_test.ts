import assert from "node:assert/strict";
import { type Asset, type Person, startEmulator, type World } from "../emulator/mod.ts";
import { createLibrary, FAST, NO_SCAN } from "../support/delta_library.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";

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

for (
  const [reason, change] of Object.entries(
    {
      "somebody was recognised": (world, asset, anna) => world.addFace({ asset, person: anna }),
      "it was archived": (_, asset) => asset.visibility = "archive",
      "it was hidden": (_, asset) => asset.visibility = "hidden",
      "it is a video": (_, asset) => asset.type = "VIDEO",
    } satisfies Record<string, (world: World, asset: Asset, anna: Person) => unknown>,
  )
) {
  Deno.test(`an asset leaves the album because ${reason}, also where a sample does not hold all that is odd`, async () => {
    const { world, alice, anna, album, things, keyWith } = createLibrary();
    for (let number = 0; number < 1000; number++) {
      const asset = world.addAsset({ owner: alice });
      world.addFace({ asset });
      album.assets.add(asset);
    }
    const [asset] = things;
    assert.ok(asset);
    change(world, asset, anna);
    await using emulator = await startEmulator({ version: "3.2.0", world });
    using home = createHome(emulator, keyWith(FAST), { ...NO_SCAN, ASSET_TYPES: "image" });
    const { summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([summary.strategy, summary.added, summary.removed], ["delta", 0, 1]);
    assert.ok(!album.assets.has(asset));
    assert.equal(summary.unassignedFaces, 1000);
  });
}

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

Deno.test("somebody else's hidden asset in the album is counted, also when nothing else is odd", async () => {
  for (const permissions of [FAST, FAST.slice(0, -1)]) {
    const { world, album, keyWith } = createLibrary();
    const bob = world.addUser({ name: "Bob" });
    album.assets.add(world.addAsset({ owner: bob, visibility: "hidden" }));
    await using emulator = await startEmulator({ version: "3.2.0", world });
    using home = createHome(emulator, keyWith(permissions), NO_SCAN);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.strategy], [0, permissions === FAST ? "delta" : "scan"]);
    assert.deepEqual([summary.assets.inAlbum, summary.assets.foreign], [31, 1]);
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
