import { fileURLToPath } from "node:url";
import { runForSummary, runProgram as runToEnd } from "../support/program.ts";
import type { Target } from "./clients/client.ts";
import { createMeter, type Usage } from "./measure/usage.ts";
import type { ModelVersion } from "./model/costs.ts";
import { ALBUM_NAME } from "./server/stage.ts";
import type { State } from "./server/control.ts";
import type { ServerProcess } from "./server/server_process.ts";

/**
 * (a) the Python script's way, (b) and (c) the program's two strategies, the raw limit of (b), and
 * the command `missed`.
 */
export type Way = "script" | "scan" | "delta" | "raw" | "missed";
/**
 * What there is to do: nothing, the differences after a change of 0.1 % of the assets, or all; or
 * only to look through the library, which `missed` does, and a dry run without an album.
 */
export type Task = "nothing to do" | "0.1 % changed" | "first sync" | "look through";

/** What a run every hour for years finds to do comes first. */
export const TASKS: readonly Task[] = ["nothing to do", "0.1 % changed", "first sync"];
export const CHANGED_SHARE = 0.001;

/** One run that was measured; or computed from the model, with what that can't tell null. */
export interface Run {
  readonly way: Way;
  readonly version: ModelVersion;
  readonly assets: number;
  readonly task: Task;
  /** What is special about it: such a run is shown, and no figure is judged by it. */
  readonly remark?: string;
  readonly comment?: string;
  readonly computed: boolean;
  readonly wallSeconds: number;
  readonly requests: number;
  /** Of the requests: those that change the album. */
  readonly writes: number;
  /** Of the requests: those for one month of the timeline. */
  readonly buckets: number;
  /** Bodies over the wire. */
  readonly bytes: number | null;
  readonly cpuSeconds: number | null;
  readonly peakMegabytes: number | null;
  /** Assets in the listings that were read. */
  readonly listed: number | null;
  /** What the server would have needed, one request after the other. */
  readonly serverSeconds: number;
  readonly emulatorSeconds: number | null;
  /** Of the program: which strategy its summary names. */
  readonly strategy: "scan" | "delta" | null;
}

/** Requests of a run that the raw limit repeats. */
export type Listings = readonly { method: string; path: string; body?: unknown }[];

/** Brings the server to the state in which the task is there to be done. */
async function prepare(server: ServerProcess, task: Task): Promise<void> {
  await server.reset();
  if (task !== "first sync" && task !== "look through") await server.fill();
  if (task === "0.1 % changed") {
    await server.change(Math.round(server.options.size * CHANGED_SHARE));
  }
  await server.clear();
}

/** Runs the program; its album must be right afterwards. */
export async function runProgram(
  server: ServerProcess,
  way: "scan" | "delta",
  task: Task,
  { concurrency, remark }: { concurrency: number; remark?: string },
): Promise<{ run: Run; listings: Listings }> {
  await prepare(server, task);
  const { minimalKey, deltaKey } = server.ready;
  using meter = createMeter();
  using place = makePlace(server, way === "delta" ? deltaKey : minimalKey, concurrency);
  const isDry = task === "look through";
  const { code, stderr, summary } = await runForSummary({
    ...place,
    launcher: meter.launcher,
    args: isDry ? ["--dry-run"] : [],
  });
  if (code !== 0) throw new Error(`the program ended with ${code}:\n${stderr}`);
  if (!isDry) assertRight(await server.state(), `${way}, ${task}`);
  const { listings, ...run } = await runOf(server, { way, task, usage: meter.read() });
  const { read, inAlbum } = summary.assets;
  return {
    listings,
    run: {
      ...run,
      ...(remark === undefined ? {} : { remark }),
      listed: read === null ? null : read + inAlbum,
      strategy: summary.strategy,
    },
  };
}

/** Runs `missed`, which must find somebody and change nothing. */
export async function runMissed(
  server: ServerProcess,
  { concurrency, pictures }: { concurrency: number; pictures: boolean },
): Promise<Run> {
  const task = "look through";
  await prepare(server, task);
  const { missedKey, picturesKey } = server.ready;
  using meter = createMeter();
  using place = makePlace(server, pictures ? picturesKey : missedKey, concurrency);
  // More than have a face of nobody at 100,000, so that neighbours and cameras are looked at too.
  const args = ["missed", "--json", ...pictures ? [] : ["--limit", "1000"]];
  const { code, stderr, stdout } = await runToEnd({ ...place, launcher: meter.launcher, args });
  if (code !== 0) throw new Error(`missed ended with ${code}:\n${stderr}`);
  const { candidates } = JSON.parse(stdout);
  if (candidates.length === 0) throw new Error(`missed found nobody:\n${stderr}`);
  const { listings: _, ...run } = await runOf(server, { way: "missed", task, usage: meter.read() });
  if (run.writes > 0) throw new Error("missed has changed something");
  return pictures ? { ...run, remark: "with pictures" } : run;
}

