import assert from "node:assert/strict";
import fc from "fast-check";
import { loadConfig } from "../../../src/config/load.ts";
import { run } from "../../../src/sync/run.ts";
import { type Asset, createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../../emulator/mod.ts";
import { silentLog } from "../../support/immich_config.ts";
import { randomRuns } from "../../support/random_runs.ts";

// Each case is a library on an emulator, synced twice; it is the variety that finds something.
const RUNS = randomRuns(100);

/** One asset of a random library. */
const assetSpec = fc.record({
  owner: fc.constantFrom<("alice" | "bob" | "carol")[]>("alice", "alice", "alice", "bob", "carol"),
  type: fc.constantFrom<Asset["type"][]>("IMAGE", "IMAGE", "VIDEO"),
  visibility: fc.constantFrom<Asset["visibility"][]>(
    ...["timeline", "timeline", "timeline", "archive", "hidden", "locked"] as const,
  ),
  trashed: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  young: fc.boolean(),
  inAlbum: fc.boolean(),
  /** Indexes of people, -1 for nobody. */
  faces: fc.array(fc.integer({ min: -1, max: 5 }), { maxLength: 2 }),
  deletedFace: fc.boolean(),
  minute: fc.integer({ min: 0, max: 20 }),
});

const librarySpec = fc.record({
  // Of the larger ones a guard refuses some.
  assets: fc.oneof(
    fc.array(assetSpec, { minLength: 8, maxLength: 40 }),
    fc.array(assetSpec, { minLength: 70, maxLength: 90 }),
  ),
  partner: fc.boolean(),
  settings: fc.record({
    FACELESS_RULE: fc.constantFrom("no-people", "no-faces", "no-named-people", "without"),
    ASSET_TYPES: fc.constantFrom("image,video", "image", "video"),
    INCLUDE_ARCHIVED: fc.constantFrom("true", "false"),
    INCLUDE_PARTNERS: fc.constantFrom("true", "false", "false"),
    MIN_ASSET_AGE: fc.constantFrom("0", "2h"),
    SYNC_MODE: fc.constantFrom("mirror", "mirror", "add-only", "remove-only"),
  }),
});

/** Anna, Ben and hidden Harry have names; who has few faces and no name is not listed as people. */
const NAMES = ["Anna", "Ben", "Harry", "", "", ""];

function createLibrary(spec: ReturnType<typeof librarySpec.generate>["value"]) {
  const world = createWorld();
  const [alice, bob, carol] = ["Alice", "Bob", "Carol"].map((name) => world.addUser({ name }));
  assert.ok(alice && bob && carol);
  const owners = { alice, bob, carol };
  if (spec.partner) world.addPartner({ from: bob, to: alice });
  const people = [alice, bob, carol].map((owner) =>
    NAMES.map((name) => world.addPerson({ owner, name, hidden: name === "Harry" }))
  );
  // Somebody is known in any case, as WITHOUT_PEOPLE wants.
  const known = world.addAsset({ owner: alice });
  world.addFace({ asset: known, person: people[0]?.[0] ?? null });
  const album = world.addAlbum({ owner: alice, name: "Faceless" });
  for (const one of spec.assets) {
    const owner = owners[one.owner];
    const asset = world.addAsset({
      owner,
      type: one.type,
      visibility: one.visibility,
      trashed: one.trashed,
      takenAt: new Date(Date.UTC(2022, 1, 1, 1, one.minute)).toISOString(),
      ...(one.young ? { createdAt: new Date().toISOString() } : {}),
    });
    for (const face of one.faces) {
      const person = people[[alice, bob, carol].indexOf(owner)]?.[face] ?? null;
      world.addFace({ asset, person, deleted: one.deletedFace });
    }
    if (one.inAlbum && one.visibility !== "locked") album.assets.add(asset);
  }
  const minimal = [...MINIMAL_PERMISSIONS, "person.read"];
  return {
    world,
    album,
    scanKey: world.addKey({ user: alice, permissions: minimal }),
    deltaKey: world.addKey({ user: alice, permissions: [...minimal, "asset.statistics"] }),
  };
}

Deno.test("delta and scan make, count and refuse the same, to the asset, of any library", async () => {
  let deltas = 0, changes = 0, refusals = 0, foreign = 0;
  await fc.assert(
    fc.asyncProperty(librarySpec, async (spec) => {
      const { world, album, scanKey, deltaKey } = createLibrary(spec);
      await using emulator = await startEmulator({ version: "3.2.0", world });
      const before = [...album.assets];
      const syncWith = async (apiKey: string) => {
        album.assets.clear();
        for (const asset of before) album.assets.add(asset);
        const { summary, defect } = await runOnce(emulator.url, apiKey, spec.settings);
        assert.equal(defect, undefined);
        assert.equal(summary.error, null, summary.error?.message);
        const { status, added, removed, failed, guard, strategy, assets } = summary;
        const { heldBack, inAlbum, foreign } = assets;
        const ids = [...album.assets].map(({ id }) => id).sort();
        const counts = { added, removed, heldBack, inAlbum, foreign };
        return { strategy, same: { ids, status, failed, guard, ...counts } };
      };
      const scanned = await syncWith(scanKey);
      const asked = await syncWith(deltaKey);
      assert.equal(scanned.strategy, "scan");
      assert.deepEqual(asked.same, scanned.same);
      if (asked.strategy === "delta") deltas++;
      changes += asked.same.added + asked.same.removed;
      if (asked.same.guard !== null) refusals++;
      if (asked.strategy === "delta" && asked.same.foreign > 0) foreign++;
    }),
    { numRuns: RUNS },
  );
  assert.ok(deltas > RUNS / 4, `only ${deltas} of ${RUNS} by delta`);
  assert.ok(refusals > RUNS / 50, `only ${refusals} of ${RUNS} refused`);
  assert.ok(foreign > RUNS / 20, `only ${foreign} of ${RUNS} by delta with others' assets`);
  assert.ok(changes > RUNS, `only ${changes} changes in ${RUNS} runs`);
});

async function runOnce(url: string, apiKey: string, settings: Readonly<Record<string, string>>) {
  const values: Record<string, string> = {
    ...settings,
    ...(settings["FACELESS_RULE"] === "without" ? { WITHOUT_PEOPLE: "Anna" } : {}),
    IMMICH_URL: url,
    API_KEY: apiKey,
    IMMICH_RETRIES: "0",
  };
  const loaded = loadConfig({ cwd: "/", environment: (name) => values[name] });
  assert.ok(loaded.ok);
  return await run({
    config: loaded.config,
    dryRun: false,
    force: false,
    lastScanAt: Date.now(),
    lastReason: undefined,
    log: silentLog,
    stop: new AbortController().signal,
    lockFolder: "/tmp",
  });
}
