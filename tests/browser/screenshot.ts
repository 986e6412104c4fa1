// deno-lint-ignore-file no-console -- it talks to a person
/** Makes the picture of the report in the README, of a dry run on a library of drawn pictures. */
import { fileURLToPath } from "node:url";
import { createPhotoLibrary } from "./album.ts";
import { openBrowser, openPage } from "./chromium.ts";
import { createAuthority, startEmulator } from "../emulator/mod.ts";
import { createHome } from "../support/home.ts";
import { runProgram } from "../support/program.ts";

const TARGET = fileURLToPath(new URL("../../.github/report.png", import.meta.url));

const authority = await createAuthority("Screenshot CA");
await using browser = await openBrowser();
const { world, key } = await createPhotoLibrary(await openPage(browser));
await using emulator = await startEmulator({
  version: "3.1.0",
  world,
  tls: await authority.issueServer(),
});
using home = createHome(emulator, key, { IMMICH_CA_CERT: "ca.pem" });
Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert);
const report = `${home.folder}/report.html`;
const { code, stderr } = await runProgram({
  cwd: home.folder,
  args: ["--dry-run", "--report", report],
});
if (code !== 0) throw new Error(stderr);
// Nobody's server is called localhost.
const html = Deno.readTextFileSync(report).replaceAll(emulator.url, "https://photos.example.com");
Deno.writeTextFileSync(report, html);
const page = await openPage(browser, { width: 1200, height: 800 });
await page.goto(`file://${report}`);
await page.screenshot({ path: TARGET, fullPage: true });
console.log(`${TARGET}: ${Math.round(Deno.statSync(TARGET).size / 1000)} kB`);
