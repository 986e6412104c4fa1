/** The page of `missed` in a real browser, as the program writes it. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { startEmulator, type World } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runProgram } from "../support/program.ts";
import { focusMark, measureContrast, overflow, tabStops } from "./audit.ts";
import { openBrowser, openPage, testInBrowser, type View } from "./chromium.ts";
import { createMissedAlbum } from "./missed_album.ts";

/** Where to put screenshots for somebody to look at; by default nowhere. */
const SHOTS = Deno.env.get("SCREENSHOTS");

interface Looking {
  /** Opens the page, in the same profile each time unless another one is wanted. */
  readonly open: (view?: View) => Promise<Page>;
  /** Runs `missed` again, and shows the new page in the same profile. */
  readonly again: (page: Page) => Promise<void>;
}

/** Lets the program write the page, and shows it to the test. */
async function look(
  { change = () => {}, args = [] }: {
    change?: (world: World) => void;
    args?: readonly string[];
  },
  test: (looking: Looking) => Promise<void>,
): Promise<void> {
  await using browser = await openBrowser();
  const { world, key } = await createMissedAlbum(await openPage(browser));
  change(world);
  await using emulator = await startEmulator({ version: "2.7.5", world });
  using home = createHome(emulator, key);
  const run = async (name: string) => {
    const { code, stderr } = await runProgram({
      cwd: home.folder,
      args: ["missed", "--report", name, ...args],
    });
    assert.equal(code, 0, stderr);
    return pathToFileURL(`${home.folder}/${name}`).href;
  };
  const address = await run("missed.html");
  await test({
    open: async (view) => {
      const page = await openPage(browser, view);
      await page.goto(address);
      return page;
    },
    again: async (page) => void await page.goto(await run("again.html")),
  });
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png` });
}

/** Not with waitForFunction, whose way into the page its policy does not allow. */
async function until(page: Page, condition: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await page.evaluate<boolean>(condition)) return;
    await page.waitForTimeout(50);
  }
  assert.fail(`never: ${condition}`);
}

/** The file name of the card that has the focus. */
async function focused(page: Page): Promise<string> {
  return await page.evaluate<string>(
    "document.activeElement.closest('.card')?.querySelector('.text a').textContent ?? ''",
  );
}

async function names(page: Page): Promise<string[]> {
  return await page.locator(".card:visible .text > a:first-child").allTextContents();
}

testInBrowser(
  "the page asks for nothing, runs its own script only, and shows pictures that come near",
  async () => {
    await look({}, async ({ open }) => {
      const page = await open({ height: 500 });
      const events: string[] = [];
      page.on("request", (request) => events.push(request.url().slice(0, 60)));
      page.on("pageerror", (error) => events.push(error.message));
      page.on("console", (message) => events.push(message.text()));
      await page.reload();
      await until(page, "document.querySelectorAll('img[src]').length > 3");
      assert.deepEqual(events.slice(1).filter((url) => !url.startsWith("data:image/png;")), []);
      const last = page.locator(".card img").last();
      await page.evaluate("scrollTo(0, document.body.scrollHeight)");
      await until(page, "[...document.images].at(-1).naturalWidth > 0");
      assert.match(await last.getAttribute("src") ?? "", /^data:image\/png;base64,/);
      const html = await page.content();
      const attack = `<script>document.title = "pwned"</script>`;
      await page.setContent(html.replace("<main", `${attack}<main`));
      assert.notEqual(await page.title(), "pwned");
    });
  },
);

testInBrowser(
  "the box is on the face, of an upright picture and of an edited one too",
  async () => {
    await look({}, async ({ open }) => {
      const page = await open({ width: 1200, height: 1200 });
      const expected = {
        "DSC_0117.jpg": 320,
        "PXL_20260913.jpg": 180,
        "PXL_20260914-cut.jpg": 120,
      };
      for (const [name, width] of Object.entries(expected)) {
        const found = await page.evaluate<number[]>(`(async () => {
        const card = [...document.querySelectorAll(".card")]
          .find((card) => card.querySelector(".text a").textContent === "${name}");
        const image = card.querySelector(".photo img");
        await image.decode();
        const [outer, face] = [image, card.querySelector(".face")].map((e) => e.getBoundingClientRect());
        const scale = Math.min(outer.width / image.naturalWidth, outer.height / image.naturalHeight);
        const left = outer.left + (outer.width - image.naturalWidth * scale) / 2;
        const top = outer.top + (outer.height - image.naturalHeight * scale) / 2;
        return [image.naturalWidth, (face.left - left) / scale, (face.top - top) / scale,
          (face.right - left) / scale, (face.bottom - top) / scale];
      })()`);
        // Where scenes.ts draws the head, whose left edge is cut off with the picture's.
        const left = 108 - (320 - width) / 2;
        const exact = [width, left, 52, left + 104, 172];
        exact.forEach((value, i) =>
          assert.ok(Math.abs(value - (found[i] ?? NaN)) < 1.5, `${name}: ${found} for ${exact}`)
        );
      }
      await shoot(page, "missed-boxes");
    });
  },
);

testInBrowser("arrows move from card to card, Enter opens, x marks", async () => {
  await look({}, async ({ open }) => {
    const page = await open({ width: 1200, height: 900 });
    const all = await names(page);
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(page), all[0]);
    assert.ok(await focusMark(page) >= 2);
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(page), all[1]);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await focused(page), all[0]);
    await page.keyboard.press("ArrowLeft");
    assert.equal(await focused(page), all[0]);
    await page.keyboard.press("ArrowDown");
    const below = await page.evaluate<{ top: number; left: number }>(
      "document.activeElement.closest('.card').getBoundingClientRect().toJSON()",
    );
    const first = await page.locator(".card").first().boundingBox();
    assert.ok(first !== null && below.top > first.y && Math.abs(below.left - first.x) < 2);
    await page.keyboard.press("ArrowUp");
    assert.equal(await focused(page), all[0]);
    // To the end, and all the way it is seen where one is.
    for (const name of all) {
      assert.equal(await focused(page), name);
      const isSeen = await page.evaluate(`(() => {
        const { top, bottom } = document.activeElement.closest(".card").getBoundingClientRect();
        const { bottom: tools } = document.querySelector(".tools").getBoundingClientRect();
        return top >= tools - 1 && bottom <= innerHeight + 1;
      })()`);
      assert.ok(isSeen, name);
      await page.keyboard.press("ArrowRight");
    }
    const opened = page.waitForEvent("popup");
    await page.keyboard.press("Enter");
    assert.match((await opened).url(), /\/photos\/[0-9a-f-]{36}$/);
  });
});

testInBrowser(
  "marks are kept for the next page of the same server, and a switch hides them",
  async () => {
    await look({}, async ({ open, again }) => {
      const page = await open();
      const all = await names(page);
      const progress = page.locator("#progress");
      assert.equal(await progress.innerText(), `0 of ${all.length} looked at`);
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("x");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("x");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("x");
      await page.keyboard.press("x"); // and not
      assert.equal(await progress.innerText(), `2 of ${all.length} looked at`);
      await page.locator(".card", { hasText: all[3] ?? "" }).getByLabel("Looked at", {
        exact: true,
      }).check();
      assert.equal(await progress.innerText(), `3 of ${all.length} looked at`);
      await page.getByLabel("Hide those looked at").check();
      const left = all.filter((_, index) => ![0, 1, 3].includes(index));
      assert.deepEqual(await names(page), left);
      await again(page);
      assert.equal(await progress.innerText(), `3 of ${all.length} looked at`);
      assert.deepEqual(await names(page), left);
      // With the marked ones out of the way, a mark leads on to the next.
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("x");
      assert.equal(await focused(page), left[1]);
      assert.deepEqual(await names(page), left.slice(1));
      const keys = await page.evaluate("Object.keys(localStorage).join()");
      assert.match(String(keys), /looked at http:\/\/localhost:\d+/);
    });
  },
);

testInBrowser(
  "every text of the page can be read, light and dark, and nothing is scrolled sideways",
  async () => {
    await look({}, async ({ open }) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await open({ colorScheme, height: 6000 });
        const texts = await measureContrast(page);
        assert.ok(texts.length > 20);
        assert.deepEqual(texts.filter(({ ratio }) => ratio < 4.5), [], colorScheme);
        await shoot(page, `missed-${colorScheme}`);
        await page.close();
      }
      for (const width of [320, 375, 600, 768, 1024, 1920]) {
        const page = await open({ width, height: 3000 });
        assert.equal(await overflow(page), 0, `${width}`);
        if (width === 320) await shoot(page, "missed-phone");
        await page.addStyleTag({ content: "html { font-size: 200% }" });
        assert.equal(await overflow(page), 0, `${width}, letters twice as large`);
        await page.close();
      }
    });
  },
);

testInBrowser(
  "the keyboard stops once at a card, and a screen reader has a name for everything",
  async () => {
    await look({}, async ({ open }) => {
      const page = await open({ height: 3000 });
      const stops = await tabStops(page);
      const all = await names(page);
      assert.deepEqual(stops.slice(-all.length), all);
      for (const role of ["banner", "navigation", "main", "contentinfo"] as const) {
        assert.equal(await page.getByRole(role).count(), 1, role);
      }
      assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
      assert.equal(
        await page.getByRole("checkbox", { name: "Looked at", exact: true }).count(),
        all.length,
      );
      assert.equal(await page.getByRole("link", { name: "IMG_2042.jpg" }).count(), 1);
      assert.equal(await page.locator(".tile img:not([alt]), .tile img[alt='']").count(), 0);
      const ids = await page.evaluate<string[]>(
        "[...document.querySelectorAll('[id]')].map(({ id }) => id)",
      );
      assert.equal(ids.length, new Set(ids).size);
    });
  },
);

testInBrowser("hostile names of files and people are texts on this page too", async () => {
  const hostile = [
    `<script>document.title = "pwned"</script>.jpg`,
    `"><img src=x onerror="document.title='pwned'">.jpg`,
    `</script><script>document.title='pwned'</script>`,
    `invoice_\u202egpj.exe`,
  ];
  const change = (world: World) => {
    const [owner] = world.users;
    assert.ok(owner);
    for (const [index, name] of hostile.entries()) {
      const time = (second: number) => `2025-01-0${index + 1}T10:00:0${second}Z`;
      const shown = world.addAsset({ owner, name, takenAt: time(0) });
      world.addFace({ asset: shown, person: world.addPerson({ owner, name }) });
      world.addAsset({ owner, name, takenAt: time(1) });
    }
  };
  await look({ change }, async ({ open }) => {
    const page = await open({ width: 320, height: 5000 });
    assert.match(await page.title(), /may show somebody/);
    assert.equal(await page.locator("script").count(), 2);
    assert.equal(await page.locator("[onerror]").count(), 0);
    const found = await names(page);
    assert.ok(found.includes(hostile[0] ?? ""));
    assert.ok(found.includes("invoice_[U+202E]gpj.exe"));
    assert.equal(await overflow(page), 0);
  });
});
