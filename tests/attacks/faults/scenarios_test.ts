import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/mod.ts";
import { SCENARIOS } from "./scenarios.ts";
import { membersOf } from "./stage.ts";
import { syncOnce } from "./sync_once.ts";
import { idealAlbum } from "./truth.ts";

for (const scenario of SCENARIOS) {
  for (const version of scenario.versions) {
    Deno.test(`without faults a run does what the scenario "${scenario.name}" says on Immich ${version}`, async () => {
      const stage = scenario.build();
      await using emulator = await startEmulator({ version, world: stage.world });
      const lockFolder = Deno.makeTempDirSync();
      const before = membersOf(stage);
      const { summary } = await syncOnce(emulator, stage, { lockFolder });
      Deno.removeSync(lockFolder, { recursive: true });
      const after = membersOf(stage);
      const names = (ids: ReadonlySet<string>) =>
        [...ids].map((id) => stage.world.assets.get(id)?.name).sort();
      assert.equal(summary.exitCode, 0, summary.error?.message);
      assert.deepEqual(names(after.difference(before)), [...stage.expected.added].sort());
      assert.deepEqual(names(before.difference(after)), [...stage.expected.removed].sort());
      assert.deepEqual(after, idealAlbum(stage), "the model agrees with what was written by hand");
    });
  }
}
