import assert from "node:assert/strict";
import {
  createAuthority,
  createExpired,
  createSelfSigned,
  createWorld,
  type Emulator,
  type EmulatorOptions,
  MINIMAL_PERMISSIONS,
  startEmulator,
  type World,
} from "../emulator/mod.ts";
import { WITHOUT_ROOT_POWERS } from "../support/launchers.ts";
import { startChannelServer } from "../support/channel_server.ts";
import { startMailServer } from "../support/mail_server.ts";
import { createHome, type Home } from "../support/home.ts";
import { filesBelow } from "../support/leaks.ts";
import { runOnTerminal, testOnTerminal } from "../support/terminal.ts";
import { type ProgramOptions, runProgram } from "../support/program.ts";
import { startUntilListing } from "../support/run_under_way.ts";

const VERSIONS = ["2.7.5", "3.1.0", "3.2.0"];
const FULL = [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics", "asset.view"];

interface Finding {
  readonly name: string;
  readonly status: "ok" | "warning" | "problem";
  readonly message: string;
  readonly hint?: string;
}

/** Alice with one album, an asset that belongs into it, and one that shows Anna. */
function createLibrary(permissions: string[] = FULL) {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const faceless = world.addAsset({ owner: alice });
  const portrait = world.addAsset({ owner: alice });
  world.addFace({ asset: portrait, person: anna });
  const album = world.addAlbum({ owner: alice, name: "Faceless", assets: [faceless] });
  const key = world.addKey({ user: alice, permissions, name: "faceless" });
  return { world, alice, anna, album, faceless, portrait, key };
}

interface Checked {
  readonly code: number;
  readonly stderr: string;
  readonly findings: readonly Finding[];
  readonly settings: readonly Readonly<Record<string, unknown>>[];
  /** The one finding of this name; the text of it and of its hint. */
  readonly the: (name: string) => Finding & { readonly text: string };
}

/** Runs `check --json`, whose standard output has to be one document. */
async function check(options: ProgramOptions): Promise<Checked> {
  const args = ["check", "--json", ...options.args ?? []];
  const { code, stdout, stderr } = await runProgram({ ...options, args });
  const { exitCode, checks, settings }: {
    exitCode: number;
    checks: Finding[];
    settings: Record<string, unknown>[];
  } = JSON.parse(stdout);
  assert.equal(exitCode, code);
  const the = (name: string) => {
    const found = checks.filter((finding) => finding.name === name);
    const [finding] = found;
    assert.ok(finding !== undefined && found.length === 1, `${name} in ${stdout}`);
    return { ...finding, text: `${finding.message} ${finding.hint ?? ""}` };
  };
  for (const { status, hint } of checks) assert.equal(hint === undefined, status === "ok");
  return { code, stderr, findings: checks, settings, the };
}

/** Checks against a server with this world and these settings, and makes sure nothing changed. */
async function checkWith(
  { world, key, version = "3.1.0", settings = {}, args = [], prepare = () => {}, ...server }:
    & { world: World; key: string; version?: string }
    & { settings?: Record<string, string>; args?: string[]; launcher?: readonly string[] }
    & { prepare?: (emulator: Emulator, home: Home) => void }
    & Partial<EmulatorOptions>,
): Promise<Checked> {
  await using emulator = await startEmulator({ version, world, ...server });
  using home = createHome(emulator, key, settings);
  prepare(emulator, home);
  const before = filesBelow(home.folder);
  const { launcher } = server;
  const checked = await check({
    cwd: home.folder,
    args,
    ...launcher === undefined ? {} : { launcher },
  });
  assert.deepEqual(emulator.writes(), []);
  assert.deepEqual(filesBelow(home.folder), before, "a check leaves no file behind");
  return checked;
}

for (const version of VERSIONS) {
  Deno.test(`check finds all well on ${version}, and changes nothing`, async () => {
    const { world, key, album } = createLibrary();
    const { code, the, findings } = await checkWith({ world, key, version });
    assert.deepEqual(findings.filter(({ status }) => status !== "ok"), []);
    assert.equal(code, 0);
    assert.match(the("server").message, new RegExp(`Immich ${version.replaceAll(".", "\\.")} `));
    assert.match(the("key").message, /"faceless" with 8 permissions/);
    assert.match(the("album").message, new RegExp(`"Faceless" \\(${album.id}\\), yours, 1 asset`));
    assert.match(the("library").message, /2 assets, 1 person; somebody is on 1 of 2 assets/);
    assert.match(the("strategy").message, version === "3.2.0" ? /^delta/ : /^scan/);
    assert.match(the("mail").message, /off/);
  });

  Deno.test(`check tells of maintenance mode on ${version}`, async () => {
    const { world, key } = createLibrary();
    world.maintenance = true;
    const { code, the } = await checkWith({ world, key, version });
    assert.equal(code, 1);
    assert.match(the("server").message, /maintenance mode/);
  });

  Deno.test(`check tells of a key that the server does not know on ${version}`, async () => {
    const { world } = createLibrary();
    const { code, the } = await checkWith({ world, key: "wrong-key-0123456789", version });
    assert.equal(code, 1);
    assert.equal(the("key").status, "problem");
    assert.match(the("key").text, /API_KEY.*Account Settings > API Keys/);
  });

  Deno.test(`check names each permission that a run needs and lacks on ${version}, once`, async () => {
    for (const missing of ["asset.read", "album.read", "albumAsset.create", "albumAsset.delete"]) {
      const { world, key } = createLibrary(FULL.filter((permission) => permission !== missing));
      const { code, the, findings } = await checkWith({ world, key, version });
      assert.equal(code, 1);
      assert.ok(the("key").text.includes(`lacks ${missing}`), the("key").text);
      const problems = findings.filter(({ status }) => status === "problem");
      assert.deepEqual(problems.map(({ name }) => name), ["key"]);
    }
  });
}

Deno.test("check prints a line for each thing, the hints below, a summary, and no colours", async () => {
  const { world, key } = createLibrary(["all"]);
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, key);
  const { code, stdout, stderr } = await runProgram({ cwd: home.folder, args: ["check"] });
  assert.equal(code, 0);
  assert.equal(stderr, "");
  assert.match(stdout, /^ {2}IMMICH_URL +http:\/\/localhost:\d+ +line 1$/m);
  assert.match(stdout, /^ {2}API_KEY +\(secret\) +line 2$/m);
  assert.match(stdout, /^ {2}defaults: .*ALBUM_NAME=Faceless/m);
  assert.match(stdout, /^ok {7}album {10}"Faceless"/m);
  assert.match(
    stdout,
    /^warning {2}key {12}"faceless" has all permissions.*\n {24}Create a key with only these permissions .*: asset\.read, album\.read, albumAsset\.create, albumAsset\.delete, person\.read, asset\.statistics, asset\.view\.$/m,
  );
  assert.match(stdout, /\n\n1 warning; a run would work\.\n$/);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(stdout, /\x1b/);
});

