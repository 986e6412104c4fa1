import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";

const VERSIONS = ["2.7.5", "3.1.0", "3.2.0"];

function createUsers() {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const carol = world.addUser({ name: "Carol" });
  const mine = world.addAsset({ owner: alice });
  const hers = world.addAsset({ owner: carol });
  world.addFace({ asset: hers, person: world.addPerson({ owner: carol, name: "Dave" }) });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  return { world, alice, carol, mine, hers, key };
}

for (const version of VERSIONS) {
  Deno.test(`two albums of the same name are an error with their ids on Immich ${version}`, async () => {
    const { world, alice, key } = createUsers();
    const albums = [1, 2].map(() => world.addAlbum({ owner: alice, name: "Faceless" }));
    await using emulator = await startEmulator({ version, world });
    using home = createHome(emulator, key);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 1);
    for (const { id } of albums) assert.ok(summary.error?.message.includes(id));
    assert.match(summary.error?.hint ?? "", /ALBUM_ID/);
    assert.deepEqual(emulator.writes(), []);
  });

  Deno.test(`ALBUM_ID picks one of them, whatever its name, on Immich ${version}`, async () => {
    const { world, alice, mine, key } = createUsers();
    world.addAlbum({ owner: alice, name: "Faceless" });
    const album = world.addAlbum({ owner: alice, name: "Faceless" });
    await using emulator = await startEmulator({ version, world });
    using home = createHome(emulator, key, { ALBUM_ID: album.id.toUpperCase() });
    const { code, stderr } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 0, stderr);
    assert.deepEqual([...album.assets], [mine]);
  });

  Deno.test(`an album of Carol's, shared with us as editor, gets ours and keeps hers on Immich ${version}`, async () => {
    const { world, alice, carol, mine, hers, key } = createUsers();
    const album = world.addAlbum({
      owner: carol,
      name: "Things",
      assets: [hers],
      users: [{ user: alice, role: "editor" }],
    });
    await using emulator = await startEmulator({ version, world });
    using home = createHome(emulator, key, { ALBUM_ID: album.id });
    const { code, summary, stderr } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 0, stderr);
    assert.equal(summary.assets.foreign, 1);
    assert.equal(summary.album.name, "Things");
    assert.deepEqual(new Set(album.assets), new Set([mine, hers]));
  });

  Deno.test(`an album shared with us as viewer, or not at all, is an error on Immich ${version}`, async () => {
    const { world, alice, carol, key } = createUsers();
    const viewed = world.addAlbum({
      owner: carol,
      name: "Look",
      users: [{ user: alice, role: "viewer" }],
    });
    const foreign = world.addAlbum({ owner: carol, name: "Private" });
    await using emulator = await startEmulator({ version, world });
    const cases: [string, RegExp][] = [
      [viewed.id, /shared with you as viewer/],
      [foreign.id, /no album with the id/],
      ["00000000-0000-4000-8000-000000000000", /no album with the id/],
    ];
    for (const [id, said] of cases) {
      using home = createHome(emulator, key, { ALBUM_ID: id });
      const { code, summary } = await runForSummary({ cwd: home.folder });
      assert.equal(code, 1);
      assert.match(summary.error?.message ?? "", said);
    }
    assert.deepEqual(emulator.writes(), []);
  });

  Deno.test(`an album whose creation went through, but not its answer, is not created twice on Immich ${version}`, async () => {
    const { world, key } = createUsers();
    await using emulator = await startEmulator({ version, world });
    emulator.faults.add({
      match: { method: "POST", path: /albums$/ },
      times: 1,
      handled: true,
      fault: { kind: "reset" },
    });
    using home = createHome(emulator, key);
    const { code, summary, stderr } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 0, stderr);
    assert.equal(summary.album.created, true);
    assert.equal(world.albums.size, 1);
  });
}

Deno.test("a user with no album and no right to user.read is known by their own timeline", async () => {
  const { world, alice, carol, mine, hers, key } = createUsers();
  world.addPartner({ from: carol, to: alice });
  world.removeFaces(hers);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  assert.equal((await runForSummary({ cwd: home.folder })).code, 0);
  const [album] = world.albums.values();
  assert.deepEqual([...album?.assets ?? []], [mine]);
});

Deno.test("an album that is deleted during the run is an error that says so", async () => {
  for (const version of VERSIONS) {
    const { world, alice, key } = createUsers();
    const album = world.addAlbum({ owner: alice, name: "Faceless" });
    await using emulator = await startEmulator({ version, world });
    emulator.faults.add({
      match: { method: "PUT" },
      fault: { kind: "before", run: () => world.removeAlbum(album) },
    });
    using home = createHome(emulator, key);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 1);
    assert.match(summary.error?.hint ?? "", /deleted during the run/);
  }
});

Deno.test("a path prefix, a trailing slash and /api in IMMICH_URL all reach the same server", async () => {
  const { world, key } = createUsers();
  await using emulator = await startEmulator({ version: "3.1.0", world, pathPrefix: "/photos" });
  for (const suffix of ["", "/", "/api", "/api/"]) {
    using home = createHome(emulator, key, { IMMICH_URL: emulator.url + suffix });
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 0);
    assert.equal(summary.server.url, emulator.url);
  }
});
