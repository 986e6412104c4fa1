import assert from "node:assert/strict";
import { ImmichHttp } from "../../../src/immich/http.ts";
import { serverOf } from "../../../src/immich/server.ts";
import { askForUnassigned } from "../../../src/missed/unassigned_faces.ts";
import { type Match, startEmulator } from "../../emulator/mod.ts";
import { immichConfig, silentLog } from "../../support/immich_config.ts";
import { createMissedLibrary, type MissedLibrary } from "../../support/missed_library.ts";

const VERSION = "3.2.0";

/** Asks where these requests hang, and what lasts a minute is over at once; a request may last longer. */
async function askInVain(library: MissedLibrary, match: Match) {
  await using emulator = await startEmulator({ version: VERSION, world: library.world });
  emulator.faults.add({ match, fault: { kind: "hang" } });
  const stop = new AbortController().signal;
  const config = immichConfig(emulator, library.key, { timeoutMs: 30_000 });
  const http = new ImmichHttp(config, silentLog, stop);
  const notes: string[] = [];
  const { timeout } = AbortSignal;
  AbortSignal.timeout = (ms) => timeout.call(AbortSignal, ms / 100);
  try {
    const aside = { http, server: serverOf(3, 2, 0), log: silentLog, stop, notes };
    const startedAt = performance.now();
    const found = await askForUnassigned(aside, {
      includeArchived: false,
      albumId: library.album.id,
      isCandidate: () => true,
    });
    return { found, notes, ms: performance.now() - startedAt };
  } finally {
    AbortSignal.timeout = timeout;
    http.close();
  }
}

Deno.test("unassigned faces are asked for a minute at most, whatever does not answer", async () => {
  for (const path of [/people$/, /random$/]) {
    const { found, notes, ms } = await askInVain(createMissedLibrary(), { path });
    assert.deepEqual([...found], []);
    assert.deepEqual(notes, [
      "Unassigned faces were not looked for: there was no answer within 60 s.",
    ]);
    assert.ok(ms < 5000, `${ms} ms`);
  }
});

Deno.test("when time runs out, the faces that were found until then are there, and that is said", async () => {
  const library = createMissedLibrary();
  const { world, album, take } = library;
  const [face] = [...album.assets].filter(({ name }) => name === "face.jpg");
  for (let i = 0; i < 1500; i++) world.addFace({ asset: take(`nobody${i}.jpg`, 100_000 + i) });
  const { found, notes } = await askInVain(library, {
    where: ({ path, body }) =>
      path.endsWith("metadata") && JSON.stringify(body).includes('"takenAt":{"lte"'),
  });
  // All of the album, and the newest thousand.
  assert.ok(face !== undefined && found.has(face.id));
  assert.equal(found.size, 1001);
  assert.deepEqual(notes, [
    "Unassigned faces were not looked for everywhere: there was no answer within 60 s.",
  ]);
});
