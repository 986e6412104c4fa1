import assert from "node:assert/strict";
import { MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { type ChannelServer, CHECK_ID, startChannelServer } from "../support/channel_server.ts";
import { createHome } from "../support/home.ts";
import { MAIL_SETTINGS, startMailServer } from "../support/mail_server.ts";
import { outcomeOf, runForSummary, runProgram, startProgram } from "../support/program.ts";
import { breakSearch, createSmallLibrary } from "../support/small_library.ts";
import { startUntilListing } from "../support/run_under_way.ts";
const RUN_ID = /\?rid=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The last parts of the paths that were pinged. */
function endsOf({ arrived }: ChannelServer): (string | undefined)[] {
  return arrived.map(({ target }) => /\/(\w+)\?/.exec(target)?.[1]);
}

Deno.test("Healthchecks is told when a run starts and how it ended, without a name", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  using home = createHome(emulator, key, { HEALTHCHECK_URL: `${server.url}/ping/${CHECK_ID}` });
  assert.equal((await runForSummary({ cwd: home.folder })).code, 0);
  home.configure({ HEALTHCHECK_URL: `${server.url}/ping/${CHECK_ID}/?create=1`, MAX_REMOVE: "0" });
  breakSearch(emulator);
  assert.equal((await runForSummary({ cwd: home.folder })).code, 1);
  const paths = server.arrived.map(({ method, target }) => `${method} ${target.split("?")[0]}`);
  assert.deepEqual(paths, [
    `POST /ping/${CHECK_ID}/start`,
    `POST /ping/${CHECK_ID}/0`,
    `POST /ping/${CHECK_ID}/start`,
    `POST /ping/${CHECK_ID}/1`,
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
  const { world, alice, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  const check = { HEALTHCHECK_URL: `${server.url}/${CHECK_ID}` };
  using home = createHome(emulator, key, check);
  const otherKey = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  // Only the server tells that this is the same album.
  using other = createHome(emulator, otherKey, check);
  const first = await startUntilListing(emulator, { cwd: home.folder });
  assert.equal((await runProgram({ cwd: home.folder })).code, 5);
  assert.equal((await runProgram({ cwd: other.folder })).code, 5);
  assert.equal((await first.end()).code, 0);
  // No start of the others: it would take the place of the first one's.
  assert.deepEqual(endsOf(server), ["start", "log", "log", "0"]);
});

Deno.test("a run that fails before it knows the album has started all the same", async () => {
  const { world } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  using home = createHome(emulator, "revoked-0123456789", {
    HEALTHCHECK_URL: `${server.url}/${CHECK_ID}`,
  });
  assert.equal((await runProgram({ cwd: home.folder })).code, 1);
  assert.deepEqual(endsOf(server), ["start", "1"]);
});

Deno.test("a run that is refused before it begins pings its end only, a dry one nothing", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  const check = { HEALTHCHECK_URL: `${server.url}/${CHECK_ID}` };
  using home = createHome(emulator, key, check);
  const noFile = ["--report", "."];
  for (const args of [noFile, [...noFile, "--dry-run"]]) {
    assert.equal((await runProgram({ cwd: home.folder, args })).code, 2);
  }
  assert.deepEqual(endsOf(server), ["2"]);
  home.configure({ ...check, IMMICH_RETRIES: "many" });
  assert.equal((await runProgram({ cwd: home.folder })).code, 2);
  assert.deepEqual(endsOf(server), ["2", "2"]);
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

Deno.test("what a server says of assets at any length is cut, cleaned and redacted for everybody", async () => {
  const { world, key } = createSmallLibrary(30);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  await using mailServer = await startMailServer({ security: "none" });
  using home = createHome(emulator, key, {
    HEALTHCHECK_URL: `${server.url}/${CHECK_ID}`,
    WEBHOOK_URL: `${server.url}/h00k-of-mine`,
    ...MAIL_SETTINGS,
    EMAIL_SMTP_PORT: String(mailServer.port),
  });
  // Half a character: JSON takes six bytes for it.
  const error = `\x1b[2J\n${key} no ${"\ud83d".repeat(1000)}`;
  emulator.faults.add({
    match: { method: "PUT" },
    fault: {
      kind: "mutate",
      change: (results) =>
        Array.isArray(results) ? results.map(({ id }) => ({ id, success: false, error })) : results,
    },
  });
  const { code, summary, stderr } = await runForSummary({
    cwd: home.folder,
    mails: mailServer.mails,
  });
  assert.equal(code, 3);
  const cut = `[2J [secret] no ${"\ud83d".repeat(84)}`;
  assert.equal([...cut].length, 100);
  assert.deepEqual(new Set(summary.failed.map((asset) => asset.error)), new Set([cut]));
  const [mail] = mailServer.mails;
  for (const told of [stderr, mail?.text ?? "", home.readLog()]) {
    assert.ok(told.includes(cut.toWellFormed()) && !told.includes("\x1b"));
  }
  const ping = server.arrived.find(({ target }) => target.includes("/3?"));
  assert.ok(new TextEncoder().encode(ping?.body).length <= 10_000);
  assert.equal(JSON.parse(ping?.body ?? "").failedCount, 30);
});

Deno.test("a run that was told to stop pings its end, and does not insist", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  server.answer = ({ target }) => ({ status: target.includes("/start") ? 200 : 500 });
  using home = createHome(emulator, key, { HEALTHCHECK_URL: `${server.url}/${CHECK_ID}` });
  const process = startProgram({ cwd: home.folder });
  const match = { path: /search/ };
  emulator.faults.add({ match, fault: { kind: "before", run: () => process.kill("SIGTERM") } });
  emulator.faults.add({ match, fault: { kind: "hang" } });
  assert.equal((await outcomeOf(process)).code, 143);
  assert.deepEqual(endsOf(server), ["start", "143"]);
});
