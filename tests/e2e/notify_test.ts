import assert from "node:assert/strict";
import { createAuthority, type Emulator, startEmulator } from "../emulator/mod.ts";
import { type Answer, type Arrived, startChannelServer } from "../support/channel_server.ts";
import { createHome, type Home } from "../support/home.ts";
import { startMailServer } from "../support/mail_server.ts";
import { runForSummary, runProgram } from "../support/program.ts";
import { createSmallLibrary } from "../support/small_library.ts";
import { startUntilListing } from "../support/run_under_way.ts";
import { closedPort } from "../support/tcp_server.ts";

const UUID = "0b1e7c0a-5f0c-4f0e-9c55-51f1a2b3c4d5";
const RUN_ID = /\?rid=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Lets each run fail from now on, with Immich's answer to a search. */
function breakSearch(emulator: Emulator): void {
  emulator.faults.add({
    match: { path: /search/ },
    fault: { kind: "status", status: 400, body: { message: "no" } },
  });
}

function stateText(home: Home): string {
  return Deno.readTextFileSync(`${home.logFile}.state.json`);
}

Deno.test("Healthchecks is told when a run starts and how it ended, without a name", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  using home = createHome(emulator, key, { HEALTHCHECK_URL: `${server.url}/ping/${UUID}` });
  assert.equal((await runForSummary({ cwd: home.folder })).code, 0);
  home.configure({ HEALTHCHECK_URL: `${server.url}/ping/${UUID}/?create=1`, MAX_REMOVE: "0" });
  breakSearch(emulator);
  assert.equal((await runForSummary({ cwd: home.folder })).code, 1);
  const paths = server.arrived.map(({ method, target }) => `${method} ${target.split("?")[0]}`);
  assert.deepEqual(paths, [
    `POST /ping/${UUID}/start`,
    `POST /ping/${UUID}/0`,
    `POST /ping/${UUID}/start`,
    `POST /ping/${UUID}/1`,
  ]);
  const [first, second, third, fourth] = server.arrived.map(({ target }) =>
    new URL(target, server.url).searchParams.get("rid")
  );
  assert.match(`?rid=${first}`, RUN_ID);
  assert.equal(first, second);
  assert.equal(third, fourth);
  assert.notEqual(first, third);
  assert.match(server.arrived[3]?.target ?? "", /\?create=1&rid=/);
  const summary = JSON.parse(server.arrived[1]?.body ?? "");
  assert.deepEqual([summary.status, summary.exitCode, summary.added], ["ok", 0, 1]);
  for (const { body } of server.arrived) {
    assert.ok(body.length <= 10_000);
    for (const name of ["Faceless", emulator.url]) assert.ok(!body.includes(name), body);
  }
});

Deno.test("a run that finds another one under way is a line in the log of Healthchecks", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  using home = createHome(emulator, key, { HEALTHCHECK_URL: `${server.url}/${UUID}` });
  const first = await startUntilListing(emulator, { cwd: home.folder });
  assert.equal((await runProgram({ cwd: home.folder })).code, 5);
  assert.equal((await first.end()).code, 0);
  const ends = server.arrived.map(({ target }) => /\/(\w+)\?/.exec(target)?.[1]);
  // No start of the second: it would take the place of the first one's.
  assert.deepEqual(ends, ["start", "log", "0"]);
});

Deno.test("Uptime Kuma is told once a run: up or down, why, and how long it took", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  server.answer = () => ({ type: "application/json", body: '{"ok":true}' });
  using home = createHome(emulator, key, {
    HEALTHCHECK_URL: `${server.url}/api/push/t0kenOfKuma?status=up&msg=OK&ping=`,
  });
  const { summary } = await runForSummary({ cwd: home.folder });
  breakSearch(emulator);
  assert.equal((await runForSummary({ cwd: home.folder })).code, 1);
  const [good, bad, ...more] = server.arrived.map(({ method, target }) => {
    const { pathname, searchParams } = new URL(target, server.url);
    const [status, msg, ping] = ["status", "msg", "ping"].map((name) => searchParams.get(name));
    return { asked: `${method} ${pathname}`, status, msg, ping, count: searchParams.size };
  });
  const same = { asked: "GET /api/push/t0kenOfKuma", count: 3 };
  const ping = String(summary.durationMs);
  assert.deepEqual(good, { ...same, status: "up", msg: "ok: added 1, removed 0", ping });
  assert.deepEqual(bad, {
    ...same,
    status: "down",
    msg: "failed: RejectedError",
    ping: bad?.ping,
  });
  assert.deepEqual(more, []);
});

Deno.test("a dry run tells nobody", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  using home = createHome(emulator, key, {
    HEALTHCHECK_URL: `${server.url}/${UUID}`,
    WEBHOOK_URL: `${server.url}/h00k-of-mine`,
  });
  breakSearch(emulator);
  assert.equal((await runProgram({ cwd: home.folder, args: ["--dry-run"] })).code, 1);
  assert.deepEqual(server.arrived, []);
});

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

