import assert from "node:assert/strict";
import {
  type Asset,
  createWorld,
  type Emulator,
  MINIMAL_PERMISSIONS,
  startEmulator,
  type User,
  type World,
} from "./mod.ts";

const VERSIONS = ["2.7.5", "3.1.0", "3.2.0"];

function worldOf(count: number): { world: World; alice: User; key: string; assets: Asset[] } {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const key = world.addKey({ user: alice, permissions: ["all"] });
  const assets = Array.from({ length: count }, () => world.addAsset({ owner: alice }));
  return { world, alice, key, assets };
}

/** What the tests look at in answers of all kinds. */
interface Body {
  assets: {
    count: number;
    items: { id: string; fileCreatedAt: string; people: unknown[]; unassignedFaces?: unknown[] }[];
    nextPage: string | null;
    nextCursor?: string | null;
  };
  id: string;
  total?: number;
  message: string;
}

async function call(
  emulator: Emulator,
  key: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: { "x-api-key": key, "content-type": "application/json" },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

async function idsOf(emulator: Emulator, key: string, search: unknown): Promise<string[]> {
  const { body } = await call(emulator, key, "POST", "/api/search/metadata", search);
  return body.assets.items.map(({ id }) => id);
}

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

Deno.test("a window in a library of 100,000 assets costs no walk through the library", async () => {
  const { world, key } = worldOf(100_000);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const search = { size: 10, takenBefore: "2020-01-01T01:00:00Z" };
  await idsOf(emulator, key, search);
  const start = performance.now();
  for (let count = 0; count < 20; count++) await idsOf(emulator, key, search);
  assert((performance.now() - start) / 20 < 20);
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

Deno.test("a key can do what its permissions name, and the answer names what is missing", async () => {
  const { world, alice } = worldOf(1);
  const key = world.addKey({ user: alice, permissions: ["asset.read"] });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  assert.equal((await call(emulator, key, "POST", "/api/search/metadata", {})).status, 200);
  const missing = {
    "GET /api/albums": "album.read",
    "POST /api/albums": "album.create",
    "GET /api/people": "person.read",
    "GET /api/users/me": "user.read",
    "GET /api/server/about": "server.about",
    "POST /api/search/statistics": "asset.statistics",
    [`PUT /api/albums/${crypto.randomUUID()}/assets`]: "albumAsset.create",
    [`DELETE /api/albums/${crypto.randomUUID()}/assets`]: "albumAsset.delete",
    [`GET /api/assets/${crypto.randomUUID()}/thumbnail`]: "asset.view",
  };
  for (const [request, permission] of Object.entries(missing)) {
    const [method = "", path = ""] = request.split(" ");
    const { status, body } = await call(emulator, key, method, path);
    assert.equal(status, 403);
    assert.deepEqual(body, { message: `Missing required permission: ${permission}` });
  }
  assert.equal((await call(emulator, key, "GET", "/api/api-keys/me")).status, 200);
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

Deno.test("a body without JSON content type is no body: ignored by 2.x, refused by 3.x", async () => {
  for (const version of VERSIONS) {
    const { world, key } = worldOf(3);
    await using emulator = await startEmulator({ version, world });
    const headers = { "x-api-key": key };
    const body = JSON.stringify({ size: 1 });
    const init = { method: "POST", headers, body };
    const response = await fetch(`${emulator.url}/api/search/metadata`, init);
    assert.equal(response.status, version === "2.7.5" ? 200 : 400);
    const answer = await response.json();
    if (version === "2.7.5") assert.equal(answer.assets.count, 3);
  }
});

Deno.test("outside of /api there is the web page, behind a prefix the proxy's 404", async () => {
  const { world } = worldOf(1);
  await using emulator = await startEmulator({ version: "3.1.0", world, pathPrefix: "/photos" });
  assert.match(emulator.url, /^http:\/\/localhost:\d+\/photos$/);
  const get = async (url: string) => {
    const response = await fetch(url);
    return `${response.status} ${response.headers.get("content-type")} ${await response.text()}`;
  };
  assert.match(await get(`${emulator.url}/albums`), /^200 text\/html.*<html>/s);
  assert.match(await get(`${emulator.url}/.well-known/immich`), /"endpoint":"\/api"/);
  assert.match(await get(`${emulator.url}/api/server/ping`), /pong/);
  assert.match(await get(emulator.url.replace("/photos", "/api/server/ping")), /^404 text\/html/);
});

Deno.test("answers are compressed for those who accept it, unless told not to", async () => {
  for (const gzip of [true, false]) {
    const { world, key } = worldOf(100);
    await using emulator = await startEmulator({ version: "3.1.0", world, gzip });
    // fetch accepts gzip, unpacks it, and then hides that it was there: curl's view by hand.
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: emulator.port });
    const request =
      "POST /api/search/metadata HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n" +
      `accept-encoding: gzip\r\nx-api-key: ${key}\r\ncontent-type: application/json\r\n` +
      "content-length: 2\r\n\r\n{}";
    await connection.write(new TextEncoder().encode(request));
    const buffer = new Uint8Array(1000);
    const read = await connection.read(buffer);
    const head = new TextDecoder().decode(buffer.subarray(0, read ?? 0));
    assert.equal(/content-encoding: gzip/i.test(head), gzip);
    assert.equal((await idsOf(emulator, key, {})).length, 100);
  }
});

Deno.test("requests and writes are logged with path, body, key and status", async () => {
  const { world, alice, assets } = worldOf(1);
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  await using emulator = await startEmulator({ version: "3.1.0", world, pathPrefix: "/photos" });
  await idsOf(emulator, key, { size: 5 });
  const created = await call(emulator, key, "POST", "/api/albums", { albumName: "Faceless" });
  const ids = assets.map(({ id }) => id);
  await call(emulator, key, "PUT", `/api/albums/${created.body.id}/assets`, { ids });
  await call(emulator, key, "GET", "/api/albums?isOwned=true");
  assert.deepEqual(emulator.writes().map(({ method, path, status }) => [method, path, status]), [
    ["POST", "/api/albums", 201],
    ["PUT", `/api/albums/${created.body.id}/assets`, 200],
  ]);
  const [search] = emulator.requests;
  assert.deepEqual([search?.path, search?.body, search?.apiKey], [
    "/api/search/metadata",
    { size: 5 },
    key,
  ]);
  assert.equal(emulator.requests.at(-1)?.query.get("isOwned"), "true");
  emulator.clearRequests();
  assert.equal(emulator.requests.length, 0);
});

Deno.test("the thumbnail is a picture", async () => {
  const { world, key, assets } = worldOf(1);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const url = `${emulator.url}/api/assets/${assets[0]?.id}/thumbnail`;
  const response = await fetch(url, { headers: { "x-api-key": key } });
  assert.equal(response.headers.get("content-type"), "image/jpeg");
  assert.deepEqual([...(await response.bytes()).subarray(0, 3)], [0xff, 0xd8, 0xff]);
});
