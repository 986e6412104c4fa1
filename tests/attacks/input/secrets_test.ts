import assert from "node:assert/strict";
import { type Fault } from "../../emulator/mod.ts";
import { allVariables } from "../../../src/config/variables.ts";
import { PROGRAM } from "../../support/compiled.ts";
import type { Outcome, ProgramOptions } from "../../support/program.ts";
import { startEchoMailServer } from "./echo_mail_server.ts";
import { ALL_SECRETS, KEY, PASSWORD, setStage, type Stage } from "./secrets.ts";
import { spellAll, SPELLINGS } from "./spellings.ts";

// What comes out of every run is scanned by `runProgram`. The tests see to it that there is
// something to find: where a secret came back, the mark that stands in its place.

const ECHO = spellAll(ALL_SECRETS);
/** The secrets without line ends, which a header can't hold, in what a header can. */
const ECHO_IN_URL = ALL_SECRETS.map((secret) => encodeURIComponent(secret)).join("&");

/** Each way in which a run can tell what it did. */
const WAYS: readonly (readonly [name: string, settings: Record<string, string>, args: string[]])[] =
  [
    ["text", {}, []],
    ["JSON log", { LOG_FORMAT: "json" }, []],
    ["--json", {}, ["--json"]],
  ];

/** Came back, and was replaced: on the console, in the log and in the mail. */
async function runReplaced(
  stage: Stage,
  code: number,
  options: ProgramOptions = {},
): Promise<Outcome> {
  const outcome = await stage.run(options);
  const { stdout, stderr } = outcome;
  assert.equal(outcome.code, code, stderr);
  assert.match(stdout + stderr, /\[secret\]/);
  assert.match(stage.home.readLog(), /\[secret\]/);
  assert.match(stage.mailServer.mails[0]?.text ?? "", /\[secret\]/);
  return outcome;
}

for (const [way, settings, args] of WAYS) {
  Deno.test(`secrets in the reason why an asset failed are replaced, in every spelling (${way})`, async () => {
    await using stage = await setStage(settings);
    stage.emulator.faults.add({
      match: { method: "PUT" },
      fault: {
        kind: "mutate",
        change: (body) =>
          Array.isArray(body) ? body.map(({ id }) => ({ id, success: false, error: ECHO })) : body,
      },
    });
    await runReplaced(stage, 3, { args });
  });
}

Deno.test("secrets in the name of the album are replaced, in the subject of the mail too", async () => {
  for (const name of [ECHO, `${"x".repeat(20)}${KEY}`, `${"x".repeat(34)}${KEY}`]) {
    await using stage = await setStage({ MAX_ADD: "0" });
    const [alice] = stage.world.users.values();
    assert.ok(alice);
    const { id } = stage.world.addAlbum({ owner: alice, name });
    await runReplaced(stage, 4, { env: { ALBUM_ID: id } });
  }
});

/** What servers and proxies answer who show what they were sent. */
const ANSWERS: readonly (readonly [name: string, fault: Fault])[] = [
  ["a redirect", { kind: "redirect", to: `https://login.example/?rd=${ECHO_IN_URL}` }],
  ["a refusal", { kind: "status", status: 401, body: { message: ECHO } }],
  ["a missing permission", { kind: "status", status: 403, body: { message: ECHO } }],
  ["a validation", {
    kind: "status",
    status: 400,
    body: { message: ["no", ECHO], errors: [{ path: [ECHO], message: ECHO }] },
  }],
  ["a missing route", { kind: "status", status: 404, body: { message: ECHO } }],
  ["an error page", {
    kind: "status",
    status: 502,
    body: `<pre>${ECHO}</pre>`,
    contentType: "text/html",
  }],
  ["a login page", {
    kind: "status",
    status: 200,
    body: `<form action="?${ECHO}">`,
    contentType: "text/html",
  }],
  ["broken JSON", {
    kind: "status",
    status: 200,
    body: `{"${ECHO}`,
    contentType: "application/json",
  }],
  ["other JSON", { kind: "json", body: { [KEY]: ECHO, major: ECHO, message: ECHO } }],
  ["a type", {
    kind: "status",
    status: 200,
    body: "x",
    contentType: "text/plain; key=" + encodeURIComponent(KEY),
  }],
];

