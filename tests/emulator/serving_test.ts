import assert from "node:assert/strict";
import { call, idsOf, worldOf } from "./asking.ts";
import { Fixture } from "./fixture.ts";
import { MINIMAL_PERMISSIONS, startEmulator } from "./mod.ts";
import { VERSIONS } from "./versions.ts";

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
Deno.test("a client that leaves in the middle of its request does no harm", async () => {
  await using it = await Fixture.start();
  using connection = await Deno.connect({ hostname: "127.0.0.1", port: it.emulator.port });
  const half =
    "PUT /api/albums/x/assets HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{";
  await connection.write(new TextEncoder().encode(half));
  await new Promise((resolve) => setTimeout(resolve, 20));
  connection.close();
  assert.equal((await (await it.search()).json()).assets.count, 50);
  assert.equal(it.emulator.requests.length, 1);
});

Deno.test("the emulator knows how many requests were under way at once", async () => {
  await using it = await Fixture.start({ fault: { kind: "delay", ms: 30 } });
  const drain = async () => void await (await it.search()).text();
  await drain();
  await drain();
  assert.equal(it.emulator.mostAtOnce(), 1);
  await Promise.all([drain(), drain(), drain()]);
  assert.equal(it.emulator.mostAtOnce(), 3);
});

Deno.test("a paused emulator refuses connections and resumes on the same port", async () => {
  await using it = await Fixture.start();
  await it.emulator.pause();
  await assert.rejects(it.search(), (error: Error) => /refused/.test(String(error.cause)));
  await it.emulator.resume();
  assert.equal((await (await it.search()).json()).assets.count, 50);
});
