import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../emulator/mod.ts";
import { asTold } from "../support/as_told.ts";
import { startChannelServer } from "../support/channel_server.ts";
import { outcomeOf, runProgram, startProgram } from "../support/program.ts";

/** Three users with a photo each, and a folder with an env file for each, by their names. */
async function createFamily() {
  const world = createWorld();
  const emulator = await startEmulator({ version: "3.1.0", world });
  const folder = Deno.makeTempDirSync({ prefix: "faceless-" });
  const users = ["anna", "bert", "cleo"].map((name) => {
    const user = world.addUser({ name });
    world.addAsset({ owner: user });
    return { name, key: world.addKey({ user, permissions: MINIMAL_PERMISSIONS }) };
  });
  const configure = (name: string, settings: Readonly<Record<string, string>> = {}) => {
    const key = users.find((user) => user.name === name)?.key ?? "";
    const all = { IMMICH_URL: emulator.url, API_KEY: key, ALBUM_NAME: `of ${name}`, ...settings };
    const lines = Object.entries(all).map(([variable, value]) => `${variable}='${value}'\n`);
    Deno.writeTextFileSync(`${folder}/${name}.env`, lines.join(""), { mode: 0o600 });
  };
  for (const { name } of users) configure(name);
  return {
    emulator,
    folder,
    configure,
    /** The names of the albums that have something in them. */
    filled: () =>
      [...world.albums.values()].filter(({ assets }) => assets.size > 0).map(({ name }) => name),
    [Symbol.asyncDispose]: async () => {
      await emulator.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}

const FILES = ["anna", "bert", "cleo"].flatMap((name) => ["--env-file", `${name}.env`]);

async function runFamily(folder: string, args: readonly string[] = []) {
  const outcome = await runProgram({ cwd: folder, args: [...args, ...FILES, "--json"] });
  const document = JSON.parse(outcome.stdout);
  assert.equal(document.exitCode, outcome.code);
  return { ...outcome, runs: document.runs };
}

function codesOf(runs: readonly { exitCode: number }[]): number[] {
  return runs.map(({ exitCode }) => exitCode);
}

Deno.test("several env files are one run each, in their order, each with its own state", async () => {
  await using family = await createFamily();
  const { code, runs, stderr } = await runFamily(family.folder);
  assert.equal(code, 0, stderr);
  assert.deepEqual(runs.map(({ album }: { album: { name: string } }) => album.name), [
    "of anna",
    "of bert",
    "of cleo",
  ]);
  assert.deepEqual(family.filled(), ["of anna", "of bert", "of cleo"]);
  const state = JSON.parse(Deno.readTextFileSync(`${family.folder}/faceless_sync.log.state.json`));
  assert.deepEqual(
    Object.keys(state.runs).sort(),
    ["anna", "bert", "cleo"].map((name) => asTold(`${family.folder}/${name}.env`)),
  );
});

Deno.test("one album's failure, refusal or wrong configuration keeps no other from being synced", async () => {
  for (
    const [settings, exitCode] of [
      [{ API_KEY: "revoked-0123456789" }, 1],
      [{ IMMICH_RETRIES: "many" }, 2],
      [{ MAX_ADD: "0" }, 4],
    ] as const
  ) {
    await using family = await createFamily();
    family.configure("anna", { LOG_FILE_PATH: "anna.log" });
    family.configure("bert", settings);
    const { code, runs } = await runFamily(family.folder);
    assert.deepEqual([code, codesOf(runs)], [exitCode, [0, exitCode, 0]]);
    assert.deepEqual(family.filled(), ["of anna", "of cleo"]);
    assert.match(Deno.readTextFileSync(`${family.folder}/anna.log`), /Done in/);
    assert.doesNotMatch(Deno.readTextFileSync(`${family.folder}/anna.log`), /ERROR/);
  }
});

Deno.test("the process ends with the worst code: 1, then 2, 3, 4, 5, 0", async () => {
  await using family = await createFamily();
  family.configure("anna", { MAX_ADD: "0" });
  family.configure("bert", { IMMICH_RETRIES: "many" });
  assert.deepEqual([(await runFamily(family.folder)).code, family.filled()], [2, ["of cleo"]]);
  family.configure("cleo", { API_KEY: "revoked-0123456789" });
  assert.equal((await runFamily(family.folder)).code, 1);
});

Deno.test("each configuration tells its own people", async () => {
  await using family = await createFamily();
  await using hook = startChannelServer();
  const events = () =>
    hook.arrived.map(({ target, body }) => `${target} ${JSON.parse(body).event}`);
  family.configure("anna", { WEBHOOK_URL: `${hook.url}/h00k-of-anna` });
  family.configure("bert", { WEBHOOK_URL: `${hook.url}/h00k-of-bert`, MAX_ADD: "0" });
  for (let n = 0; n < 2; n++) await runFamily(family.folder);
  assert.deepEqual(events(), ["/h00k-of-bert trouble"]);
  family.configure("bert", { WEBHOOK_URL: `${hook.url}/h00k-of-bert` });
  await runFamily(family.folder);
  assert.deepEqual(events(), ["/h00k-of-bert trouble", "/h00k-of-bert recovery"]);
});

Deno.test("who is told of a refused run is told the command for its env file", async () => {
  await using family = await createFamily();
  await using hook = startChannelServer();
  family.configure("bert", {
    WEBHOOK_URL: `${hook.url}/h00k-of-bert`,
    WEBHOOK_FORMAT: "gotify",
    MAX_ADD: "0",
  });
  await runFamily(family.folder);
  const { message } = JSON.parse(hook.arrived[0]?.body ?? "");
  assert.ok(message.includes(`--force --env-file ${asTold(`${family.folder}/bert.env`)}`), message);
});

Deno.test("check takes several env files, and tells of each", async () => {
  await using family = await createFamily();
  family.configure("bert", { API_KEY: "revoked-0123456789" });
  const { code, runs } = await runFamily(family.folder, ["check"]);
  assert.deepEqual([code, codesOf(runs)], [1, [0, 1, 0]]);
  assert.equal(
    runs[2].settings.find(({ name }: { name: string }) => name === "ALBUM_NAME").value,
    '"of cleo"',
  );
});

Deno.test("schedule puts several env files into one entry", async () => {
  await using family = await createFamily();
  const { code, stdout } = await runProgram({
    cwd: family.folder,
    args: ["schedule", "systemd", ...FILES],
  });
  assert.equal(code, 0);
  const files = ["anna", "bert", "cleo"].map((name) => `--env-file ${family.folder}/${name}.env`);
  assert.ok(stdout.includes(files.join(" ")), stdout);
  family.configure("cleo", { IMMICH_RETRIES: "many" });
  const wrong = await runProgram({
    cwd: family.folder,
    args: ["schedule", "cron", ...FILES],
  });
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /IMMICH_RETRIES[^]*cleo\.env/);
});

Deno.test("what works with one configuration takes one env file", async () => {
  await using family = await createFamily();
  for (const args of [["init"], ["missed"], ["--report", "report.html"]]) {
    const { code, stderr } = await runProgram({ cwd: family.folder, args: [...args, ...FILES] });
    assert.equal(code, 2);
    assert.match(stderr, /--env-file/);
  }
});

Deno.test("SIGTERM while a channel hangs ends at once with 143, as runs are left", async () => {
  await using family = await createFamily();
  // The system takes the connection, and nobody ever answers.
  using silent = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const url = `http://127.0.0.1:${silent.addr.port}/h00k-of-anna`;
  family.configure("anna", { WEBHOOK_URL: url, MAX_ADD: "0" });
  const process = startProgram({ cwd: family.folder, args: [...FILES, "--json"] });
  using _connection = await silent.accept();
  const asked = performance.now();
  process.kill("SIGTERM");
  const { code, stdout } = await outcomeOf(process);
  assert.ok(performance.now() - asked < 3000);
  const document = JSON.parse(stdout);
  assert.deepEqual([code, document.exitCode, codesOf(document.runs)], [143, 143, [4]]);
  assert.deepEqual(family.filled(), []);
});
