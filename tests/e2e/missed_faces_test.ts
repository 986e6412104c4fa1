import assert from "node:assert/strict";
import { explain } from "../../src/missed/missed_words.ts";
import { VERSIONS } from "../emulator/versions.ts";
import { ALL_PERMISSIONS, createMissedLibrary, MISSED } from "../support/missed_library.ts";
import { find, findMissed, names } from "../support/missed_run.ts";

const PICTURE = { width: 1000, height: 500 };

Deno.test("a face that the edge of the picture cuts is drawn as far as it is in the picture, and ranked by that", async () => {
  for (const version of VERSIONS) {
    const { world, take, anna, ...rest } = createMissedLibrary();
    const addFace = (name: string, second: number, box: [number, number, number, number]) => {
      const [x1, y1, x2, y2] = box;
      world.addFace({ asset: take(name, second), box: { x1, y1, x2, y2, ...PICTURE } });
      // 3.0 and 3.1 can only be asked about what is a candidate already.
      take(`beside-${name}`, second + 1, [anna]);
    };
    addFace("edge.jpg", 100_000, [-100, 250, 400, 600]);
    addFace("corner.jpg", 110_000, [900, -50, 1100, 50]);
    addFace("whole.jpg", 120_000, [400, 200, 600, 300]);
    addFace("outside.jpg", 130_000, [1010, 0, 1100, 500]);
    const run = await findMissed({ world, take, anna, ...rest }, { version });
    const facesOf = (name: string) => {
      const found = find(run, name);
      assert.ok(found.reason === "face", `${version}: ${name}`);
      return found.evidence.faces;
    };
    assert.deepEqual(facesOf("edge.jpg"), [{ left: 0, top: 50, width: 40, height: 50 }]);
    assert.deepEqual(facesOf("corner.jpg"), [{ left: 90, top: 0, width: 10, height: 10 }]);
    assert.deepEqual(facesOf("outside.jpg"), []);
    assert.deepEqual(
      names(run).filter((name) => /^(edge|corner|whole|outside)/.test(name)),
      ["edge.jpg", "whole.jpg", "corner.jpg", "outside.jpg"],
    );
  }
});

Deno.test("of a crowd twenty faces are drawn, and all are counted", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary();
    const crowd = library.take("crowd.jpg", 100_000);
    library.take("beside.jpg", 100_001, [library.anna]);
    for (let i = 0; i < 25; i++) {
      const box = { x1: i * 40, y1: 10, x2: i * 40 + 30, y2: 50, ...PICTURE };
      library.world.addFace({ asset: crowd, box });
    }
    const found = find(await findMissed(library, { version }), "crowd.jpg");
    assert.ok(found.reason === "face");
    assert.equal(found.evidence.count, 25);
    assert.equal(found.evidence.faces.length, 20);
    assert.equal(explain(found), "25 unassigned faces");
  }
});

Deno.test("with no-faces an asset that has a face is no candidate but evidence, and no people are asked for", async () => {
  for (const version of ["2.7.5", "3.2.0"]) {
    const library = createMissedLibrary(ALL_PERMISSIONS.filter((one) => one !== "person.read"));
    const { world, take, anna } = library;
    world.addFace({ asset: take("face-near-anna.jpg", 100_000) });
    take("anna.jpg", 100_001, [anna]);
    world.addFace({ asset: take("statue.jpg", 200_000) });
    take("beside-statue.jpg", 200_001);
    const run = await findMissed(library, { version, settings: { FACELESS_RULE: "no-faces" } });
    const expected = [...MISSED.filter((name) => name !== "face.jpg"), "beside-statue.jpg"];
    assert.deepEqual(names(run).toSorted(), expected.toSorted(), version);
    assert.deepEqual(run.document.notes, []);
  }
});

Deno.test("when the server fails in the middle, the notes say how far faces were looked for", async () => {
  const words = {
    "3.1.0": /^Unassigned faces were looked for on only (\d+) of the \d+ best candidates: GET/,
    "3.2.0": /^The positions of faces are shown for only (\d+) of the 31 candidates with one: GET/,
  };
  for (const [version, note] of Object.entries(words)) {
    const library = createMissedLibrary();
    for (let i = 0; i < 30; i++) {
      library.take(`anna${i}.jpg`, 100_000 + i * 100, [library.anna]);
      const box = { x1: 100, y1: 100, x2: 200, y2: 200, ...PICTURE };
      library.world.addFace({ asset: library.take(`nobody${i}.jpg`, 100_002 + i * 100), box });
    }
    const run = await findMissed(library, {
      version,
      settings: { IMMICH_RETRIES: "0" },
      prepare: ({ faults }) =>
        faults.add({ match: { path: /faces$/, from: 20 }, fault: { kind: "status", status: 500 } }),
    });
    const drawn = run.document.candidates.filter(({ evidence }) =>
      "faces" in evidence && evidence.faces.length > 0
    );
    const [told, ...others] = run.document.notes;
    const [, answered] = note.exec(told ?? "") ?? [];
    // On 3.1 a duplicate, a stack and a lone neighbour are among the best, and have no face.
    const most = drawn.length + 5;
    assert.ok(
      drawn.length > 0 && Number(answered) >= drawn.length && Number(answered) <= most,
      told,
    );
    assert.deepEqual(others, []);
  }
});