/** Where the program runs for the first time, and with what environment. */
function makePlace(server: ServerProcess, key: string, concurrency: number) {
  const cwd = Deno.makeTempDirSync({ prefix: "bench-" });
  Deno.writeTextFileSync(`${cwd}/ca.pem`, server.ready.ca);
  const env = {
    IMMICH_URL: server.ready.url,
    API_KEY: key,
    // Each run is the first one of its folder.
    SCAN_EVERY: "0",
    IMMICH_CA_CERT: "ca.pem",
    ALBUM_NAME,
    IMMICH_CONCURRENCY: String(concurrency),
    IMMICH_TIMEOUT: "600s",
  };
  return { cwd, env, [Symbol.dispose]: () => Deno.removeSync(cwd, { recursive: true }) };
}

/** The script's way, really gone. It only adds, so that its album is not always right afterwards. */
export async function runScript(server: ServerProcess, task: Task): Promise<Run> {
  await prepare(server, task);
  const orders = { albumHasAssets: server.options.version === "2.7.5", albumName: ALBUM_NAME };
  const usage = await runClient("script_way.ts", server, orders);
  const { album, faceless } = await server.state();
  const { listings: _, ...run } = await runOf(server, { way: "script", task, usage });
  // 2.x does not order equal times, so that pages by number repeat some assets and leave out others.
  const missing = album?.missing ?? faceless;
  return missing === 0 ? run : { ...run, comment: `left out ${missing} assets` };
}

/** The same listing requests as a scan sent that had nothing to do, several at once, nothing else. */
export async function runRaw(
  server: ServerProcess,
  { run: scan, listings: requests }: { run: Run; listings: Listings },
  atOnce: number,
): Promise<Run> {
  const { task } = scan;
  await prepare(server, task);
  const usage = await runClient("raw_limit.ts", server, { requests, atOnce });
  const { listings: _, ...run } = await runOf(server, { way: "raw", task, usage });
  if ((run.bytes ?? 0) < (scan.bytes ?? 0) * 0.98) {
    throw new Error(`the raw limit got ${run.bytes} bytes, the scan ${scan.bytes}`);
  }
  return run;
}

async function runOf(
  server: ServerProcess,
  { way, task, usage }: { way: Way; task: Task; usage: Usage },
): Promise<Run & { listings: Listings }> {
  const { version, size } = server.options;
  const { sentBytes, mostAtOnce: _, ...traffic } = await server.traffic();
  return {
    ...{ way, version, assets: size, task, computed: false, ...usage },
    ...traffic,
    bytes: sentBytes,
    listed: null,
    strategy: null,
  };
}

async function runClient(file: string, server: ServerProcess, orders: object): Promise<Usage> {
  const { url, ca, minimalKey } = server.ready;
  const target: Target = { url, ca, key: minimalKey };
  const ordersFile = Deno.makeTempFileSync({ prefix: "bench-orders-" });
  Deno.writeTextFileSync(ordersFile, JSON.stringify({ ...target, ...orders }));
  const script = fileURLToPath(new URL(`clients/${file}`, import.meta.url));
  using meter = createMeter();
  const [command = "", ...args] = [
    ...meter.launcher,
    ...[Deno.execPath(), "run", "--quiet", "--allow-all", script, ordersFile],
  ];
  const { success, stderr } = await new Deno.Command(command, { args, stdin: "null" }).output();
  Deno.removeSync(ordersFile);
  if (!success) throw new Error(`${file}: ${new TextDecoder().decode(stderr)}`);
  return meter.read();
}

function assertRight({ album, faceless }: State, what: string): void {
  if (album?.missing === 0 && album.wrong === 0 && album.size === faceless) return;
  throw new Error(`after ${what} the album is not right: ${JSON.stringify({ album, faceless })}`);
}
