import assert from "node:assert/strict";
import { createMissedLibrary, MISSED } from "../support/missed_library.ts";
import { find, findMissed, names } from "../support/missed_run.ts";
import { VERSIONS } from "../emulator/versions.ts";

for (const version of VERSIONS) {
  Deno.test(`missed finds on Immich ${version} one asset for each reason, best first, and changes nothing`, async () => {
    const library = createMissedLibrary();
    const run = await findMissed(library, { version });
    const { document, emulator } = run;
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(names(run), MISSED);
    const { status, counts, error, server } = document;
    assert.deepEqual({ status, counts, error, server }, {
      status: "ok",
      counts: { face: 1, duplicate: 1, stack: 1, neighbour: 1, smart: 1 },
      error: null,
      server: { url: emulator.url, version },
    });
    assert.equal(document.requests, emulator.requests.length);
    const face = find(run, "face.jpg");
    assert.deepEqual(face.reason === "face" && face.evidence, {
      count: 1,
      faces: [{ left: 25, top: 10, width: 25, height: 40 }],
      aspect: 4 / 3,
    });
    assert.equal(face.url, `${emulator.url}/photos/${face.id}`);
    const neighbour = find(run, "blurred.jpg");
    assert.ok(neighbour.reason === "neighbour");
    const { asset, ...evidence } = neighbour.evidence;
    assert.equal(asset.fileName, "IMG_2043.jpg");
    assert.deepEqual(evidence, {
      people: [{ id: library.anna.id, name: "Anna" }],
      seconds: -2,
      shown: 2,
      of: 2,
    });
    const duplicate = find(run, "duplicate.jpg");
    assert.ok(duplicate.reason === "duplicate");
    assert.equal(duplicate.evidence.asset.fileName, "original.jpg");
    const stacked = find(run, "stacked.jpg");
    assert.ok(stacked.reason === "stack");
    assert.equal(stacked.evidence.asset.fileName, "cover.jpg");
    const like = find(run, "looks-like.jpg");
    assert.ok(like.reason === "smart");
    assert.equal(like.evidence.query, "a photo of a person");
    const notes = version === "3.1.0" ? [/only asset by asset, so only the 5/] : [];
    assert.equal(document.notes.length, notes.length, document.notes.join("\n"));
    notes.forEach((note, index) => assert.match(document.notes[index] ?? "", note));
  });

  Deno.test(`missed never shows assets of partners and strangers, on Immich ${version}`, async () => {
    const library = createMissedLibrary();
    const { world, owner, take } = library;
    const [bob, carol] = ["Bob", "Carol"].map((name) => world.addUser({ name }));
    assert.ok(bob && carol);
    world.addPartner({ from: bob, to: owner });
    const friend = world.addPerson({ owner: bob, name: "Friend" });
    const theirs = [bob, carol].flatMap((owner) => [
      take("IMG_9.jpg", 4, [], { owner }),
      take("with-face.jpg", 60_000, [], { owner }),
    ]);
    for (const asset of theirs) asset.likeness = 0.9;
    for (const asset of theirs) world.addFace({ asset });
    take("friend.jpg", 70_000, [friend], { owner: bob }).likeness = 0.9;
    take("mine-near-friend.jpg", 70_001);
    const run = await findMissed(library, {
      version,
      settings: { INCLUDE_PARTNERS: "true" },
    });
    assert.deepEqual(names(run), MISSED);
  });
}

Deno.test("the rule of the configuration says who counts, and what may be a candidate", async () => {
  const library = createMissedLibrary();
  const { world, owner, take, anna } = library;
  const unnamed = world.addPerson({ owner, name: "" });
  const ben = world.addPerson({ owner, name: "Ben" });
  take("stranger.jpg", 100_000, [unnamed]);
  take("beside-stranger.jpg", 100_001);
  take("ben.jpg", 200_000, [ben]);
  take("beside-ben.jpg", 200_001);
  take("clip.mp4", 300_000, [], { type: "VIDEO" });
  take("beside-clip.jpg", 300_001, [anna]);
  take("archived.jpg", 400_000, [], { visibility: "archive" });
  take("beside-archived.jpg", 400_001, [anna]);
  take("young.jpg", 500_000, [], { createdAt: new Date().toISOString() });
  take("beside-young.jpg", 500_001, [anna]);
  const among = async (settings: Record<string, string>) => {
    const found = names(await findMissed(library, { settings, version: "2.7.5" }));
    return found.filter((name) => !MISSED.includes(name)).sort();
  };
  const usual = ["beside-ben.jpg", "beside-stranger.jpg", "clip.mp4", "young.jpg"];
  assert.deepEqual(await among({}), usual);
  assert.deepEqual(
    await among({ FACELESS_RULE: "no-named-people" }),
    usual.filter((name) => name !== "beside-stranger.jpg"),
  );
  assert.deepEqual(await among({ FACELESS_RULE: "without", WITHOUT_PEOPLE: "Ben" }), [
    "beside-ben.jpg",
  ]);
  assert.deepEqual(
    await among({ ASSET_TYPES: "image" }),
    usual.filter((name) => name !== "clip.mp4"),
  );
  assert.deepEqual(await among({ INCLUDE_ARCHIVED: "true" }), ["archived.jpg", ...usual]);
  assert.deepEqual(
    await among({ MIN_ASSET_AGE: "2h" }),
    usual.filter((name) => name !== "young.jpg"),
  );
});

