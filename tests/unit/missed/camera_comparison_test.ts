import assert from "node:assert/strict";
import { AssetTable } from "../../../src/missed/asset_table.ts";
import { CameraComparison, type CameraQuestion } from "../../../src/missed/camera_comparison.ts";
import { findNeighbours } from "../../../src/missed/neighbours.ts";
import { IdSource } from "../../emulator/ids.ts";

const WITHIN_MS = 10_000;
/** Far from everything before it, in seconds. */
const LATER = 1000;

/** A picture: how many seconds after the one before, whether it shows somebody, by which camera. */
type Shot = readonly [after: number, shows: boolean, camera?: string];

/** All that a comparison of these pictures asks for at most so much, and the candidates it leaves. */
function compare(shots: readonly Shot[], most: number) {
  const ids = new IdSource(11);
  const table = new AssetTable();
  const cameras = new Map<string, string>();
  let now = 0;
  for (const [after, shows, camera] of shots) {
    const id = ids.next();
    now += after * 1000;
    table.add({
      id,
      ownerId: "",
      type: "IMAGE",
      visibility: "timeline",
      isTrashed: false,
      fileCreatedAt: now,
      createdAt: 0,
      people: [],
    }, { isCandidate: !shows, shown: shows ? [] : undefined });
    if (camera !== undefined) cameras.set(id, camera);
  }
  const inTime = table.inTime();
  const comparison = new CameraComparison(
    { table, inTime, withinMs: WITHIN_MS, limit: 500, most, isAskedAlone: () => false },
    {
      faces: [],
      duplicates: [],
      stacks: [],
      neighbours: [...findNeighbours(table, inTime, WITHIN_MS)],
      weakNeighbours: 0,
      alike: [],
    },
  );
  const asked: CameraQuestion[] = [];
  for (let next = comparison.next(); next.length > 0; next = comparison.next()) {
    for (const question of next) comparison.learn(question, cameras);
    asked.push(...next);
    comparison.update();
  }
  const left = comparison.conclude().neighbours.toSorted((a, b) => b.strength - a.strength);
  return { asked, left, cost: comparison.cost, ...comparison.count() };
}

Deno.test("of a lone pair both are asked for, and another camera makes it none", () => {
  const { asked, left } = compare([
    ...[[LATER, true, "A"], [2, false, "A"], [LATER, true, "A"], [2, false, "B"]] as const,
    ...[[LATER, true, "A"], [2, false]] as const,
  ], 100);
  assert.deepEqual(left.map(({ row }) => row).sort(), [1, 5]);
  assert.deepEqual(
    new Set(asked.map((one) => one.kind === "asset" && one.row)),
    new Set([0, 1, 2, 3, 4, 5]),
  );
});

Deno.test("when the nearest is of another camera, the next one is asked for", () => {
  const shots: Shot[] = [[LATER, true, "A"], [3, true, "B"], [1, false, "A"]];
  const { asked, left: [found] } = compare(shots, 100);
  assert.equal(asked.length, 3);
  assert.deepEqual([found?.nearest, found?.distance, found?.of], [0, 4000, 1]);
});

Deno.test("where many are near each other, one question asks for all of them", () => {
  const party = Array.from(
    { length: 40 },
    (_, i): Shot => [2, i % 2 === 0, i % 2 === 0 ? "A" : "B"],
  );
  const { asked, left, cost } = compare([...party, [LATER, true, "A"], [1, false, "A"]], 100);
  assert.deepEqual(asked, [{ kind: "stretch", first: 0, last: 41 }]);
  assert.equal(left.length, 1);
  assert.ok(cost < 10);
});

Deno.test("no more is asked than may be, the best first; what is not compared stays, as the weaker", () => {
  // The longer the time to its only neighbour, the weaker. Too far apart for one question.
  const shots = Array.from({ length: 40 }, (_, pair): Shot[] => [
    ...Array.from({ length: 250 }, (): Shot => [LATER, true, "A"]),
    [1 + pair / 10, false, pair % 4 === 0 ? "B" : "A"],
  ]).flat();
  const { asked, left, cost, settled, of } = compare(shots, 20);
  assert.deepEqual([asked.length, cost], [20, 20]);
  // Of the ten that were compared three are dropped; thirty are not compared.
  assert.deepEqual([settled, of, left.length], [7, 37, 37]);
  const pairOf = (row: number) => Math.floor(row / 251);
  assert.deepEqual(left.slice(0, 7).map(({ row }) => pairOf(row)), [1, 2, 3, 5, 6, 7, 9]);
  assert.ok((left[6]?.strength ?? 0) > 1.8 * (left[7]?.strength ?? 0));
});
