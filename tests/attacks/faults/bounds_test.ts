import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { ImmichHttp, MAX_ANSWER_BYTES } from "../../../src/immich/http.ts";
import { MAX_PAUSE_MS } from "../../../src/immich/retry.ts";
import { readPeople } from "../../../src/immich/people.ts";
import { listAssets, MAX_LISTED_ASSETS } from "../../../src/immich/search.ts";
import { serverOf } from "../../../src/immich/server.ts";
import { Interrupted } from "../../../src/errors.ts";
import { createHome } from "../../support/home.ts";
import { runForSummary } from "../../support/program.ts";
import {
  createSelfSigned,
  type Emulator,
  type Fault,
  startEmulator,
  VERSIONS,
} from "../../emulator/mod.ts";
import { immichConfig, silentLog } from "../../support/immich_config.ts";
import { isSearch } from "./blow.ts";
import { endless } from "./endless.ts";
import { MIRROR } from "./scenarios.ts";
import { membersOf, type Stage } from "./stage.ts";
import { syncOnce } from "./sync_once.ts";

// A hostile server, or a broken proxy: the run ends by itself, within limits that have names.

/** A server with this in the way of all searches, and of nothing else. */
async function start(
  fault: Fault,
  version = "3.1.0",
): Promise<{ emulator: Emulator; stage: Stage }> {
  const stage = MIRROR.build();
  const emulator = await startEmulator({ version, world: stage.world, gzip: false });
  emulator.faults.add({ match: { where: isSearch }, fault });
  return { emulator, stage };
}

/** Runs the program into the fault; the album must be as it was. */
async function runInto(fault: Fault, settings: Record<string, string> = {}) {
  const { emulator, stage } = await start(fault);
  await using _ = emulator;
  using home = createHome(emulator, stage.key.secret, settings);
  const before = membersOf(stage);
  const outcome = await runForSummary({ cwd: home.folder });
  assert.equal(outcome.code, 1, outcome.stderr);
  assert.deepEqual(membersOf(stage), before);
  assert.deepEqual(emulator.writes(), []);
  return { ...outcome, searches: emulator.requests.filter(isSearch).length };
}

for (const version of VERSIONS) {
  for (const kind of ["ever older", "of one moment"] as const) {
    Deno.test(`a list that never ends, of new assets ${kind}, is given up on Immich ${version}`, async () => {
      const { emulator, stage } = await start({ kind: "mutate", change: endless(kind) }, version);
      await using _ = emulator;
      const config = immichConfig(emulator, stage.key.secret);
      const http = new ImmichHttp(config, silentLog, new AbortController().signal);
      const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
      const server = serverOf(major, minor, patch);
      let listed = 0;
      await assert.rejects(async () => {
        const query = { visibility: "timeline" } as const;
        const options = { maxAssets: 2000, pageSize: 100 };
        for await (const page of listAssets(http, server, query, options)) {
          listed += page.length;
        }
      }, /can't be trusted: it does not end after 2000 assets/);
      http.close();
      assert.ok(listed <= 2000, `${listed} were listed`);
      assert.ok(emulator.requests.length <= 21, `${emulator.requests.length} requests`);
    });
  }
}

Deno.test("the limit of a list is far above any library, and far below what memory holds", () => {
  assert.equal(MAX_LISTED_ASSETS, 10_000_000);
});

Deno.test("a list of people that never ends is given up after a thousand pages", async () => {
  const { emulator, stage } = await start({ kind: "delay", ms: 0 });
  await using _ = emulator;
  stage.key.permissions.push("person.read");
  emulator.faults.add({
    match: { path: /\/people$/ },
    fault: {
      kind: "mutate",
      change: () => ({ people: [{ id: crypto.randomUUID(), name: "" }], hasNextPage: true }),
    },
  });
  const config = immichConfig(emulator, stage.key.secret);
  const http = new ImmichHttp(config, silentLog, new AbortController().signal);
  await assert.rejects(readPeople(http), /list of people does not end after 1000 pages/);
  http.close();
  assert.equal(emulator.requests.length, 1000);
});

Deno.test("endless redirects are not followed, not even to the server itself", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const fault: Fault = { kind: "redirect", to: "/api/search/metadata", status };
    const { summary, searches } = await runInto(fault, { IMMICH_CONCURRENCY: "1" });
    assert.equal(summary.error?.name, "RedirectError");
    assert.equal(searches, 1);
  }
});

Deno.test("a body of a gigabyte is not read to its end", async () => {
  const { summary, searches } = await runInto({ kind: "hugeBody", bytes: 1024 ** 3 });
  assert.match(summary.error?.message ?? "", /the answer is larger than 64 MB/);
  assert.ok(searches <= 2);
  // Two listings run at once.
  assert.ok(summary.bytesReceived < 2.1 * MAX_ANSWER_BYTES, `${summary.bytesReceived} bytes`);
});

