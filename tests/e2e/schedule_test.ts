import assert from "node:assert/strict";
import { askPython, commandOfCronLine, type Ended, run } from "../support/jobs.ts";
import {
  createWorld,
  type Emulator,
  MINIMAL_PERMISSIONS,
  startEmulator,
  type World,
} from "../emulator/mod.ts";
import { leftOut, PYTHON } from "../support/tools.ts";
import { PROGRAM } from "../support/compiled.ts";
import { createHome, type Home } from "../support/home.ts";
import { type Outcome, type ProgramOptions, runProgram } from "../support/program.ts";

const IS_UNIX = Deno.build.os !== "windows";
const WHERE = IS_UNIX ? "" : " (left out on Windows)";

/** A server with two photos to add, and an env file for it in a folder that has to be quoted. */
interface Place extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly world: World;
  readonly home: Home;
  readonly folder: string;
  /** Runs the program there, as a user would. */
  readonly start: (args: readonly string[], options?: ProgramOptions) => Promise<Outcome>;
  readonly inAlbum: () => number;
}

async function createPlace(): Promise<Place> {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  world.addAsset({ owner: alice });
  world.addAsset({ owner: alice });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  const emulator = await startEmulator({ version: "3.1.0", world });
  const home = createHome(emulator, key, { IMMICH_RETRIES: "0" });
  const folder = `${Deno.realPathSync(home.folder)}/it's 100% $HOME & more`;
  Deno.mkdirSync(folder);
  const text = Deno.readTextFileSync(home.envFile);
  Deno.writeTextFileSync(`${folder}/.env`, text + "LOG_FILE_PATH=./my.log\n", { mode: 0o600 });
  Deno.removeSync(home.envFile);
  return {
    emulator,
    world,
    home,
    folder,
    start: (args, options) =>
      // The source has its own working folder, so that it has to be told.
      runProgram({ cwd: folder, ...options, args: [...args, "--env-file", `${folder}/.env`] }),
    inAlbum: () => [...world.albums.values()][0]?.assets.size ?? 0,
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      home[Symbol.dispose]();
    },
  };
}

/** A command line as a scheduler starts it: a shell, and hardly any environment. */
async function startByShell(command: string): Promise<Ended> {
  const names = ["HOME", "DENO_DIR", "XDG_CACHE_HOME", "DENO_COVERAGE_DIR"];
  const kept = names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  return await run(["env", "-i", "PATH=/usr/bin:/bin", ...kept, "/bin/sh", "-c", command]);
}

async function filesOf(place: Place, ...args: string[]): Promise<Map<string, string>> {
  const { code, stdout, stderr } = await place.start(["schedule", ...args, "--json"]);
  assert.equal(code, 0, stderr);
  const { files }: { files: { name: string; content: string }[] } = JSON.parse(stdout);
  return new Map(files.map(({ name, content }) => [name, content]));
}

