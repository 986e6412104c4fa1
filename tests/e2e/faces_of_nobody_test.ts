import assert from "node:assert/strict";
import { startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { ALL_PERMISSIONS, createMissedLibrary } from "../support/missed_library.ts";
import { runForSummary } from "../support/program.ts";

Deno.test("a sync tells how many in the album have a face of nobody, and suggests to look at many", async () => {
  for (const version of ["2.7.5", "3.2.0"]) {
    const library = createMissedLibrary([...ALL_PERMISSIONS, "asset.statistics"]);
    const { world, album, take, anna } = library;
    // Somebody else is on it too: it is not in the album.
    world.addFace({ asset: take("crowd.jpg", 700_000, [anna]) });
    await using emulator = await startEmulator({ version, world });
    using home = createHome(emulator, library.key);
    const sync = async () => (await runForSummary({ cwd: home.folder })).summary.unassignedFaces;
    assert.equal(await sync(), 1, version);
    assert.doesNotMatch(home.readLog(), /immich-faceless-sync missed/);
    for (let i = 0; i < 10; i++) {
      world.addFace({ asset: take(`stranger${i}.jpg`, 800_000 + i * 100) });
    }
    // These come into the album by this very run.
    assert.equal(await sync(), 11, version);
    assert.equal(await sync(), 11, version);
    // One that is to leave for somebody on it does not count.
    const leaving = take("leaving.jpg", 900_000);
    album.assets.add(leaving);
    world.addFace({ asset: leaving, person: anna });
    const dry = await runForSummary({ cwd: home.folder, args: ["--dry-run"] });
    assert.deepEqual([dry.summary.removed, dry.summary.unassignedFaces], [1, 11], version);
    const hint = /11 assets in the album have an unassigned face; run .*missed to see/;
    assert.match(home.readLog(), hint);
    // What the album does not get is not counted: not in a dry run, and not by remove-only.
    world.addFace({ asset: take("outside.jpg", 950_000) });
    const args = ["--dry-run"];
    const looked = await runForSummary({ cwd: home.folder, args });
    assert.deepEqual([looked.summary.added, looked.summary.unassignedFaces], [1, 11], version);
    home.configure({ SYNC_MODE: "remove-only" });
    assert.equal(await sync(), 11, version);
    home.configure({ SYNC_MODE: "mirror" });
    assert.equal(await sync(), 12, version);
    world.removeAlbum(album);
    assert.equal(await sync(), 12, `${version}, a new album`);
  }
});

Deno.test("where a key or a server can't count faces of nobody, a sync says null, and is as good", async () => {
  const cases = [["person.read", "3.2.0"], ["asset.statistics", "3.2.0"], ["", "3.1.0"]] as const;
  for (const [permission, version] of cases) {
    const all = [...ALL_PERMISSIONS, "asset.statistics"];
    const library = createMissedLibrary(all.filter((other) => other !== permission));
    await using emulator = await startEmulator({ version, world: library.world });
    using home = createHome(emulator, library.key);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 0);
    assert.equal(summary.unassignedFaces, null);
  }
});

Deno.test("of other people's assets in the album a sync does not count faces from 3.2 on", async () => {
  const library = createMissedLibrary([...ALL_PERMISSIONS, "asset.statistics"]);
  const { world, owner, album, take } = library;
  const bob = world.addUser({ name: "Bob" });
  world.addPartner({ from: bob, to: owner });
  const his = take("his.jpg", 700_000, [], { owner: bob });
  world.addFace({ asset: his, person: world.addPerson({ owner: bob, name: "Friend" }) });
  album.assets.add(his);
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, library.key);
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.equal(summary.assets.foreign, 1);
  assert.equal(summary.unassignedFaces, null);
});
