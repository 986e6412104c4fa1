import assert from "node:assert/strict";
import { VERSIONS } from "../emulator/versions.ts";
import { createMissedLibrary } from "../support/missed_library.ts";
import { findMissed, names } from "../support/missed_run.ts";

const PHONE = { make: "Apple", model: "iPhone 13" };
const CAMERA = { make: "Sony", model: "A7" };
const ONE_ASSET = /^\/api\/assets\/[^/]+$/;

Deno.test("a neighbour of another camera is none, one whose camera is not known is", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary();
    const { take, anna } = library;
    for (
      const [start, mine, theirs] of [[100_000, PHONE, CAMERA], [200_000, PHONE, PHONE]] as const
    ) {
      take(`a${start}.jpg`, start).camera = mine;
      take(`b${start}.jpg`, start + 3, [anna]).camera = theirs;
    }
    take("unknown.jpg", 300_000);
    take("known.jpg", 300_003, [anna]).camera = PHONE;
    take("unread.jpg", 400_000).lacksExif = true;
    take("read.jpg", 400_003, [anna]).camera = PHONE;
    const run = await findMissed(library, { version });
    const found = names(run);
    assert.ok(!found.includes("a100000.jpg"));
    for (const name of ["a200000.jpg", "unknown.jpg", "unread.jpg"]) {
      assert.ok(found.includes(name), `${version}: ${name}`);
    }
  }
});

Deno.test("cameras of many that are near each other are compared in few questions", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary();
    for (let i = 0; i < 120; i++) {
      library.take(`a${i}.jpg`, 100_000 + i * 3600).camera = PHONE;
      // Rows have microseconds, which answers do not show.
      const takenAt = new Date(Date.UTC(2024, 5, 1) + (100_003 + i * 3600) * 1000).toISOString()
        .replace("Z", "500Z");
      library.take(`b${i}.jpg`, 0, [library.anna], { takenAt }).camera = i < 40 ? PHONE : CAMERA;
    }
    const run = await findMissed(library, { version });
    const asked = run.emulator.requests.filter(({ body, path }) =>
      JSON.stringify(body ?? "").includes("withExif") || ONE_ASSET.test(path)
    );
    assert.ok(asked.length > 0 && asked.length <= 10, `${version}: ${asked.length}`);
    assert.equal(names(run).filter((name) => /^a\d/.test(name)).length, 40);
    assert.ok(!run.document.notes.some((note) => note.includes("ameras")));
  }
});

Deno.test("of cameras and faces no more is asked than takes a quarter of the listing, and that is said", async () => {
  const library = createMissedLibrary();
  const { take, anna, world, owner } = library;
  const [pairs, between] = [90, 140];
  for (let i = 0; i < pairs * between; i++) {
    world.addFace({ asset: take(`other${i}.jpg`, 1_000_000 + i * 100), person: anna });
  }
  for (let i = 0; i < pairs; i++) {
    take(`b${i}.jpg`, 1_000_040 + i * between * 100, [anna]).camera = CAMERA;
    take(`a${i}.jpg`, 1_000_041 + i * between * 100).camera = i % 2 === 0 ? PHONE : CAMERA;
  }
  assert.ok(owner.library.size > 12_000);
  const run = await findMissed(library, { version: "3.1.0" });
  const count = (path: RegExp) => run.emulator.requests.filter((one) => path.test(one.path)).length;
  const [cameras, faces] = [count(ONE_ASSET), count(/\/faces$/)];
  assert.ok(cameras <= 150 && cameras > 120, `${cameras} cameras`);
  assert.ok(faces > 0 && cameras + faces <= 200, `${faces} faces`);
  const note = run.document.notes.find((text) => text.startsWith("Cameras were compared for "));
  const [, settled, of] = /for (\d+) of the (\d+) candidates/.exec(note ?? "") ?? [];
  const left = names(run).filter((name) => /^a\d/.test(name)).length;
  assert.ok(left < pairs - 25 && left > 45, `${left} are left`);
  assert.ok(Number(settled) >= 20 && Number(of) >= left, note);
});

Deno.test("when dropped neighbours make room, the next ones take their place", async () => {
  const library = createMissedLibrary();
  for (let i = 0; i < 10; i++) {
    library.take(`mine${i}.jpg`, 100_000 + i * 1000).camera = PHONE;
    library.take(`other${i}.jpg`, 100_001 + i * 1000, [library.anna]).camera = CAMERA;
  }
  library.take("far.jpg", 500_000);
  library.take("far-anna.jpg", 500_009, [library.anna]);
  const run = await findMissed(library, { args: ["--limit", "5"] });
  assert.ok(names(run).includes("far.jpg"), names(run).join());
});

Deno.test("when the server fails in the middle, the notes say for how many cameras were compared", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary();
    const pairs = [100_000, 200_000].map((start) => {
      const pair = [
        library.take(`a${start}.jpg`, start),
        library.take(`b${start}.jpg`, start + 3, [library.anna]),
      ];
      for (const asset of pair) asset.camera = PHONE;
      return pair.map(({ id }) => id);
    });
    library.take("other.jpg", 50_000).camera = CAMERA;
    const notesOf = async (fails: (id: string) => boolean) => {
      const where = ({ path }: { path: string }) =>
        ONE_ASSET.test(path) && fails(path.replace(/.*\//, ""));
      const run = await findMissed(library, {
        version,
        settings: { IMMICH_RETRIES: "0" },
        prepare: ({ faults }) => {
          // Late, so that all others have been answered.
          faults.add({ match: { where }, fault: { kind: "delay", ms: 300 } });
          faults.add({ match: { where }, fault: { kind: "status", status: 500 } });
        },
      });
      assert.equal(names(run).filter((name) => /^a\d/.test(name)).length, 2);
      return run.document.notes.filter((note) => note.includes("ameras")).join();
    };
    const [older] = pairs;
    assert.match(await notesOf(() => true), /^Cameras were not compared: GET \/assets[^,]*$/);
    assert.match(
      await notesOf((id) => older?.includes(id) === true),
      /^Cameras were compared for only 2 of the 3 candidates near pictures of people: GET[^,]*$/,
    );
  }
});

Deno.test("an archived neighbour of another camera is none, however cameras are asked for", async () => {
  for (const version of VERSIONS) {
    for (const pairs of [1, 40]) {
      const library = createMissedLibrary();
      const { take, anna } = library;
      for (let i = 0; i < pairs; i++) {
        const archived = { visibility: "archive" } as const;
        take(`other${i}.jpg`, 100_000 + i * 100).camera = PHONE;
        take(`away${i}.jpg`, 100_003 + i * 100, [anna], archived).camera = CAMERA;
      }
      take("same.jpg", 200_000).camera = PHONE;
      take("away.jpg", 200_003, [anna], { visibility: "archive" }).camera = PHONE;
      const run = await findMissed(library, { version });
      const found = names(run).filter((name) => /^(other|same)/.test(name));
      assert.deepEqual(found, ["same.jpg"], `${version}, ${pairs} pairs`);
    }
  }
});
