import assert from "node:assert/strict";
import { findRefusal } from "../../../src/sync/guard.ts";
import type { Findings } from "../../../src/sync/findings.ts";
import type { Plan } from "../../../src/sync/plan.ts";

const GUARDS = {
  maxRemovePercent: 50,
  maxAddPercent: 100,
  maxAdd: undefined,
  maxRemove: undefined,
  allowNoPeople: false,
};

function findings(changes: Partial<Findings> = {}): Findings {
  return {
    read: 1000,
    matching: 500,
    missing: new Set(),
    heldBack: new Set(),
    unproven: [],
    anyPeople: true,
    members: undefined,
    inAlbum: 100,
    foreign: 0,
    unfit: new Set(),
    ...changes,
  };
}

function plan(add: number, remove: number): Plan {
  const ids = (count: number, prefix: string) =>
    new Set(Array.from({ length: count }, (_, i) => `${prefix}${i}`));
  return { add: ids(add, "a"), remove: ids(remove, "r") };
}

Deno.test("guards let a usual plan pass", () => {
  assert.equal(findRefusal(findings(), plan(20, 20), GUARDS), undefined);
});

Deno.test("MAX_REMOVE_PERCENT refuses more than its share of the album", () => {
  assert.equal(findRefusal(findings(), plan(0, 50), GUARDS), undefined);
  const refusal = findRefusal(findings(), plan(0, 51), GUARDS);
  assert.equal(refusal?.name, "MAX_REMOVE_PERCENT");
  assert.match(refusal.message, /51 of the 100 assets.*--force/);
});

Deno.test("MAX_REMOVE_PERCENT counts from 10 removals on", () => {
  const small = findings({ inAlbum: 12 });
  assert.equal(findRefusal(small, plan(0, 9), GUARDS), undefined);
  assert.equal(findRefusal(small, plan(0, 10), GUARDS)?.name, "MAX_REMOVE_PERCENT");
});

Deno.test("MAX_REMOVE_PERCENT measures against our own assets in the album only", () => {
  const shared = findings({ inAlbum: 100, foreign: 80 });
  assert.equal(findRefusal(shared, plan(0, 11), GUARDS)?.name, "MAX_REMOVE_PERCENT");
});

Deno.test("MAX_REMOVE_PERCENT of 0 refuses ten removals, of 100 none", () => {
  assert.equal(
    findRefusal(findings(), plan(0, 10), { ...GUARDS, maxRemovePercent: 0 })?.name,
    "MAX_REMOVE_PERCENT",
  );
  assert.equal(
    findRefusal(findings(), plan(0, 100), { ...GUARDS, maxRemovePercent: 100 }),
    undefined,
  );
});

Deno.test("MAX_ADD_PERCENT refuses more than its share of the album, from 100 assets in it on", () => {
  assert.equal(findRefusal(findings(), plan(100, 0), GUARDS), undefined);
  const refusal = findRefusal(findings(), plan(101, 0), GUARDS);
  assert.equal(refusal?.name, "MAX_ADD_PERCENT");
  assert.match(refusal.message, /101 assets.*the 100 in the album.*recognition.*--force/);
  assert.equal(findRefusal(findings({ inAlbum: 99 }), plan(1000, 0), GUARDS), undefined);
  const raised = { ...GUARDS, maxAddPercent: 150 };
  assert.equal(findRefusal(findings(), plan(150, 0), raised), undefined);
  assert.equal(findRefusal(findings(), plan(151, 0), raised)?.name, "MAX_ADD_PERCENT");
});

Deno.test("MAX_ADD_PERCENT measures against our own assets in the album only", () => {
  const shared = findings({ inAlbum: 300, foreign: 200 });
  assert.equal(findRefusal(shared, plan(101, 0), GUARDS)?.name, "MAX_ADD_PERCENT");
});

Deno.test("MAX_ADD and MAX_REMOVE refuse more than they allow, and not before", () => {
  const guards = { ...GUARDS, maxAdd: 5, maxRemove: 3 };
  assert.equal(findRefusal(findings(), plan(5, 3), guards), undefined);
  assert.equal(findRefusal(findings(), plan(6, 3), guards)?.name, "MAX_ADD");
  assert.equal(findRefusal(findings(), plan(5, 4), guards)?.name, "MAX_REMOVE");
  assert.equal(findRefusal(findings(), plan(1, 0), { ...GUARDS, maxAdd: 0 })?.name, "MAX_ADD");
});

Deno.test("a library of over 100 assets without any person is refused", () => {
  const nobody = { anyPeople: false };
  assert.equal(findRefusal(findings({ ...nobody, read: 100 }), plan(100, 0), GUARDS), undefined);
  const refusal = findRefusal(findings({ ...nobody, read: 101 }), plan(1, 0), GUARDS);
  assert.equal(refusal?.name, "ALLOW_NO_PEOPLE");
  assert.match(refusal.message, /ALLOW_NO_PEOPLE=true/);
  assert.equal(
    findRefusal(findings({ ...nobody, read: 101 }), plan(1, 0), {
      ...GUARDS,
      allowNoPeople: true,
    }),
    undefined,
  );
});

Deno.test("a library without any person is refused only when something is to be added to the album", () => {
  const nobody = findings({ anyPeople: false, read: 101 });
  assert.equal(findRefusal(nobody, plan(0, 0), GUARDS), undefined);
  assert.equal(findRefusal(nobody, plan(0, 20), GUARDS), undefined);
});
