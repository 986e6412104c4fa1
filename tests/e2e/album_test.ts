import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";
import { VERSIONS } from "../emulator/versions.ts";

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

Deno.test("a list of owned albums with other people's in it is not believed: a proxy has dropped the query", async () => {
  for (const permissions of [MINIMAL_PERMISSIONS, [...MINIMAL_PERMISSIONS, "user.read"]]) {
    for (const ownAlbums of [0, 1]) {
      const { world, alice, carol, hers } = createUsers();
      if (ownAlbums > 0) world.addAlbum({ owner: alice, name: "Holidays" });
      const album = world.addAlbum({
        owner: carol,
        name: "Faceless",
        assets: [hers],
        users: [{ user: alice, role: "editor" }],
      });
      await using emulator = await startEmulator({ version: "3.1.0", world });
      emulator.faults.add({
        match: { path: /albums$/ },
        fault: { kind: "before", run: (_, { query }) => query.delete("isOwned") },
      });
      using home = createHome(emulator, world.addKey({ user: alice, permissions }));
      const { code, summary } = await runForSummary({ cwd: home.folder });
      assert.equal(code, 1);
      assert.match(summary.error?.message ?? "", /list of albums can't be trusted/);
      assert.match(summary.error?.hint ?? "", /proxy/);
      assert.deepEqual(emulator.writes(), []);
      assert.deepEqual([...album.assets], [hers]);
    }
  }
});

Deno.test("a proxy's refusal of the album's address is told as the proxy's", async () => {
  const { world, alice, carol, key } = createUsers();
  const users = [{ user: alice, role: "editor" as const }];
  const { id } = world.addAlbum({ owner: carol, name: "Things", users });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  emulator.faults.add({
    match: { path: new RegExp(`albums/${id}$`) },
    fault: { kind: "status", status: 414 },
  });
  using home = createHome(emulator, key, { ALBUM_ID: id });
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([code, summary.error?.name], [1, "RejectedError"]);
  assert.match(summary.error?.message ?? "", /proxy in front of Immich.*414/);
});

Deno.test("own albums that are all shared are ours all the same", async () => {
  for (const permissions of [MINIMAL_PERMISSIONS, [...MINIMAL_PERMISSIONS, "user.read"]]) {
    const { world, alice, carol, mine } = createUsers();
    const users = [{ user: carol, role: "editor" }] as const;
    const album = world.addAlbum({ owner: alice, name: "Faceless", users: [...users] });
    await using emulator = await startEmulator({ version: "3.1.0", world });
    using home = createHome(emulator, world.addKey({ user: alice, permissions }));
    assert.equal((await runForSummary({ cwd: home.folder })).code, 0);
    assert.deepEqual([...album.assets], [mine]);
  }
});

Deno.test("an album whose name only looks the same is named, and no twin of it is created", async () => {
  const names = [["Caf\u00e9", "Cafe\u0301"], ["Faceless", "Faceless "], [" Faceless", "Faceless"]];
  for (const [wanted = "", existing = ""] of names) {
    const { world, alice, key } = createUsers();
    const { id } = world.addAlbum({ owner: alice, name: existing });
    await using emulator = await startEmulator({ version: "3.1.0", world });
    using home = createHome(emulator, key, { ALBUM_NAME: wanted });
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 1);
    assert.match(summary.error?.message ?? "", /looks the same/);
    assert.match(summary.error?.hint ?? "", new RegExp(`ALBUM_ID=${id}`));
    assert.equal(world.albums.size, 1);
    // Beside the one that is meant it is in nobody's way.
    const meant = world.addAlbum({
      owner: alice,
      name: wanted,
      // The older one is listed last.
      createdAt: "2020-01-01T00:00:00Z",
    });
    const next = await runForSummary({ cwd: home.folder });
    assert.deepEqual([next.code, next.summary.album.id], [0, meant.id]);
  }
});

Deno.test("a new album that comes back under another name is told, and no other one is created", async () => {
  for (const answerIsLost of [false, true]) {
    const { world, key } = createUsers();
    await using emulator = await startEmulator({ version: "3.1.0", world });
    const match = { method: "POST", path: /albums$/ };
    const rename = (_: unknown, request: { body: unknown }) => {
      request.body = { albumName: "Faces" };
    };
    emulator.faults.add({ match, fault: { kind: "before", run: rename } });
    if (answerIsLost) {
      emulator.faults.add({ match, times: 1, handled: true, fault: { kind: "reset" } });
    }
    using home = createHome(emulator, key);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    const [album, ...others] = world.albums.values();
    assert.equal(code, 1);
    assert.match(summary.error?.message ?? "", /"Faceless", but Immich calls it "Faces"/);
    assert.match(summary.error?.hint ?? "", new RegExp(`ALBUM_ID=${album?.id}`));
    assert.deepEqual([summary.album.id, summary.album.created], [album?.id, true]);
    assert.deepEqual([album?.assets.size, others], [0, []]);
  }
});

Deno.test("of two albums that came to be at the same moment, the empty one is named for deletion", async () => {
  const { world, alice, mine, key } = createUsers();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  emulator.faults.add({
    match: { method: "POST", path: /albums$/ },
    fault: {
      kind: "before",
      run: () => void world.addAlbum({ owner: alice, name: "Faceless", assets: [mine] }),
    },
  });
  using home = createHome(emulator, key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  const [theirs, ours] = world.albums.values();
  assert.equal(code, 1);
  assert.ok(summary.error?.message.includes(theirs?.id ?? "?"), summary.error?.message);
  assert.match(summary.error?.hint ?? "", new RegExp(`Delete the album ${ours?.id}`));
  assert.deepEqual([theirs?.assets.size, ours?.assets.size, world.albums.size], [1, 0, 2]);
});

Deno.test("a run on a server that fails 25 % of its requests ends with a full album", async () => {
  for (const handled of [false, true]) {
    const { world, mine, key } = createUsers();
    await using emulator = await startEmulator({ version: "3.1.0", world });
    let count = 0;
    const fault = { kind: "reset" } as const;
    emulator.faults.add({ match: { where: () => ++count % 4 === 2 }, handled, fault });
    // The creation may not be among these.
    const creation = { method: "POST", path: /albums$/ };
    emulator.faults.add({ match: creation, times: 2, handled, fault });
    using home = createHome(emulator, key, { IMMICH_RETRIES: "5" });
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.added], [0, 1]);
    assert.deepEqual([...world.albums.values()].map(({ assets }) => [...assets]), [[mine]]);
  }
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
