import assert from "node:assert/strict";
import { createWorld, MINIMAL_PERMISSIONS, startEmulator } from "../../emulator/mod.ts";
import { startChannelServer } from "../../support/channel_server.ts";
import { createHome } from "../../support/home.ts";
import { outcomeOf, startProgram } from "../../support/program.ts";
import { replaceFile } from "../../../src/system/files.ts";
import { ONE_OF } from "../share.ts";
import { print } from "./print.ts";

const RUNS = 1000;
/**
 * The engine takes some 60 MB more in its first 3,000 runs, and then goes up and down by ten: 77, 99,
 * 118, 120, 118, 136, 138, 133, 132, 139, 138 MB after 10, 100, 600, 1,000, 2,000, … 8,000 runs.
 */
const MOST_MORE_MB = 60;

interface Held {
  readonly run: number;
  readonly megabytes: number;
  readonly files: number;
}

/** What a process holds right now, by /proc. */
function heldBy(pid: number, run: number): Held {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  const kilobytes = Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]);
  const files = [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
  return { run, megabytes: Math.round(kilobytes / 1024), files };
}

Deno.test({
  name: `after ${RUNS} runs of --every, memory and open files are where they were after 10`,
  ignore: ONE_OF > 1 || Deno.build.os !== "linux",
}, async () => {
  const world = createWorld();
  const alice = world.addUser({ name: "Alice" });
  const asset = world.addAsset({ owner: alice });
  const key = world.addKey({ user: alice, permissions: MINIMAL_PERMISSIONS });
  await using emulator = await startEmulator({ version: "3.1.0", world });
  await using channels = startChannelServer();
  const settings = {
    HEALTHCHECK_URL: `${channels.url}/0b1e7c0a-5f0c-4f0e-9c55-51f1a2b3c4d5`,
    WEBHOOK_URL: `${channels.url}/h00k-of-mine`,
    NOTIFY_REMIND: "0",
    LOG_BACKUPS: "0",
  };
  using home = createHome(emulator, key, { ...settings, MAX_ADD: "0" });
  const refusing = Deno.readTextFileSync(home.envFile);
  home.configure(settings);
  const allowing = Deno.readTextFileSync(home.envFile);
  const started = performance.now();
  const process = startProgram({
    cwd: home.folder,
    args: ["sync", "--every", "1ms"],
  });
  const outcome = outcomeOf(process); // reads what it prints, all the time
  let runs = 0;
  const held: Held[] = [];
  const marks = [10, 100, 300, 600, RUNS];
  const over = Promise.withResolvers<void>();
  channels.answer = ({ target }) => {
    if (!/\/\d+\?/.test(target)) return {};
    runs++;
    // Every tenth run is refused, and told by webhook: no path is left out.
    if (runs % 10 === 9) {
      world.addAsset({ owner: alice });
      replaceFile(home.envFile, refusing, 0o600);
    } else if (runs % 10 === 0) replaceFile(home.envFile, allowing, 0o600);
    if (marks.includes(runs)) held.push(heldBy(process.pid, runs));
    if (runs === RUNS) over.resolve();
    return {};
  };
  await over.promise;
  process.kill("SIGTERM");
  assert.equal((await outcome).code, 143);
  const seconds = Math.round((performance.now() - started) / 1000);
  const figures = held.map(({ run, megabytes, files }) =>
    `${megabytes} MB and ${files} files after ${run}`
  );
  await print(`sync --every: ${RUNS} runs in ${seconds} s; ${figures.join(", ")}`);
  const [first, last] = [held[0], held.at(-1)];
  assert.ok(first !== undefined && last?.run === RUNS && asset.id !== "");
  assert.ok(last.megabytes <= first.megabytes + MOST_MORE_MB, figures.join(", "));
  assert.ok(last.files <= first.files + 2, figures.join(", "));
});
