import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";

Deno.test("MIN_ASSET_AGE=0 adds uploads whose time is ahead of this machine's clock", async () => {
  const { world, album, uploadedAgo } = createUploads();
  const asset = uploadedAgo(-2);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, keyOf(world));
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.deepEqual([summary.added, summary.assets.heldBack], [1, 0]);
  assert.deepEqual([...album.assets], [asset]);
});

Deno.test("MIN_ASSET_AGE goes by the server's clock, and a difference of over five minutes is told", async () => {
  for (const [aheadHours, side] of [[100, "behind"], [-100, "ahead of"], [0.05, ""]] as const) {
    const { world, album, uploadedAgo } = createUploads();
    const old = uploadedAgo(3 - aheadHours);
    uploadedAgo(1 - aheadHours);
    await using emulator = await startEmulator({ version: "3.1.0", world });
    const date = new Date(Date.now() + aheadHours * 3_600_000).toUTCString();
    emulator.faults.add({
      match: { path: /version/ },
      fault: {
        kind: "status",
        status: 200,
        body: { major: 3, minor: 1, patch: 0 },
        headers: { date },
      },
    });
    using home = createHome(emulator, keyOf(world), { MIN_ASSET_AGE: "2h" });
    const { summary } = await runForSummary({ cwd: home.folder });
    assert.deepEqual([summary.added, summary.assets.heldBack], [1, 1]);
    assert.deepEqual([...album.assets], [old]);
    const told = /clock of this machine is 6,000 minutes (behind|ahead of) the server's/.exec(
      home.readLog(),
    );
    assert.equal(told?.[1] ?? "", side);
  }
});

function createUploads() {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const album = world.addAlbum({ owner: alice, name: "Faceless" });
  const uploadedAgo = (hours: number) =>
    world.addAsset({
      owner: alice,
      createdAt: new Date(Date.now() - hours * 3_600_000).toISOString(),
    });
  return { world, album, uploadedAgo };
}

function keyOf(world: ReturnType<typeof createWorld>): string {
  const [user] = world.users;
  assert.ok(user);
  return world.addKey({ user, permissions: MINIMAL_PERMISSIONS });
}
