import assert from "node:assert/strict";
import { VERSIONS } from "../emulator/mod.ts";
import { startChannelServer } from "../support/channel_server.ts";
import { startMailServer } from "../support/mail_server.ts";
import { runForSummary, runProgram } from "../support/program.ts";
import {
  CTRL_C,
  DOWN,
  ENTER,
  runOnTerminal,
  type Step,
  testOnTerminal,
} from "../support/terminal.ts";
import {
  ALBUM,
  CLEAR,
  createScene,
  HEALTH,
  KEY,
  MAIL,
  modeOf,
  NO_MAIL,
  URL,
  YES,
} from "../support/init_scene.ts";
import { closedPort } from "../support/tcp_server.ts";

testOnTerminal("init asks, tests, and writes an .env with which check and sync work", async () => {
  for (const version of VERSIONS) {
    await using scene = await createScene({ version });
    const { cwd, emulator, key, envFile } = scene;
    const { code, shown } = await runOnTerminal([
      [URL, `${emulator.url}/api/${ENTER}`],
      [KEY, key + ENTER],
      [ALBUM, ENTER],
      ...NO_MAIL,
      YES,
    ], { cwd, args: ["init"] });
    assert.equal(code, 0, shown);
    assert.match(shown, new RegExp(`Immich ${version}`));
    assert.match(shown, /"Faceless" does not exist yet/);
    assert.match(shown, /--dry-run --report[^]*schedule/);
    assert.deepEqual(emulator.writes(), []);
    assert.deepEqual(scene.files(), [".env"]);
    assert.equal(modeOf(envFile), 0o600);
    assert.match(Deno.readTextFileSync(envFile), new RegExp(`^IMMICH_URL=${emulator.url}$`, "m"));
    const checked = await runProgram({ cwd, args: ["check"] });
    assert.equal(checked.code, 0, checked.stdout);
    const { summary } = await runForSummary({ cwd });
    assert.deepEqual([summary.exitCode, summary.added], [0, 1]);
  }
});

testOnTerminal("init tells what is wrong with an answer, and asks again", async () => {
  await using scene = await createScene();
  const { cwd, emulator, key } = scene;
  const weak = scene.world.addKey({ user: scene.alice, permissions: ["asset.read"] });
  for (let i = 0; i < 2; i++) scene.world.addAlbum({ owner: scene.alice, name: "Twice" });
  const { code, shown } = await runOnTerminal([
    [URL, `photos.example.com${ENTER}`],
    ["did you mean https://photos.example.com", `${CLEAR}http://localhost:${closedPort()}${ENTER}`],
    ["refused the connection", ENTER],
    [URL, `${CLEAR}${emulator.url}${ENTER}`],
    [KEY, `wrong-key-0123456789${ENTER}`],
    ["does not accept the API key", ENTER],
    [KEY, weak + ENTER],
    ["lacks album.read, album.create, albumAsset.create, albumAsset.delete", ENTER],
    [KEY, key + ENTER],
    [ALBUM, `${CLEAR}Twice${ENTER}`],
    ['There are 2 albums called "Twice"', ENTER],
    [ALBUM, `${CLEAR}Nobody there${ENTER}`],
    ...NO_MAIL,
    YES,
  ], { cwd, args: ["init"] });
  assert.equal(code, 0, shown);
  for (const secret of ["wrong-key-0123456789", weak]) assert.ok(!shown.includes(secret));
  const { summary } = await runForSummary({ cwd });
  assert.deepEqual([summary.exitCode, summary.album.name], [0, "Nobody there"]);
});

