import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  createWorld,
  type Emulator,
  type EmulatorOptions,
  type Fault,
  MINIMAL_PERMISSIONS,
  startEmulator,
} from "../emulator/mod.ts";
import { createHome, type Home } from "../support/home.ts";
import {
  type Outcome,
  outcomeOf,
  runForSummary,
  runProgram,
  startProgram,
} from "../support/program.ts";
import { startUntilListing } from "../support/run_under_way.ts";

const PERMISSIONS = [...MINIMAL_PERMISSIONS, "asset.view"];
const THUMBNAILS = /^\/api\/assets\/[^/]+\/thumbnail$/;

/** An album with ten things and two pictures that show somebody; two things are not in it yet. */
function createLibrary(permissions = PERMISSIONS) {
  const world = createWorld();
  const owner = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner, name: "Anna" });
  const unnamed = world.addPerson({ owner, name: "" });
  const things = Array.from({ length: 10 }, () => world.addAsset({ owner }));
  const takenAt = "2024-12-04T23:59:00Z";
  const missing = ["receipt.jpg", "boiler.mp4"].map((name) =>
    world.addAsset({ owner, name, takenAt, type: name.endsWith("4") ? "VIDEO" : "IMAGE" })
  );
  const portraits = ["anna.jpg", "both.jpg"].map((name) => world.addAsset({ owner, name }));
  for (const asset of portraits) world.addFace({ asset, person: anna });
  for (const asset of portraits.slice(1)) world.addFace({ asset, person: unnamed });
  const album = world.addAlbum({ owner, name: "Faceless", assets: [...things, ...portraits] });
  const key = world.addKey({ user: owner, permissions });
  return { world, owner, anna, things, missing, portraits, album, key };
}

type Library = ReturnType<typeof createLibrary>;

async function start(
  { world }: Pick<Library, "world">,
  options: Partial<EmulatorOptions> = {},
): Promise<Emulator> {
  return await startEmulator({ version: "3.1.0", world, ...options });
}

/** Runs with `--report`, and reads what it has written. */
async function report(
  home: Home,
  ...args: string[]
): Promise<Outcome & { html: string }> {
  const outcome = await runProgram({
    cwd: home.folder,
    args: [...args, "--report", "report.html"],
  });
  return { ...outcome, html: Deno.readTextFileSync(`${home.folder}/report.html`) };
}

