import assert from "node:assert/strict";
import { startEmulator } from "../emulator/mod.ts";
import { WITHOUT_ROOT_POWERS } from "../support/launchers.ts";
import { createHome } from "../support/home.ts";
import { runOnTerminal, testOnTerminal } from "../support/terminal.ts";
import { runProgram } from "../support/program.ts";
import { temporaryFolder } from "../support/script.ts";
import { startUntilListing } from "../support/run_under_way.ts";
import { check, checkWith, createLibrary, FULL } from "../support/checking.ts";
import { VERSIONS } from "../emulator/versions.ts";

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
    for (
      const missing of [["asset.read"], ["album.read", "albumAsset.create", "albumAsset.delete"]]
    ) {
      const { world, key } = createLibrary(FULL.filter((name) => !missing.includes(name)));
      const { code, the, findings } = await checkWith({ world, key, version });
      assert.equal(code, 1);
      assert.match(the("key").text, new RegExp(`lacks ${missing.join(", ")}\\b`));
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

Deno.test("check exits 2 with all that is wrong with the configuration, and one hint for all", async () => {
  using folder = temporaryFolder();
  const options = { cwd: folder.path, env: { IMMICH_URL: "photos", LOG_LEVEL: "loud" } };
  const { code, findings } = await check(options);
  assert.equal(code, 2);
  assert.deepEqual(findings.map(({ status }) => status), ["problem", "problem", "problem"]);
  assert.equal(new Set(findings.map(({ hint }) => hint)).size, 1);
  const text = findings.map(({ message }) => message).join("\n");
  for (const name of ["IMMICH_URL", "API_KEY", "LOG_LEVEL"]) assert.match(text, new RegExp(name));
  const { stdout } = await runProgram({ ...options, args: ["check"] });
  assert.match(
    stdout,
    /(\nproblem +configuration .*){3}\n +\S.*there is no file \.env.*\n\n3 problems;/,
  );
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
  assert.match(good.message, /\(\d+ seconds? ago\): Done in .*: added 0, removed 0\.$/);
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
