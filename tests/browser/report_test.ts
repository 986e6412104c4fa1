/** The HTML report in a real browser, as the program writes it. */

import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { createHome } from "../support/home.ts";
import { runProgram } from "../support/program.ts";
import { startEmulator, type World } from "../emulator/mod.ts";
import { createPhotoLibrary } from "./album.ts";
import { focusMark, measureContrast, overflow, pictures, tabStops } from "./audit.ts";
import { openBrowser, openPage, testInBrowser, type View } from "./chromium.ts";

/** Where to put screenshots for somebody to look at; by default nowhere. */
const SHOTS = Deno.env.get("SCREENSHOTS");

/** Lets the program write the report of a dry run, and shows it to the test. */
async function look(
  { change = () => {}, settings = {}, permissions }: {
    change?: (world: World) => void;
    settings?: Readonly<Record<string, string>>;
    permissions?: readonly string[];
  },
  test: (open: (view?: View) => Promise<Page>, browser: Browser) => Promise<void>,
): Promise<void> {
  await using browser = await openBrowser();
  const { world, key } = await createPhotoLibrary(await openPage(browser), permissions);
  change(world);
  await using emulator = await startEmulator({ version: "3.1.0", world });
  using home = createHome(emulator, key, settings);
  const path = `${home.folder}/report.html`;
  const { code, stderr } = await runProgram({
    cwd: home.folder,
    args: ["--dry-run", "--report", path],
  });
  assert.ok(code !== 2, stderr);
  await test(async (view) => {
    const page = await openPage(browser, view);
    await page.goto(pathToFileURL(path).href);
    return page;
  }, browser);
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS !== undefined) await page.screenshot({ path: `${SHOTS}/${name}.png`, fullPage: true });
}

/** Names that would do something, or look like something else, on a page that lets them. */
const HOSTILE = [
  `<script>document.title = "pwned"</script>.jpg`,
  `"><img src=x onerror="document.title='pwned'">.jpg`,
  `' onfocus='document.title="pwned"' autofocus='.jpg`,
  `</bdi></a><iframe src="https://evil.example"></iframe>.jpg`,
  `<style>body{display:none}</style>.jpg`,
  `<meta http-equiv=refresh content="0;url=https://evil.example">.jpg`,
  `javascript:document.title='pwned'`,
  `invoice_\u202egpj.exe`,
  `\u2066\u2067\u202bשלום.jpg`,
  `a\u0000\u0007\u001b[31mb\r\n\u2028c.jpg`,
  `${"W".repeat(5000)}.jpg`,
  `Z\u0351\u036b\u0343\u0369\u0365\u0348\u032b${"\u0319\u0353".repeat(200)}algo.jpg`,
  `\ud800 half.jpg`,
  `&lt;b&gt;&amp;.jpg`,
  `<!-- .jpg`,
  `]]></title><base href="https://evil.example/">.jpg`,
];

function hostile(world: World): void {
  const [owner] = world.users;
  assert.ok(owner);
  const [album] = world.albums.values();
  for (const name of HOSTILE) {
    world.addAsset({ owner, name });
    const asset = world.addAsset({ owner, name: "somebody.jpg" });
    world.addFace({ asset, person: world.addPerson({ owner, name }) });
    album?.assets.add(asset);
  }
  if (album !== undefined) album.name = `Faceless`;
}

testInBrowser("the report asks for nothing from anywhere, and shows all its pictures", async () => {
  await look({}, async (open) => {
    const page = await open({ width: 300, height: 200 });
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url().slice(0, 60)));
    await page.reload();
    const { all, decoded } = await pictures(page);
    assert.deepEqual({ all, decoded }, { all: 16, decoded: 16 });
    const [first, ...others] = requests;
    assert.match(first ?? "", /^file:\/\/.*report\.html$/);
    assert.deepEqual(others.filter((url) => !url.startsWith("data:image/")), []);
  });
});

testInBrowser(
  "hostile file and person names are texts: nothing runs, loads, or leaves its place",
  async () => {
    await look({ change: hostile }, async (open) => {
      const page = await open({ width: 320, height: 640 });
      const events: string[] = [];
      page.on("request", (request) => {
        if (!request.url().startsWith("data:image/")) events.push(request.url());
      });
      page.on("console", (message) => events.push(message.text()));
      page.on("dialog", (dialog) => {
        events.push(dialog.message());
        void dialog.dismiss();
      });
      page.on("pageerror", (error) => events.push(error.message));
      await page.reload();
      await pictures(page);
      assert.deepEqual(events, [page.url()]);
      assert.match(await page.title(), /^27 to add, 21 to remove – Faceless, /);
      const count = async (selector: string) => await page.locator(selector).count();
      assert.equal(
        await count("script, iframe, base, object, embed, link, form, meta[http-equiv=refresh]"),
        0,
      );
      assert.equal(await count("style"), 1);
      assert.equal(await count("[onerror], [onfocus], [autofocus], [onload]"), 0);
      assert.equal(await count("#lists li.card"), 48);
      assert.equal(await count("#lists a"), 48);
      const names = await page.locator("#add li.card a").allInnerTexts();
      for (const name of HOSTILE.slice(0, 7)) assert.ok(names.includes(name), name);
      assert.ok(names.includes("invoice_[U+202E]gpj.exe"));
      assert.ok(names.includes("&lt;b&gt;&amp;.jpg"));
      assert.ok(names.includes("a[U+0000][U+0007][U+001B][31mb c.jpg"));
      for (const name of names) assert.ok([...name].length <= 200, name);
      const people = await page.locator("#remove .who li").allInnerTexts();
      for (const name of HOSTILE.slice(0, 7)) assert.ok(people.includes(name), name);
      assert.equal(await overflow(page), 0);
      await shoot(page, "hostile-phone");
    });
  },
);