testOnTerminal("check has colours on a terminal, and none with NO_COLOR", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const options = { cwd: home.folder, args: ["check"] };
  assert.ok((await runOnTerminal([], options)).raw.includes("\x1b[32mok       \x1b[0mkey"));
  const plain = await runOnTerminal([], { ...options, env: { NO_COLOR: "1" } });
  assert.match(plain.raw, /^ok {7}key/m);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(plain.raw, /\x1b\[\d+m/);
});

Deno.test({
  name: "check shows the settings of an env file that can be read only once",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const { world, key } = createLibrary();
    await using emulator = await startEmulator({ version: "3.1.0", world });
    using home = createHome(emulator, key, { ALBUM_NAME: "Piped" });
    const { code, settings } = await check({
      launcher: ["bash", "-c", `exec "$0" "$@" --env-file <(cat '${home.envFile}')`],
    });
    assert.equal(code, 0);
    const album = settings.find(({ name }) => name === "ALBUM_NAME");
    assert.deepEqual([album?.value, album?.from, album?.line], ["Piped", "file", 4]);
  },
});

Deno.test("check tells where each value comes from, and hides the secrets", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key, {
    IMMICH_HEADERS: "X-Proxy-Token: t0ken-t0ken-t0ken",
    LOG_LEVEL: "warn",
    MIN_ASSET_AGE: "2h",
  });
  const { code, settings } = await check({
    cwd: home.folder,
    env: { MIN_ASSET_AGE: "3h" },
    args: ["--log-level", "error"],
  });
  assert.equal(code, 0);
  const setting = (wanted: string) => settings.find(({ name }) => name === wanted);
  assert.deepEqual(setting("API_KEY"), {
    name: "API_KEY",
    value: "(secret)",
    from: "file",
    line: 2,
  });
  assert.equal(setting("IMMICH_HEADERS")?.["value"], "(secret)");
  assert.deepEqual(setting("MIN_ASSET_AGE"), {
    name: "MIN_ASSET_AGE",
    value: "3h",
    from: "environment",
    line: 6,
  });
  assert.equal(setting("LOG_LEVEL")?.["from"], "option");
  assert.equal(setting("SYNC_MODE")?.["from"], "default");
});

