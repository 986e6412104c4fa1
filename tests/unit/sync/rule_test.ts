import assert from "node:assert/strict";
import { ExplainedError } from "../../../src/errors.ts";
import type { Asset } from "../../../src/immich/asset.ts";
import { serverOf } from "../../../src/immich/server.ts";
import { belongs, isFaceless, resolveRule, type Rule, type Scope } from "../../../src/sync/rule.ts";

const ANNA = { id: "a0000000-0000-4000-8000-000000000001", name: "Anna" };
const BEN = { id: "a0000000-0000-4000-8000-000000000002", name: "Ben" };
const OTHER_BEN = { id: "a0000000-0000-4000-8000-000000000003", name: "Ben" };
const UNNAMED = { id: "a0000000-0000-4000-8000-000000000004", name: "" };

function asset(changes: Partial<Asset> = {}): Asset {
  return {
    id: "b0000000-0000-4000-8000-000000000001",
    ownerId: "c0000000-0000-4000-8000-000000000001",
    type: "IMAGE",
    visibility: "timeline",
    isTrashed: false,
    fileCreatedAt: 0,
    createdAt: 0,
    people: [],
    ...changes,
  };
}

function scope(changes: Partial<Scope> = {}): Scope {
  return {
    rule: { kind: "no-people" },
    assetTypes: new Set(["IMAGE", "VIDEO"]),
    includeArchived: false,
    ...changes,
  };
}

Deno.test("isFaceless() judges the same asset by each rule", () => {
  const without: Rule = { kind: "without", personIds: new Set([ANNA.id]) };
  const cases: [Partial<Asset>, Record<string, boolean>][] = [
    [{}, { "no-people": true, "no-faces": true, "no-named-people": true, without: true }],
    [{ people: [ANNA] }, {
      "no-people": false,
      "no-faces": false,
      "no-named-people": false,
      without: false,
    }],
    [{ people: [BEN] }, {
      "no-people": false,
      "no-faces": false,
      "no-named-people": false,
      without: true,
    }],
    [{ people: [UNNAMED] }, {
      "no-people": false,
      "no-faces": false,
      "no-named-people": true,
      without: true,
    }],
    [{ people: [{ ...UNNAMED, name: " \t" }] }, {
      "no-people": false,
      "no-faces": false,
      "no-named-people": true,
      without: true,
    }],
    [{ people: [], unassignedFaces: [{}] }, {
      "no-people": true,
      "no-faces": false,
      "no-named-people": true,
      without: true,
    }],
  ];
  const rules: Rule[] = [
    { kind: "no-people" },
    { kind: "no-faces" },
    { kind: "no-named-people" },
    without,
  ];
  for (const [changes, expected] of cases) {
    for (const rule of rules) {
      assert.equal(isFaceless(asset(changes), rule), expected[rule.kind], rule.kind);
    }
  }
});

Deno.test("belongs() takes own archived assets only when told to, a partner's never", () => {
  const archived = asset({ visibility: "archive" });
  assert.equal(belongs(archived, scope(), true), false);
  assert.equal(belongs(archived, scope({ includeArchived: true }), true), true);
  assert.equal(belongs(archived, scope({ includeArchived: true }), false), false);
});

Deno.test("belongs() never takes hidden, trashed or unwanted types of assets", () => {
  assert.equal(
    belongs(asset({ visibility: "hidden" }), scope({ includeArchived: true }), true),
    false,
  );
  assert.equal(belongs(asset({ isTrashed: true }), scope(), true), false);
  assert.equal(belongs(asset({ type: "AUDIO" }), scope(), true), false);
  assert.equal(
    belongs(asset({ type: "VIDEO" }), scope({ assetTypes: new Set(["IMAGE"]) }), true),
    false,
  );
});

Deno.test("resolveRule() finds people by name and by id", async () => {
  const rule = await resolveRule(
    { kind: "without", people: ["Anna", BEN.id.toUpperCase()] },
    serverOf(2, 7, 5),
    () => Promise.resolve({ listed: [ANNA, BEN, OTHER_BEN, UNNAMED], areAll: true }),
  );
  assert.deepEqual(rule, { kind: "without", personIds: new Set([ANNA.id, BEN.id]) });
});

Deno.test("resolveRule() names every unknown and every ambiguous person at once", async () => {
  await assert.rejects(
    resolveRule(
      { kind: "without", people: ["Ben", "Carl"] },
      serverOf(3, 2, 0),
      () => Promise.resolve({ listed: [ANNA, BEN, OTHER_BEN], areAll: true }),
    ),
    (error) =>
      error instanceof ExplainedError && error.message.includes("Carl") &&
      error.message.includes(BEN.id) && error.message.includes(OTHER_BEN.id),
  );
});

Deno.test("resolveRule() refuses no-faces on Immich 3.0 and 3.1 only", async () => {
  const people = () => Promise.resolve({ listed: [], areAll: true });
  await assert.rejects(
    resolveRule({ kind: "no-faces" }, serverOf(3, 0, 0), people),
    /3\.0 and 3\.1/,
  );
  assert.deepEqual(await resolveRule({ kind: "no-faces" }, serverOf(2, 7, 5), people), {
    kind: "no-faces",
  });
  assert.deepEqual(await resolveRule({ kind: "no-faces" }, serverOf(3, 2, 0), people), {
    kind: "no-faces",
  });
});
