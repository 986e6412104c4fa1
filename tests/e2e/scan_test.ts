import assert from "node:assert/strict";
import {
  createWorld,
  type Emulator,
  type Fault,
  MINIMAL_PERMISSIONS,
  startEmulator,
} from "../emulator/mod.ts";
import { isRecord } from "../emulator/reading.ts";
import { createHome } from "../support/home.ts";
import { runForSummary, runProgram } from "../support/program.ts";
import { VERSIONS } from "../emulator/versions.ts";

/** An album of three months in which something has to be added and removed, by a scan. */
function createLibrary(permissions = MINIMAL_PERMISSIONS) {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const own = (index: number, visibility?: "archive" | "hidden") =>
    world.addAsset({
      owner: alice,
      takenAt: new Date(Date.UTC(2023, index % 3, 10, 1, index)).toISOString(),
      ...visibility === undefined ? {} : { visibility },
    });
  const kept = Array.from({ length: 60 }, (_, index) => own(index));
  const missing = own(0);
  const portrait = own(1);
  const unfit = [own(2), own(0, "archive"), own(1, "hidden")] as const;
  for (const asset of [portrait, unfit[0]]) world.addFace({ asset, person: anna });
  const album = world.addAlbum({ owner: alice, name: "Faceless", assets: [...kept, ...unfit] });
  return {
    ...{ world, alice, kept, missing, portrait, album },
    /** The album before and after a good run. */
    before: new Set(album.assets),
    ideal: new Set([...kept, missing]),
    key: world.addKey({ user: alice, permissions }),
  };
}

type Library = ReturnType<typeof createLibrary>;

async function sync(emulator: Emulator, { key }: Library, settings: Record<string, string> = {}) {
  using home = createHome(emulator, key, settings);
  return await runForSummary({ cwd: home.folder });
}

/** A run into this must fail, say so, and leave the album as it was. */
async function assertRefused(
  version: string,
  library: Library,
  prepare: (emulator: Emulator) => void,
  said: RegExp,
  settings: Record<string, string> = {},
): Promise<void> {
  await using emulator = await startEmulator({ version, world: library.world });
  prepare(emulator);
  const { code, summary } = await sync(emulator, library, settings);
  assert.equal(code, 1);
  assert.match(summary.error?.message ?? "", said);
  assert.deepEqual(new Set(library.album.assets), library.before);
}

const isMonth = /\/timeline\/bucket$/;

