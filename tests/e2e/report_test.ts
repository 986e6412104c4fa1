import assert from "node:assert/strict";
import { VERSIONS } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runProgram } from "../support/program.ts";
import {
  count,
  createLibrary,
  PERMISSIONS,
  report,
  section,
  start,
} from "../support/reported_run.ts";

for (const version of VERSIONS) {
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