testOnTerminal("init asks for mail and health check, reaches both, and sends nothing", async () => {
  await using health = startChannelServer();
  const login = { username: "sync", password: "p#ss$word'1 x" };
  await using server = await startMailServer({ security: "none", login });
  await using scene = await createScene();
  const { cwd, emulator, key } = scene;
  const mail = (password: string): Step[] => [
    ["Mail server", `${CLEAR}localhost${ENTER}`],
    ["Its port", `${CLEAR}${server.port}${ENTER}`],
    ["Encryption", DOWN + ENTER],
    ["User name for the mail server", `${CLEAR}${login.username}${ENTER}`],
    ["Its password", password + ENTER],
    ["Sender", `${CLEAR}sync@example.com${ENTER}`],
    ["Recipients", `${CLEAR}alice@example.com, bob@example.com${ENTER}`],
  ];
  const { code, shown } = await runOnTerminal([
    [URL, emulator.url + ENTER],
    [KEY, key + ENTER],
    [ALBUM, ENTER],
    [MAIL, `y${ENTER}`],
    ...mail("wrong-password-1"),
    ["refused the login of sync", ENTER],
    ...mail(login.password),
    [HEALTH, `http://127.0.0.1:${closedPort()}/t0ken-of-the-check${ENTER}`],
    ["refused the connection", ENTER],
    [HEALTH, `${health.url}/t0ken-of-the-check${ENTER}`],
    YES,
  ], { cwd, args: ["init"] });
  assert.equal(code, 0, shown);
  assert.ok(!shown.includes("wrong-password-1"));
  assert.deepEqual([server.mails.length, health.arrived.length], [0, 0]);
  assert.ok(!shown.includes("t0ken-of-the-check"));
  const checked = await runProgram({ cwd, args: ["check", "--send-test-email"] });
  assert.equal(checked.code, 0, checked.stdout);
  assert.match(health.arrived[0]?.target ?? "", /^\/t0ken-of-the-check\/log\?rid=/);
  assert.deepEqual(server.mails.map(({ to }) => to), [["alice@example.com", "bob@example.com"]]);
});

testOnTerminal(
  "init keeps an existing file to the letter but for what it was answered",
  async () => {
    await using scene = await createScene();
    const { cwd, emulator, key, envFile } = scene;
    const before = [
      "# mine",
      "LOG_FILE_PATH=${PWD}/faceless.log   # ${PWD} stays",
      `export IMMICH_URL = '${emulator.url}'`,
      "ALBUM_NAME=Old # the album",
      "LOG_LEVEL=loud",
      `API_KEY='${key}'`,
      "",
      "FOO='a b'",
      "ENABLE_EMAIL_ON_ERROR=no",
    ];
    Deno.writeTextFileSync(envFile, before.join("\r\n"), { mode: 0o644 });
    Deno.writeTextFileSync(`${envFile}.bak`, "older", { mode: 0o644 });
    const { code, shown } = await runOnTerminal([
      [URL, ENTER],
      [KEY, ENTER],
      [ALBUM, `${CLEAR}Niemand${ENTER}`],
      ...NO_MAIL,
      YES,
    ], { cwd, args: ["init"] });
    assert.equal(code, 0, shown);
    assert.match(shown, /LOG_LEVEL is not valid, so it is left out/);
    assert.equal(Deno.readTextFileSync(`${envFile}.bak`), before.join("\r\n"));
    assert.deepEqual([modeOf(envFile), modeOf(`${envFile}.bak`)], [0o600, 0o600]);
    const expected = before.filter((line) => line !== "LOG_LEVEL=loud")
      .map((line) => line.replace("Old", "Niemand"));
    assert.equal(Deno.readTextFileSync(envFile), expected.join("\r\n"));
  },
);