Deno.test({
  name: "the printed cron line does the sync, silently; a failure it prints" + WHERE,
  ignore: !IS_UNIX,
  fn: async () => {
    await using place = await createPlace();
    const { code, stdout, stderr } = await place.start(["schedule", "cron"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^Install: crontab -e/m);
    assert.match(stderr, /^Remove: /m);
    const command = commandOfCronLine(stdout.split("\n")[1] ?? "");
    assert.deepEqual(await startByShell(command), { code: 0, stdout: "", stderr: "" });
    assert.equal(place.inAlbum(), 2);
    assert.match(Deno.readTextFileSync(`${place.folder}/my.log`), /added 2/);
    await place.emulator[Symbol.asyncDispose]();
    const failed = await startByShell(command);
    assert.match(failed.stdout, /ERROR .*refused/);
  },
});

Deno.test({
  name: "what systemd is told to start does the sync" + WHERE,
  ignore: !IS_UNIX,
  fn: async () => {
    await using place = await createPlace();
    const files = await filesOf(place, "systemd");
    assert.deepEqual([...files.keys()], [
      "immich-faceless-sync.service",
      "immich-faceless-sync.timer",
    ]);
    const service = files.get("immich-faceless-sync.service") ?? "";
    const value = (name: string) =>
      (new RegExp(`^${name}=:?(.*)$`, "m").exec(service)?.[1] ?? "").replaceAll("%%", "%");
    // Its quotes are those of a shell, in which $ would mean something.
    const command = value("ExecStart").replaceAll("$", "\\$").replace('"\\$0" "\\$@"', '"$0" "$@"');
    const folder = `'${value("WorkingDirectory").replaceAll("'", "'\\''")}'`;
    const { code, stderr } = await startByShell(`cd ${folder} && exec ${command}`);
    assert.equal(code, 0, stderr);
    assert.equal(place.inAlbum(), 2);
    assert.match(service, /^ReadWritePaths=.*it's 100%% \$HOME & more" \/tmp$/m);
  },
});

const HAS_PYTHON = PYTHON !== undefined;

Deno.test({
  name: "what launchd is told to start does the sync" + leftOut(HAS_PYTHON, "python3"),
  ignore: !HAS_PYTHON,
  fn: async () => {
    await using place = await createPlace();
    const out = `${place.folder}/out`;
    const { code, stderr } = await place.start(["schedule", "launchd", "--write", out]);
    assert.equal(code, 0, stderr);
    const words = await askPython(
      "plistlib, shlex",
      "(lambda job: [job['WorkingDirectory'], shlex.join(job['ProgramArguments'])])" +
        "(plistlib.loads(data))",
      `${out}/immich-faceless-sync.plist`,
    );
    assert.ok(Array.isArray(words));
    const [folder, command] = words.map(String);
    const ended = await startByShell(`cd '${folder?.replaceAll("'", "'\\''")}' && exec ${command}`);
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal(place.inAlbum(), 2);
  },
});

Deno.test("--write makes the folder, says what it wrote, and writes over nothing", async () => {
  await using place = await createPlace();
  const out = `${place.folder}/new/units`;
  const write = (...more: string[]) =>
    place.start(["schedule", "systemd", "--write", out, ...more]);
  const first = await write();
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual(first.stdout.split("\n").map((line) => line.replace(/: .*\//, ": ")), [
    "Written: immich-faceless-sync.service",
    "Written: immich-faceless-sync.timer",
    "",
  ]);
  assert.match((await write()).stdout, /^Unchanged: .*\nUnchanged: .*\n$/);

  const timer = `${out}/immich-faceless-sync.timer`;
  const before = Deno.readTextFileSync(timer);
  const other = await write("--every", "15m");
  assert.equal(other.code, 1);
  assert.match(other.stderr, /immich-faceless-sync\.timer exists with different content/);
  assert.match(other.stderr, /delete it, or name another folder/);
  assert.equal(Deno.readTextFileSync(timer), before);

  Deno.removeSync(`${out}/immich-faceless-sync.service`);
  assert.equal((await write("--every", "15m")).code, 1);
  assert.deepEqual([...Deno.readDirSync(out)].map(({ name }) => name), [
    "immich-faceless-sync.timer",
  ]);
});

Deno.test({
  name: "--write on a full disk leaves no file behind, and works once there is room" + WHERE,
  ignore: !IS_UNIX,
  fn: async () => {
    await using place = await createPlace();
    const out = `${place.folder}/units`;
    const args = ["schedule", "systemd", "--write", out];
    // Nobody can fill a disk in a test: no file may grow, and the signal for that is ignored.
    const launcher = ["sh", "-c", `trap '' XFSZ; ulimit -f 0; exec "$@"`, "sh"];
    const full = await place.start(args, { launcher });
    assert.equal(full.code, 1, full.stderr);
    assert.match(full.stderr, /^Cannot write .*immich-faceless-sync\.service: /);
    assert.deepEqual([...Deno.readDirSync(out)], []);
    const roomy = await place.start(args);
    assert.equal(roomy.code, 0, roomy.stderr);
    assert.match(roomy.stdout, /^Written: .*\nWritten: .*\n$/);
  },
});

Deno.test("--write says why it can't, and --json has it as one document", async () => {
  await using place = await createPlace();
  Deno.writeTextFileSync(`${place.folder}/file`, "");
  const out = `${place.folder}/file/units`;
  const { code, stdout, stderr } = await place.start([
    "schedule",
    "cron",
    "--json",
    "--write",
    out,
  ]);
  assert.equal(code, 1);
  assert.match(stderr, /Cannot write .*immich-faceless-sync\.cron: .*\nUse --write/);
  const { files, error } = JSON.parse(stdout);
  assert.deepEqual(files, []);
  assert.equal(error.name, "WriteError");
});

Deno.test("an interval that a crontab can't say is refused, with those that it can", async () => {
  await using place = await createPlace();
  for (const interval of ["7m", "0", "90m", "25h", "1w", "-1h", "1h30m", ""]) {
    const { code, stdout, stderr } = await place.start(["schedule", "cron", "--every", interval]);
    assert.deepEqual([code, stdout], [2, ""], interval);
    assert.match(stderr, /Allowed choices are 5m, .*, 1h, .*, 1d\./);
  }
  const { code, stderr } = await place.start(["schedule", "cron", "--at", "25:00"]);
  assert.equal(code, 2);
  assert.match(stderr, /It must be a time of day, 00:00 to 23:59\./);
});

Deno.test("--at alone is daily, without both it is hourly", async () => {
  await using place = await createPlace();
  const fields = async (...args: string[]) =>
    (await place.start(["schedule", "cron", ...args])).stdout.split("\n")[1]?.slice(0, 14);
  assert.match(await fields() ?? "", /^0 \* \* \* \* /);
  assert.match(await fields("--at", "03:30") ?? "", /^30 3 \* \* \* /);
  assert.match(await fields("--at", "03:30", "--every", "12h") ?? "", /^30 3,15 \* \* \* /);
});

Deno.test("a configuration that no run could use is told before anything is scheduled", async () => {
  await using place = await createPlace();
  Deno.writeTextFileSync(`${place.folder}/.env`, "IMMICH_URL=nonsense\n", { mode: 0o600 });
  const { code, stdout, stderr } = await place.start(["schedule", "cron"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^IMMICH_URL must /m);
  assert.match(stderr, /^API_KEY is required/m);
  assert.match(stderr, /^Correct this in the env file /m);
});

Deno.test("a log folder that systemd would not let a run create is named", async () => {
  await using place = await createPlace();
  const missing = `${place.folder}/logs`;
  const noted = async (scheduler: string, folder: string) => {
    const options = { env: { LOG_FILE_PATH: `${folder}/x.log` } };
    const { stderr } = await place.start(["schedule", scheduler], options);
    return stderr.includes(
      `create this log folder first, as the service may not do so: ${folder}\n`,
    );
  };
  assert.ok(await noted("systemd", missing));
  assert.ok(!await noted("systemd", place.folder) && !await noted("cron", missing));
});

Deno.test("what is set in this environment only is named, for a scheduled run does not see it", async () => {
  await using place = await createPlace();
  const { stderr } = await place.start(["schedule", "cron"], { env: { ALBUM_NAME: "Nobody" } });
  assert.match(stderr, /^Note: ALBUM_NAME: set in this environment, .*Put it into .*\.env\.$/m);
  assert.doesNotMatch((await place.start(["schedule", "cron"])).stderr, /ALBUM_NAME/);
});

Deno.test({
  name: "without --env-file the executable's runs take the .env of its working folder" +
    (PROGRAM === undefined ? " (left out: PROGRAM_UNDER_TEST names no program)" : ""),
  ignore: PROGRAM === undefined || !IS_UNIX,
  fn: async () => {
    await using place = await createPlace();
    const { stdout, stderr } = await runProgram({
      cwd: place.folder,
      args: ["schedule", "cron", "--log-level", "error"],
    });
    assert.doesNotMatch(stderr, /^Note:/m);
    assert.ok(!stdout.includes("--env-file"));
    assert.match(stdout, /--log-level error/);
    const command = commandOfCronLine(stdout.split("\n")[1] ?? "");
    assert.deepEqual(await startByShell(command), { code: 0, stdout: "", stderr: "" });
    assert.equal(place.inAlbum(), 2);
  },
});

Deno.test({
  name: "a folder whose name no scheduler can hold is refused" + WHERE,
  ignore: !IS_UNIX,
  fn: async () => {
    await using place = await createPlace();
    const folder = `${place.folder}/two\nlines`;
    Deno.renameSync(`${place.folder}/.env`, `${place.folder}/my.env`);
    Deno.mkdirSync(folder);
    Deno.renameSync(`${place.folder}/my.env`, `${folder}/my.env`);
    const { code, stderr } = await runProgram({
      cwd: folder,
      args: ["schedule", "cron", "--env-file", `${folder}/my.env`],
    });
    assert.equal(code, 2);
    assert.match(stderr, /two\\nlines.* has a line break or another control character/);
  },
});
