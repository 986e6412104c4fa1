import assert from "node:assert/strict";
import {
  createAuthority,
  createWorld,
  MINIMAL_PERMISSIONS,
  startEmulator,
} from "../emulator/mod.ts";
import {
  type MailServer,
  type MailServerOptions,
  startMailServer,
} from "../support/mail_server.ts";
import { createHome } from "../support/home.ts";
import { runForSummary } from "../support/program.ts";

/**
 * The Deno that the program under test is compiled with. Before 2.8 its TLS is not fit for SMTP;
 * the releases are compiled with the pinned one, but not every test machine has that runtime.
 */
const RUNTIME = Deno.env.get("PROGRAM_RUNTIME") ?? Deno.version.deno;
const [major = 0, minor = 0] = RUNTIME.split(".").map(Number);
const CANNOT_TLS = major < 2 || (major === 2 && minor < 8);
const UNVERIFIED = CANNOT_TLS ? ` (not verified: runtime ${RUNTIME} can't do SMTP over TLS)` : "";

const LOGIN = { username: "sync", password: "p#ss$word'1" };

/** Runs a sync that fails, is refused or is partial, with a mail server at hand. */
async function runWithMail(
  options: MailServerOptions,
  settings: Readonly<Record<string, string>>,
  { files = {}, trouble = "failed", port, env = {} }: {
    files?: Readonly<Record<string, string>>;
    env?: Readonly<Record<string, string>>;
    trouble?: "none" | "failed" | "refused" | "partial";
    port?: number;
  } = {},
) {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const asset = world.addAsset({ owner: alice });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  if (trouble === "failed") {
    emulator.faults.add({
      match: { path: /search/ },
      fault: { kind: "status", status: 400, body: { message: `no ${key}` } },
    });
  }
  if (trouble === "partial") {
    emulator.faults.add({
      match: { method: "PUT" },
      fault: { kind: "before", run: () => world.deleteAsset(asset) },
    });
  }
  await using mailServer: MailServer = await startMailServer(options);
  using home = createHome(emulator, key, {
    ENABLE_EMAIL_ON_ERROR: "True",
    EMAIL_SMTP_SERVER: "localhost",
    EMAIL_SMTP_PORT: String(port ?? mailServer.port),
    EMAIL_FROM: "sync@example.com",
    EMAIL_TO: "alice@example.com, bob@example.com",
    ...(trouble === "refused" ? { MAX_ADD: "0" } : {}),
    ...settings,
  });
  for (const [name, text] of Object.entries(files)) {
    Deno.writeTextFileSync(`${home.folder}/${name}`, text);
  }
  const outcome = await runForSummary({ cwd: home.folder, env, mails: mailServer.mails });
  return { ...outcome, mails: mailServer.mails, key, url: emulator.url, log: home.readLog() };
}

Deno.test("a failure is mailed to everybody, with server, album, reason, advice and log", async () => {
  const { code, mails, key, url, stdout, stderr, log } = await runWithMail(
    { security: "none" },
    { EMAIL_SMTP_SECURITY: "none" },
  );
  assert.equal(code, 1);
  assert.equal(mails.length, 1);
  const [mail] = mails;
  assert.ok(mail);
  assert.deepEqual(mail.to, ["alice@example.com", "bob@example.com"]);
  assert.match(mail.subject, /Faceless/);
  for (const said of [url, "Faceless", "/search/metadata", "INFO   Immich 3.1.0"]) {
    assert.ok(mail.text.includes(said), `${said} in ${mail.text}`);
  }
  for (const text of [mail.raw, mail.text, stdout, stderr, log]) assert.ok(!text.includes(key));
});

Deno.test("refused and partial runs are mailed, good ones are not", async () => {
  for (
    const [trouble, code, count] of [["refused", 4, 1], ["partial", 3, 1], ["none", 0, 0]] as const
  ) {
    const outcome = await runWithMail({ security: "none" }, { EMAIL_SMTP_SECURITY: "none" }, {
      trouble,
    });
    assert.equal(outcome.code, code);
    assert.equal(outcome.mails.length, count, trouble);
  }
});

for (const security of ["tls", "starttls"] as const) {
  const name = `mail goes over ${security} with a login and an own CA${UNVERIFIED}`;
  Deno.test({ name, ignore: CANNOT_TLS }, async () => {
    const authority = await createAuthority();
    const { mails, stderr, log } = await runWithMail(
      { security, ...await authority.issueServer(), login: LOGIN },
      {
        EMAIL_SMTP_SECURITY: security,
        EMAIL_SMTP_CA_CERT: "mail-ca.pem",
        EMAIL_USERNAME: LOGIN.username,
        EMAIL_PASSWORD: LOGIN.password.replace("'", "\\'"),
      },
      {
        files: { "mail-ca.pem": authority.cert },
        // For the scan of the output: no debugging variable of the runtime may show the login.
        env: { NODE_DEBUG: "*", DENO_LOG: "trace" },
      },
    );
    assert.equal(mails.length, 1, stderr);
    assert.equal(mails[0]?.secure, true);
    assert.equal(mails[0]?.user, LOGIN.username);
    assert.ok(!(stderr + log).includes(LOGIN.password));
  });
}

const UNSENDABLE: [
  string,
  MailServerOptions,
  Record<string, string>,
  number | undefined,
  RegExp,
][] = [
  [
    "no STARTTLS",
    { security: "none" },
    { EMAIL_SMTP_SECURITY: "starttls" },
    undefined,
    /EMAIL_SMTP_SECURITY/,
  ],
  [
    "nobody there",
    { security: "none" },
    { EMAIL_SMTP_SECURITY: "none" },
    9,
    /EMAIL_SMTP_(SERVER|PORT)/,
  ],
];

for (const [why, options, settings, port, said] of UNSENDABLE) {
  Deno.test(`a mail that can't be sent is logged and changes no exit code: ${why}`, async () => {
    const ports = port === undefined ? {} : { port };
    assertUnsent(await runWithMail(options, settings, ports), said);
  });
}

Deno.test({
  name:
    `a mail server with an untrusted certificate gets no mail and no login, whatever the environment says${UNVERIFIED}`,
  ignore: CANNOT_TLS,
}, async () => {
  const authority = await createAuthority();
  const untrusted = await (await createAuthority()).issueServer();
  const otherName = await authority.issueServer({ names: ["mail.example"], ips: [] });
  for (const security of ["tls", "starttls"] as const) {
    for (
      const [certificate, said] of [[untrusted, /EMAIL_SMTP_CA_CERT/], [
        otherName,
        /EMAIL_SMTP_SERVER/,
      ]] as const
    ) {
      const options = { security, ...certificate, login: LOGIN };
      const settings = {
        EMAIL_SMTP_SECURITY: security,
        EMAIL_SMTP_CA_CERT: "mail-ca.pem",
        EMAIL_USERNAME: LOGIN.username,
        EMAIL_PASSWORD: "another one",
      };
      const outcome = await runWithMail(options, settings, {
        files: { "mail-ca.pem": authority.cert },
        env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
      });
      assertUnsent(outcome, said);
      assert.doesNotMatch(outcome.stderr, /refused the login/, "it must not have been tried");
    }
  }
});

function assertUnsent(
  { code, mails, stderr }: Awaited<ReturnType<typeof runWithMail>>,
  said: RegExp,
): void {
  assert.equal(code, 1);
  assert.equal(mails.length, 0);
  assert.match(stderr, /The mail could not be sent/);
  assert.match(stderr, said);
  assert.doesNotMatch(stderr, /^\s+at /m);
}
