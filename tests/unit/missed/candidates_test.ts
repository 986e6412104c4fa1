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
