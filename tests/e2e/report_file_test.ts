import assert from "node:assert/strict";
import { createHome } from "../support/home.ts";
import { runForSummary, runProgram } from "../support/program.ts";
import { createLibrary, start } from "../support/reported_run.ts";
import { startUntilListing } from "../support/run_under_way.ts";

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
    ["notes.txt", /notes\.txt exists and is not a report, so it is left alone\. Name another file/],
    [".env", /\.env exists and is not a report/],
    ["notes.txt/report.html", /Cannot write the report to .*: .*\. Use --report to name a file/],
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
      /Cannot write the report to .*report\.html: .*\. Use --report/,
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
