import assert from "node:assert/strict";
import fc from "fast-check";
import type { Findings } from "../../../src/sync/findings.ts";
import { makePlan } from "../../../src/sync/plan.ts";

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map((n) => `asset-${n}`));
const findingsOf = (missing: Iterable<string>, unfit: Iterable<string>): Findings => ({
  read: 0,
  matching: 0,
  heldBack: new Set(),
  unproven: [],
  anyPeople: true,
  members: undefined,
  inAlbum: 0,
  foreign: 0,
  missing: new Set(missing),
  unfit: new Set(unfit),
});
const findings = fc.tuple(ids, ids).map(([missing, unfit]) => findingsOf(missing, unfit));

Deno.test("makePlan() adds only what is missing and removes only what is unfit", () => {
  fc.assert(fc.property(findings, (found) => {
    const { add, remove } = makePlan(found, "mirror");
    for (const id of add) assert.ok(found.missing.has(id));
    for (const id of remove) assert.ok(found.unfit.has(id));
  }));
});

Deno.test("makePlan() leaves an asset alone whose answers contradict each other", () => {
  fc.assert(fc.property(findings, (found) => {
    const { add, remove } = makePlan(found, "mirror");
    const touched = new Set([...add, ...remove]);
    assert.equal(touched.size, add.size + remove.size);
    for (const id of [...found.missing, ...found.unfit]) {
      const isIn = [add, remove].filter((ids) => ids.has(id)).length;
      assert.equal(isIn, found.missing.has(id) && found.unfit.has(id) ? 0 : 1);
      assert.equal(touched.has(id), isIn === 1);
    }
  }));
});

Deno.test("makePlan() only adds with add-only and only removes with remove-only", () => {
  fc.assert(fc.property(findings, (found) => {
    const [mirror, adding, removing] = (["mirror", "add-only", "remove-only"] as const)
      .map((mode) => makePlan(found, mode))
      .map(({ add, remove }) => ({ add: [...add], remove: [...remove] }));
    assert.deepEqual(adding, { add: mirror?.add, remove: [] });
    assert.deepEqual(removing, { add: [], remove: mirror?.remove });
  }));
});

Deno.test("makePlan() copies no id, of which there may be 600,000", () => {
  const found = findingsOf(["asset-1", "asset-2"], ["asset-3"]);
  assert.equal(makePlan(found, "mirror").add, found.missing);
});
