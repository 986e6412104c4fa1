import assert from "node:assert/strict";
import { startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { ALL_PERMISSIONS, createMissedLibrary, MISSED } from "../support/missed_library.ts";
import { findMissed, names } from "../support/missed_run.ts";
import { runProgram } from "../support/program.ts";

Deno.test("the page is missed.html beside the log, or where --report says, and has pictures", async () => {
  const library = createMissedLibrary();
  await using emulator = await startEmulator({ version: "3.2.0", world: library.world });
  using home = createHome(emulator, library.key, { LOG_FILE_PATH: "logs/sync.log" });
  const run = async (...args: string[]) =>
    await runProgram({ cwd: home.folder, args: ["missed", ...args] });
  const { code, stdout } = await run();
  assert.equal(code, 0);
  // It is evidence, not proof: only some of them do.
  assert.match(
    stdout,
    /Assets that may show somebody: 1 with an unassigned face, 1 duplicate, 1 in a stack, 1 near /,
  );
  const html = Deno.readTextFileSync(`${home.folder}/logs/missed.html`);
  assert.match(html, /<h1>5 assets without people may show somebody<\/h1>/);
  assert.doesNotMatch(html + stdout, /probably|between pictures/);
  assert.match(html, /2 s before IMG_2043\.jpg, which shows Anna; 2 of 2 nearby show people/);
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
  assert.match(refused.stderr, /mine\.html exists and is not a report/);
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
  assert.match(stdout, /\d+ thumbnails are missing: the page is kept smaller than 30 MB/);
});
