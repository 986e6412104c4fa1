import assert from "node:assert/strict";
import { startEmulator } from "../emulator/mod.ts";
import { CHECK_ID, startChannelServer } from "../support/channel_server.ts";
import { createHome, type Home } from "../support/home.ts";
import { startMailServer } from "../support/mail_server.ts";
import { runProgram } from "../support/program.ts";
import { breakSearch, createSmallLibrary } from "../support/small_library.ts";
function stateText(home: Home): string {
  return Deno.readTextFileSync(`${home.logFile}.state.json`);
}

Deno.test("a dry run tells nobody", async () => {
  const { world, key } = createSmallLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using server = startChannelServer();
  using home = createHome(emulator, key, {
    HEALTHCHECK_URL: `${server.url}/${CHECK_ID}`,
    WEBHOOK_URL: `${server.url}/h00k-of-mine`,
  });
  breakSearch(emulator);
  assert.equal((await runProgram({ cwd: home.folder, args: ["--dry-run"] })).code, 1);
  assert.deepEqual(server.arrived, []);
});

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
