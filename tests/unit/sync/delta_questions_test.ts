import assert from "node:assert/strict";
import { serverOf } from "../../../src/immich/server.ts";
import { isScanDue, obstacleToDelta } from "../../../src/sync/delta_questions.ts";

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

Deno.test("obstacleToDelta() finds none in an own album on 3.2, and names each there can be", () => {
  const album = {
    ...{ id: "a", name: "Faceless", ownerId: "me", assetCount: 1 },
    roles: new Map([["me", "owner"]]),
  };
  const plain = {
    ...{ server: serverOf(3, 2, 0), album, includePartners: false },
    scope: { rule: { kind: "no-faces" }, includeArchived: false },
  } as const;
  const archived = { scope: { ...plain.scope, includeArchived: true } };
  const shared = { ...album, roles: new Map([["me", "owner"], ["bob", "viewer"]]) };
  assert.equal(obstacleToDelta(plain), undefined);
  assert.equal(obstacleToDelta({ ...plain, ...archived }), undefined);
  assert.equal(obstacleToDelta({ ...plain, includePartners: true }), undefined);
  assert.match(obstacleToDelta({ ...plain, server: serverOf(3, 1, 0) }) ?? "", /3\.2 and later/);
  assert.match(obstacleToDelta({ ...plain, album: undefined }) ?? "", /no album yet/);
  assert.match(obstacleToDelta({ ...plain, album: shared }) ?? "", /is shared/);
  const both = { ...plain, ...archived, includePartners: true };
  assert.match(obstacleToDelta(both) ?? "", /INCLUDE_PARTNERS and INCLUDE_ARCHIVED/);
});