/** A gigabyte of JSON that travels as one megabyte. */
function bomb(): Fault {
  const megabyte = new TextEncoder().encode(" ".repeat(1024 * 1024));
  const one = gzipSync(megabyte);
  const body = new Uint8Array(one.length * 1024);
  for (let i = 0; i < 1024; i++) body.set(one, i * one.length);
  const headers = { "content-encoding": "gzip" };
  return { kind: "status", status: 200, body, contentType: "application/json", headers };
}

Deno.test("a compressed gigabyte is not unpacked to its end", async () => {
  const { summary } = await runInto(bomb());
  assert.match(summary.error?.message ?? "", /larger than 64 MB|answered with nothing|broke/);
  assert.ok(summary.bytesReceived < 4.2 * MAX_ANSWER_BYTES, `${summary.bytesReceived} bytes`);
});

Deno.test("a compressed gigabyte is not unpacked to its end from a self-signed server", async () => {
  const tls = await createSelfSigned();
  const stage = MIRROR.build();
  await using emulator = await startEmulator({
    version: "3.1.0",
    world: stage.world,
    tls,
    gzip: false,
  });
  emulator.faults.add({ match: { where: isSearch }, fault: bomb() });
  using home = createHome(emulator, stage.key.secret, { IMMICH_CA_CERT: "ca.pem" });
  Deno.writeTextFileSync(`${home.folder}/ca.pem`, tls.cert);
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 1);
  assert.match(summary.error?.message ?? "", /larger than 64 MB|answered with nothing|broke/);
  assert.ok(summary.bytesReceived < 4.2 * MAX_ANSWER_BYTES, `${summary.bytesReceived} bytes`);
});

Deno.test("a body that drips for hours ends with IMMICH_TIMEOUT", async () => {
  const started = performance.now();
  const { summary } = await runInto(
    { kind: "slowDrip", bytes: 1, everyMs: 500 },
    { IMMICH_TIMEOUT: "1s" },
  );
  assert.equal(summary.error?.name, "TimeoutError");
  assert.ok(performance.now() - started < 20_000);
});

Deno.test("headers that never end are given up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    const line = new TextEncoder().encode(`x-filler: ${"a".repeat(8000)}\r\n`);
    for await (const connection of listener) {
      try {
        await connection.write(new TextEncoder().encode("HTTP/1.1 200 OK\r\n"));
        for (;;) await connection.write(line);
      } catch {
        connection.close(); // the client has had enough
      }
    }
  })();
  const { emulator, stage } = await start({ kind: "hang" });
  await using _ = emulator;
  using home = createHome(emulator, stage.key.secret, {
    IMMICH_URL: `http://127.0.0.1:${listener.addr.port}`,
    IMMICH_TIMEOUT: "5s",
  });
  const { code, summary } = await runForSummary({ cwd: home.folder });
  assert.equal(code, 1);
  assert.match(summary.error?.name ?? "", /ConnectionError|TimeoutError/);
  listener.close();
  await serving;
});

for (
  const [said, value] of [
    ["a year", "31536000"],
    ["a date in a hundred years", new Date(Date.now() + 100 * 365 * 86_400_000).toUTCString()],
    ["more seconds than there are", "9".repeat(400)],
  ] as const
) {
  Deno.test(`Retry-After of ${said} is waited for no longer than a minute`, async () => {
    assert.equal(MAX_PAUSE_MS, 60_000);
    assert.match(await pauseAfter(value), /Trying again in 60\.0 s \(retry 1 of 1\)/);
  });
}

for (const value of ["-31536000", "soon", "1.5e9", "2099-01-01", "Infinity"]) {
  Deno.test(`Retry-After: ${value} says nothing, and the pause is the usual one`, async () => {
    assert.match(await pauseAfter(value), /Trying again in (0\.[5-9]|1\.0) s \(retry 1 of 1\)/);
  });
}

/** What the log says of the first pause; the run is stopped in it. */
async function pauseAfter(retryAfter: string): Promise<string> {
  const headers = { "retry-after": retryAfter };
  const { emulator, stage } = await start({ kind: "status", status: 429, headers });
  await using _ = emulator;
  const stop = new AbortController();
  const warnings: string[] = [];
  const warn = (message: string) => {
    warnings.push(message);
    stop.abort(new Interrupted("SIGTERM", 143));
  };
  const lockFolder = Deno.makeTempDirSync();
  const started = performance.now();
  const { summary } = await syncOnce(emulator, stage, {
    log: { ...silentLog, warn },
    stop: stop.signal,
    lockFolder,
  });
  Deno.removeSync(lockFolder, { recursive: true });
  assert.equal(summary.exitCode, 143);
  assert.ok(performance.now() - started < 5000, "the pause ends with the run");
  return warnings.join("\n");
}
