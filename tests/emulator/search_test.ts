import assert from "node:assert/strict";
import { call, idsOf, worldOf } from "./asking.ts";
import { createWorld, startEmulator } from "./mod.ts";
import { countOf, findFlat, readFlatSearch } from "./search_flat.ts";
import { VERSIONS } from "./versions.ts";

Deno.test("the same seed gives the same ids, and they are version 4 UUIDs", () => {
  const [a, b, other] = [createWorld(7), createWorld(7), createWorld(8)].map((world) =>
    world.addUser({ name: "Alice" }).id
  );
  assert.equal(a, b);
  assert.notEqual(a, other);
  assert.match(String(a), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

Deno.test("takenBefore compares microseconds, so the millisecond shown can miss its own row", async () => {
  for (const version of VERSIONS) {
    const { world, alice, key } = worldOf(0);
    const { id } = world.addAsset({ owner: alice, takenAt: "2020-02-02T02:02:02.123456Z" });
    await using emulator = await startEmulator({ version, world });
    const { body } = await call(emulator, key, "POST", "/api/search/metadata", {});
    assert.equal(body.assets.items[0]?.fileCreatedAt, "2020-02-02T02:02:02.123Z");
    const before = (takenBefore: string) => idsOf(emulator, key, { takenBefore });
    assert.deepEqual(await before("2020-02-02T02:02:02.123Z"), []);
    assert.deepEqual(await before("2020-02-02T02:02:02.124Z"), [id]);
    assert.deepEqual(await before("2020-02-02T02:02:02.123456Z"), [id]);
    assert.deepEqual(await idsOf(emulator, key, { takenAfter: "2020-02-02T02:02:02.123456Z" }), [
      id,
    ]);
    assert.deepEqual(await idsOf(emulator, key, { takenAfter: "2020-02-02T02:02:02.124Z" }), []);
  }
});

Deno.test("3.x gives assets of one moment by id, 2.x in an order that changes", async () => {
  for (const version of VERSIONS) {
    const { world, alice, key } = worldOf(0);
    const assets = Array.from(
      { length: 40 },
      () => world.addAsset({ owner: alice, takenAt: "2020-02-02T02:02:02Z" }),
    );
    await using emulator = await startEmulator({ version, world });
    const descending = assets.map(({ id }) => id).sort().reverse();
    const [first, second] = [await idsOf(emulator, key, {}), await idsOf(emulator, key, {})];
    assert.deepEqual(first.toSorted().reverse(), descending);
    if (version === "2.7.5") assert.notDeepEqual(first, second);
    else assert.deepEqual([first, second], [descending, descending]);
    if (version === "2.7.5") continue;
    assert.deepEqual(await idsOf(emulator, key, { order: "asc" }), descending.toReversed());
  }
});

Deno.test("paging through the windows of a library gives every asset of it", async () => {
  const { world, key, assets } = worldOf(2500);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const found = new Set<string>();
  let window: { takenBefore?: string } = {};
  while (true) {
    const search = { size: 1000, ...window };
    const { body } = await call(emulator, key, "POST", "/api/search/metadata", search);
    for (const { id } of body.assets.items) found.add(id);
    if (body.assets.nextPage === null) break;
    const last = Date.parse(body.assets.items.at(-1)?.fileCreatedAt ?? "");
    window = { takenBefore: new Date(last + 1).toISOString() };
  }
  assert.equal(found.size, assets.length);
});

Deno.test("a window of a big library costs no walk through the library", () => {
  const { world, alice: user } = worldOf(1000);
  const search = readFlatSearch({ takenBefore: "2020-01-01T01:00:00Z" }, "3.0");
  const found = findFlat({ world, user, generation: "3.0" }, search);
  assert.deepEqual([countOf(found), found.looked], [60, 60]);
});

Deno.test("only the flat search of 3.x shows archived and hidden assets, none shows locked ones", async () => {
  for (const version of VERSIONS) {
    const { world, alice, key } = worldOf(0);
    for (const visibility of ["timeline", "archive", "hidden", "locked"] as const) {
      world.addAsset({ owner: alice, visibility, name: visibility });
    }
    world.addAsset({ owner: alice, trashed: true, name: "trashed" });
    await using emulator = await startEmulator({ version, world });
    const found = (await idsOf(emulator, key, {})).map((id) => world.assets.get(id)?.name).sort();
    assert.deepEqual(found, version === "2.7.5" ? ["timeline"] : ["archive", "hidden", "timeline"]);
    const locked = await call(emulator, key, "POST", "/api/search/metadata", {
      visibility: "locked",
    });
    assert.equal(locked.status, 401);
  }
});

Deno.test("a partner's assets are in searches, and in an album only from his timeline", async () => {
  for (const version of VERSIONS) {
    const { world, alice, key } = worldOf(1);
    const bob = world.addUser({ name: "Bob" });
    const [shown, archived] = [
      world.addAsset({ owner: bob }),
      world.addAsset({ owner: bob, visibility: "archive" }),
    ];
    world.addPartner({ from: bob, to: alice });
    const album = world.addAlbum({ owner: alice, name: "Faceless" });
    await using emulator = await startEmulator({ version, world });
    assert.equal((await idsOf(emulator, key, { visibility: "timeline" })).length, 2);
    const ids = [shown.id, archived.id];
    const added = await call(emulator, key, "PUT", `/api/albums/${album.id}/assets`, { ids });
    assert.deepEqual(added.body, [
      { id: shown.id, success: true },
      { id: archived.id, success: false, error: "no_permission" },
    ]);
    world.removePartner({ from: bob, to: alice });
    assert.equal((await idsOf(emulator, key, {})).length, 1);
  }
});

Deno.test("a face without a person is visible on 2.x alone, and counts for hasPeople of 3.2", async () => {
  for (const version of VERSIONS) {
    const { world, key, assets } = worldOf(2);
    const [asset] = assets;
    assert(asset !== undefined);
    world.addFace({ asset });
    await using emulator = await startEmulator({ version, world });
    const search = { withPeople: true, id: asset.id };
    const { body } = await call(emulator, key, "POST", "/api/search/metadata", search);
    const [item] = body.assets.items;
    assert.deepEqual(item?.people, []);
    assert.equal(item?.unassignedFaces?.length, version === "2.7.5" ? 1 : undefined);
    const filter = { hasPeople: { eq: false } };
    const faceless = await call(emulator, key, "POST", "/api/search/metadata", { filter });
    assert.equal(faceless.body.assets.count, version === "3.2.0" ? 1 : 2);
    assert.equal("nextCursor" in faceless.body.assets, version === "3.2.0");
  }
});

Deno.test("structured search combines operators, branches, window and cursor", async () => {
  const { world, alice, key, assets } = worldOf(30);
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  for (const asset of assets.slice(0, 10)) world.addFace({ asset, person: anna });
  const album = world.addAlbum({ owner: alice, name: "Faceless", assets: assets.slice(5, 15) });
  await using emulator = await startEmulator({ version: "3.2.0", world });
  const count = async (filter: unknown) => {
    const { status, body } = await call(emulator, key, "POST", "/api/search/statistics", {
      filter,
    });
    return body.total ?? `${status} ${JSON.stringify(body)}`;
  };
  const [inAlbum, none] = [{ any: [album.id] }, { none: [album.id] }];
  assert.equal(await count({ albumIds: inAlbum, personIds: { any: [anna.id] } }), 5);
  assert.equal(await count({ albumIds: none, personIds: { none: [anna.id] } }), 15);
  const tenth = "2020-01-01T00:10:00.000001Z";
  assert.equal(await count({ takenAt: { lte: tenth } }), 11);
  assert.equal(await count({ takenAt: { lt: tenth } }), 10);
  assert.equal(await count({ takenAt: { gt: tenth, lte: "2020-01-01T00:12:00.000001Z" } }), 2);
  assert.equal(await count({ or: [{ takenAt: { lt: tenth } }, { albumIds: inAlbum }] }), 15);
  assert.equal(await count({ type: { in: ["VIDEO"] } }), 0);
  assert.equal(await count({ isFavorite: { eq: false }, visibility: { ne: "archive" } }), 30);
  const found: string[] = [];
  let next: { cursor?: string } | null = {};
  while (next !== null) {
    const search: unknown = { filter: {}, size: 12, ...next };
    const { body } = await call(emulator, key, "POST", "/api/search/metadata", search);
    found.push(...body.assets.items.map(({ id }) => id));
    next = typeof body.assets.nextCursor === "string" ? { cursor: body.assets.nextCursor } : null;
  }
  assert.deepEqual(found, assets.map(({ id }) => id).reverse());
});

Deno.test("a parameter of Immich that the emulator lacks is refused, not ignored", async () => {
  const { world, key } = worldOf(1);
  await using emulator = await startEmulator({ version: "3.2.0", world });
  for (const search of [{ city: "Bern" }, { filter: { city: { eq: "Bern" } } }]) {
    const { status, body } = await call(emulator, key, "POST", "/api/search/metadata", search);
    assert.equal(status, 501);
    assert.match(body.message, /city/);
  }
});
