import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator, VERSIONS } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { createSmallLibrary } from "../support/small_library.ts";
import { runForSummary, runProgram } from "../support/program.ts";

for (const version of VERSIONS) {
  Deno.test(`an album lives on Immich ${version}: created, filled, unchanged, shrunk, grown`, async () => {
    const world = createWorld();
    const alice = world.addUser({ name: "Alice" });
    const bob = world.addUser({ name: "Bob" });
    const anna = world.addPerson({ owner: alice, name: "Anna" });
    const assets = Array.from({ length: 20 }, () => world.addAsset({ owner: alice }));
    const portraits = assets.slice(0, 5);
    for (const asset of portraits) world.addFace({ asset, person: anna });
    const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
    await using emulator = await startEmulator({ version, world });
    using home = createHome(emulator, key);
    const sync = () => runForSummary({ cwd: home.folder });

    const created = await sync();
    assert.equal(created.code, 0, created.stderr);
    assert.equal(created.summary.status, "ok");
    assert.deepEqual(created.summary.server, { url: emulator.url, version });
    assert.equal(created.summary.album.created, true);
    assert.deepEqual([created.summary.added, created.summary.removed], [15, 0]);
    const [album] = world.albums.values();
    assert.ok(album);
    assert.equal(album.name, "Faceless");
    assert.equal(created.summary.album.id, album.id);
    const members = () => new Set([...album.assets].map(({ id }) => id));
    assert.deepEqual(members(), new Set(assets.slice(5).map(({ id }) => id)));

    emulator.clearRequests();
    const unchanged = await sync();
    assert.equal(unchanged.code, 0);
    assert.deepEqual([unchanged.summary.added, unchanged.summary.removed], [0, 0]);
    assert.deepEqual(unchanged.summary.assets, {
      read: 20,
      matching: 15,
      inAlbum: 15,
      foreign: 0,
      heldBack: 0,
    });
    assert.deepEqual(emulator.writes(), []);

    // Somebody is recognised on one, somebody's face is taken from another; Bob adds one of his.
    const bobs = world.addAsset({ owner: bob });
    world.addFace({ asset: bobs, person: world.addPerson({ owner: bob, name: "Friend" }) });
    album.users.set(bob, "editor");
    album.assets.add(bobs);
    const [recognised] = assets.slice(5);
    const [forgotten] = portraits;
    assert.ok(recognised && forgotten);
    world.addFace({ asset: recognised, person: anna });
    world.removeFaces(forgotten);
    const changed = await sync();
    assert.equal(changed.code, 0);
    assert.deepEqual([changed.summary.added, changed.summary.removed], [1, 1]);
    assert.equal(changed.summary.assets.foreign, 1);
    const expected = new Set(assets.slice(6).map(({ id }) => id)).add(forgotten.id).add(bobs.id);
    assert.deepEqual(members(), expected);
  });
}

Deno.test("a run without changes says so in at most 8 lines and no warning", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  await runProgram({ cwd: home.folder });
  const { code, stdout, stderr } = await runProgram({ cwd: home.folder });
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.ok(stdout.trimEnd().split("\n").length <= 8, stdout);
  assert.match(stdout, /Nothing to change/);
  assert.ok(home.readLog().endsWith(stdout), "the file has the same lines");
});

Deno.test("a dry run says what would be done and sends nothing that changes the server", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const { code, summary } = await runForSummary({ cwd: home.folder, args: ["--dry-run"] });
  assert.equal(code, 0);
  assert.deepEqual(
    [summary.dryRun, summary.added, summary.removed, summary.album.id, summary.album.created],
    [true, 1, 0, null, false],
  );
  assert.deepEqual(emulator.writes(), []);
});
