import assert from "node:assert/strict";
import {
  createAuthority,
  createWorld,
  type Fault,
  type FaultRule,
  startEmulator,
  type World,
} from "./mod.ts";
import { Fixture, waitUntil } from "./fixture.ts";

const withFault = (fault: Fault) => Fixture.start({ fault });

Deno.test("a status fault answers with its own body and headers", async () => {
  const headers = { "retry-after": "7" };
  await using it = await withFault({
    kind: "status",
    status: 503,
    body: "<p>down</p>",
    contentType: "text/html",
    headers,
  });
  const response = await it.search();
  assert.equal(response.status, 503);
  assert.equal(response.headers.get("retry-after"), "7");
  assert.equal(response.headers.get("content-type"), "text/html");
  assert.equal(await response.text(), "<p>down</p>");
});

Deno.test("a login page is a successful web page", async () => {
  await using it = await withFault({ kind: "loginPage" });
  const response = await it.search();
  assert.equal(response.status, 200);
  assert.match(await response.text(), /<form/);
});

Deno.test("an empty body is a success with nothing in it", async () => {
  await using it = await withFault({ kind: "emptyBody" });
  const response = await it.search();
  assert.equal(response.status, 200);
  assert.equal(await response.text(), "");
});

Deno.test("a connection reset before the answer is seen as such", async () => {
  await using it = await withFault({ kind: "reset" });
  await assert.rejects(it.search(), (error: Error) => /reset/.test(String(error.cause)));
});

Deno.test("a reset is seen over TLS, too", async () => {
  const authority = await createAuthority();
  const tls = await authority.issueServer();
  await using emulator = await startEmulator({ version: "3.1.0", world: createWorld(), tls });
  emulator.faults.add({ fault: { kind: "reset" } });
  using client = Deno.createHttpClient({ caCerts: [authority.cert] });
  await assert.rejects(
    fetch(`${emulator.url}/api/server/version`, { client }),
    (error: Error) => /reset/.test(String(error.cause)),
  );
});

for (
  const fault of [
    { kind: "resetInBody" },
    { kind: "cutJson", how: "contentLength" },
    { kind: "cutJson", how: "chunked" },
  ] satisfies Fault[]
) {
  const name = fault.kind === "cutJson" ? `cutJson/${fault.how}` : fault.kind;
  Deno.test(`${name} starts well and breaks off while the body is read`, async () => {
    await using it = await withFault(fault);
    const response = await it.search();
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), /error reading a body/);
  });
}

Deno.test("in the middle of a body, a reset is a real one and a cut is not", async () => {
  const endOf = async (fault: Fault): Promise<string> => {
    await using it = await withFault(fault);
    using connection = await Deno.connect({ hostname: "127.0.0.1", port: it.emulator.port });
    const request = "GET /api/server/version HTTP/1.1\r\nhost: localhost\r\n\r\n";
    await connection.write(new TextEncoder().encode(request));
    try {
      for await (const chunk of connection.readable) assert(chunk.length > 0);
      return "end";
    } catch (error) {
      return error instanceof Error ? error.name : String(error);
    }
  };
  assert.equal(await endOf({ kind: "resetInBody" }), "ConnectionReset");
  assert.equal(await endOf({ kind: "cutJson", how: "contentLength" }), "end");
});

