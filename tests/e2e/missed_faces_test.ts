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
