import assert from "node:assert/strict";
import { cheaperWay } from "../../../src/sync/members.ts";

/** So many months with so many assets each. */
const spread = (months: number, count: number) => Array.from({ length: months }, () => ({ count }));

Deno.test("a large album is read by months, however many there are", () => {
  assert.equal(cheaperWay(60_000, spread(216, 280)), "months");
  assert.equal(cheaperWay(600_000, spread(216, 2800)), "months");
  assert.equal(cheaperWay(600_000, spread(600, 1000)), "months");
});

Deno.test("a small album is read by months where they are few, and by search where they are many", () => {
  assert.equal(cheaperWay(5, spread(1, 5)), "months");
  assert.equal(cheaperWay(5, spread(3, 2)), "months");
  assert.equal(cheaperWay(100, spread(100, 1)), "search");
  assert.equal(cheaperWay(5000, spread(100, 50)), "search");
  assert.equal(cheaperWay(20_000, spread(216, 93)), "search");
  assert.equal(cheaperWay(0, []), "months");
});

Deno.test("a month of 300,000 assets is read, one of more than half a million is searched", () => {
  assert.equal(cheaperWay(300_000, spread(1, 300_000)), "months");
  assert.equal(cheaperWay(600_000, [{ count: 500_001 }, { count: 99_999 }]), "search");
});
