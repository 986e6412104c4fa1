import assert from "node:assert/strict";
import { MINIMAL_PERMISSIONS, VERSIONS } from "../emulator/mod.ts";
import { createLibrary, start } from "../support/counted_library.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";

Deno.test("exit 4 when a guard refuses, with nothing changed; --force runs past it once", async () => {
  for (
    const [settings, guard] of [
      [{ MAX_ADD: "2" }, "MAX_ADD"],
      [{ MAX_REMOVE: "11" }, "MAX_REMOVE"],
      [{}, "MAX_REMOVE_PERCENT"],
    ] as const
  ) {
    const library = createLibrary(3, 12);
    const { world, alice, portraits } = library;
    const album = world.addAlbum({ owner: alice, name: "Faceless", assets: portraits });
    await using emulator = await start("3.1.0", library);
    using home = createHome(emulator, library.key, settings);
    const refused = await runForSummary({ cwd: home.folder });
    assert.equal(refused.code, 4);
    assert.equal(refused.summary.status, "refused");
    assert.equal(refused.summary.guard?.name, guard);
    assert.match(refused.summary.guard.message, /--force/);
    assert.deepEqual([refused.summary.added, refused.summary.removed], [0, 0]);
    assert.deepEqual(emulator.writes(), []);
    const dry = await runForSummary({ cwd: home.folder, args: ["--dry-run"] });
    assert.equal(dry.code, 4);
    assert.doesNotMatch(dry.stderr, /Up to then/);
    assert.deepEqual([dry.summary.added, dry.summary.removed], [3, 12]);
    assert.deepEqual(emulator.writes(), []);
    const forced = await runForSummary({ cwd: home.folder, args: ["--force"] });
    assert.equal(forced.code, 0);
    assert.deepEqual(
      new Set([...album.assets].map(({ id }) => id)),
      new Set(library.assets.map(({ id }) => id)),
    );
  }
});

Deno.test("exit 4 when portraits look faceless since face recognition was reset, also where it takes a scan after the delta to tell", async () => {
  for (const version of ["3.1.0", "3.2.0"]) {
    const library = createLibrary(100, 102);
    const { world, alice, assets, portraits } = library;
    const album = world.addAlbum({ owner: alice, name: "Faceless", assets });
    for (const asset of portraits.slice(1)) world.removeFaces(asset);
    const permissions = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics"];
    await using emulator = await start(version, library);
    const key = world.addKey({ user: alice, permissions });
    using home = createHome(emulator, key, { SCAN_EVERY: "0" });
    // Once is enough to see that no run was cut short; hours of refusals are not to cost as much.
    for (const strategy of ["scan", version === "3.2.0" ? "delta" : "scan"]) {
      const { code, summary } = await runForSummary({ cwd: home.folder });
      assert.deepEqual([code, summary.strategy], [4, strategy]);
      assert.equal(summary.guard?.name, "MAX_ADD_PERCENT");
      assert.equal(album.assets.size, 100);
    }
  }
});

Deno.test("no guard keeps the next run from completing one that was cut short, whatever was in the album", async () => {
  for (const version of VERSIONS) {
    const library = createLibrary(10, 7000);
    const { world, alice, assets } = library;
    const album = world.addAlbum({ owner: alice, name: "Faceless", assets });
    for (let number = 0; number < 6500; number++) world.addAsset({ owner: alice });
    await using emulator = await start(version, library);
    // The second chunk, and what is tried after it.
    emulator.faults.add({
      match: { method: "PUT", from: 2 },
      fault: { kind: "status", status: 500 },
    });
    const permissions = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics"];
    using home = createHome(emulator, world.addKey({ user: alice, permissions }), {
      SCAN_EVERY: "0",
    });
    assert.equal((await runForSummary({ cwd: home.folder })).code, 1);
    assert.equal(album.assets.size, 3010);
    emulator.faults.clear();
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.guard, summary.added], [0, null, 3500]);
    assert.equal(album.assets.size, 6510);
  }
});

Deno.test("exit 4 when nobody is on any of over 100 assets: not even the album is created", async () => {
  const library = createLibrary(101, 0);
  await using emulator = await start("3.1.0", library);
  using home = createHome(emulator, library.key);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 4);
  assert.equal(summary.guard?.name, "ALLOW_NO_PEOPLE");
  assert.deepEqual(emulator.writes(), []);
  home.configure({ ALLOW_NO_PEOPLE: "true" });
  assert.equal((await runForSummary({ cwd: home.folder })).summary.added, 101);
});