Deno.test("trouble is told once, and once that it is over: since when, how long, what was caught up on", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using hook = startChannelServer();
  await using mailServer = await startMailServer({ security: "none" });
  const settings = {
    WEBHOOK_URL: `${hook.url}/h00k-of-mine`,
    ENABLE_EMAIL_ON_ERROR: "true",
    EMAIL_SMTP_SERVER: "localhost",
    EMAIL_SMTP_PORT: String(mailServer.port),
    EMAIL_SMTP_SECURITY: "none",
    EMAIL_FROM: "sync@example.com",
    EMAIL_TO: "alice@example.com",
    NOTIFY_AFTER: "2",
  };
  using home = createHome(emulator, key, settings);
  const runs = async (count: number, code: number) => {
    for (let n = 0; n < count; n++) {
      const outcome = await runProgram({ cwd: home.folder, mails: mailServer.mails });
      assert.equal(outcome.code, code);
    }
  };
  const events = () => hook.arrived.map(({ body }) => JSON.parse(body).event);
  const subjects = () => mailServer.mails.map(({ subject }) => subject.replace(/^.*: /, ""));
  home.configure({ ...settings, MAX_ADD: "0" });
  await runs(1, 4);
  assert.deepEqual(events(), []);
  await runs(3, 4);
  assert.deepEqual(events(), ["trouble"]);
  home.configure(settings);
  await runs(2, 0);
  assert.deepEqual(events(), ["trouble", "recovery"]);
  assert.deepEqual(subjects(), [
    'The album "Faceless" was not changed; please check (2 runs in a row)',
    'The album "Faceless" is up to date again',
  ]);
  const recovery = JSON.parse(hook.arrived[1]?.body ?? "");
  assert.deepEqual([recovery.runs, recovery.added, recovery.status], [4, 1, "ok"]);
  assert.match(
    mailServer.mails[1]?.text ?? "",
    /4 runs in a row needed your attention, since \d{4}-\d\d-\d\d/,
  );
  assert.match(mailServer.mails[1]?.text ?? "", /Added to the album: 1\. Removed from it: 0\./);
});

Deno.test("another trouble is told at once, a reminder when NOTIFY_REMIND has passed, and 0 tells of each", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using hook = startChannelServer();
  const base = { WEBHOOK_URL: `${hook.url}/h00k-of-mine` };
  using home = createHome(emulator, key, base);
  const events = async (settings: Record<string, string>) => {
    hook.arrived.length = 0;
    home.configure({ ...base, ...settings });
    assert.notEqual((await runProgram({ cwd: home.folder })).code, 0);
    return hook.arrived.map(({ body }) => JSON.parse(body).event);
  };
  assert.deepEqual(await events({ MAX_ADD: "0" }), ["trouble"]);
  assert.deepEqual(await events({ MAX_ADD: "0" }), []);
  assert.deepEqual(await events({ API_KEY: "revoked-0123456789" }), ["trouble"]);
  assert.deepEqual(await events({ MAX_ADD: "0", NOTIFY_REMIND: "1ms" }), ["reminder"]);
  assert.deepEqual(await events({ MAX_ADD: "0", NOTIFY_REMIND: "0" }), ["reminder"]);
});

Deno.test("news that no channel took is told by the next run", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using hook = startChannelServer();
  using home = createHome(emulator, key, { WEBHOOK_URL: `${hook.url}/h00k-of-mine`, MAX_ADD: "0" });
  hook.answer = () => ({ status: 404 });
  assert.equal((await runProgram({ cwd: home.folder })).code, 4);
  hook.answer = () => ({});
  assert.equal((await runProgram({ cwd: home.folder })).code, 4);
  assert.equal((await runProgram({ cwd: home.folder })).code, 4);
  assert.equal(hook.arrived.length, 2);
  assert.match(stateText(home), /"told": \{\s*"MAX_ADD": "20/);
});

Deno.test("where no state can be kept, trouble is told each time, as if it were the first", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using hook = startChannelServer();
  using home = createHome(emulator, key, {
    WEBHOOK_URL: `${hook.url}/h00k-of-mine`,
    NOTIFY_AFTER: "3",
    MAX_ADD: "0",
  });
  Deno.mkdirSync(`${home.logFile}.state.json`);
  for (let n = 0; n < 2; n++) assert.equal((await runProgram({ cwd: home.folder })).code, 4);
  assert.deepEqual(hook.arrived.map(({ body }) => JSON.parse(body).event), ["trouble", "trouble"]);
});

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
      HEALTHCHECK_URL: `${base}/${UUID}`,
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
  const untrusted = { HEALTHCHECK_URL: `${server.url}/${UUID}` };
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
