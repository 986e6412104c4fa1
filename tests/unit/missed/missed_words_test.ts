import assert from "node:assert/strict";
import type { FoundReason } from "../../../src/missed/missed_document.ts";
import { explain, namesOf } from "../../../src/missed/missed_words.ts";

const FOUND = {
  id: "1",
  fileName: "a.jpg",
  takenAt: "2024-06-01T10:00:00",
  isVideo: false,
  url: "",
};
const people = [{ id: "anna", name: "Anna" }];
const related = { asset: { ...FOUND, fileName: "b.jpg" }, people };

/** What the page says of an asset. */
function said(reason: FoundReason): string {
  return explain({ ...FOUND, ...reason });
}

function neighbour(seconds: number, shown = 1, of = 1): string {
  return said({ reason: "neighbour", evidence: { ...related, seconds, shown, of } });
}

Deno.test("a neighbour is told by its time, and by how many others there are", () => {
  assert.equal(neighbour(0), "At the same time as b.jpg, which shows Anna");
  assert.equal(neighbour(0.6), "Less than 1 s after b.jpg, which shows Anna");
  assert.equal(neighbour(-1), "1 s before b.jpg, which shows Anna");
  assert.equal(neighbour(99), "99 s after b.jpg, which shows Anna");
  assert.equal(neighbour(-119), "2 min before b.jpg, which shows Anna");
  assert.equal(neighbour(4, 1, 2), "4 s after b.jpg, which shows Anna; 1 of 2 nearby shows people");
  assert.equal(neighbour(4, 2, 3), "4 s after b.jpg, which shows Anna; 2 of 3 nearby show people");
});

Deno.test("the other reasons are told in words", () => {
  const faces = (count: number | null) =>
    said({ reason: "face", evidence: { count, faces: [], aspect: null } });
  assert.deepEqual([null, 1, 25].map(faces), [
    "An unassigned face",
    "An unassigned face",
    "25 unassigned faces",
  ]);
  const [duplicate, stacked] = (["duplicate", "stack"] as const)
    .map((reason) => said({ reason, evidence: related }));
  assert.equal(duplicate, "Duplicate of b.jpg, which shows Anna");
  assert.equal(stacked, "Stacked with b.jpg, which shows Anna");
  assert.equal(
    said({ reason: "smart", evidence: { query: "a person", rank: 3, around: 86.7 } }),
    "Candidate 3 for “a person”; in the whole library, 87 % of those ranked around it show people",
  );
});

Deno.test("three people are named, of more two and how many others", () => {
  const names = (...all: string[]) => namesOf(all.map((name, id) => ({ id: `${id}`, name })));
  assert.equal(names(), "somebody");
  assert.equal(names(" "), "somebody");
  assert.equal(names("", ""), "2 people");
  assert.equal(names("Anna"), "Anna");
  assert.equal(names("Anna", "Ben"), "Anna and Ben");
  assert.equal(names("Anna", ""), "Anna and somebody else");
  assert.equal(names("Anna", "Ben", "Carla"), "Anna, Ben and Carla");
  assert.equal(names("Anna", "", "Ben", ""), "Anna, Ben and 2 others");
  assert.equal(names("Anna", "Ben", "Carla", "Dan", "Eva"), "Anna, Ben and 3 others");
});