Deno.test("an archived asset with people is evidence, even where archived ones are no candidates", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary();
    library.take("beside.jpg", 100_000);
    library.take("put-away.jpg", 100_003, [library.anna], { visibility: "archive" });
    library.take("archived.jpg", 100_004, [], { visibility: "archive" });
    const found = names(await findMissed(library, { version }));
    assert.ok(found.includes("beside.jpg") && !found.includes("archived.jpg"), version);
  }
});

Deno.test("an asset that moves between two lists while they are read is one, as it was listed last", async () => {
  const cases = [["2.7.5", undefined], ["3.1.0", undefined], ["3.2.0", "no-faces"]] as const;
  for (const [version, rule] of cases) {
    for (const isRecognised of [false, true]) {
      const library = createMissedLibrary();
      const { world, anna, take } = library;
      // 3.2 has two lists only where the rule asks for faces: what has none, and what has one.
      const visibility = rule === undefined ? "archive" : "timeline";
      const moving = take("moving.jpg", 100_001, [], { visibility });
      take("anna.jpg", 100_002, [anna]);
      const face = rule === undefined ? world.addFace({ asset: moving }) : undefined;
      const run = await findMissed(library, {
        version,
        settings: {
          INCLUDE_ARCHIVED: "true",
          IMMICH_CONCURRENCY: "1",
          ...(rule === undefined ? {} : { FACELESS_RULE: rule }),
        },
        prepare: ({ faults }) =>
          faults.add({
            match: { path: /search\/metadata$/, nth: 1 },
            fault: {
              kind: "after",
              run: () => {
                world.setVisibility(moving, "timeline");
                if (!isRecognised) return;
                if (face === undefined) world.addFace({ asset: moving, person: anna });
                else world.assignFace(face, anna);
              },
            },
          }),
      });
      const found = run.document.candidates.filter(({ fileName }) => fileName === "moving.jpg");
      assert.deepEqual(
        found.map(({ evidence }) => "of" in evidence ? evidence.of : "face"),
        isRecognised ? [] : [rule === undefined ? "face" : 1],
        `${version}, ${isRecognised}`,
      );
    }
  }
});

Deno.test("--limit shows the best, and counts the others; --within and --query are kept to", async () => {
  const library = createMissedLibrary();
  const run = await findMissed(library, { version: "2.7.5", args: ["--limit", "2"] });
  assert.deepEqual(names(run), MISSED.slice(0, 2));
  assert.deepEqual(Object.values(run.document.counts), [1, 1, 1, 1, 1]);
  const near = await findMissed(library, { version: "2.7.5", args: ["--within", "1s"] });
  assert.deepEqual(names(near), MISSED.filter((name) => name !== "blurred.jpg"));
  const other = await findMissed(library, { args: ["--query", "somebody on a boat"] });
  const asked = other.emulator.requests.filter(({ path }) => path.endsWith("/smart"));
  assert.deepEqual(asked.map(({ body }) => JSON.stringify(body).includes("on a boat")), [
    true,
    true,
  ]);
});

Deno.test("nothing found is fine: 0, and said", async () => {
  const library = createMissedLibrary();
  const { world } = library;
  for (const asset of [...world.assets.values()]) world.deleteAsset(asset);
  const run = await findMissed(library);
  assert.equal(run.code, 0);
  assert.deepEqual(run.document.candidates, []);
  assert.match(run.log, /Found no assets on which recognition may have missed somebody/);
});