testOnTerminal(
  "init tests an existing file that lacks something, and says in the end what it still lacks",
  async () => {
    await using scene = await createScene();
    const { cwd, emulator, key, envFile } = scene;
    const lines = [
      `IMMICH_URL=${emulator.url}`,
      `API_KEY=${key}`,
      "FACELESS_RULE=without",
      "IMMICH_CLIENT_KEY=gone.pem",
      "ENABLE_EMAIL_ON_ERROR=true",
      "EMAIL_USERNAME=sync",
      "EMAIL_PASSWORD=passw0rd-of-the-mail",
      "EMAIL_PASSWORD_FILE=gone.txt",
    ];
    Deno.writeTextFileSync(envFile, lines.join("\n"), { mode: 0o600 });
    const { code, shown } = await runOnTerminal([
      [URL, ENTER],
      [KEY, ENTER],
      [ALBUM, ENTER],
      [MAIL, `n${ENTER}`],
      [HEALTH, ENTER],
      YES,
    ], { cwd, args: ["init"] });
    assert.equal(code, 0, shown);
    assert.match(shown, /IMMICH_CLIENT_KEY is not valid[^]*EMAIL_PASSWORD_FILE is not valid/);
    assert.match(shown, /Immich 3\.1\.0[^]*"faceless" with [^]*"Faceless" does not exist yet/);
    assert.match(
      shown,
      /does not exist yet[^]*WITHOUT_PEOPLE is required with FACELESS_RULE=without: set it[^]*Write /,
    );
    assert.doesNotMatch(shown, /EMAIL_\w+ is required/, "not wanted, so not lacking");
    const checked = await runProgram({ cwd, args: ["check"] });
    assert.equal(checked.code, 2, "as init has said");
    assert.equal(checked.stdout.match(/^problem/gm)?.length, 1, checked.stdout);
  },
);

testOnTerminal("Ctrl-C at any question of init writes nothing and exits 130", async () => {
  await using scene = await createScene();
  const { cwd, emulator, key } = scene;
  const steps: Step[] = [
    [URL, emulator.url + ENTER],
    [KEY, key + ENTER],
    [ALBUM, ENTER],
    ...NO_MAIL,
    YES,
  ];
  for (const [index, [until]] of steps.entries()) {
    const { code, shown } = await runOnTerminal([...steps.slice(0, index), [until, CTRL_C]], {
      cwd,
      args: ["init"],
    });
    assert.equal(code, 130, shown);
    assert.match(shown, /nothing was written/);
    assert.ok(!shown.includes(key));
    assert.deepEqual(scene.files(), []);
  }
});

testOnTerminal(
  "init --env-file writes that file, and says what the environment overrides",
  async () => {
    await using scene = await createScene();
    const { cwd, emulator, key } = scene;
    const { code, shown } = await runOnTerminal([
      [URL, emulator.url + ENTER],
      [KEY, key + ENTER],
      [ALBUM, ENTER],
      ...NO_MAIL,
      YES,
    ], { cwd, args: ["init", "--env-file", "my.env"], env: { ALBUM_NAME: "Other" } });
    assert.equal(code, 0, shown);
    assert.deepEqual(scene.files(), ["my.env"]);
    assert.match(shown, /The environment sets ALBUM_NAME/);
    assert.match(shown, /check --env-file my\.env/);
    assert.ok(!shown.includes(key));
  },
);

Deno.test("init without a terminal says what to do instead", async () => {
  using folder = {
    path: Deno.makeTempDirSync(),
    [Symbol.dispose]() {
      Deno.removeSync(this.path, { recursive: true });
    },
  };
  const says = /needs a terminal[^]*IMMICH_URL=[^]*API_KEY=[^]*check/;
  const { code, stdout, stderr } = await runProgram({ cwd: folder.path, args: ["init"] });
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, says);
  const asked = await runProgram({ cwd: folder.path, args: ["init", "--json"] });
  const { exitCode, error } = JSON.parse(asked.stdout);
  assert.deepEqual([asked.code, exitCode, error.name], [2, 2, "UsageError"]);
  assert.match(`${error.message}\n${error.hint}`, says);
  const help = await runProgram({ cwd: folder.path, args: ["init", "--help"] });
  assert.match(help.stdout, /--json [^(]*\(all but\s+init\)/);
  assert.deepEqual([...Deno.readDirSync(folder.path)], []);
});