Deno.test("cutJson/truncated is complete HTTP with half a JSON", async () => {
  await using it = await withFault({ kind: "cutJson", how: "truncated" });
  const text = await (await it.search()).text();
  assert.match(text, /^\{"albums"/);
  assert.throws(() => JSON.parse(text), SyntaxError);
});

Deno.test("a hanging request is answered neither soon nor by closing the emulator", async () => {
  await using it = await withFault({ kind: "hang" });
  await assert.rejects(it.search({ signal: AbortSignal.timeout(100) }), { name: "TimeoutError" });
  const pending = it.search();
  await waitUntil(() => it.emulator.requests.length === 2);
  await Promise.all([assert.rejects(pending), it.emulator.close()]);
});

Deno.test("slow drip gives the true answer in small pieces", async () => {
  await using it = await withFault({ kind: "slowDrip", bytes: 5, everyMs: 5 });
  const start = performance.now();
  const response = await it.fetch("/api/server/version");
  assert.deepEqual(await response.json(), { major: 3, minor: 1, patch: 0, prerelease: null });
  assert(performance.now() - start > 40);
});

Deno.test("a delay holds back the true answer", async () => {
  await using it = await withFault({ kind: "delay", ms: 150 });
  const start = performance.now();
  assert.equal((await (await it.search()).json()).assets.count, 50);
  assert(performance.now() - start >= 150);
});

Deno.test("mutate changes the true answer", async () => {
  await using it = await withFault({
    kind: "mutate",
    change: (body) => JSON.parse(JSON.stringify(body).replaceAll('"people":[]', '"people":null')),
  });
  const { assets } = await (await it.search()).json();
  assert.equal(assets.items.length, 50);
  assert.equal(assets.items[0].people, null);
});

Deno.test("before and after change the world around a request", async () => {
  await using it = await Fixture.start();
  const change = (count: number) => (world: World) => {
    for (const asset of [...world.assets.values()].slice(0, count)) world.deleteAsset(asset);
  };
  it.emulator.faults.add({ times: 1, fault: { kind: "before", run: change(1) } });
  it.emulator.faults.add({ times: 1, fault: { kind: "after", run: change(2) } });
  assert.equal((await (await it.search()).json()).assets.count, 49);
  assert.equal((await (await it.search()).json()).assets.count, 47);
});

Deno.test("a redirect names where to go", async () => {
  await using it = await withFault({ kind: "redirect", to: "http://127.0.0.1:1/", status: 307 });
  const response = await it.search({ redirect: "manual" });
  assert.equal(response.status, 307);
  assert.equal(response.headers.get("location"), "http://127.0.0.1:1/");
  await response.body?.cancel();
});

Deno.test("a huge body is streamed, and stops when nobody reads", async () => {
  await using it = await withFault({ kind: "hugeBody", bytes: 1024 ** 3 });
  const response = await it.search();
  let read = 0;
  for await (const chunk of response.body ?? []) {
    read += chunk.length;
    if (read > 1_000_000) break;
  }
  assert(read > 1_000_000);
});

Deno.test("a revoked key fails from that request on", async () => {
  await using it = await Fixture.start({ match: { nth: 2 }, fault: { kind: "revokeKey" } });
  const statuses = [];
  for (let count = 0; count < 3; count++) {
    const response = await it.search();
    statuses.push(response.status);
    await response.body?.cancel();
  }
  assert.deepEqual(statuses, [200, 401, 401]);
});

Deno.test("maintenance starts with a request and leaves the version route", async () => {
  await using it = await withFault({ kind: "startMaintenance" });
  const response = await it.search();
  assert.equal(response.status, 404);
  assert.deepEqual(await response.json(), { message: "Cannot POST /api/search/metadata" });
  const version = await it.fetch("/api/server/version");
  assert.equal(version.status, 200);
  await version.body?.cancel();
});

Deno.test("a handled fault has done its work although the answer is lost", async () => {
  await using it = await Fixture.start({
    match: { method: "PUT" },
    handled: true,
    times: 1,
    fault: { kind: "reset" },
  });
  await assert.rejects(it.add(it.assetIds.slice(0, 3)));
  assert.equal(it.world.albums.get(it.albumId)?.assets.size, 3);
  const again = await (await it.add(it.assetIds.slice(0, 4))).json();
  assert.deepEqual(again.map(({ error }: { error?: string }) => error), [
    "duplicate",
    "duplicate",
    "duplicate",
    undefined,
  ]);
});

Deno.test("an unhandled fault has changed nothing", async () => {
  await using it = await Fixture.start({ match: { method: "PUT" }, fault: { kind: "reset" } });
  await assert.rejects(it.add(it.assetIds));
  assert.equal(it.world.albums.get(it.albumId)?.assets.size, 0);
});

Deno.test("method, path, nth, from and times choose the requests that are struck", async () => {
  await using it = await Fixture.start();
  const teapot: Fault = { kind: "status", status: 418 };
  const statusesOf = async (match: FaultRule["match"] & object, times?: number) => {
    it.emulator.faults.clear();
    it.emulator.faults.add({ match, fault: teapot, ...(times === undefined ? {} : { times }) });
    const statuses = [];
    for (let count = 0; count < 4; count++) {
      const response = await it.search();
      statuses.push(response.status);
      await response.body?.cancel();
    }
    return statuses;
  };
  assert.deepEqual(await statusesOf({ nth: 2 }), [200, 418, 200, 200]);
  assert.deepEqual(await statusesOf({ from: 3 }), [200, 200, 418, 418]);
  assert.deepEqual(await statusesOf({ path: /search/ }, 1), [418, 200, 200, 200]);
  assert.deepEqual(await statusesOf({ path: /albums/ }), [200, 200, 200, 200]);
  assert.deepEqual(await statusesOf({ method: "GET" }), [200, 200, 200, 200]);
  assert.deepEqual(
    await statusesOf({ where: ({ apiKey }) => apiKey === it.key }),
    Array(4).fill(418),
  );
});
