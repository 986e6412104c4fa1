import assert from "node:assert/strict";
import type { FoundCandidate, MissedDocument } from "../../src/missed/missed_document.ts";
import { type Emulator, type EmulatorOptions, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import {
  ALL_PERMISSIONS,
  createMissedLibrary,
  MISSED,
  type MissedLibrary,
} from "../support/missed_library.ts";
import {
  type Outcome,
  outcomeOf,
  runForSummary,
  runProgram,
  startProgram,
} from "../support/program.ts";

const VERSIONS = ["2.7.5", "3.1.0", "3.2.0"];

interface Run extends Outcome {
  readonly document: MissedDocument;
  readonly emulator: Emulator;
  readonly log: string;
}

/** Runs `missed --json` once; whatever happens, nothing may have been changed. */
async function findMissed(
  library: MissedLibrary,
  { version = "3.1.0", args = [], settings = {}, prepare = () => {}, options = {} }: {
    readonly version?: string;
    readonly args?: readonly string[];
    readonly settings?: Readonly<Record<string, string>>;
    readonly prepare?: (emulator: Emulator) => void;
    readonly options?: Partial<EmulatorOptions>;
  } = {},
): Promise<Run> {
  await using emulator = await startEmulator({ version, world: library.world, ...options });
  prepare(emulator);
  using home = createHome(emulator, library.key, settings);
  const outcome = await runProgram({ cwd: home.folder, args: ["missed", "--json", ...args] });
  const document: MissedDocument = JSON.parse(outcome.stdout);
  assert.equal(document.exitCode, outcome.code);
  assert.deepEqual(emulator.writes(), []);
  return { ...outcome, document, emulator, log: home.readLog() };
}

function names({ document }: Run): string[] {
  return document.candidates.map(({ fileName }) => fileName);
}

function find(run: Run, fileName: string): FoundCandidate {
  const found = run.document.candidates.find((candidate) => candidate.fileName === fileName);
  assert.ok(found !== undefined, `${fileName} is not among ${names(run)}`);
  return found;
}

for (const version of VERSIONS) {
  Deno.test(`missed finds on Immich ${version} one asset for each reason, best first, and changes nothing`, async () => {
    const library = createMissedLibrary();
    const run = await findMissed(library, { version });
    const { document, emulator } = run;
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(names(run), MISSED);
    const { status, counts, error, server } = document;
    assert.deepEqual({ status, counts, error, server }, {
      status: "ok",
      counts: { face: 1, duplicate: 1, stack: 1, neighbour: 1, smart: 1 },
      error: null,
      server: { url: emulator.url, version },
    });
    assert.equal(document.requests, emulator.requests.length);
    const face = find(run, "face.jpg");
    assert.deepEqual(face.reason === "face" && face.evidence, {
      faces: [{ left: 25, top: 10, width: 25, height: 40 }],
      aspect: 4 / 3,
    });
    assert.equal(face.url, `${emulator.url}/photos/${face.id}`);
    const neighbour = find(run, "blurred.jpg");
    assert.ok(neighbour.reason === "neighbour");
    const { asset, ...evidence } = neighbour.evidence;
    assert.equal(asset.fileName, "IMG_2043.jpg");
    assert.deepEqual(evidence, {
      people: [{ id: library.anna.id, name: "Anna" }],
      seconds: -2,
      shown: 2,
      of: 2,
    });
    const duplicate = find(run, "duplicate.jpg");
    assert.ok(duplicate.reason === "duplicate");
    assert.equal(duplicate.evidence.asset.fileName, "original.jpg");
    const stacked = find(run, "stacked.jpg");
    assert.ok(stacked.reason === "stack");
    assert.equal(stacked.evidence.asset.fileName, "cover.jpg");
    const like = find(run, "looks-like.jpg");
    assert.ok(like.reason === "smart");
    assert.equal(like.evidence.query, "a photo of a person");
    const notes = version === "3.1.0" ? [/only asset by asset: those of the 5/] : [];
    assert.equal(document.notes.length, notes.length, document.notes.join("\n"));
    notes.forEach((note, index) => assert.match(document.notes[index] ?? "", note));
  });

  Deno.test(`missed never shows assets of partners and strangers, on Immich ${version}`, async () => {
    const library = createMissedLibrary();
    const { world, owner, take } = library;
    const [bob, carol] = ["Bob", "Carol"].map((name) => world.addUser({ name }));
    assert.ok(bob && carol);
    world.addPartner({ from: bob, to: owner });
    const friend = world.addPerson({ owner: bob, name: "Friend" });
    const theirs = [bob, carol].flatMap((owner) => [
      take("IMG_9.jpg", 4, [], { owner }),
      take("with-face.jpg", 60_000, [], { owner }),
    ]);
    for (const asset of theirs) asset.likeness = 0.9;
    for (const asset of theirs) world.addFace({ asset });
    take("friend.jpg", 70_000, [friend], { owner: bob }).likeness = 0.9;
    take("mine-near-friend.jpg", 70_001);
    const run = await findMissed(library, {
      version,
      settings: { INCLUDE_PARTNERS: "true" },
    });
    assert.deepEqual(names(run), MISSED);
  });

  Deno.test(`missed says on Immich ${version} what a missing permission takes away; the rest stands`, async () => {
    const cases: [string, RegExp, (name: string) => boolean][] = [
      [
        "stack.read",
        /^Stacks were not looked at: the API key lacks stack\.read\./,
        (name) => name !== "stacked.jpg",
      ],
      ["face.read", /face\.read/, () => true],
      [
        "person.read",
        /^Faces that belong to nobody .*person\.read/,
        (name) => version !== "3.2.0" || name !== "face.jpg",
      ],
    ];
    for (const [permission, note, stands] of cases) {
      const permissions = ALL_PERMISSIONS.filter((other) => other !== permission);
      const run = await findMissed(createMissedLibrary(permissions), { version });
      assert.equal(run.code, 0, run.stderr);
      const isNeeded = permission === "stack.read" ||
        (permission === "face.read" && version !== "2.7.5") ||
        (permission === "person.read" && version === "3.2.0");
      assert.equal(run.document.notes.some((text) => note.test(text)), isNeeded, permission);
      // Where the face can't be told, smart search still finds the asset.
      const lacksFaces = permission === "face.read" && version === "3.1.0";
      const expected = MISSED.filter((name) => name !== "face.jpg" && stands(name));
      const isKnown = stands("face.jpg") && !lacksFaces;
      expected.splice(isKnown ? 0 : -1, 0, "face.jpg");
      assert.deepEqual(names(run).filter((name) => MISSED.includes(name)), expected);
      assert.ok(run.log.includes(permission) === isNeeded);
    }
  });

  Deno.test(`missed goes on without smart search on Immich ${version}: off, down, slow, or no album`, async () => {
    const others = MISSED.filter((name) => name !== "looks-like.jpg");
    const cases: [RegExp, (library: MissedLibrary) => void, ((emulator: Emulator) => void)?][] = [
      [/switched off/, ({ world }) => world.machineLearning = "off"],
      [/"Failed to search smart"/, ({ world }) => world.machineLearning = "down"],
      [/no album yet/, ({ world, album }) => world.removeAlbum(album)],
      [
        /no complete answer within 1 s/,
        () => {},
        ({ faults }) => faults.add({ match: { path: /smart$/ }, fault: { kind: "hang" } }),
      ],
    ];
    for (const [note, change, prepare = () => {}] of cases) {
      const library = createMissedLibrary();
      change(library);
      const run = await findMissed(library, {
        version,
        prepare,
        settings: { IMMICH_TIMEOUT: "1s" },
      });
      assert.equal(run.code, 0, run.stderr);
      const [first] = run.document.notes;
      assert.match(first ?? "", note);
      assert.match(first ?? "", /^Smart search was not asked/);
      assert.deepEqual(
        names(run),
        version === "3.1.0" ? others.filter((name) => name !== "face.jpg") : others,
      );
    }
  });
}

Deno.test("a neighbour of another camera is none, one whose camera is not known is", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary();
    const { take, anna } = library;
    const [phone, camera] = [{ make: "Apple", model: "iPhone 13" }, { make: "Sony", model: "A7" }];
    for (
      const [start, mine, theirs] of [[100_000, phone, camera], [200_000, phone, phone]] as const
    ) {
      take(`a${start}.jpg`, start).camera = mine;
      take(`b${start}.jpg`, start + 3, [anna]).camera = theirs;
    }
    take("unknown.jpg", 300_000);
    take("known.jpg", 300_003, [anna]).camera = phone;
    take("unread.jpg", 400_000).lacksExif = true;
    take("read.jpg", 400_003, [anna]).camera = phone;
    const run = await findMissed(library, { version });
    const found = names(run);
    assert.ok(!found.includes("a100000.jpg"));
    for (const name of ["a200000.jpg", "unknown.jpg", "unread.jpg"]) {
      assert.ok(found.includes(name), `${version}: ${name}`);
    }
  }
});