Deno.test("where faces are asked for one by one, only those of the best are, and that is said", async () => {
  const cases = [["3.1.0", 200, /only the 200 best/], ["3.2.0", 100, /the 100 best/]] as const;
  for (const [version, most, note] of cases) {
    const library = createMissedLibrary();
    for (let i = 0; i < most + 10; i++) {
      library.take(`anna${i}.jpg`, 100_000 + i * 100, [library.anna]);
      library.world.addFace({ asset: library.take(`nobody${i}.jpg`, 100_002 + i * 100) });
    }
    const run = await findMissed(library, { version });
    const asked = run.emulator.requests.filter(({ path }) => path.endsWith("/faces"));
    assert.equal(asked.length, most);
    const told = run.document.candidates.filter(({ reason, evidence }) =>
      reason === "face" && "faces" in evidence && evidence.faces.length > 0
    );
    // On 3.1 a duplicate, a stack and a lone neighbour are among the best, and have no face.
    assert.ok(told.length <= most && told.length >= most - 5, `${version}: ${told.length}`);
    assert.ok(run.document.notes.some((text) => note.test(text)), run.document.notes.join("\n"));
    assert.equal(run.document.counts.face, version === "3.2.0" ? most + 11 : told.length);
  }
});

Deno.test("on 3.2 partners with many portraits don't hide the own faces of nobody, and cost few requests", async () => {
  for (const [portraits, isAllFound] of [[1100, true], [5100, false]] as const) {
    const library = createMissedLibrary();
    const { world, owner, album, take } = library;
    const bob = world.addUser({ name: "Bob" });
    world.addPartner({ from: bob, to: owner });
    const friend = world.addPerson({ owner: bob, name: "Friend" });
    for (let i = 0; i < portraits; i++) {
      take(`theirs${i}.jpg`, 10_000_000 + i, [friend], { owner: bob });
    }
    for (const name of ["in-album.jpg", "outside.jpg"]) {
      const asset = take(name, name === "in-album.jpg" ? -2_000_000 : -1_000_000);
      world.addFace({ asset });
      if (name === "in-album.jpg") album.assets.add(asset);
    }
    const run = await findMissed(library, { version: "3.2.0" });
    const found = names(run);
    assert.ok(found.includes("face.jpg") && found.includes("in-album.jpg"), `${portraits}`);
    assert.equal(found.includes("outside.jpg"), isAllFound);
    const questions = run.emulator.requests.filter(({ body }) =>
      JSON.stringify(body ?? "").includes("hasPeople")
    );
    assert.ok(questions.length <= 7, `${questions.length} questions`);
    const notes = run.document.notes.join("\n");
    if (isAllFound) assert.equal(notes, "");
    else {assert.match(
        notes,
        /^Unassigned .* only about the newest 5,000 .*, and on all of the album\.$/,
      );}
  }
});

Deno.test("with people on it who do not count, an unassigned face is only one more in the crowd", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary();
    const { world, owner, take, anna } = library;
    const stranger = world.addPerson({ owner, name: "" });
    world.addFace({ asset: take("crowd.jpg", 100_000, [stranger]) });
    take("beside-crowd.jpg", 100_001, [anna]);
    const run = await findMissed(library, {
      version,
      settings: { FACELESS_RULE: "no-named-people" },
    });
    assert.equal(find(run, "crowd.jpg").reason, "neighbour", version);
    assert.equal(find(run, "face.jpg").reason, "face", version);
  }
});

Deno.test("a face of nobody in the archive is found where archived ones are candidates", async () => {
  for (const version of ["2.7.5", "3.2.0"]) {
    for (const isIncluded of [true, false]) {
      const library = createMissedLibrary();
      const asset = library.take("archived.jpg", 100_000, [], { visibility: "archive" });
      library.world.addFace({ asset });
      const settings = { INCLUDE_ARCHIVED: `${isIncluded}` };
      const run = await findMissed(library, { version, settings });
      assert.equal(run.document.counts.face, isIncluded ? 2 : 1, version);
      assert.equal(names(run).includes("archived.jpg"), isIncluded, version);
    }
  }
});