for (const [name, fault] of ANSWERS) {
  Deno.test(`no secret comes out of ${name} that holds all of them`, async () => {
    await using stage = await setStage();
    stage.emulator.faults.add({ match: { path: /version|search/ }, fault });
    const { code, stderr } = await stage.run();
    assert.equal(code, 1, stderr);
    assert.equal(stage.mailServer.mails.length, 1);
  });
}

for (const [name, spell] of Object.entries(SPELLINGS)) {
  Deno.test(`secrets that both servers repeat are replaced: ${name}`, async () => {
    using echo = startEchoMailServer(({ user, password, encoded }) => [
      `5.7.8 ${name} ${user} ${spell(password).replace(/\s+$/, "")} ${encoded}`,
      `5.7.8 ${spell(KEY).trim()}`,
    ]);
    await using stage = await setStage();
    const message = `No: ${spell(KEY)} and ${spell(PASSWORD)}`;
    stage.emulator.faults.add({ fault: { kind: "status", status: 401, body: { message } } });
    const { code, stderr } = await stage.run({ env: { EMAIL_SMTP_PORT: String(echo.port) } });
    assert.equal(code, 1);
    assert.match(stderr, /ERROR .*No: .*\[secret\]/);
    assert.match(stage.home.readLog(), /ERROR .*No: .*\[secret\]/);
    assert.match(stderr, /The mail could not be sent: .*refused the login of me: .*\[secret\]/);
    assert.equal(echo.logins[0]?.password, PASSWORD, "every character arrived");
  });
}

Deno.test({
  name: "a secret in what a server says is not cut in half",
  // Awaits: redact before .slice(0, 300) in sentenceOf() of src/immich/errors.ts.
  fn: async () => {
    for (const left of [14, 22, KEY.length - 1]) {
      await using stage = await setStage();
      const message = `${" .".repeat(150).slice(left)}${KEY}`;
      stage.emulator.faults.add({ fault: { kind: "status", status: 401, body: { message } } });
      await stage.run();
    }
  },
});

Deno.test("a password at the end of what is shown of a long refusal is not cut in half", async () => {
  for (const before of [270, 278, 286]) {
    using echo = startEchoMailServer(({ password }) => [`${"x".repeat(before)}${password}`]);
    await using stage = await setStage({ MAX_ADD: "0" });
    const { stderr } = await stage.run({ env: { EMAIL_SMTP_PORT: String(echo.port) } });
    assert.match(stderr, /refused the login of me: 535 x+/);
  }
});

/** Breaks the program from outside: each stands for a defect that nobody knows of yet. */
const DEFECTS: readonly (readonly [where: string, sabotage: string])[] = [
  ["in a run", "AbortSignal.prototype.throwIfAborted = fail;"],
  ["before a run", "globalThis.AbortController = class { constructor() { fail(); } };"],
  [
    "in a promise that nobody waits for",
    "globalThis.fetch = () => never(Promise.reject(trouble));",
  ],
  ["in a timer", "globalThis.fetch = () => never(setTimeout(fail));"],
];

for (const [where, sabotage] of DEFECTS) {
  for (const [way, settings, args] of WAYS) {
    // Nothing can be loaded into an executable before its own code.
    const name = `a stack trace with all secrets, of a defect ${where}, shows none (${way})`;
    Deno.test({ name, ignore: PROGRAM !== undefined }, async () => {
      await using stage = await setStage(settings);
      const preload = `${stage.home.folder}/sabotage.ts`;
      const message = JSON.stringify(ECHO);
      const source = `const trouble = new RangeError(${message}, { cause: new Error(${message}) });
function fail() { throw trouble; }
function never() { return new Promise(() => {}); }
${sabotage}`;
      Deno.writeTextFileSync(preload, source);
      const { code, stdout, stderr } = await stage.run({ args, preload });
      assert.equal(code, 1, stderr);
      assert.match(stdout + stderr, /RangeError[^]*\[secret\]/);
      if (where === "in a run") assert.match(stage.home.readLog(), /RangeError/);
      else assert.match(stderr, /failed unexpectedly; please report this/);
    });
  }
}

Deno.test("a key in every variable at once is shown in none of the messages", async () => {
  await using stage = await setStage();
  const env = Object.fromEntries(allVariables.map(({ name }) => [name, ` ${KEY}\n`]));
  const { code, stderr } = await stage.run({ env: { ...env, API_KEY: KEY, FACELESS_RULE: KEY } });
  assert.equal(code, 2);
  assert.ok(stderr.split("\n").length > 20, stderr);
});