Deno.test("when dropped neighbours make room, the next ones take their place", async () => {
  const library = createMissedLibrary();
  for (let i = 0; i < 10; i++) {
    library.take(`mine${i}.jpg`, 100_000 + i * 1000).camera = { make: "Apple", model: "A" };
    library.take(`other${i}.jpg`, 100_001 + i * 1000, [library.anna]).camera = {
      make: "Sony",
      model: "B",
    };
  }
  library.take("far.jpg", 500_000);
  library.take("far-anna.jpg", 500_009, [library.anna]);
  const run = await findMissed(library, { args: ["--limit", "5"] });
  assert.ok(names(run).includes("far.jpg"), names(run).join());
});

Deno.test("the rule of the configuration says who counts, and what may be a candidate", async () => {
  const library = createMissedLibrary();
  const { world, owner, take, anna } = library;
  const unnamed = world.addPerson({ owner, name: "" });
  const ben = world.addPerson({ owner, name: "Ben" });
  take("stranger.jpg", 100_000, [unnamed]);
  take("beside-stranger.jpg", 100_001);
  take("ben.jpg", 200_000, [ben]);
  take("beside-ben.jpg", 200_001);
  take("clip.mp4", 300_000, [], { type: "VIDEO" });
  take("beside-clip.jpg", 300_001, [anna]);
  take("archived.jpg", 400_000, [], { visibility: "archive" });
  take("beside-archived.jpg", 400_001, [anna]);
  take("young.jpg", 500_000, [], { createdAt: new Date().toISOString() });
  take("beside-young.jpg", 500_001, [anna]);
  const among = async (settings: Record<string, string>) => {
    const found = names(await findMissed(library, { settings, version: "2.7.5" }));
    return found.filter((name) => !MISSED.includes(name)).sort();
  };
  const usual = ["beside-ben.jpg", "beside-stranger.jpg", "clip.mp4", "young.jpg"];
  assert.deepEqual(await among({}), usual);
  assert.deepEqual(
    await among({ FACELESS_RULE: "no-named-people" }),
    usual.filter((name) => name !== "beside-stranger.jpg"),
  );
  assert.deepEqual(await among({ FACELESS_RULE: "without", WITHOUT_PEOPLE: "Ben" }), [
    "beside-ben.jpg",
  ]);
  assert.deepEqual(
    await among({ ASSET_TYPES: "image" }),
    usual.filter((name) => name !== "clip.mp4"),
  );
  assert.deepEqual(await among({ INCLUDE_ARCHIVED: "true" }), ["archived.jpg", ...usual]);
  assert.deepEqual(
    await among({ MIN_ASSET_AGE: "2h" }),
    usual.filter((name) => name !== "young.jpg"),
  );
});

