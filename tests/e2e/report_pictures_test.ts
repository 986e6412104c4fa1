import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { type Fault, MINIMAL_PERMISSIONS } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { outcomeOf, runProgram, startProgram } from "../support/program.ts";
import {
  count,
  createLibrary,
  report,
  section,
  start,
  THUMBNAILS,
} from "../support/reported_run.ts";

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
  assert.match(html, /3 of the assets shown have no usable thumbnail/);
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
  assert.ok(section(html, "add").includes(`${first?.id} Immich gave no details.`));
});

Deno.test("what fails in the middle is said to be missing, not that there is none of it", async () => {
  const library = createLibrary();
  for (let i = 0; i < 26; i++) library.world.addAsset({ owner: library.owner });
  await using emulator = await start(library);
  using home = createHome(emulator, library.key, { IMMICH_RETRIES: "0" });
  const fault = { kind: "status", status: 503, body: { message: "busy" } } as const;
  emulator.faults.add({ match: { path: THUMBNAILS, from: 9 }, fault });
  emulator.faults.add({ match: { path: /^\/api\/assets\/[^/]+$/, from: 9 }, fault });
  const { html } = await report(home, "--dry-run");
  const missing = "22 thumbnails are missing: GET";
  assert.match(html, new RegExp(`Names, dates and people of 22 assets are missing: GET .*503`));
  assert.ok(html.includes(missing), html.match(/[^>]*thumbnails[^<]*/)?.[0]);
  assert.equal(count(html, "<img"), 8);
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
    assert.match(html, /\d+ thumbnails are missing: the page is kept smaller than 10 MB/);
    const [, removals = ""] = html.split('<section id="remove"');
    const pictures = count(html, "<img");
    assert.ok(Math.abs(count(removals, "<img") - pictures / 2) <= 3);
    assert.equal(count(html, 'class="card"'), 400);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
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
    assert.match(html, /12 of the assets shown have no usable thumbnail/);
  }
});
