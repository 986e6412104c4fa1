// deno-lint-ignore-file no-console -- it talks to a person
/**
 * The program at work, to look at: a small Immich with a certificate of its own CA, a mail catcher,
 * and five runs. Everything is on this machine and gone afterwards.
 */
import {
  type Album,
  createAuthority,
  createWorld,
  type Emulator,
  MINIMAL_PERMISSIONS,
  startEmulator,
  type World,
} from "./emulator/mod.ts";
import { createHome, type Home } from "./support/home.ts";
import { runProgram } from "./support/program.ts";
import { startMailServer } from "./support/mail_server.ts";

async function demo(): Promise<void> {
  const started = performance.now();
  const authority = await createAuthority("Demo CA");
  const library = createLibrary();
  const { world } = library;
  await using emulator = await startEmulator({
    version: "3.1.0",
    world,
    tls: await authority.issueServer(),
  });
  await using mailServer = await startMailServer({ security: "none" });
  using home = createHome(emulator, library.key, {
    IMMICH_CA_CERT: "ca.pem",
    ENABLE_EMAIL_ON_ERROR: "true",
    EMAIL_SMTP_SERVER: mailServer.host,
    EMAIL_SMTP_PORT: String(mailServer.port),
    EMAIL_SMTP_SECURITY: "none",
    EMAIL_FROM: "faceless@example.com",
    EMAIL_TO: "you@example.com",
  });
  Deno.writeTextFileSync(`${home.folder}/ca.pem`, authority.cert);
  const sync = (...args: string[]) => show(home, args);

  console.log(`An Immich ${emulator.url} (an emulator, behind a certificate of its own CA) has
${world.assets.size} photos: ${library.things.length} of things, and ${library.portraits.length} that show Anna or Ben.`);

  title("1. The first sync makes the album and fills it");
  await sync();
  describe(world);

  title("2. The second sync finds nothing to do, and sends nothing that changes the server");
  emulator.clearRequests();
  await sync();
  console.log(
    `→ ${emulator.requests.length} requests, of which ${emulator.writes().length} change anything.`,
  );

  title("3. Immich recognises Anna on one of the photos: it leaves the album");
  const [found] = library.things;
  if (found !== undefined) world.addFace({ asset: found, person: library.anna });
  await sync();
  describe(world);

  title("4. Two new photos of things: a dry run says what would happen, and changes nothing");
  for (const name of ["boiler.jpg", "meter.jpg"]) world.addAsset({ owner: library.alice, name });
  await sync("--dry-run");
  describe(world);

  title("5. The server breaks: the sync fails, the album stays as it is, and you get a mail");
  breakServer(emulator);
  await sync();
  describe(world);
  for (const mail of mailServer.mails) {
    console.log(`\nThe mail to ${mail.to.join(", ")}:\n`);
    console.log(indent(`Subject: ${mail.subject}\n\n${mail.text.trimEnd()}`));
  }
  console.log(`\nThat was all, in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function createLibrary() {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const anna = world.addPerson({ owner: alice, name: "Anna" });
  const ben = world.addPerson({ owner: alice, name: "Ben" });
  const things = ["fuse-box.jpg", "receipt.jpg", "tyre-size.jpg", "router-label.jpg", "wifi.jpg"]
    .map((name) => world.addAsset({ owner: alice, name }));
  const portraits = Array.from({ length: 40 }, (_, i) => {
    const asset = world.addAsset({ owner: alice, name: `family-${i + 1}.jpg` });
    world.addFace({ asset, person: i % 2 === 0 ? anna : ben });
    return asset;
  });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  return { world, alice, anna, things, portraits, key };
}

function breakServer(emulator: Emulator): void {
  emulator.faults.add({
    match: { path: /search/ },
    fault: { kind: "status", status: 500, body: { message: "Internal server error" } },
  });
}

/** Runs the real program in its folder and shows what it has written into its log. */
async function show(home: Home, args: readonly string[]): Promise<void> {
  console.log(`$ ${["immich-faceless-sync", ...args].join(" ")}`);
  const before = readIfThere(home.logFile).length;
  const { code } = await runProgram({ cwd: home.folder, args });
  console.log(indent(readIfThere(home.logFile).slice(before).trimEnd()));
  console.log(indent(`(exit code ${code})`));
}

function readIfThere(file: string): string {
  try {
    return Deno.readTextFileSync(file);
  } catch {
    return ""; // before the first run
  }
}

function describe(world: World): void {
  const album: Album | undefined = [...world.albums.values()][0];
  const names = [...album?.assets ?? []].map(({ name }) => name).sort();
  console.log(`→ The album "${album?.name}" has ${names.length} photos: ${names.join(", ")}`);
}

function title(text: string): void {
  console.log(`\n── ${text}`);
}

function indent(text: string): string {
  return text.split("\n").map((line) => `    ${line}`).join("\n");
}

await demo();