Deno.test("with no-faces an asset that has a face is none of the rule, and no candidate", async () => {
  for (const version of ["2.7.5", "3.2.0"]) {
    const run = await findMissed(createMissedLibrary(), {
      version,
      settings: { FACELESS_RULE: "no-faces" },
    });
    assert.deepEqual(names(run), MISSED.filter((name) => name !== "face.jpg"));
  }
});

Deno.test("an archived asset with people is evidence, even where archived ones are no candidates", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary();
    library.take("beside.jpg", 100_000);
    library.take("put-away.jpg", 100_003, [library.anna], { visibility: "archive" });
    library.take("archived.jpg", 100_004, [], { visibility: "archive" });
    const found = names(await findMissed(library, { version }));
    assert.ok(found.includes("beside.jpg") && !found.includes("archived.jpg"), version);
  }
});

Deno.test("--limit shows the best, and counts the others; --within and --query are kept to", async () => {
  const library = createMissedLibrary();
  const run = await findMissed(library, { version: "2.7.5", args: ["--limit", "2"] });
  assert.deepEqual(names(run), MISSED.slice(0, 2));
  assert.deepEqual(Object.values(run.document.counts), [1, 1, 1, 1, 1]);
  const near = await findMissed(library, { version: "2.7.5", args: ["--within", "1s"] });
  assert.deepEqual(names(near), MISSED.filter((name) => name !== "blurred.jpg"));
  const other = await findMissed(library, { args: ["--query", "somebody on a boat"] });
  const asked = other.emulator.requests.filter(({ path }) => path.endsWith("/smart"));
  assert.deepEqual(asked.map(({ body }) => JSON.stringify(body).includes("on a boat")), [
    true,
    true,
  ]);
});

