import assert from "node:assert/strict";
import { startEmulator, VERSIONS } from "../emulator/mod.ts";
import { recordedWorld } from "../emulator/recorded_world.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";

const plain = Array.from({ length: 24 }, (_, i) => `plain${i + 12}`);
const FACELESS = [
  ...plain,
  "motion_still",
  "face_noperson",
  "stack_primary",
  "stack_child",
  "face_invisible",
  "face_deleted",
  "video_plain",
  "favourite",
  "nofaces",
];

for (const version of VERSIONS) {
  Deno.test(`the recorded world of Immich ${version} has exactly 33 faceless assets`, async () => {
    assert.equal(FACELESS.length, 33);
    const cases: [Record<string, string>, string[]][] = [
      [{}, []],
      [{ INCLUDE_PARTNERS: "true" }, ["bob0", "bob2", "bob3"]],
      [{ INCLUDE_ARCHIVED: "true" }, ["archived"]],
    ];
    for (const [settings, more] of cases) {
      const { world, keys, assets } = recordedWorld(version);
      const names = new Map([...assets].map(([name, asset]) => [asset, name]));
      await using emulator = await startEmulator({ version, world });
      using home = createHome(emulator, keys.minimal, settings);
      const { code, summary, stderr } = await runForSummary({ cwd: home.folder });
      assert.equal(code, 0, stderr);
      assert.equal(summary.added, FACELESS.length + more.length);
      const album = [...world.albums.values()].find(({ name }) => name === "Faceless");
      assert.deepEqual(
        [...album?.assets ?? []].map((asset) => names.get(asset)).sort(),
        [...FACELESS, ...more].sort(),
      );
    }
  });
}
