import assert from "node:assert/strict";
import { takeAlike } from "../../../src/missed/smart_cutoff.ts";
import { tableOf } from "./table_of.ts";

/** What is taken of a library whose rows are in the order of the answer. */
function alikeIn(row: string, candidates?: readonly number[]) {
  const { table } = tableOf(row);
  const rows = Array.from({ length: table.size }, (_, row) => row);
  return takeAlike(table, candidates ?? rows, rows);
}

Deno.test("the list is taken as far as most around a place show people, its rank among the candidates", () => {
  const people = Array(20).fill("0+").join(" ");
  const things = Array(20).fill("0-").join(" ");
  const taken = alikeIn(`${people} 0- ${people} ${things}`);
  // Around the first of the things are 15 with people and 15 without, around the second fewer.
  assert.deepEqual(taken.map(({ row, rank }) => [row, rank]), [[20, 1], [41, 2]]);
  assert.deepEqual(taken.map(({ around }) => around), [1, 0.5]);
});

Deno.test("of smart search no more are taken than two hundred", () => {
  const mixed = Array(250).fill("0+ 0- 0+").join(" ");
  const taken = alikeIn(mixed);
  assert.equal(taken.length, 200);
  assert.equal(taken.at(-1)?.rank, 200);
});

Deno.test("what the answer for the whole library does not go down to ends the list", () => {
  const { table } = tableOf("0+ 0- 0+ 0- 0-");
  assert.deepEqual(takeAlike(table, [1, 4, 3], [0, 1, 2, 3]).map(({ row }) => row), [1]);
  assert.deepEqual(takeAlike(table, [1], [1]), []);
});