Deno.test("check exits 2 with all that is wrong with the configuration", async () => {
  using folder = temporaryFolder();
  const { code, findings } = await check({
    cwd: folder.path,
    env: { IMMICH_URL: "photos", LOG_LEVEL: "loud" },
  });
  assert.equal(code, 2);
  assert.deepEqual(findings.map(({ status }) => status), ["problem", "problem", "problem"]);
  const text = findings.map(({ message }) => message).join("\n");
  for (const name of ["IMMICH_URL", "API_KEY", "LOG_LEVEL"]) assert.match(text, new RegExp(name));
});

Deno.test("check shows no secret that stands in the wrong place", async () => {
  using folder = temporaryFolder();
  const KEY_TEXT = "-----BEGIN PRIVATE KEY-----\\nc2VjcmV0LXNlY3JldC1zZWNyZXQ\\n-----END";
  Deno.writeTextFileSync(
    `${folder.path}/.env`,
    `API_KEY_FILE=k3y-itself-in-the-wrong-place\nIMMICH_CLIENT_KEY="${KEY_TEXT}"\n` +
      "IMMICH_URL=https://user:passw0rd-in-url@photos.example\nALBUM_NAME=passw0rd-in-url\n",
    { mode: 0o600 },
  );
  for (const args of [["check"], ["check", "--json"]]) {
    // What runProgram() scans for does not know of the first one, which is no file.
    const { code, stdout, stderr } = await runProgram({ cwd: folder.path, args });
    assert.equal(code, 2);
    assert.doesNotMatch(stdout + stderr, /k3y-itself|passw0rd|c2VjcmV0/);
    assert.match(stdout, /\(secret\)/);
  }
});

function temporaryFolder(): { path: string } & Disposable {
  const path = Deno.makeTempDirSync();
  return { path, [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }) };
}

for (const version of VERSIONS) {
  Deno.test(`check shows a certificate that is not trusted, on ${version}, and sends no key`, async () => {
    const certificate = await createSelfSigned();
    const { world, key } = createLibrary();
    let server: Emulator | undefined;
    const { code, the } = await checkWith({
      world,
      key,
      version,
      tls: certificate,
      prepare: (emulator) => void (server = emulator),
    });
    assert.equal(code, 1);
    const { message, hint } = the("connection");
    assert.match(message, /not trusted.*CN=localhost, self-signed, for localhost, 127\.0\.0\.1/);
    assert.match(
      message,
      /valid from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d, SHA-256 ([0-9A-F]{2}:){31}/,
    );
    assert.match(hint ?? "", /Set IMMICH_CA_CERT to a PEM file/);
    assert.deepEqual(server?.requests, []);
  });
}

Deno.test("check names the issuer of a private CA, and the file that does not hold it", async () => {
  const authority = await createAuthority("Home CA");
  const other = await createAuthority("Other CA");
  const { world, key } = createLibrary();
  const tls = await authority.issueServer();
  const without = await checkWith({ world, key, tls });
  assert.match(without.the("connection").hint ?? "", /IMMICH_CA_CERT.*its issuer, CN=Home CA/);
  const { code, the } = await checkWith({
    world,
    key,
    tls,
    settings: { IMMICH_CA_CERT: "ca.pem" },
    prepare: (_emulator, home) => Deno.writeTextFileSync(`${home.folder}/ca.pem`, other.cert),
  });
  assert.equal(code, 1);
  assert.match(the("connection").hint ?? "", /The file of IMMICH_CA_CERT does not contain it/);
});

Deno.test("check tells of a certificate that has expired, trusted or not", async () => {
  const expired = await createExpired();
  for (const settings of [{}, { IMMICH_CA_CERT: "ca.pem" }]) {
    const { world, key } = createLibrary();
    const { code, the } = await checkWith({
      world,
      key,
      tls: expired,
      settings,
      prepare: (_emulator, home) => Deno.writeTextFileSync(`${home.folder}/ca.pem`, expired.cert),
    });
    assert.equal(code, 1);
    assert.match(the("connection").hint ?? "", /has expired: renew the server's certificate/);
  }
});

Deno.test("check tells of a certificate for another host, with the names that it is for", async () => {
  const authority = await createAuthority();
  const tls = await authority.issueServer({ names: ["photos.example"], ips: [] });
  for (const settings of [{}, { IMMICH_CA_CERT: "ca.pem" }]) {
    const { world, key } = createLibrary();
    const { code, the } = await checkWith({
      world,
      key,
      tls,
      settings,
      prepare: (_emulator, home) => Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert),
    });
    assert.equal(code, 1);
    assert.match(
      the("connection").hint ?? "",
      /not for localhost: use one of its names \(photos\.example\) in IMMICH_URL/,
    );
  }
});

