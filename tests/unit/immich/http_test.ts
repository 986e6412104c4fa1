import assert from "node:assert/strict";
import * as v from "valibot";
import { ImmichError } from "../../../src/immich/immich_error.ts";
import { ImmichHttp, MAX_ANSWER_BYTES } from "../../../src/immich/http.ts";
import { createRedactor } from "../../../src/system/redact.ts";
import { versionSchema } from "../../../src/immich/server.ts";
import {
  createWorld,
  type Emulator,
  type Fault,
  startEmulator,
  type World,
} from "../../emulator/mod.ts";
import { immichConfig, silentLog } from "../../support/immich_config.ts";
import type { ImmichConfig } from "../../../src/config/config.ts";

function worldOfOne(): World {
  const world = createWorld();
  world.addUser({ name: "Alice" });
  return world;
}

const VERSION = { method: "GET", path: "/server/version", schema: versionSchema } as const;

/** Asks an emulator for its version with the fault in the way of the first request, or of all. */
async function ask(
  fault: Fault | undefined,
  { always = false, ...changes }: Partial<ImmichConfig> & { always?: boolean } = {},
): Promise<{ result: unknown; emulator: Pick<Emulator, "requests" | "url">; ms: number }> {
  await using emulator = await startEmulator({ version: "3.1.0", world: worldOfOne() });
  if (fault !== undefined) emulator.faults.add({ ...(always ? {} : { times: 1 }), fault });
  const http = new ImmichHttp(
    immichConfig(emulator, "k3y", changes),
    silentLog,
    new AbortController().signal,
  );
  const started = performance.now();
  const result = await http.call(VERSION).catch((error) => error);
  const ms = performance.now() - started;
  http.close();
  assert.equal(http.traffic.requests, emulator.requests.length);
  return { result, emulator: { requests: [...emulator.requests], url: emulator.url }, ms };
}

const OK = { major: 3, minor: 1, patch: 0 };

const PASSING: Fault[] = [
  { kind: "reset" },
  { kind: "resetInBody" },
  { kind: "cutJson", how: "contentLength" },
  { kind: "cutJson", how: "chunked" },
  { kind: "cutJson", how: "truncated" },
  { kind: "emptyBody" },
  { kind: "status", status: 408 },
  { kind: "status", status: 429, headers: { "retry-after": "0" } },
  { kind: "status", status: 500, body: { message: "Internal server error" } },
  { kind: "status", status: 502, body: "<html>Bad Gateway</html>", contentType: "text/html" },
  { kind: "status", status: 503 },
  { kind: "status", status: 504 },
];

for (const fault of PASSING) {
  const name = JSON.stringify(Object.values(fault).slice(0, 2));
  Deno.test(`a request is sent again after ${name}`, async () => {
    const { result, emulator } = await ask(fault);
    assert.deepEqual(result, OK);
    assert.equal(emulator.requests.length, 2);
  });
}

const LASTING: [Fault, ImmichError["kind"]][] = [
  [{ kind: "status", status: 400, body: { message: "Bad" } }, "rejected"],
  [{ kind: "status", status: 401, body: { message: "Invalid API key" } }, "unauthorized"],
  [
    { kind: "status", status: 403, body: { message: "Missing required permission: asset.read" } },
    "forbidden",
  ],
  [{ kind: "loginPage" }, "answer"],
  [{ kind: "json", body: { hello: "world" } }, "answer"],
  [{ kind: "hugeBody", bytes: MAX_ANSWER_BYTES * 2 }, "answer"],
  [{ kind: "redirect", to: "https://elsewhere.example/login" }, "redirect"],
];

for (const [fault, kind] of LASTING) {
  Deno.test(`a request is not sent again after ${JSON.stringify(Object.values(fault))}`, async () => {
    const { result, emulator } = await ask(fault);
    assert.ok(result instanceof ImmichError);
    assert.equal(result.kind, kind);
    if (fault.kind === "hugeBody") assert.match(result.message, /larger than 64 MB/);
    assert.equal(emulator.requests.length, 1);
  });
}

Deno.test("a web page in place of data names IMMICH_URL", async () => {
  const { result } = await ask({ kind: "loginPage" });
  assert.ok(result instanceof ImmichError);
  assert.match(result.message, /web page/);
  assert.match(result.hint, /IMMICH_URL/);
});

Deno.test("an answer of another form names what is wrong with it and IMMICH_URL", async () => {
  const { result } = await ask({ kind: "json", body: { major: "3", minor: 1, patch: 0 } });
  assert.ok(result instanceof ImmichError);
  assert.match(result.message, /major should be number/);
  assert.match(result.hint, /IMMICH_URL/);
});

Deno.test("a redirect is not followed and its target is told", async () => {
  await using target = await startEmulator({ version: "3.1.0", world: worldOfOne() });
  const { result } = await ask({ kind: "redirect", to: `${target.url}/api/server/version` });
  assert.ok(result instanceof ImmichError);
  assert.ok(result.message.includes(target.url));
  assert.deepEqual(target.requests, [], "the key must not reach another server");
});