Deno.test("nothing found is fine: 0, and said", async () => {
  const library = createMissedLibrary();
  const { world } = library;
  for (const asset of [...world.assets.values()]) world.deleteAsset(asset);
  const run = await findMissed(library);
  assert.equal(run.code, 0);
  assert.deepEqual(run.document.candidates, []);
  assert.match(run.log, /Found no asset without people that probably shows somebody/);
});

Deno.test("a listing that fails is a failure, told in the document and the log", async () => {
  const run = await findMissed(createMissedLibrary(), {
    prepare: ({ faults }) =>
      faults.add({ match: { path: /search\/metadata$/ }, fault: { kind: "status", status: 500 } }),
    settings: { IMMICH_RETRIES: "0" },
  });
  assert.equal(run.code, 1);
  assert.equal(run.document.status, "failed");
  assert.equal(run.document.error?.name, "ServerError");
  assert.deepEqual(run.document.candidates, []);
  assert.match(run.log, /ERROR.*answered 500/);
});

Deno.test("wrong options and a wrong configuration are exit code 2 before anything is asked", async () => {
  await using emulator = await startEmulator({
    version: "3.1.0",
    world: createMissedLibrary().world,
  });
  using home = createHome(emulator, "key");
  for (
    const args of [
      ["--limit", "0"],
      ["--limit", "many"],
      ["--within", "10"],
      ["--within", "2h"],
      ["--query", " "],
      ["--dry-run"],
    ]
  ) {
    const { code, stderr } = await runProgram({ cwd: home.folder, args: ["missed", ...args] });
    assert.equal(code, 2, args.join(" "));
    assert.ok(stderr.includes(args[0] ?? ""), stderr);
  }
  home.configure({ IMMICH_CONCURRENCY: "99" });
  const outcome = await runProgram({ cwd: home.folder, args: ["missed", "--json"] });
  assert.equal(outcome.code, 2);
  assert.equal(JSON.parse(outcome.stdout).error.name, "ConfigError");
  assert.equal(emulator.requests.length, 0);
});