for (const version of VERSIONS) {
  Deno.test(`the members are read by months, and hidden and archived ones by search, on Immich ${version}`, async () => {
    const library = createLibrary();
    await using emulator = await startEmulator({ version, world: library.world });
    const { code, summary } = await sync(emulator, library);
    assert.equal(code, 0, summary.error?.message);
    assert.deepEqual(new Set(library.album.assets), library.ideal);
    assert.deepEqual([summary.added, summary.removed, summary.assets.inAlbum], [1, 3, 63]);
    const paths = emulator.requests.map(({ path }) => path);
    assert.equal(paths.filter((path) => isMonth.test(path)).length, 3);
    emulator.clearRequests();
    assert.equal((await sync(emulator, library)).code, 0);
    const searches = emulator.requests.filter(({ path }) => path === "/api/search/metadata");
    assert.equal(searches.length, 1, "with nothing hidden, only the library is searched");
    assert.deepEqual(emulator.writes(), []);
  });

  Deno.test(`without a usable timeline the members are searched on Immich ${version}`, async () => {
    const column = (name: string, change: (values: unknown[]) => unknown[]): Fault => ({
      kind: "mutate",
      change: (body) =>
        isRecord(body) && Array.isArray(body[name])
          ? { ...body, [name]: change(body[name]) }
          : body,
    });
    const faults: Fault[] = [
      { kind: "status", status: 404, body: { message: "Cannot GET it" } },
      { kind: "json", body: { id: "columns" } },
      column("visibility", (values) => values.map(() => "hidden")),
      column("isTrashed", (values) => values.map(() => true)),
      column("ownerId", (values) => values.slice(1)),
    ];
    for (const fault of faults) {
      const library = createLibrary();
      await using emulator = await startEmulator({ version, world: library.world });
      emulator.faults.add({ match: { path: /\/timeline\// }, fault });
      using home = createHome(emulator, library.key);
      const { code, stdout, stderr } = await runProgram({ cwd: home.folder });
      assert.equal(code, 0, stderr);
      assert.match(stdout, /Reading the album by search, since/);
      assert.deepEqual(new Set(library.album.assets), library.ideal);
    }
  });

  Deno.test(`more members than the album counts are refused on Immich ${version}`, async () => {
    const more = (body: unknown) => {
      if (!isRecord(body)) return body;
      const columns = Object.entries(body).map(([name, values]) => {
        assert.ok(Array.isArray(values));
        const ids = values.map(() => crypto.randomUUID());
        return [name, [...values, ...(name === "id" ? ids : values)]];
      });
      return Object.fromEntries(columns);
    };
    await assertRefused(version, createLibrary(), (emulator) => {
      emulator.faults.add({ match: { path: isMonth }, fault: { kind: "mutate", change: more } });
    }, /\d+ assets are listed for an album of 62/);
  });

  Deno.test(`a server that shows nobody on any asset is refused on Immich ${version}`, async () => {
    await assertRefused(version, createLibrary(), (emulator) => {
      const run = (_: unknown, request: { body: unknown }) => {
        if (isRecord(request.body)) request.body = { ...request.body, withPeople: false };
      };
      emulator.faults.add({ match: { path: /search/ }, fault: { kind: "before", run } });
    }, /shows nobody in it, and somebody when it is asked for by itself/);
  });

  Deno.test(`an answer that does not tell of people is refused on Immich ${version}`, async () => {
    const change = (body: unknown) =>
      JSON.parse(JSON.stringify(body, (name, value) => name === "people" ? undefined : value));
    await assertRefused(version, createLibrary(), (emulator) => {
      emulator.faults.add({ match: { path: /search/ }, fault: { kind: "mutate", change } });
    }, /people is missing/);
  });
}

Deno.test("a library that truly has no people gets its album without being refused", async () => {
  for (const version of VERSIONS) {
    const library = createLibrary();
    for (const asset of library.world.assets.values()) library.world.removeFaces(asset);
    await using emulator = await startEmulator({ version, world: library.world });
    const { code } = await sync(emulator, library);
    assert.equal(code, 0);
    assert.equal(library.album.assets.size, library.ideal.size + 2);
  }
});

Deno.test("somebody recognised between two answers is no reason to refuse, and the asset is not added", async () => {
  const library = createLibrary();
  const { world, missing, portrait, kept, alice } = library;
  world.removeFaces(portrait);
  world.addFace({ asset: portrait });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  const run = () => {
    const person = world.addPerson({ owner: alice, name: "Zoe" });
    for (const asset of [missing, ...kept.slice(0, 1)]) world.addFace({ asset, person });
  };
  // Nobody is on any page then, so that what is to be added is looked at once more.
  for (const asset of library.before) world.removeFaces(asset);
  emulator.faults.add({
    match: { path: /\/api\/assets\// },
    times: 1,
    fault: { kind: "before", run },
  });
  const { code } = await sync(emulator, library);
  assert.equal(code, 0);
  assert.ok(!library.album.assets.has(missing));
  assert.ok(library.album.assets.has(portrait));
});

Deno.test("a month larger than other answers may be is read", async () => {
  const library = createLibrary();
  await using emulator = await startEmulator({
    version: "3.1.0",
    world: library.world,
    gzip: false,
  });
  const change = (body: unknown) =>
    isRecord(body) ? { ...body, thumbhash: ["x".repeat(70 * 1024 * 1024)] } : body;
  emulator.faults.add({
    match: { path: isMonth },
    times: 1,
    fault: { kind: "mutate", change },
  });
  const { code, summary, stderr } = await sync(emulator, library);
  assert.equal(code, 0, summary.error?.message);
  assert.deepEqual(new Set(library.album.assets), library.ideal);
  assert.doesNotMatch(stderr, /by search/);
});

Deno.test("a server that ignores hasPeople is refused with FACELESS_RULE=no-faces", async () => {
  const run = (_: unknown, request: { body: unknown }) => {
    const body = request.body;
    if (!isRecord(body) || !isRecord(body["filter"])) return;
    const { hasPeople: _h, ...filter } = body["filter"];
    request.body = { ...body, filter };
  };
  const library = createLibrary();
  for (const asset of library.world.assets.values()) library.world.removeFaces(asset);
  for (const asset of [library.portrait, ...library.kept.slice(0, 5)]) {
    library.world.addFace({ asset });
  }
  await assertRefused(
    "3.2.0",
    library,
    (emulator) => {
      emulator.faults.add({ match: { path: /search/ }, fault: { kind: "before", run } });
    },
    /are said to have a face, and to have none/,
    { FACELESS_RULE: "no-faces" },
  );
});

Deno.test("an asset that is listed both with and without a face is left alone, with FACELESS_RULE=no-faces", async () => {
  const library = createLibrary();
  const { world, missing, kept, album } = library;
  const [member] = kept;
  assert.ok(member);
  await using emulator = await startEmulator({ version: "3.2.0", world });
  const asksForFaces = ({ body }: { body?: unknown }) =>
    JSON.stringify(body ?? null).includes('"hasPeople":{"eq":true}');
  emulator.faults.add({
    match: { where: asksForFaces },
    times: 1,
    fault: {
      kind: "before",
      run: () => [missing, member].forEach((asset) => world.addFace({ asset })),
    },
  });
  for (const asset of [...kept.slice(10, 20)]) world.addFace({ asset });
  // One list after the other.
  const { code } = await sync(emulator, library, {
    FACELESS_RULE: "no-faces",
    IMMICH_CONCURRENCY: "1",
  });
  assert.equal(code, 0);
  assert.ok(!album.assets.has(missing), "not added");
  assert.ok(album.assets.has(member), "not removed");
  assert.equal(album.assets.size, 50);
});