Deno.test("check tells of a trusted certificate that is about to expire", async () => {
  const authority = await createAuthority();
  const notAfter = new Date(Date.now() + 3.5 * 24 * 60 * 60 * 1000);
  for (const [options, status] of [[{ notAfter }, "warning"], [{}, "ok"]] as const) {
    const { world, key } = createLibrary();
    const { code, the } = await checkWith({
      world,
      key,
      tls: await authority.issueServer(options),
      settings: { IMMICH_CA_CERT: "ca.pem" },
      prepare: (_emulator, home) => Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert),
    });
    assert.equal(code, 0);
    assert.equal(the("connection").status, status);
    assert.match(the("connection").message, /verified/);
  }
});

Deno.test("check tells of a server that is not there, and of a page that is not Immich's", async () => {
  const { world, key } = createLibrary();
  const gone = await checkWith({
    world,
    key,
    settings: { IMMICH_URL: "http://localhost:9" },
  });
  assert.equal(gone.code, 1);
  assert.equal(gone.the("connection").status, "problem");
  const wrong = await checkWith({
    world,
    key,
    prepare: (emulator, home) => home.configure({ IMMICH_URL: `${emulator.url}/photos` }),
  });
  assert.equal(wrong.code, 1);
  assert.match(wrong.the("server").text, /web page instead of data.*Check IMMICH_URL/);
  const page = await checkWith({
    world,
    key,
    prepare: (emulator) =>
      emulator.faults.add({
        match: { path: /api/ },
        fault: { kind: "status", status: 302, headers: { location: "https://login.example/" } },
      }),
  });
  assert.equal(page.code, 1);
  assert.match(page.the("server").text, /redirected to https:\/\/login\.example.*IMMICH_HEADERS/);
});

Deno.test("check says how often all is read although the server can be asked for differences", async () => {
  const library = createLibrary();
  for (
    const [every, said] of [
      [undefined, /reads everything every 24 hours \(SCAN_EVERY\) and while most/],
      ["7d", /reads everything every 7 days \(SCAN_EVERY\) and while most/],
      ["0", /it reads everything while most of the library differs$/],
    ] as const
  ) {
    const settings = every === undefined ? {} : { SCAN_EVERY: every };
    const { the } = await checkWith({ ...library, version: "3.2.0", settings });
    assert.match(the("strategy").message, /^delta: a run asks for the differences only; /);
    assert.match(the("strategy").message, said);
  }
});

Deno.test("check warns of a key that may do more than needed, and of one that makes runs slow", async () => {
  const more = createLibrary([...FULL, "asset.delete"]);
  const surplus = await checkWith({ ...more, version: "3.2.0" });
  assert.equal(surplus.code, 0);
  assert.match(surplus.the("key").text, /more permissions than needed: asset\.delete /);
  const least = createLibrary(MINIMAL_PERMISSIONS);
  const slow = await checkWith({ ...least, version: "3.2.0" });
  assert.equal(slow.code, 0);
  assert.match(slow.the("key").text, /lacks person\.read and asset\.statistics/);
  assert.match(slow.the("strategy").message, /^scan.*lacks person\.read and asset\.statistics/);
  const older = await checkWith({ ...createLibrary(MINIMAL_PERMISSIONS), version: "3.1.0" });
  assert.equal(older.the("key").status, "ok");
  assert.match(older.the("key").message, /asset\.view would add pictures to reports/);
});

Deno.test("check wants only the permissions that the configuration needs", async () => {
  const { world, alice } = createLibrary();
  const permissions = ["asset.read", "album.read", "albumAsset.create"];
  const key = world.addKey({ user: alice, permissions });
  const { code, the } = await checkWith({ world, key, settings: { SYNC_MODE: "add-only" } });
  assert.equal(code, 0);
  assert.equal(the("key").status, "ok");
  const without = await checkWith({
    world,
    key: world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS }),
    settings: { FACELESS_RULE: "without", WITHOUT_PEOPLE: "Anna" },
  });
  assert.match(without.the("key").message, /lacks person\.read/);
  const missing = createLibrary(MINIMAL_PERMISSIONS.filter((name) => name !== "album.create"));
  const other = await checkWith({ ...missing, settings: { ALBUM_NAME: "Another" } });
  assert.equal(other.code, 1);
  assert.match(other.the("key").message, /lacks album\.create/);
});

