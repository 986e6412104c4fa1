import assert from "node:assert/strict";
import fc from "fast-check";
import type { Findings } from "../../../src/sync/findings.ts";
import { makePlan } from "../../../src/sync/plan.ts";

const ids = fc.uniqueArray(fc.integer({ min: 0, max: 30 }).map((n) => `asset-${n}`));
const findings = fc.record({ missing: ids, unfit: ids }).map(({ missing, unfit }): Findings => ({
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
}));

Deno.test("makePlan() adds only what is missing and removes only what is unfit", () => {
  fc.assert(fc.property(findings, (found) => {
    const { add, remove } = makePlan(found, "mirror");
    assert.ok(add.every((id) => found.missing.has(id)));
    assert.ok(remove.every((id) => found.unfit.has(id)));
  }));
});

Deno.test("makePlan() leaves an asset alone whose answers contradict each other", () => {
  fc.assert(fc.property(findings, (found) => {
    const { add, remove } = makePlan(found, "mirror");
    const touched = new Set([...add, ...remove]);
    assert.equal(touched.size, add.length + remove.length);
    for (const id of found.missing) {
      assert.equal(touched.has(id), !found.unfit.has(id));
    }
  }));
});

Deno.test("makePlan() only adds with add-only and only removes with remove-only", () => {
  fc.assert(fc.property(findings, (found) => {
    const mirror = makePlan(found, "mirror");
    assert.deepEqual(makePlan(found, "add-only"), { add: mirror.add, remove: [] });
    assert.deepEqual(makePlan(found, "remove-only"), { add: [], remove: mirror.remove });
  }));
});