Deno.test("Retry-After is kept", async () => {
  const { result, ms } = await ask({
    kind: "status",
    status: 429,
    headers: { "retry-after": "2" },
  });
  assert.deepEqual(result, OK);
  assert.ok(ms >= 2000, `${ms} ms`);
});

Deno.test("a request without an answer times out, is sent again and then fails", async () => {
  const { result, emulator, ms } = await ask({ kind: "hang" }, { always: true, timeoutMs: 200 });
  assert.ok(result instanceof ImmichError);
  assert.equal(result.kind, "timeout");
  assert.match(result.hint, /IMMICH_TIMEOUT/);
  assert.equal(emulator.requests.length, 2);
  assert.ok(ms < 3000);
});

Deno.test("the timeout holds for the body too", async () => {
  const drip: Fault = { kind: "slowDrip", bytes: 1, everyMs: 100 };
  const { result } = await ask(drip, { always: true, timeoutMs: 300, retries: 0 });
  assert.ok(result instanceof ImmichError);
  assert.equal(result.kind, "timeout");
});

Deno.test("retries give up after IMMICH_RETRIES, with pauses that grow", async () => {
  const { result, emulator, ms } = await ask(
    { kind: "status", status: 503 },
    { always: true, retries: 2 },
  );
  assert.ok(result instanceof ImmichError);
  assert.equal(emulator.requests.length, 3);
  assert.ok(ms >= 500 + 1000, `${ms} ms`);
});

Deno.test("nobody listens: the error names the server and says what to check", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const config = immichConfig({ url: `http://127.0.0.1:${port}` }, "k3y", { retries: 0 });
  const http = new ImmichHttp(config, silentLog, new AbortController().signal);
  await assert.rejects(http.call(VERSION), (error) => {
    assert.ok(error instanceof ImmichError);
    assert.equal(
      error.message,
      `GET /server/version failed: 127.0.0.1:${port} refused the connection.`,
    );
    assert.match(error.hint, /IMMICH_URL/);
    return true;
  });
  http.close();
});

Deno.test("an unknown name and plain HTTP on an HTTPS address are told apart", async () => {
  await using emulator = await startEmulator({ version: "3.1.0", world: worldOfOne() });
  const cases: [string, RegExp][] = [
    ["http://no-such-host.invalid", /name no-such-host\.invalid can't be resolved/],
    [emulator.url.replace("http:", "https:"), /does not speak TLS/],
  ];
  for (const [url, said] of cases) {
    const config = immichConfig({ url }, "k3y", { retries: 0 });
    const http = new ImmichHttp(config, silentLog, new AbortController().signal);
    await assert.rejects(http.call(VERSION), said);
    http.close();
  }
});

Deno.test("the headers of IMMICH_HEADERS and the key go along with every request", async () => {
  const { emulator } = await ask(undefined, { headers: [["X-Proxy", "pass"]] });
  const [request] = emulator.requests;
  assert.equal(request?.headers["x-proxy"], "pass");
  assert.equal(request?.apiKey, "k3y");
});

Deno.test("a stop signal ends a request and its retries at once, with its own reason", async () => {
  await using emulator = await startEmulator({ version: "3.1.0", world: worldOfOne() });
  emulator.faults.add({ fault: { kind: "hang" } });
  const stop = new AbortController();
  const http = new ImmichHttp(immichConfig(emulator, "k3y"), silentLog, stop.signal);
  const reason = new Error("stopped");
  setTimeout(() => stop.abort(reason), 100);
  await assert.rejects(http.call({ ...VERSION, schema: v.unknown() }), reason);
  http.close();
});

Deno.test("a secret that the server sends back in any spelling is taken out before its text is cut", async () => {
  const secret = "S3cretKeyOfAlice0123456789";
  const escaped = [...secret].map((char) => `\\u00${char.charCodeAt(0).toString(16)}`).join("");
  const encoded = [...secret].map((char) => `%${char.charCodeAt(0).toString(16)}`).join("");
  const body = (text: string) => `{"message":"${"x".repeat(280)}${text}"}`;
  const contentType = "application/json";
  const faults: Fault[] = [
    { kind: "status", status: 400, body: body(secret), contentType },
    { kind: "status", status: 400, body: body(escaped), contentType },
    { kind: "status", status: 403, body: body(escaped), contentType },
    { kind: "redirect", to: `https://elsewhere.example/${encoded}` },
  ];
  for (const fault of faults) {
    await using emulator = await startEmulator({ version: "3.1.0", world: worldOfOne() });
    emulator.faults.add({ fault });
    const redact = createRedactor([secret]);
    const stop = new AbortController().signal;
    const http = new ImmichHttp(immichConfig(emulator, secret), silentLog, stop, redact);
    await assert.rejects(http.call(VERSION), ({ message }: Error) => {
      assert.match(message, /\[secret\]/);
      assert.doesNotMatch(message, /S3cret|%53/);
      return true;
    });
    http.close();
  }
});
