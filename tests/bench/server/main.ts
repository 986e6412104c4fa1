/**
 * The emulator as a process of its own, with a big library and the pace of a real server:
 * `deno run -A tests/bench/server/main.ts '{"version":"2.7.5","size":100000,…}'`. Prints one line of
 * JSON when it is ready, listens on a second port for what the benchmark wants of it, and ends when
 * its standard input does.
 */
import process from "node:process";
import * as v from "valibot";
import { type Generation, parseVersion } from "../../emulator/generation.ts";
import { createAuthority, MINIMAL_PERMISSIONS, startEmulator } from "../../emulator/mod.ts";
import type { Emulator } from "../../emulator/server.ts";
import { LazyWorld } from "../library/lazy_world.ts";
import { ARCHIVED, HIDDEN, SLOTS, TRASHED } from "../library/library.ts";
import { ServerCosts } from "../model/costs.ts";
import { createPace } from "../model/shared_cores.ts";
import { albumState, changeAssets, fillAlbum, reset } from "./changes.ts";
import {
  type Ready,
  type ServerOptions,
  serverOptionsSchema,
  type State,
  type Traffic,
} from "./control.ts";
import { bigLibraryRoutes } from "./routes.ts";

const PEOPLE = 200;
/** With `loneStrangers`: people whom the server counts and does not list. */
const STRANGERS = 5;

async function main(options: ServerOptions): Promise<void> {
  const { version, size, loneStrangers, gzip } = options;
  const strangers = loneStrangers ? STRANGERS : 0;
  const world = new LazyWorld({ size, people: PEOPLE, strangers, loneStrangers });
  const { generation } = parseVersion(version);
  const costs = new ServerCosts(version, size);
  const pace = createPace(costs.speedUps);
  const meter = new Meter();
  const authority = await createAuthority("Benchmark CA");
  const emulator = await startEmulator({
    ...{ version, world, gzip },
    tls: await authority.issueServer(),
    routes: bigLibraryRoutes(world, generation, costs),
    pace: async (seconds, since, sentBytes) => {
      meter.add(seconds, sentBytes);
      await pace(seconds, since);
    },
  });
  const key = (more: string[]) =>
    world.addKey({ user: world.owner, permissions: [...MINIMAL_PERMISSIONS, ...more] });
  const control = await serveControl(world, emulator, meter);
  const ready: Ready = {
    url: emulator.url,
    control,
    ca: authority.cert,
    minimalKey: key([]),
    deltaKey: key(["person.read", "asset.statistics"]),
  };
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(ready)}\n`));
  for await (const _ of Deno.stdin.readable);
  Deno.exit();
}

/** Sums up what was answered. */
class Meter {
  sentBytes = 0;
  serverSeconds = 0;
  #processor = process.cpuUsage();

  add(seconds: number, sentBytes: number): void {
    this.serverSeconds += seconds;
    this.sentBytes += sentBytes;
  }

  clear(): void {
    this.sentBytes = this.serverSeconds = 0;
    this.#processor = process.cpuUsage();
  }

  emulatorSeconds(): number {
    const { user, system } = process.cpuUsage(this.#processor);
    return (user + system) / 1e6;
  }
}

function serveControl(world: LazyWorld, emulator: Emulator, meter: Meter): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const orders: Record<string, (url: URL) => unknown> = {
    "/reset": () => reset(world),
    "/fill": () => fillAlbum(world),
    "/change": ({ searchParams }) => changeAssets(world, Number(searchParams.get("count"))),
    "/clear": () => {
      emulator.clearRequests();
      meter.clear();
    },
    "/traffic": () => trafficOf(emulator, meter),
    "/state": () => stateOf(world, emulator.version.generation),
  };
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) => resolve(`http://127.0.0.1:${port}`),
  }, (request) => {
    const url = new URL(request.url);
    const order = orders[url.pathname];
    if (order === undefined) return new Response("no such order", { status: 404 });
    return Response.json(order(url) ?? {});
  });
  return promise;
}

function trafficOf(emulator: Emulator, meter: Meter): Traffic {
  const { sentBytes, serverSeconds } = meter;
  return {
    requests: emulator.requests.length,
    writes: emulator.writes().length,
    sentBytes,
    serverSeconds,
    emulatorSeconds: meter.emulatorSeconds(),
    mostAtOnce: emulator.mostAtOnce(),
    searches: emulator.requests.filter(({ path }) => path === "/api/search/metadata")
      .map(({ path, body }) => ({ path, body })),
  };
}

function stateOf(world: LazyWorld, generation: Generation): State {
  const { library } = world;
  // What a search without conditions finds: the timeline on 2.x, later all but locked assets.
  const left = generation === "2.x" ? TRASHED | HIDDEN | ARCHIVED : TRASHED;
  let searched = 0, searchedFaceless = 0, faceless = 0;
  for (let index = 0; index < library.size; index++) {
    if (library.isFaceless(index)) faceless++;
    if (library.has(index, left)) continue;
    searched++;
    if (library.people[index * SLOTS] === 0) searchedFaceless++;
  }
  return { searched, searchedFaceless, faceless, album: albumState(world) };
}

await main(v.parse(serverOptionsSchema, JSON.parse(Deno.args[0] ?? "{}")));