/** The text of one section of the page, without tags. */
function section(html: string, id: string): string {
  const [inner = ""] = html.match(new RegExp(`<section id="${id}"[^]*?</section>`)) ?? [];
  return inner.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

function count(html: string, part: string): number {
  return html.split(part).length - 1;
}

for (const version of ["2.7.5", "3.1.0", "3.2.0"]) {
  Deno.test(`--dry-run --report shows on Immich ${version} what would change, and changes nothing`, async () => {
    const library = createLibrary([...PERMISSIONS, "person.read", "asset.statistics"]);
    await using emulator = await start(library, { version });
    using home = createHome(emulator, library.key);
    const { code, html, stdout } = await report(home, "--dry-run");
    assert.equal(code, 0);
    assert.deepEqual(emulator.writes(), []);
    assert.match(stdout, /The report is in .*report\.html\./);
    assert.match(html, /<h1>2 to add, 2 to remove<\/h1>/);
    assert.match(html, /Dry run: nothing was changed/);
    assert.match(section(html, "add"), /Would be added 2 .*receipt\.jpg Wed, 4 Dec 2024/);
    assert.match(section(html, "remove"), /Would be removed 2 .*anna\.jpg .* Anna /);
    assert.match(section(html, "remove"), /both\.jpg .* Anna unnamed person /);
    for (const { id } of [...library.missing, ...library.portraits]) {
      assert.equal(count(html, `<a href="${emulator.url}/photos/${id}"`), 1);
    }
    assert.equal(count(html, 'alt="Photo"'), 3);
    assert.equal(count(html, 'alt="Video"'), 1);
    assert.equal(count(html, 'src="data:image/jpeg;base64,'), 4);
    assert.ok(!html.includes("What this page lacks"));
  });
}

Deno.test("--report without --dry-run shows what was done", async () => {
  const library = createLibrary();
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  const { code, html } = await report(home);
  assert.equal(code, 0);
  assert.equal(library.album.assets.size, 12);
  assert.match(html, /<h1>2 added, 2 removed<\/h1>/);
  assert.match(section(html, "add"), /^ Added 2 .*were not in it.*boiler\.mp4/);
  assert.match(section(html, "remove"), /^ Removed 2 .*anna\.jpg .* Anna /);
  const again = await report(home);
  assert.match(again.html, /<h1>Nothing had to change<\/h1>/);
  assert.match(section(again.html, "add"), /^ Added 0 None\. $/);
});

Deno.test("nothing is asked for a report that nobody wants", async () => {
  const library = createLibrary();
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  assert.equal((await runProgram({ cwd: home.folder })).code, 0);
  assert.ok(!emulator.requests.some(({ path }) => path.startsWith("/api/assets")));
});

Deno.test("links keep the path prefix of a proxy", async () => {
  const library = createLibrary();
  await using emulator = await start(library, { pathPrefix: "/family" });
  using home = createHome(emulator, library.key);
  const { html } = await report(home, "--dry-run");
  const [first] = library.missing;
  assert.ok(emulator.url.endsWith("/family"));
  assert.ok(html.includes(`href="${emulator.url}/photos/${first?.id}"`));
});

Deno.test("without asset.view the report has placeholders and says what to grant", async () => {
  const library = createLibrary(MINIMAL_PERMISSIONS);
  for (let i = 0; i < 50; i++) library.world.addAsset({ owner: library.owner });
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  const { code, html, stderr } = await report(home, "--dry-run");
  assert.equal(code, 0);
  assert.match(stderr, /Grant asset\.view to the key/);
  assert.match(html, /What this page lacks[^]*There are no thumbnails: [^]*Grant asset\.view/);
  assert.equal(count(html, "<img"), 0);
  assert.equal(count(html, 'aria-label="No picture"'), 54);
  assert.match(section(html, "add"), /receipt\.jpg Wed, 4 Dec 2024/);
  const asked = emulator.requests.filter(({ path }) => THUMBNAILS.test(path)).length;
  assert.ok(asked <= 4, `${asked} requests for thumbnails that can't be had`);
});

Deno.test("a thumbnail that fails leaves a placeholder, and the outcome of the run as it is", async () => {
  const library = createLibrary();
  const [one, two] = library.missing;
  const [three, four] = library.portraits;
  assert.ok(one && two && three && four);
  // Whatever the server calls it: it begins like a web page.
  two.picture = { bytes: Buffer.from("<svg onload='x'></svg>"), contentType: "image/png" };
  three.picture = { bytes: new Uint8Array(300_000).fill(0xff), contentType: "image/jpeg" };
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  emulator.faults.add({
    match: { path: new RegExp(`${one.id}/thumbnail`) },
    fault: { kind: "status", status: 404, body: { message: "Asset media not found" } },
  });
  const { code, html } = await report(home, "--dry-run");
  assert.equal(code, 0);
  assert.equal(count(html, "<img"), 1);
  assert.match(html, /3 of the assets shown have no thumbnail that could be used/);
  assert.ok(!html.includes("onload"));
  assert.ok(!emulator.requests.some(({ path }) => path.endsWith("/server/config")));
});

Deno.test("a server that gives no thumbnail at all is soon left alone", async () => {
  const faults: readonly (readonly [Fault, RegExp])[] = [
    [{ kind: "status", status: 500, body: { message: "Oh" } }, /the server answered 500/],
    [{ kind: "hang" }, /no complete answer within 1 s/],
    [{ kind: "slowDrip", bytes: 1, everyMs: 100 }, /no complete answer within 1 s/],
  ];
  for (const [fault, says] of faults) {
    const library = createLibrary();
    for (let i = 0; i < 60; i++) library.world.addAsset({ owner: library.owner });
    await using emulator = await start(library);
    using home = createHome(emulator, library.key, { IMMICH_TIMEOUT: "1s" });
    emulator.faults.add({ match: { path: THUMBNAILS }, fault });
    const { code, html } = await report(home, "--dry-run");
    assert.equal(code, 0);
    const [, why = ""] = html.match(/There are no thumbnails: ([^<]*)/) ?? [];
    assert.match(why, says);
    const asked = emulator.requests.filter(({ path }) => THUMBNAILS.test(path)).length;
    assert.ok(asked < 12, `${asked} requests for thumbnails`);
  }
});

Deno.test("details that can't be read leave the id and the link, and the report says why", async () => {
  const library = createLibrary();
  await using emulator = await start(library);
  using home = createHome(emulator, library.key, { IMMICH_RETRIES: "0" });
  emulator.faults.add({
    match: { path: /^\/api\/assets\/[^/]+$/ },
    fault: { kind: "status", status: 503, body: { message: "busy" } },
  });
  const { code, html } = await report(home, "--dry-run");
  assert.equal(code, 0);
  assert.match(html, /There are no names, dates and people: GET [^]* the server answered 503/);
  const [first] = library.missing;
  assert.ok(section(html, "add").includes(`${first?.id} Immich did not tell more about it.`));
});

Deno.test("more than 200 of a list are counted, and only 200 shown and asked for", async () => {
  const library = createLibrary();
  for (let i = 0; i < 248; i++) library.world.addAsset({ owner: library.owner });
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  const { html } = await report(home, "--dry-run");
  assert.match(section(html, "add"), /^ Would be added 250 .*200 of 250 are shown\./);
  assert.equal(count(html, 'class="card"'), 202);
  const asked = emulator.requests.filter(({ path }) => path.startsWith("/api/assets/"));
  assert.equal(asked.length, 2 * 202);
  assert.ok(emulator.mostAtOnce() <= 4, `${emulator.mostAtOnce()} requests at once`);
});

Deno.test("the report stays smaller than 10 MB, shows of each list what fits, and says so", async () => {
  const library = createLibrary();
  const { world, owner, anna, album } = library;
  // A JPEG may have anything behind its end.
  const bytes = new Uint8Array(60_000);
  bytes.set([0xff, 0xd8, 0xff]);
  const picture = { bytes, contentType: "image/jpeg" };
  for (let i = 0; i < 200; i++) {
    world.addAsset({ owner, picture });
    const asset = world.addAsset({ owner, picture });
    world.addFace({ asset, person: anna });
    album.assets.add(asset);
  }
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  // In another folder: looking for secrets in so much base64, in every spelling, takes minutes.
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/report.html`;
    const { code, stderr } = await runProgram({
      cwd: home.folder,
      args: ["--dry-run", "--force", "--report", path],
    });
    assert.equal(code, 0, stderr);
    const { size } = Deno.statSync(path);
    assert.ok(size > 9_000_000 && size < 10_000_000, `${size} bytes`);
    const html = Deno.readTextFileSync(path);
    assert.match(html, /There is no room for \d+ thumbnails/);
    const [, removals = ""] = html.split('<section id="remove"');
    const pictures = count(html, "<img");
    assert.ok(Math.abs(count(removals, "<img") - pictures / 2) <= 3);
    assert.equal(count(html, 'class="card"'), 400);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a refused run is reported with what it would have done", async () => {
  const library = createLibrary();
  await using emulator = await start(library);
  using home = createHome(emulator, library.key, { MAX_ADD: "1" });
  const { code, html } = await report(home);
  assert.equal(code, 4);
  assert.match(html, /Refused by MAX_ADD: nothing was changed/);
  assert.match(html, /<h1>2 to add, 2 to remove<\/h1>/);
  assert.match(section(html, "add"), /^ Would be added 2 .*receipt\.jpg/);
});

Deno.test("a failed run is reported with its error", async () => {
  const library = createLibrary();
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  emulator.faults.add({
    match: { path: /search/ },
    fault: { kind: "status", status: 500, body: { message: "<b>Internal</b>" } },
  });
  const { code, html } = await report(home);
  assert.equal(code, 1);
  assert.match(html, /<h1>The sync failed<\/h1>/);
  assert.match(html, /the server answered 500: &quot;&lt;b&gt;Internal&lt;\/b&gt;&quot;/);
  assert.equal(count(html, "<section"), 0);
});

Deno.test("assets that Immich did not change, and those held back, have lists of their own", async () => {
  const library = createLibrary();
  const [refused] = library.missing;
  library.world.addAsset({
    owner: library.owner,
    name: "just-now.jpg",
    createdAt: new Date().toISOString(),
  });
  await using emulator = await start(library);
  using home = createHome(emulator, library.key, { MIN_ASSET_AGE: "2h" });
  emulator.faults.add({
    match: { method: "PUT" },
    fault: {
      kind: "mutate",
      change: (body) =>
        Array.isArray(body)
          ? body.map((result) =>
            result.id === refused?.id
              ? { id: result.id, success: false, error: "no_permission" }
              : result
          )
          : body,
    },
  });
  const { code, html } = await report(home);
  assert.equal(code, 3);
  assert.match(html, /<h1>1 added, 2 removed, 1 failed<\/h1>/);
  assert.match(
    section(html, "failed"),
    /receipt\.jpg Wed, 4 Dec 2024 Not added: Immich did not allow it \(no_permission\)/,
  );
  assert.ok(!section(html, "add").includes("receipt.jpg"));
  assert.match(section(html, "heldBack"), /^ Held back 1 .*just-now\.jpg/);
});

Deno.test("what is removed without anybody on it has another reason, and the report says it", async () => {
  const library = createLibrary();
  const [first, second] = library.things;
  assert.ok(first && second);
  library.world.setVisibility(first, "archive");
  library.world.setVisibility(second, "hidden");
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  const { html } = await report(home, "--dry-run");
  assert.match(section(html, "remove"), new RegExp(`${first.name} [^.]* Archived `));
  assert.match(section(html, "remove"), new RegExp(`${second.name} [^.]* moving part of a live`));
});

Deno.test("the report can be read by its owner only, in folders that are made for it", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const library = createLibrary();
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  const path = `${home.folder}/out/today/report.html`;
  const args = ["--dry-run", "--report", "out/today/report.html"];
  for (const _time of ["new", "replaced"]) {
    assert.equal((await runProgram({ cwd: home.folder, args })).code, 0);
    const { mode } = Deno.statSync(path);
    assert.equal((mode ?? 0) & 0o777, 0o600);
    assert.deepEqual([...Deno.readDirSync(`${home.folder}/out/today`)].map(({ name }) => name), [
      "report.html",
    ]);
    Deno.chmodSync(path, 0o644);
  }
});

Deno.test("a report that can't be written is wrong usage, told before the server is asked", async () => {
  const library = createLibrary();
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  Deno.writeTextFileSync(`${home.folder}/notes.txt`, "mine");
  Deno.mkdirSync(`${home.folder}/folder`);
  const wrong = [
    ["", /--report needs the name of a file/],
    ["folder", /folder is a folder\. Name a file in it, such as report\.html\./],
    ["new/", /new is a folder\. Name a file in it/],
    ["notes.txt", /notes\.txt exists and is no report, so it is left alone\. Name another file/],
    [".env", /\.env exists and is no report/],
    ["notes.txt/report.html", /cannot be written to .*: .*\. Name a file in a folder that can/],
    ["/dev/null", /\/dev\/null/],
  ] as const;
  for (const [file, says] of wrong) {
    if (file === "/dev/null" && Deno.build.os === "windows") continue;
    const { code, summary, stderr } = await runForSummary({
      cwd: home.folder,
      args: ["--report", file],
    });
    assert.equal(code, 2, file);
    assert.match(stderr, says);
    assert.match(summary.error?.message ?? "", says);
  }
  assert.deepEqual(emulator.requests, []);
  assert.equal(Deno.readTextFileSync(`${home.folder}/notes.txt`), "mine");
});

Deno.test("a report that fails at the end is exit 1 after a good run, and leaves others as they are", async () => {
  for (const [settings, code] of [[{}, 1], [{ MAX_ADD: "1" }, 4]] as const) {
    const library = createLibrary();
    await using emulator = await start(library);
    using home = createHome(emulator, library.key, settings);
    emulator.faults.add({
      match: { path: /search/ },
      times: 1,
      fault: {
        kind: "after",
        run: () => {
          Deno.removeSync(`${home.folder}/out`);
          Deno.writeTextFileSync(`${home.folder}/out`, "");
        },
      },
    });
    const outcome = await runForSummary({
      cwd: home.folder,
      args: ["--report", "out/report.html"],
    });
    assert.equal(outcome.code, code);
    assert.match(
      outcome.stderr,
      /The report cannot be written to .*report\.html: .*\. Name a file/,
    );
    if (code !== 1) continue;
    assert.equal(outcome.summary.error?.name, "ReportError");
    assert.deepEqual([outcome.summary.added, outcome.summary.removed], [2, 2]);
    assert.equal(library.album.assets.size, 12);
  }
});

Deno.test("a run that finds another under way leaves that one's report alone", async () => {
  const library = createLibrary();
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  const first = await startUntilListing(emulator, { cwd: home.folder });
  const second = await runProgram({ cwd: home.folder, args: ["--report", "report.html"] });
  assert.equal(second.code, 5);
  assert.match(second.stderr, /No report was written/);
  assert.ok(![...Deno.readDirSync(home.folder)].some(({ name }) => name === "report.html"));
  assert.equal((await first.end()).code, 0);
});

Deno.test(
  "a signal while thumbnails are read ends the reading: the report is made of what there is",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    const library = createLibrary();
    await using emulator = await start(library);
    using home = createHome(emulator, library.key);
    const reached = Promise.withResolvers<void>();
    emulator.faults.add({
      match: { path: THUMBNAILS },
      fault: { kind: "before", run: () => reached.resolve() },
    });
    emulator.faults.add({ match: { path: THUMBNAILS }, fault: { kind: "hang" } });
    const process = startProgram({ cwd: home.folder, args: ["--report", "report.html"] });
    await reached.promise;
    process.kill("SIGTERM");
    const { code, stderr } = await outcomeOf(process);
    // The album is as it should be, which is what the exit code tells.
    assert.equal(code, 0, stderr);
    const html = Deno.readTextFileSync(`${home.folder}/report.html`);
    assert.match(html, /There are no thumbnails: the run was stopped/);
    assert.match(section(html, "add"), /receipt\.jpg/);
  },
);

Deno.test("a server that puts the key into names and pictures does not get it into the report", async () => {
  const library = createLibrary();
  const [one, two] = library.missing;
  assert.ok(one && two);
  one.name = `${library.key}.jpg`;
  library.anna.name = `Anna ${library.key.slice(0, -1)}${library.key.slice(-1)}`;
  const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from(library.key)]);
  two.picture = { bytes, contentType: "image/jpeg" };
  await using emulator = await start(library);
  using home = createHome(emulator, library.key);
  // runProgram() looks for the key in the report, in every spelling, base64 among them.
  const { code, html } = await report(home, "--dry-run");
  assert.equal(code, 0);
  assert.match(section(html, "add"), /\[secret\]\.jpg/);
  assert.match(section(html, "remove"), /Anna \[secret\]/);
  assert.equal(count(html, "<img"), 3);
});

Deno.test("thumbnails whose files are gone don't keep the others from being asked for", async () => {
  for (const version of ["2.7.5", "3.1.0"]) {
    const library = createLibrary();
    for (let i = 0; i < 12; i++) library.world.addAsset({ owner: library.owner });
    const assets = [...library.world.assets.values()];
    for (const [index, asset] of assets.slice(-12).entries()) {
      asset.missingThumbnails = index % 2 === 0 ? "lost" : "all";
    }
    await using emulator = await start(library, { version });
    using home = createHome(emulator, library.key);
    const { html } = await report(home, "--dry-run");
    assert.equal(count(html, 'src="data:image/jpeg;base64,'), 4);
    assert.match(html, /12 of the assets shown have no thumbnail that could be used/);
  }
});