Deno.test("SIGTERM ends it with 143 and a document", async () => {
  const library = createMissedLibrary();
  await using emulator = await startEmulator({ version: "3.1.0", world: library.world });
  emulator.faults.add({ match: { path: /search\/metadata$/ }, fault: { kind: "hang" } });
  using home = createHome(emulator, library.key);
  const process = startProgram({ cwd: home.folder, args: ["missed", "--json"] });
  while (!emulator.requests.some(({ path }) => path.endsWith("/metadata"))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  process.kill("SIGTERM");
  const { code, stdout } = await outcomeOf(process);
  assert.equal(code, 143);
  assert.equal(JSON.parse(stdout).error.name, "Interrupted");
});

Deno.test("whatever is asked beside the listing may fail in any way: a note, and nothing is changed", async () => {
  const paths = [/people$/, /stacks$/, /features$/, /smart$/, /faces$/, /thumbnail$/];
  const faults = [
    { kind: "status", status: 500 },
    { kind: "loginPage" },
    { kind: "reset" },
    { kind: "json", body: { nonsense: true } },
    { kind: "cutJson", how: "truncated" },
  ] as const;
  let turn = 0;
  for (const version of VERSIONS) {
    for (const path of [...paths, new RegExp(paths.map(({ source }) => source).join("|"))]) {
      const fault = faults[turn++ % faults.length] ?? faults[0];
      const run = await findMissed(createMissedLibrary(), {
        version,
        settings: { IMMICH_RETRIES: "0" },
        prepare: ({ faults }) => faults.add({ match: { path }, fault }),
      });
      const what = `${version} ${path} ${fault.kind}`;
      assert.equal(run.code, 0, `${what}: ${run.stderr}`);
      assert.ok(names(run).includes("duplicate.jpg"), what);
      const isAsked = run.emulator.requests.some((request) => path.test(request.path));
      const isPicture = path.source.startsWith("thumb");
      assert.ok(!isAsked || isPicture || run.document.notes.length > 0, what);
    }
  }
});

Deno.test("the page is missed.html beside the log, or where --report says, and has pictures", async () => {
  const library = createMissedLibrary();
  await using emulator = await startEmulator({ version: "3.2.0", world: library.world });
  using home = createHome(emulator, library.key, { LOG_FILE_PATH: "logs/sync.log" });
  const run = async (...args: string[]) =>
    await runProgram({ cwd: home.folder, args: ["missed", ...args] });
  const { code, stdout } = await run();
  assert.equal(code, 0);
  assert.match(stdout, /probably show somebody: 1 with a face of nobody, 1 duplicate, /);
  const html = Deno.readTextFileSync(`${home.folder}/logs/missed.html`);
  assert.match(html, /<h1>5 assets without people probably show somebody<\/h1>/);
  assert.match(html, /2 s before IMG_2043\.jpg, which shows Anna; 2 of 2 around it show people/);
  assert.match(html, /left:25%;top:10%;width:25%;height:40%/);
  const [, json = ""] = html.match(/id="pictures">(.*?)<\/script>/) ?? [];
  const pictures: Record<string, string> = JSON.parse(json);
  // Five candidates, and the three whom a duplicate, a stack and a burst have beside them.
  assert.equal(Object.keys(pictures).length, 8);
  const listed = /data-picture="([^"]+)"/g;
  for (const [, id = ""] of html.matchAll(listed)) {
    assert.match(pictures[id] ?? "", /^data:image\/jpeg;base64,/);
  }
  if (Deno.build.os !== "windows") {
    assert.equal((Deno.statSync(`${home.folder}/logs/missed.html`).mode ?? 0) & 0o777, 0o600);
  }
  assert.equal((await run("--report", "here.html", "--json")).code, 0);
  assert.ok(Deno.statSync(`${home.folder}/here.html`).isFile);
  if (Deno.build.os !== "windows") {
    home.configure({ LOG_FILE_PATH: "/dev/null" });
    assert.equal((await run()).code, 0);
    assert.ok(Deno.statSync(`${home.folder}/missed.html`).isFile);
  }
  Deno.writeTextFileSync(`${home.folder}/mine.html`, "<p>not a page of this program");
  emulator.clearRequests();
  const refused = await run("--report", "mine.html");
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /mine\.html exists and is no report/);
  assert.equal(emulator.requests.length, 0);
});

Deno.test("without asset.view the page has no pictures, and says which permission they need", async () => {
  const permissions = ALL_PERMISSIONS.filter((permission) => permission !== "asset.view");
  const run = await findMissed(createMissedLibrary(permissions), { version: "3.2.0" });
  assert.equal(run.code, 0);
  assert.deepEqual(names(run), MISSED);
  assert.match(run.document.notes.join(), /no thumbnails: the API key lacks .* asset\.view/);
});

Deno.test("a server that puts the key into names does not get it onto the page", async () => {
  const library = createMissedLibrary();
  library.take(`${library.key}.jpg`, 900_000);
  library.take(`${"x".repeat(230)}${library.key}.jpg`, 900_001, [
    library.world.addPerson({ owner: library.owner, name: `is ${library.key}` }),
  ]);
  // Every output is looked through for it.
  const run = await findMissed(library);
  assert.equal(run.code, 0);
  assert.ok(names(run).some((name) => !MISSED.includes(name)));
});

