import assert from "node:assert/strict";
import { loadConfig } from "../../src/config/load.ts";
import { run } from "../../src/sync/run.ts";
import { openLog } from "../../src/system/logging.ts";
import {
  type Album,
  type Asset,
  createWorld,
  type Emulator,
  type Fault,
  MINIMAL_PERMISSIONS,
  startEmulator,
} from "../emulator/mod.ts";

const RUNS = 500;
const FAULT_RATE = 0.05;
const VERSIONS = ["2.7.5", "3.1.0", "3.2.0"];

const FAULTS: Fault[] = [
  { kind: "reset" },
  { kind: "resetInBody" },
  { kind: "cutJson", how: "chunked" },
  { kind: "emptyBody" },
  { kind: "status", status: 500, body: { message: "Internal server error" } },
  { kind: "status", status: 502, body: "<html>Bad Gateway</html>", contentType: "text/html" },
  { kind: "status", status: 429, headers: { "retry-after": "0" } },
  { kind: "status", status: 400, body: { message: "Bad luck" } },
  { kind: "loginPage" },
  { kind: "json", body: { hello: "world" } },
];

/** A generator of numbers from 0 to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** A library that changes a little at every call. */
function createLibrary(random: () => number) {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const carol = world.addUser({ name: "Carol" });
  const foreign = world.addAsset({ owner: carol });
  world.addFace({ asset: foreign, person: world.addPerson({ owner: carol, name: "Dave" }) });
  const known = world.addAsset({ owner: alice });
  world.addFace({ asset: known, person: anna });
  const album = world.addAlbum({ owner: alice, name: "Faceless", assets: [foreign] });
  const own = () => [...world.assets.values()].filter(({ owner }) => owner === alice);
  const pick = (): Asset | undefined => {
    const assets = own().filter((asset) => asset !== known);
    return assets[Math.floor(random() * assets.length)];
  };
  const change = () => {
    const asset = pick();
    const kind = Math.floor(random() * 8);
    if (kind < 3 && own().length < 150) world.addAsset({ owner: alice });
    else if (asset === undefined) return;
    else if (kind === 3) world.addFace({ asset, person: anna });
    else if (kind === 4) world.removeFaces(asset);
    else if (kind === 5) world.setVisibility(asset, random() < 0.5 ? "archive" : "timeline");
    else if (kind === 6) asset.trashedAt === null ? world.trash(asset) : world.restore(asset);
    else world.deleteAsset(asset);
  };
  const belongs = (asset: Asset) =>
    asset.owner === alice && asset.visibility === "timeline" && asset.trashedAt === null &&
    asset.faces.length === 0;
  const keys = VERSIONS.map(() =>
    world.addKey({
      user: alice,
      permissions: [...MINIMAL_PERMISSIONS, "person.read", "asset.statistics"],
    })
  );
  return { world, alice, album, foreign, own, change, belongs, keys };
}

/** What a run may leave in the album besides what was there: only what belongs. */
function visible(album: Album): Asset[] {
  return [...album.assets].filter(({ trashedAt }) => trashedAt === null);
}

Deno.test("500 runs in a row with faults and a changing library: the album converges, nothing grows", async () => {
  const random = seeded(7);
  const library = createLibrary(random);
  const { world, album, foreign } = library;
  const emulators: Emulator[] = [];
  let injected = 0;
  for (const version of VERSIONS) {
    const emulator = await startEmulator({ version, world });
    emulators.push(emulator);
    for (const fault of FAULTS) {
      const where = () => random() < FAULT_RATE / FAULTS.length && ++injected > 0;
      emulator.faults.add({ match: { where }, fault });
    }
  }
  const folder = Deno.makeTempDirSync();
  const openFiles = () => [...Deno.readDirSync("/proc/self/fd")].length;
  const started = { files: 0, memory: 0 };
  const exits = new Map<number, number>();
  try {
    for (let i = 0; i < RUNS; i++) {
      for (let changes = Math.floor(random() * 6); changes > 0; changes--) library.change();
      const before = new Set(visible(album));
      const code = await syncOnce(emulators[i % 3]?.url ?? "", library.keys[i % 3] ?? "", folder);
      exits.set(code, (exits.get(code) ?? 0) + 1);
      for (const asset of before) {
        if (library.belongs(asset) || asset === foreign) assert.ok(album.assets.has(asset));
      }
      for (const asset of visible(album)) {
        assert.ok(before.has(asset) || library.belongs(asset), "nothing wrong is added");
      }
      assertLogBounds(folder);
      for (const emulator of emulators) emulator.clearRequests();
      if (i === 100) {
        started.files = openFiles();
        started.memory = Deno.memoryUsage().heapUsed;
      }
    }
    assert.ok([...exits.keys()].every((code) => code === 0 || code === 1), [...exits].join(" "));
    assert.ok(openFiles() <= started.files + 20, `${openFiles()} files, at first ${started.files}`);
    const growth = Deno.memoryUsage().heapUsed - started.memory;
    assert.ok(growth < 60 * 1024 * 1024, `${growth} bytes more`);
    for (const emulator of emulators) emulator.faults.clear();
    assert.equal(await syncOnce(emulators[0]?.url ?? "", library.keys[0] ?? "", folder), 0);
    const right = library.own().filter((asset) => library.belongs(asset));
    assert.deepEqual(new Set(visible(album)), new Set([...right, foreign]));
  } finally {
    for (const emulator of emulators) await emulator.close();
    Deno.removeSync(folder, { recursive: true });
  }
  const good = exits.get(0) ?? 0;
  // deno-lint-ignore no-console -- the figure that the README states
  console.log(
    `soak: ${RUNS} runs, ${injected} faults injected, ${good} runs done, ${
      RUNS - good
    } failed, 0 wrong albums`,
  );
  assert.ok(injected > RUNS * 5 * FAULT_RATE * 0.7, `only ${injected} faults`);
});

async function syncOnce(url: string, apiKey: string, folder: string): Promise<number> {
  const values = new Map(Object.entries({
    IMMICH_URL: url,
    API_KEY: apiKey,
    IMMICH_RETRIES: "1",
    MAX_REMOVE_PERCENT: "100",
    LOG_FILE_PATH: `${folder}/sync.log`,
    LOG_MAX_SIZE: "10KB",
    LOG_BACKUPS: "2",
  }));
  const loaded = loadConfig({ cwd: folder, environment: (name) => values.get(name) });
  assert.ok(loaded.ok);
  const nowhere = () => {};
  const log = openLog({
    config: loaded.config.log,
    redact: (text) => text,
    console: "split",
    stdout: nowhere,
    stderr: nowhere,
  });
  const { summary, defect } = await run({
    config: loaded.config,
    dryRun: false,
    force: false,
    log: log.logger,
    stop: new AbortController().signal,
    lockFolder: folder,
  });
  log.logger.info(`exit ${summary.exitCode}`);
  log.close();
  assert.equal(defect, undefined);
  return summary.exitCode;
}

function assertLogBounds(folder: string): void {
  const logs = [...Deno.readDirSync(folder)].filter(({ name }) => name.startsWith("sync.log"));
  assert.ok(logs.length <= 3, logs.map(({ name }) => name).join(" "));
  for (const { name } of logs) {
    const { size } = Deno.statSync(`${folder}/${name}`);
    assert.ok(size <= 10 * 1024 + 2000, `${name} has ${size} bytes`);
  }
}
