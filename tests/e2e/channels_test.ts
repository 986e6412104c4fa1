import assert from "node:assert/strict";
import { createAuthority, startEmulator } from "../emulator/mod.ts";
import {
  type Answer,
  type Arrived,
  CHECK_ID,
  startChannelServer,
} from "../support/channel_server.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";
import { breakSearch, createSmallLibrary } from "../support/small_library.ts";
import { closedPort } from "../support/tcp_server.ts";
/** What each server gets of a run that failed, by WEBHOOK_FORMAT. */
const BODIES: Readonly<
  Record<string, { path: string; target: string; body: (body: Record<string, unknown>) => void }>
> = {
  json: {
    path: "/hooks/t0ken-of-the-hook?x=1",
    target: "/hooks/t0ken-of-the-hook?x=1",
    body: ({ since, server, error, ...rest }) => {
      assert.ok(Math.abs(Date.now() - Date.parse(String(since))) < 60_000);
      assert.match(JSON.stringify(server), /"version":"3\.1\.0"/);
      assert.match(JSON.stringify(error), /"name":"RejectedError","message":".*400/);
      assert.deepEqual(rest, {
        status: "failed",
        exitCode: 1,
        event: "trouble",
        runs: 1,
        album: { id: null, name: "Faceless", created: false },
        added: 0,
        removed: 0,
        failed: [],
        guard: null,
      });
    },
  },
  ntfy: {
    path: "/s3cret-topic-of-mine",
    target: "/",
    body: ({ title, message, ...rest }) => {
      assert.match(String(title), /could not be updated/);
      assert.match(String(message), /400/);
      assert.deepEqual(rest, { topic: "s3cret-topic-of-mine", priority: 4, tags: ["warning"] });
    },
  },
  gotify: {
    path: "/push?token=AppT0ken-0123456",
    target: "/push/message?token=AppT0ken-0123456",
    body: ({ title, message, ...rest }) => {
      assert.match(String(title) + message, /could not be updated[^]*400/);
      assert.deepEqual(rest, { priority: 8 });
    },
  },
  apprise: {
    path: "/notify/k3y-of-apprise",
    target: "/notify/k3y-of-apprise",
    body: ({ title, body, ...rest }) => {
      assert.match(String(title) + body, /could not be updated[^]*400/);
      assert.deepEqual(rest, { type: "failure" });
    },
  },
};

for (const [format, { path, target, body }] of Object.entries(BODIES)) {
  Deno.test(`a webhook gets what its server understands (${format}), over TLS with an own CA`, async () => {
    const { world, key } = createSmallLibrary();
    await using emulator = await startEmulator({ version: "3.1.0", world });
    const authority = await createAuthority();
    await using server = startChannelServer(await authority.issueServer());
    using home = createHome(emulator, key, {
      WEBHOOK_URL: server.url + path,
      WEBHOOK_FORMAT: format,
      WEBHOOK_HEADERS: "Authorization: Bearer tk_0123456789; X-Api-Key: an0ther-key",
      NOTIFY_CA_CERT: "ca.pem",
    });
    Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert);
    breakSearch(emulator);
    const { code, stderr } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 1);
    assert.match(stderr, /The webhook was called/);
    const [request, ...more] = server.arrived;
    assert.ok(request);
    assert.deepEqual(more, []);
    assert.deepEqual([request.method, request.target], ["POST", target]);
    assert.equal(request.headers.get("authorization"), "Bearer tk_0123456789");
    assert.equal(request.headers.get("content-type"), "application/json");
    body(JSON.parse(request.body));
  });
}

/** How a channel fails, what its warning says, and how often it is tried for one message. */
const FAILURES: readonly (readonly [string, Answer | undefined, RegExp, number])[] = [
  ["is down", undefined, /the server refused the connection/, 0],
  ["answers 500", { status: 500 }, /the server answered 500/, 3],
  ["answers 404", { status: 404 }, /the server answered 404/, 1],
  ["answers with a web page", { type: "text/html; charset=utf-8" }, /the answer is a web page/, 1],
  [
    "redirects",
    { status: 302, headers: { location: "http://127.0.0.1:9/t0ken-of-another" } },
    /redirects to another address \(302\), which is not followed/,
    1,
  ],
  ["takes a ping of no check", { body: "OK (not found)" }, /"not found"/, 1],
  ["says that it is not ok", { body: '{"ok":false,"msg":"no"}' }, /"ok": false/, 1],
];

for (const [how, answer, says, tries] of FAILURES) {
  Deno.test(`a channel that ${how} is a warning, and changes neither exit code nor album`, async () => {
    const { world, key, asset } = createSmallLibrary();
    await using emulator = await startEmulator({ version: "3.1.0", world });
    await using server = startChannelServer();
    if (answer !== undefined) server.answer = () => answer;
    const base = answer === undefined ? `http://localhost:${closedPort()}` : server.url;
    const settings = {
      HEALTHCHECK_URL: `${base}/${CHECK_ID}`,
      WEBHOOK_URL: `${base}/h00k-0123456789`,
    };
    using home = createHome(emulator, key, settings);
    const good = await runForSummary({ cwd: home.folder });
    assert.deepEqual([good.code, good.summary.added], [0, 1]);
    assert.match(good.stderr, /WARN {3}The health check cannot be pinged: /);
    assert.match(good.stderr, says);
    assert.deepEqual([...world.albums.values()].map(({ assets }) => [...assets]), [[asset]]);
    home.configure({ ...settings, API_KEY: "revoked-0123456789" });
    server.arrived.length = 0;
    const bad = await runForSummary({ cwd: home.folder });
    assert.equal(bad.code, 1);
    assert.match(bad.stderr, /WARN {3}The webhook cannot be called: /);
    assert.match(bad.stderr, /Check WEBHOOK_URL|Set the address/);
    const isHook = ({ target }: Arrived) => target.includes("h00k");
    assert.equal(server.arrived.filter(isHook).length, tries);
  });
}

Deno.test("a channel whose certificate nobody trusts, or that is for another name, gets nothing", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const authority = await createAuthority();
  await using server = startChannelServer(await authority.issueServer());
  const untrusted = { HEALTHCHECK_URL: `${server.url}/${CHECK_ID}` };
  using home = createHome(emulator, key, untrusted);
  const unknown = await runForSummary({ cwd: home.folder });
  assert.equal(unknown.code, 0);
  assert.match(unknown.stderr, /the server's certificate is not trusted\. .*NOTIFY_CA_CERT/);
  assert.deepEqual(server.arrived, []);
  Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert);
  home.configure({ ...untrusted, NOTIFY_CA_CERT: "ca.pem" });
  assert.doesNotMatch((await runForSummary({ cwd: home.folder })).stderr, /WARN/);
  assert.equal(server.arrived.length, 2);
});
