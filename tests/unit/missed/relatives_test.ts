import assert from "node:assert/strict";
import { findRelatives } from "../../../src/missed/relatives.ts";
import { tableOf } from "./table_of.ts";

Deno.test("a relative is the one of the group that shows somebody and is nearest in time", () => {
  const { table } = tableOf("100- 0+ 90+ 120+ 101- 500-");
  assert.deepEqual(findRelatives(table, [[0, 1, 2, 3, 4], [5]]), [
    { row: 0, relative: 2 },
    { row: 4, relative: 2 },
  ]);
  assert.deepEqual(findRelatives(table, [[3, 2, 1, 0]]), [{ row: 0, relative: 2 }]);
  assert.deepEqual(findRelatives(table, [[0, 4, 5]]), []);
});
