import assert from "node:assert/strict";
import { MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createLibrary, FAST, NO_SCAN } from "../support/delta_library.ts";
import { createHome } from "../support/home.ts";
import { runForSummary, runProgram } from "../support/program.ts";

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