testInBrowser("even a script that got into the page would not run there", async () => {
  await look({}, async (open) => {
    const page = await open();
    const blocked: string[] = [];
    page.on("console", (message) => blocked.push(message.text()));
    const html = await page.content();
    const attack =
      `<script>document.title = "pwned"</script><img src="https://evil.example/x.png" ` +
      `onerror="document.title = 'pwned'"><iframe src="https://evil.example"></iframe>`;
    await page.setContent(html.replace("<main", `${attack}<main`));
    assert.notEqual(await page.title(), "pwned");
    for (const what of [/inline script/, /x\.png/, /framing/i]) {
      const told = blocked.some((text) => what.test(text) && /Content Security Policy/.test(text));
      assert.ok(told, `${what}: ${blocked.join("\n")}`);
    }
    const width = await page.evaluate("document.querySelector('img[src^=https]').naturalWidth");
    assert.equal(width, 0);
  });
});

testInBrowser(
  "every text has a contrast of at least 4.5, light and dark, in every state",
  async () => {
    const states = [
      { name: "dry-run", settings: {} },
      { name: "refused", settings: { MAX_ADD: "1" } },
      { name: "failed", settings: { IMMICH_URL: "http://localhost:1", IMMICH_RETRIES: "0" } },
      {
        name: "no-view",
        settings: { MIN_ASSET_AGE: "3650d" },
        permissions: [
          "asset.read",
          "album.read",
          "album.create",
          "albumAsset.create",
          "albumAsset.delete",
        ],
      },
    ];
    for (const { name, settings, permissions } of states) {
      await look(
        { settings, ...permissions === undefined ? {} : { permissions } },
        async (open) => {
          for (const colorScheme of ["light", "dark"] as const) {
            const page = await open({ colorScheme });
            const texts = await measureContrast(page);
            assert.ok(texts.length > 8);
            assert.deepEqual(
              texts.filter(({ ratio }) => ratio < 4.5),
              [],
              `${name}, ${colorScheme}`,
            );
            await shoot(page, `${name}-${colorScheme}`);
          }
        },
      );
    }
  },
);

testInBrowser(
  "nothing has to be scrolled sideways, from 320 pixels on and with large letters",
  async () => {
    await look({}, async (open) => {
      for (const width of [320, 375, 600, 768, 1024, 1920]) {
        const page = await open({ width });
        assert.equal(await overflow(page), 0, `${width}`);
        if (width === 320) await shoot(page, "phone");
        await page.addStyleTag({ content: "html { font-size: 200% }" });
        assert.equal(await overflow(page), 0, `${width}, letters twice as large`);
        await page.close();
      }
    });
  },
);

testInBrowser("the keyboard reaches every picture in the order of the page, visibly", async () => {
  await look({}, async (open) => {
    const page = await open();
    const stops = await tabStops(page);
    const names = await page.locator("li.card a").allInnerTexts();
    assert.deepEqual(stops, [
      "Skip to the pictures",
      "Would be added 11",
      "Would be removed 5",
      ...names,
    ]);
    await page.reload();
    for (const _stop of stops) {
      await page.keyboard.press("Tab");
      assert.ok(await focusMark(page) >= 2);
    }
    await page.reload();
    await page.keyboard.press("Tab");
    const box = await page.locator(".skip").boundingBox();
    assert.ok(box !== null && box.y >= 0, "the skip link is seen when it has the focus");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    const focused = await page.evaluate("document.activeElement.innerText.trim()");
    assert.equal(focused, names[0]);
  });
});

testInBrowser(
  "a screen reader finds landmarks, headings, lists, and a name for everything",
  async () => {
    await look({}, async (open) => {
      const page = await open();
      assert.equal(await page.locator("html").getAttribute("lang"), "en");
      for (const role of ["banner", "navigation", "main", "contentinfo"] as const) {
        assert.equal(await page.getByRole(role).count(), 1, role);
      }
      assert.equal(await page.getByRole("heading", { level: 1 }).count(), 1);
      assert.deepEqual(
        await page.getByRole("heading", { level: 2 }).allInnerTexts(),
        [
          "Would be added 11",
          "Would be removed 5",
        ].map((text) => text.replace(/ (\d+)$/, "\n$1")),
      );
      for (const name of ["Would be added 11", "Would be removed 5"]) {
        assert.equal(await page.getByRole("region", { name }).count(), 1, name);
      }
      const removed = page.getByRole("region", { name: "Would be removed" });
      assert.equal(await removed.getByRole("listitem").filter({ hasText: ".jpg" }).count(), 5);
      assert.equal(await removed.getByRole("link", { name: "birthday.jpg" }).count(), 1);
      assert.equal(await removed.getByRole("list", { name: "People" }).count(), 4);
      assert.equal(await page.getByRole("img", { name: "Photo" }).count(), 15);
      assert.equal(await page.getByRole("img", { name: "Video" }).count(), 1);
      assert.equal(await page.locator("img:not([alt]), img[alt='']").count(), 0);
      const ids = await page.evaluate<string[]>(
        "[...document.querySelectorAll('[id]')].map(({ id }) => id)",
      );
      assert.equal(ids.length, new Set(ids).size);
    });
  },
);
