import assert from "node:assert/strict";
import { createAuthority, type Emulator } from "../emulator/mod.ts";
import { startChannelServer } from "../support/channel_server.ts";
import { MAIL_SETTINGS, startMailServer } from "../support/mail_server.ts";
import { type Home } from "../support/home.ts";
import { checkWith, createLibrary } from "../support/checking.ts";

const LOGIN = { username: "sync", password: "right-password-1" };

Deno.test("check logs in to the mail server and sends nothing, unless a test mail is wanted", async () => {
  await using server = await startMailServer({ security: "none", login: LOGIN });
  const settings = {
    ...MAIL_SETTINGS,
    EMAIL_SMTP_PORT: String(server.port),
    EMAIL_USERNAME: LOGIN.username,
    EMAIL_PASSWORD: LOGIN.password,
  };
  const good = await checkWith({ ...createLibrary(), settings });
  assert.equal(good.code, 0, JSON.stringify(good.findings));
  assert.match(good.the("mail").message, /accepts mail as sync; none was sent/);
  assert.equal(server.mails.length, 0);
  const sent = await checkWith({ ...createLibrary(), settings, args: ["--send-test-email"] });
  assert.equal(sent.code, 0);
  assert.deepEqual(server.mails.map(({ to, user }) => [to, user]), [[
    ["alice@example.com"],
    "sync",
  ]]);
  const wrong = { ...settings, EMAIL_PASSWORD: "wrong-password-1" };
  for (const args of [[], ["--send-test"]]) {
    const { code, the } = await checkWith({ ...createLibrary(), settings: wrong, args });
    assert.equal(code, 1);
    assert.equal(the("mail").status, "problem");
    assert.match(the("mail").message, /refused the login of sync/);
    assert.match(the("mail").hint ?? "", /^Check EMAIL_USERNAME and EMAIL_PASSWORD/);
  }
  assert.equal(server.mails.length, 1);
});

Deno.test("check reaches health check and webhook without a word, and --send-test tells each", async () => {
  const authority = await createAuthority();
  await using server = startChannelServer(await authority.issueServer());
  const settings = {
    HEALTHCHECK_URL: `${server.url}/0b1e7c0a-5f0c-4f0e-9c55-51f1a2b3c4d5`,
    WEBHOOK_URL: `${server.url}/s3cret-topic`,
    WEBHOOK_FORMAT: "ntfy",
    NOTIFY_CA_CERT: "notify-ca.pem",
  };
  const prepare = (_emulator: Emulator, { folder }: Home) =>
    Deno.writeTextFileSync(`${folder}/notify-ca.pem`, authority.cert);
  const quiet = await checkWith({ ...createLibrary(), settings, prepare });
  assert.equal(quiet.code, 0, JSON.stringify(quiet.findings));
  for (const name of ["health check", "webhook"]) {
    assert.match(quiet.the(name).message, /^can be reached; nothing was sent/);
  }
  assert.equal(server.arrived.length, 0);
  const sent = await checkWith({ ...createLibrary(), settings, prepare, args: ["--send-test"] });
  assert.equal(sent.code, 0, JSON.stringify(sent.findings));
  assert.deepEqual(server.arrived.map(({ target }) => target.split("?")[0]).sort(), [
    "/",
    "/0b1e7c0a-5f0c-4f0e-9c55-51f1a2b3c4d5/log",
  ]);
  const { NOTIFY_CA_CERT: _, ...untrusting } = settings;
  for (const args of [[], ["--send-test"]]) {
    const { code, the } = await checkWith({ ...createLibrary(), settings: untrusting, args });
    assert.equal(code, 1);
    for (const name of ["health check", "webhook"]) {
      assert.match(the(name).text, /the server's certificate is not trusted.*NOTIFY_CA_CERT/);
    }
  }
  const gone = { HEALTHCHECK_URL: "http://127.0.0.1:9/0b1e7c0a-5f0c-4f0e" };
  const { the } = await checkWith({ ...createLibrary(), settings: gone });
  assert.match(the("health check").text, /refused the connection.*Check HEALTHCHECK_URL/);
  assert.match(the("webhook").message, /^off/);
});

Deno.test("check tells of a mail server that is not there, also when Immich is not", async () => {
  const settings = { ...MAIL_SETTINGS, EMAIL_SMTP_PORT: "9", IMMICH_URL: "http://localhost:9" };
  const { code, the } = await checkWith({ ...createLibrary(), settings });
  assert.equal(code, 1);
  assert.match(the("mail").text, /refused the connection.*EMAIL_SMTP_SERVER/);
  assert.equal(the("connection").status, "problem");
  const off = await checkWith({ ...createLibrary(), args: ["--send-test"] });
  assert.equal(off.code, 2);
  assert.ok(off.findings.some(({ message }) => message.includes("nothing to send")));
});