Deno.test("check tells that 3.1 can't answer FACELESS_RULE=no-faces, and who is not known", async () => {
  const { world, key } = createLibrary();
  const settings = { FACELESS_RULE: "no-faces" };
  const old = await checkWith({ world, key, settings });
  assert.equal(old.code, 1);
  assert.match(old.the("rule").text, /no-faces does not work.*Update Immich to 3\.2/);
  assert.equal((await checkWith({ world, key, settings, version: "3.2.0" })).code, 0);
  const unknown = { FACELESS_RULE: "without", WITHOUT_PEOPLE: "Nobody" };
  const { code, the } = await checkWith({ world, key, settings: unknown });
  assert.equal(code, 1);
  assert.match(the("rule").message, /nobody has the name or id "Nobody"/);
});

Deno.test("check tells of an album that is missing, twice there, shared, or not to be changed", async () => {
  const missing = createLibrary();
  const none = await checkWith({ ...missing, settings: { ALBUM_NAME: "Another" } });
  assert.equal(none.code, 0);
  assert.match(none.the("album").message, /"Another" does not exist yet; the first run creates it/);

  const twice = createLibrary();
  const other = twice.world.addAlbum({ owner: twice.alice, name: "Faceless" });
  const { code, the, findings } = await checkWith(twice);
  assert.equal(code, 1);
  for (const { id } of [twice.album, other]) assert.ok(the("album").message.includes(id));
  assert.match(the("album").hint ?? "", /ALBUM_ID/);
  assert.equal(findings.filter(({ status }) => status === "problem").length, 1, "told once");

  const shared = createLibrary();
  const bob = shared.world.addUser({ name: "Bob" });
  shared.album.users.set(bob, "editor");
  shared.album.assets.add(shared.world.addAsset({ owner: bob }));
  const foreign = await checkWith({ ...shared, version: "3.2.0" });
  assert.equal(foreign.code, 0);
  assert.match(
    foreign.the("album").message,
    /2 assets, shared with 1 user, 1 of them other people's/,
  );
  assert.match(foreign.the("strategy").message, /^scan.*the album is shared/);

  const viewed = createLibrary();
  const carol = viewed.world.addUser({ name: "Carol" });
  const hers = viewed.world.addAlbum({
    owner: carol,
    name: "Hers",
    users: [{ user: viewed.alice, role: "viewer" }],
  });
  const viewer = await checkWith({ ...viewed, settings: { ALBUM_ID: hers.id } });
  assert.equal(viewer.code, 1);
  assert.match(viewer.the("album").text, /shared with you as viewer.*make you an editor/);
});

Deno.test("check tells of a library without people, without assets, and of partners", async () => {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const key = world.addKey({ user: alice, permissions: FULL });
  const empty = await checkWith({ world, key });
  assert.equal(empty.code, 0);
  assert.match(empty.the("library").text, /no assets.*API_KEY/);
  for (let i = 0; i < 101; i++) world.addAsset({ owner: alice });
  for (const version of VERSIONS) {
    const { code, the } = await checkWith({ world, key, version });
    assert.equal(code, 0);
    assert.equal(the("library").status, "warning");
    assert.match(the("library").text, /nobody is on 101 assets.*ALLOW_NO_PEOPLE/);
  }
  const bob = world.addUser({ name: "Bob" });
  world.addAsset({ owner: bob });
  world.addPartner({ from: bob, to: alice });
  for (const version of VERSIONS) {
    const left = await checkWith({ world, key, version });
    assert.match(left.the("partners").message, /1 asset of partners .*, left out/);
    assert.match(left.the("library").message, /^101 assets/);
  }
  const taken = await checkWith({ world, key, settings: { INCLUDE_PARTNERS: "true" } });
  assert.equal(taken.the("partners").status, "warning");
});

const MAIL = {
  ENABLE_EMAIL_ON_ERROR: "true",
  EMAIL_SMTP_SERVER: "localhost",
  EMAIL_SMTP_SECURITY: "none",
  EMAIL_FROM: "sync@example.com",
  EMAIL_TO: "alice@example.com",
};
const LOGIN = { username: "sync", password: "right-password-1" };

