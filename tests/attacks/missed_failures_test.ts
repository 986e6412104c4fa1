import assert from "node:assert/strict";
import { type Emulator, type Fault, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import {
  ALL_PERMISSIONS,
  createMissedLibrary,
  MISSED,
  type MissedLibrary,
} from "../support/missed_library.ts";
import { findMissed, names } from "../support/missed_run.ts";
import { outcomeOf, runProgram, startProgram } from "../support/program.ts";
import { VERSIONS } from "../emulator/versions.ts";

for (const version of VERSIONS) {
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
        /^Unassigned faces were not looked for: .*person\.read/,
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

  Deno.test(`missed goes on without smart search on Immich ${version}: off, down, no album, or slow`, async () => {
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
    // Two on each version: what is asked differs in nothing else.
    const first = VERSIONS.indexOf(version);
    for (const [note, change, prepare = () => {}] of cases.slice(first, first + 2)) {
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
      assert.match(first ?? "", /^Smart search was not used/);
      assert.deepEqual(
        names(run),
        version === "3.1.0" ? others.filter((name) => name !== "face.jpg") : others,
      );
    }
  });
}

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
      ["--limit", "15001"],
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

Deno.test("whatever is asked beside the listing may fail in any way: a note says what, and nothing is changed", async () => {
  const paths = [
    /people$/,
    /stacks$/,
    /features$/,
    /smart$/,
    /random$/,
    /suggestions$/,
    /assets\/[^/]+$/,
    /faces$/,
    /thumbnail$/,
  ];
  const faults: readonly Fault[] = [
    { kind: "status", status: 500 },
    { kind: "loginPage" },
    { kind: "reset" },
    { kind: "json", body: { nonsense: true } },
    { kind: "cutJson", how: "truncated" },
    { kind: "hang" },
  ];
  const everStruck = new Set<string>();
  let turn = 0;
  for (const version of VERSIONS) {
    for (const path of [...paths, new RegExp(paths.map(({ source }) => source).join("|"))]) {
      const fault = faults[turn++ % faults.length] ?? { kind: "hang" };
      const library = createMissedLibrary();
      library.take("beside.jpg", 100_000).camera = { make: "Apple", model: "iPhone 13" };
      library.take("anna.jpg", 100_001, [library.anna]).camera = { make: "Sony", model: "A7" };
      const run = await findMissed(library, {
        version,
        settings: { IMMICH_RETRIES: "0", IMMICH_TIMEOUT: "1s" },
        prepare: ({ faults }) => faults.add({ match: { path }, fault }),
      });
      const what = `${version} ${path} ${fault.kind}: ${run.document.notes}`;
      assert.equal(run.code, 0, `${what}: ${run.stderr}`);
      assert.ok(names(run).includes("duplicate.jpg"), what);
      const struck = run.emulator.requests.filter((request) => path.test(request.path))
        .map(({ path }) => path.replace("/api", ""));
      if (struck.length > 0) everStruck.add(path.source);
      const isTold = run.document.notes.some((note) => struck.some((path) => note.includes(path)));
      // A picture that is cut is a picture.
      assert.ok(struck.length === 0 || isTold || path.source.startsWith("thumb"), what);
    }
  }
  assert.deepEqual(paths.filter(({ source }) => !everStruck.has(source)), []);
});
