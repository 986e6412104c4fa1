import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";
import { startUntilListing } from "../support/run_under_way.ts";

/** Alice and Bob on one server, and a run of Alice's that is reading her library. */
async function startRun(albumExists: boolean) {
  const world = createWorld();
  const [alice, bob] = ["Alice", "Bob"].map((name) => world.addUser({ name }));
  assert.ok(alice && bob);
  const asset = world.addAsset({ owner: alice });
  world.addAsset({ owner: bob });
  const album = albumExists ? world.addAlbum({ owner: alice, name: "Faceless" }) : undefined;
  const keyOf = (user: typeof alice) => world.addKey({ user, permissions: MINIMAL_PERMISSIONS });
  const key = keyOf(alice);
  const emulator = await startEmulator({ version: "3.1.0", world });
  const home = createHome(emulator, key);
  const underWay = await startUntilListing(emulator, { cwd: home.folder });
  return {
    ...{ world, emulator, home, album, asset, key, aliceAgain: keyOf(alice), bobsKey: keyOf(bob) },
    end: async () => {
      assert.equal((await underWay.end()).code, 0);
      home[Symbol.dispose]();
      await emulator.close();
    },
  };
}

type Run = Awaited<ReturnType<typeof startRun>>;

const WAYS: readonly [string, boolean, (run: Run) => [string, Record<string, string>]][] = [
  ["by another address", false, ({ key, emulator }) => [key, {
    IMMICH_URL: emulator.url.replace("localhost", "127.0.0.1"),
  }]],
  ["with another key of the same user", false, ({ aliceAgain }) => [aliceAgain, {}]],
  ["by the id of the album", true, ({ key, album }) => [key, { ALBUM_ID: album?.id ?? "" }]],
];

for (const [way, albumExists, settingsOf] of WAYS) {
  Deno.test(`exit 5 while another run of the album is under way, reached ${way}`, async () => {
    const run = await startRun(albumExists);
    try {
      const [key, settings] = settingsOf(run);
      using home = createHome(run.emulator, key, settings);
      const { code, summary } = await runForSummary({ cwd: home.folder });
      assert.deepEqual([code, summary.status, summary.error], [5, "busy", null]);
    } finally {
      await run.end();
    }
    assert.equal(run.world.albums.size, 1);
    assert.deepEqual([...run.world.albums.values()].map(({ assets }) => [...assets]), [[
      run.asset,
    ]]);
  });
}

Deno.test("albums of one name of two users are synced at once", async () => {
  const run = await startRun(false);
  try {
    using home = createHome(run.emulator, run.bobsKey);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([code, summary.added], [0, 1]);
  } finally {
    await run.end();
  }
  assert.equal(run.world.albums.size, 2);
});