Deno.test("check logs in to the mail server and sends nothing, unless a test mail is wanted", async () => {
  await using server = await startMailServer({ security: "none", login: LOGIN });
  const settings = {
    ...MAIL,
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
  const settings = { ...MAIL, EMAIL_SMTP_PORT: "9", IMMICH_URL: "http://localhost:9" };
  const { code, the } = await checkWith({ ...createLibrary(), settings });
  assert.equal(code, 1);
  assert.match(the("mail").text, /refused the connection.*EMAIL_SMTP_SERVER/);
  assert.equal(the("connection").status, "problem");
  const off = await checkWith({ ...createLibrary(), args: ["--send-test"] });
  assert.equal(off.code, 2);
  assert.ok(off.findings.some(({ message }) => message.includes("nothing to send")));
});

Deno.test({
  name: "check warns of a log that can't be written, and makes none",
  ignore: WITHOUT_ROOT_POWERS.ignore ?? false,
}, async () => {
  const { launcher } = WITHOUT_ROOT_POWERS;
  const { code, the } = await checkWith({
    ...createLibrary(),
    settings: { LOG_FILE_PATH: "closed/sync.log" },
    ...launcher === undefined ? {} : { launcher },
    prepare: (_emulator, home) => Deno.mkdirSync(`${home.folder}/closed`, { mode: 0o500 }),
  });
  assert.equal(code, 0);
  assert.equal(the("log file").status, "warning");
  assert.match(the("log file").text, /permission denied.*LOG_FILE_PATH/);
  const { the: missing } = await checkWith({
    ...createLibrary(),
    settings: { LOG_FILE_PATH: "new/folder/sync.log" },
  });
  assert.match(missing("log file").message, /will be created by the first run, with its folder/);
});

Deno.test("check tells the last run and the last good one, though the log has gone", async () => {
  const { world, key, alice } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const lastRun = async () => (await check({ cwd: home.folder })).the("last run");
  assert.match((await lastRun()).message, /^none yet/);
  await runProgram({ cwd: home.folder });
  Deno.removeSync(home.logFile);
  const good = await lastRun();
  assert.equal(good.status, "ok");
  assert.match(good.message, /\(\d+ minutes? ago\): Done in .*: added 0, removed 0\.$/);
  world.addAsset({ owner: alice });
  home.configure({ MAX_ADD: "0" });
  await runProgram({ cwd: home.folder });
  const refused = await lastRun();
  assert.equal(refused.status, "warning");
  assert.match(
    refused.message,
    /Refused by MAX_ADD; nothing was changed\. The last successful run ended/,
  );
});

Deno.test("check tells that a run is under way, and that run is not disturbed", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const run = await startUntilListing(emulator, { cwd: home.folder });
  const during = await check({ cwd: home.folder });
  assert.equal(during.code, 0);
  assert.match(during.the("lock").message, /a run of this album is under way/);
  assert.match(during.the("last run").message, /none yet/);
  assert.equal((await run.end()).code, 0);
  assert.match((await check({ cwd: home.folder })).the("lock").message, /no run .* is under way/);
});

Deno.test("check tells what missed looks at, and which permission would add what", async () => {
  const faces = { "2.7.5": true, "3.1.0": false, "3.2.0": true } as const;
  for (const [version, seesFaces] of Object.entries(faces)) {
    const { world, key } = createLibrary();
    const without = (await checkWith({ world, key, version })).the("missed");
    assert.equal(without.status, "ok");
    assert.equal(/looks at faces of nobody, duplicates/.test(without.message), seesFaces);
    assert.match(without.message, /duplicates, neighbours in time; smart search is switched off/);
    assert.match(without.message, /optional for the key .*stack\.read for stacks/);
    assert.equal(without.message.includes("face.read"), version !== "2.7.5");
    const all = createLibrary([...FULL, "face.read", "stack.read"]);
    all.world.machineLearning = "on";
    const { the } = await checkWith({ ...all, version });
    assert.equal(
      the("missed").message,
      "missed looks at faces of nobody, duplicates, stacks, neighbours in time, smart search",
    );
    assert.equal(the("key").status, "ok");
    const { code, the: told } = await checkWith({
      ...createLibrary(),
      version,
      settings: { IMMICH_RETRIES: "0" },
      prepare: ({ faults }) =>
        faults.add({ match: { path: /features/ }, fault: { kind: "status", status: 500 } }),
    });
    assert.equal(code, 0);
    assert.match(told("missed").message, /does not say whether smart search is on/);
  }
});
