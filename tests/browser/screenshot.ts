// deno-lint-ignore-file no-console -- it talks to a person
/** Makes the pictures in the README: of a report and of what was missed, in drawn libraries. */
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { createPhotoLibrary } from "./album.ts";
import { openBrowser, openPage } from "./chromium.ts";
import { createMissedAlbum } from "./missed_album.ts";
import { createAuthority, startEmulator, type World } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runProgram } from "../support/program.ts";

/** Lets the program write a page, and takes a picture of all of it. */
async function shoot(
  browser: Browser,
  name: string,
  { world, key }: { world: World; key: string },
  { version, args, height }: { version: string; args: readonly string[]; height: number },
): Promise<void> {
  const authority = await createAuthority("Screenshot CA");
  const tls = await authority.issueServer();
  await using emulator = await startEmulator({ version, world, tls });
  using home = createHome(emulator, key, { IMMICH_CA_CERT: "ca.pem" });
  Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert);
  const file = `${home.folder}/page.html`;
  const { code, stderr } = await runProgram({
    cwd: home.folder,
    args: [...args, "--report", file],
  });
  if (code !== 0) throw new Error(stderr);
  // Nobody's server is called localhost.
  const html = Deno.readTextFileSync(file).replaceAll(emulator.url, "https://photos.example.com");
  Deno.writeTextFileSync(file, html);
  const page = await openPage(browser, { width: 1200, height });
  await page.goto(`file://${file}`);
  await page.waitForTimeout(500);
  const target = fileURLToPath(new URL(`../../.github/${name}.png`, import.meta.url));
  await page.screenshot({ path: target, fullPage: true });
  console.log(`${target}: ${Math.round(Deno.statSync(target).size / 1000)} kB`);
}

/** Two of the reasons are enough to see what it is about. */
function keepTwoReasons(world: World): void {
  for (const asset of [...world.assets.values()]) {
    if (/^(IMG_1|video|thing-0)/.test(asset.name)) world.deleteAsset(asset);
  }
}

await using browser = await openBrowser();
const library = await createPhotoLibrary(await openPage(browser));
await shoot(browser, "report", library, { version: "3.1.0", args: ["--dry-run"], height: 800 });
const album = await createMissedAlbum(await openPage(browser));
keepTwoReasons(album.world);
await shoot(browser, "missed", album, { version: "2.7.5", args: ["missed"], height: 1400 });