Deno.test("a sync tells how many in the album have a face of nobody, and suggests to look at many", async () => {
  for (const version of VERSIONS) {
    const library = createMissedLibrary([...ALL_PERMISSIONS, "asset.statistics"]);
    const { world, album, take, anna } = library;
    // Somebody else is on it too: it is not in the album.
    world.addFace({ asset: take("crowd.jpg", 700_000, [anna]) });
    await using emulator = await startEmulator({ version, world });
    using home = createHome(emulator, library.key);
    const sync = async () => (await runForSummary({ cwd: home.folder })).summary.unassignedFaces;
    const told = (count: number) => version === "3.1.0" ? null : count;
    assert.equal(await sync(), told(1), version);
    assert.doesNotMatch(home.readLog(), /immich-faceless-sync missed/);
    for (let i = 0; i < 10; i++) {
      world.addFace({ asset: take(`stranger${i}.jpg`, 800_000 + i * 100) });
    }
    // These come into the album by this very run.
    assert.equal(await sync(), told(11), version);
    assert.equal(await sync(), told(11), version);
    // One that is to leave for somebody on it does not count.
    const leaving = take("leaving.jpg", 900_000);
    album.assets.add(leaving);
    world.addFace({ asset: leaving, person: anna });
    const dry = await runForSummary({ cwd: home.folder, args: ["--dry-run"] });
    assert.deepEqual([dry.summary.removed, dry.summary.unassignedFaces], [1, told(11)], version);
    const hint = /11 assets in the album have a face that belongs to nobody; .*missed shows/;
    assert.equal(hint.test(home.readLog()), version !== "3.1.0");
    world.removeAlbum(album);
    assert.equal(await sync(), told(11), `${version}, a new album`);
  }
});

Deno.test("where a key or a server can't count faces of nobody, a sync says null, and is as good", async () => {
  for (const permission of ["person.read", "asset.statistics"]) {
    const all = [...ALL_PERMISSIONS, "asset.statistics"];
    const library = createMissedLibrary(all.filter((other) => other !== permission));
    await using emulator = await startEmulator({ version: "3.2.0", world: library.world });
    using home = createHome(emulator, library.key);
    const { code, summary } = await runForSummary({ cwd: home.folder });
    assert.equal(code, 0);
    assert.equal(summary.unassignedFaces, null);
  }
});

Deno.test("of other people's assets in the album a sync does not count faces from 3.2 on", async () => {
  const library = createMissedLibrary([...ALL_PERMISSIONS, "asset.statistics"]);
  const { world, owner, album, take } = library;
  const bob = world.addUser({ name: "Bob" });
  world.addPartner({ from: bob, to: owner });
  const his = take("his.jpg", 700_000, [], { owner: bob });
  world.addFace({ asset: his, person: world.addPerson({ owner: bob, name: "Friend" }) });
  album.assets.add(his);
  await using emulator = await startEmulator({ version: "3.2.0", world });
  using home = createHome(emulator, library.key);
  const { summary } = await runForSummary({ cwd: home.folder });
  assert.equal(summary.assets.foreign, 1);
  assert.equal(summary.unassignedFaces, null);
});

Deno.test("the page stays below 30 MB, whatever the pictures weigh, and says what is missing", async () => {
  const library = createMissedLibrary();
  const bytes = new Uint8Array(256 * 1024);
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  for (let i = 0; i < 60; i++) {
    const picture = { bytes, contentType: "image/jpeg" };
    library.take(`large${i}.jpg`, 1_000_000 + i * 100, [library.anna], { picture });
    library.take(`large${i}b.jpg`, 1_000_001 + i * 100, [], { picture });
  }
  await using emulator = await startEmulator({ version: "2.7.5", world: library.world });
  using home = createHome(emulator, library.key);
  const { code, stdout } = await runProgram({ cwd: home.folder, args: ["missed"] });
  assert.equal(code, 0);
  const { size } = Deno.statSync(`${home.folder}/missed.html`);
  assert.ok(size <= 30_000_000 && size > 28_000_000, `${size} bytes`);
  assert.match(stdout, /There is no room for \d+ thumbnails: the page is kept smaller than 30 MB/);
});
