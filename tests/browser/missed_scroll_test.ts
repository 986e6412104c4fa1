/** A page of `missed` as long as it gets, in a real browser. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { createMissedLibrary } from "../support/missed_library.ts";
import { runProgram } from "../support/program.ts";
import { openBrowser, openPage, testInBrowser } from "./chromium.ts";

testInBrowser("a page of 5,000 candidates is drawn and scrolled without a long pause", async () => {
  const library = createMissedLibrary();
  for (let i = 0; i < 5000; i++) {
    library.take(`IMG_${i}.jpg`, 1_000_000_000 + i * 100, [library.anna]);
    library.take(`IMG_${i}b.jpg`, 1_000_000_002 + i * 100);
  }
  await using emulator = await startEmulator({ version: "2.7.5", world: library.world });
  using home = createHome(emulator, library.key);
  const { code, stderr } = await runProgram({
    cwd: home.folder,
    args: ["missed", "--limit", "5000"],
  });
  assert.equal(code, 0, stderr);
  const file = `${home.folder}/missed.html`;
  assert.ok(Deno.statSync(file).size <= 30_000_000);
  await using browser = await openBrowser();
  const page = await openPage(browser);
  await page.goto(pathToFileURL(file).href);
  assert.equal(await page.locator(".card").count(), 5000);
  const pauses = await page.evaluate<number[]>(`new Promise((resolve) => {
    const pauses = [];
    let last = performance.now(), place = 0;
    const step = (now) => {
      pauses.push(now - last);
      last = now;
      scrollTo(0, place += 400);
      if (pauses.length < 150) requestAnimationFrame(step);
      else resolve(pauses);
    };
    requestAnimationFrame(step);
  })`);
  const sorted = pauses.slice(10).sort((a, b) => a - b);
  const [usual = Infinity, worst = Infinity] = [0.5, 0.95].map((share) =>
    sorted[Math.floor(sorted.length * share)]
  );
  // A screen shows one every 16.7 ms; two cores of a test machine have other things to do.
  assert.ok(usual < 50 && worst < 500, `half within ${usual} ms, 95 % within ${worst} ms`);
});
