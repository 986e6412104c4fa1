/** Whatever happens to the state file and to the channels, a run does and ends as without them. */

import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../../emulator/mod.ts";
import { type Answer, startChannelServer } from "../../support/channel_server.ts";
import { createHome, type Home } from "../../support/home.ts";
import { ON_A_FULL_DISK, WITHOUT_ROOT_POWERS } from "../../support/launchers.ts";
import { runForSummary } from "../../support/program.ts";
import { closedPort } from "../../support/tcp_server.ts";

/** How runs end, by the settings that bring it about. */
const RUNS = [
  { name: "is good", settings: {}, code: 0, members: 1 },
  { name: "is refused", settings: { MAX_ADD: "0" }, code: 4, members: 0 },
  { name: "fails", settings: { API_KEY: "revoked-0123456789" }, code: 1, members: 0 },
] as const;

interface Fault {
  readonly name: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly prepare?: (home: Home, statePath: string) => void;
  /** What the channels answer; undefined when nobody is there. */
  readonly answer?: Answer | "nobody";
  readonly launching?: { readonly launcher?: readonly string[]; readonly ignore?: boolean };
  /** Whether the next run knows how this one ended. */
  readonly keeps: boolean;
  /** What is warned of, if anything. */
  readonly says?: RegExp;
}

const spoilt = (name: string, text: string): Fault => ({
  name: `a state file that is ${name}`,
  prepare: (_home, path) => Deno.writeTextFileSync(path, text),
  keeps: true,
  says: /state file .* cannot be used/,
});

const FAULTS: readonly Fault[] = [
  { name: "no state file", keeps: true },
  spoilt("cut", '{"version":1,"runs":{"/x/.env":{"lastRun":nu'),
  spoilt("of a newer version", '{"version":9,"runs":[]}'),
  spoilt("no JSON", "hello"),
  {
    name: "a state file that is a folder",
    prepare: (_home, path) => Deno.mkdirSync(path),
    keeps: false,
    says: /Cannot record in .*STATE_FILE_PATH/,
  },
  {
    name: "a state file that is read-only",
    prepare: (_home, path) => Deno.writeTextFileSync(path, "{}", { mode: 0o444 }),
    launching: WITHOUT_ROOT_POWERS,
    keeps: true,
    says: /state file .* cannot be used/,
  },
  {
    name: "a state file in a read-only folder",
    settings: { STATE_FILE_PATH: "closed/state.json" },
    prepare: ({ folder }) => Deno.mkdirSync(`${folder}/closed`, { mode: 0o555 }),
    launching: WITHOUT_ROOT_POWERS,
    keeps: false,
    says: /Cannot record in .*permission denied/,
  },
  {
    name: "a state file on a full disk",
    launching: ON_A_FULL_DISK,
    keeps: false,
    says: /Cannot record in/,
  },
  { name: "channels that answer 500", answer: { status: 500 }, keeps: true, says: /answered 500/ },
  { name: "channels that answer 403", answer: { status: 403 }, keeps: true, says: /answered 403/ },
  {
    name: "channels that answer with a web page",
    answer: { type: "text/html", body: "<html>log in</html>" },
    keeps: true,
    says: /the answer is a web page/,
  },
  {
    name: "channels that redirect",
    answer: { status: 308, headers: { location: "/elsewhere" } },
    keeps: true,
    says: /redirects/,
  },
  {
    name: "channels with an endless answer",
    answer: { body: "x".repeat(5_000_000) },
    keeps: true,
  },
  { name: "channels that are not there", answer: "nobody", keeps: true, says: /refused/ },
];

let injected = 0;

for (const fault of FAULTS) {
  Deno.test({
    name: `${fault.name}: a run that is good, refused or fails is so all the same`,
    ignore: fault.launching?.ignore ?? false,
  }, async () => {
    await Promise.all(RUNS.map((each) => strike(fault, each)));
  });
}

async function strike(fault: Fault, { name, settings, code, members }: typeof RUNS[number]) {
  injected++;
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using channels = startChannelServer();
  const { answer = {} } = fault;
  if (answer !== "nobody") channels.answer = () => answer;
  const url = answer === "nobody" ? `http://localhost:${closedPort()}` : channels.url;
  using home = createHome(emulator, key, {
    HEALTHCHECK_URL: `${url}/0b1e7c0a-5f0c-4f0e-9c55-51f1a2b3c4d5`,
    WEBHOOK_URL: `${url}/h00k-0123456789`,
    ...fault.settings,
    ...settings,
  });
  const statePath = `${home.logFile}.state.json`;
  fault.prepare?.(home, statePath);
  const { launcher } = fault.launching ?? {};
  const outcome = await runForSummary({
    cwd: home.folder,
    ...launcher === undefined ? {} : { launcher },
  });
  const what = `${fault.name}, and a run that ${name}: ${outcome.stderr}`;
  assert.equal(outcome.code, code, what);
  const albums = [...world.albums.values()];
  assert.equal(albums.reduce((sum, { assets }) => sum + assets.size, 0), members, what);
  if (fault.says !== undefined) assert.match(outcome.stderr, fault.says, what);
  else assert.doesNotMatch(outcome.stderr, /WARN/, what);
  if (!fault.keeps) return;
  const { runs } = JSON.parse(Deno.readTextFileSync(statePath));
  assert.equal(runs[home.envFile].lastRun.exitCode, code, what);
}

Deno.test("runs of several configurations at once leave a state file that is whole", async () => {
  const { world, key } = createLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key);
  const files = [1, 2, 3, 4].map((n) => `${home.folder}/${n}.env`);
  for (const [n, file] of files.entries()) {
    const text = Deno.readTextFileSync(home.envFile);
    Deno.writeTextFileSync(file, `${text}ALBUM_NAME=${n}\n`, { mode: 0o600 });
  }
  const outcomes = await Promise.all(
    files.map((file) => runForSummary({ cwd: home.folder, args: ["--env-file", file] })),
  );
  injected += files.length;
  for (const { code, stderr } of outcomes) {
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /WARN/);
  }
  const { runs } = JSON.parse(Deno.readTextFileSync(`${home.logFile}.state.json`));
  const kept = Object.keys(runs);
  assert.ok(kept.length > 0 && kept.every((file) => files.includes(file)));
  const left = [...Deno.readDirSync(home.folder)].filter(({ name }) => name.endsWith(".tmp"));
  assert.deepEqual(left, []);
});

Deno.test.afterAll(() => {
  const line = `state and channels: ${injected} faults injected\n`;
  Deno.stdout.writeSync(new TextEncoder().encode(line));
});

function createLibrary() {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  world.addAsset({ owner: alice });
  return { world, key: world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS }) };
}
