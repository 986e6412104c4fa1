import assert from "node:assert/strict";
import { type Finds, rank } from "../../../src/missed/candidates.ts";
import { findNeighbours } from "../../../src/missed/neighbours.ts";
import { tableOf } from "./table_of.ts";

const NOTHING: Finds = {
  faces: [],
  duplicates: [],
  stacks: [],
  neighbours: [],
  weakNeighbours: 0,
  alike: [],
};

Deno.test("a second reason lifts a lone neighbour above a burst if it is near, not from ten seconds away", () => {
  const { table, inTime } = tableOf("0+ 2+ 4- 6+ 8+ 1000+ 1001- 2000+ 2010- 3000+ 3001-");
  const [burst, near, far, alone] = [2, 6, 8, 10];
  const neighbours = [...findNeighbours(table, inTime, 10_000)];
  const alike = [near, far].map((row) => ({ row, rank: 200, around: 0.5 }));
  const ranked = rank(table, { ...NOTHING, neighbours, alike });
  assert.deepEqual(ranked.map(({ row }) => row), [near, burst, alone, far]);
});

Deno.test("of one reason the larger face, the nearer relative and the earlier rank is first, then the newer", () => {
  const { table } = tableOf("0- 60- 120- -10+");
  const box = { left: 0, top: 0, width: 0.2, height: 0.3, aspect: 1 };
  const faces = [[box, { ...box, width: 0.3 }], [{ ...box, height: 0.6 }], []]
    .map((boxes, row) => ({ row, count: boxes.length, boxes }));
  const order = (finds: Partial<Finds>) =>
    rank(table, { ...NOTHING, ...finds }).map(({ row }) => row);
  assert.deepEqual(order({ faces }), [1, 0, 2]);
  const relatives = [1, 2, 0].map((row) => ({ row, relative: 3 }));
  assert.deepEqual(order({ duplicates: relatives }), [0, 1, 2]);
  assert.deepEqual(order({ stacks: relatives }), [0, 1, 2]);
  const alike = [0, 2, 1].map((row, index) => ({ row, rank: index + 1, around: 1 }));
  assert.deepEqual(order({ alike }), [0, 2, 1]);
  assert.deepEqual(order({ faces: faces.map((face) => ({ ...face, boxes: [] })) }), [2, 1, 0]);
});
