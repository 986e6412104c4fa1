import assert from "node:assert/strict";
import { isScanDue } from "../../../src/sync/delta_questions.ts";

const HOUR = 3_600_000;
const NOW = Date.parse("2026-11-25T12:00:00Z");

Deno.test("isScanDue() wants a scan once in the time, also when a daily run comes seconds early", () => {
  const due = (hours: number) => isScanDue(24 * HOUR, NOW - hours * HOUR, NOW);
  assert.deepEqual([0, 1, 23, 23.99, 24, 1000].map(due), [false, false, false, true, true, true]);
});

Deno.test("isScanDue() wants a scan when it is not known when the last one was", () => {
  assert.equal(isScanDue(24 * HOUR, undefined, NOW), true);
  assert.equal(isScanDue(24 * HOUR, NOW + HOUR, NOW), true);
});

Deno.test("isScanDue() never wants one at 0", () => {
  for (const last of [undefined, 0, NOW, NOW + HOUR]) assert.equal(isScanDue(0, last, NOW), false);
});
