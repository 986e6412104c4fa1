/**
 * The emulator as a process of its own, with a big library and the pace of a real server:
 * `deno run -A tests/bench/server/main.ts '{"version":"2.7.5","size":100000,…}'`. Prints one line of
 * JSON when it is ready, listens on a second port for what the benchmark wants of it, and ends when
 * its standard input does.
 */
import process from "node:process";
import * as v from "valibot";
import { createAuthority, MINIMAL_PERMISSIONS, startEmulator } from "../../emulator/mod.ts";
import type { Emulator } from "../../emulator/server.ts";
import { makeLibrary } from "../library.ts";
import { ServerCosts } from "../model/costs.ts";
import { createPace } from "../model/shared_cores.ts";
import { type Ready, type ServerOptions, serverOptionsSchema, type Traffic } from "./control.ts";
import { pricedRoutes } from "./prices.ts";
import { Stage } from "./stage.ts";

async function main(options: ServerOptions): Promise<void> {
  const { version, size, gzip } = options;
  const library = makeLibrary(options);
  const { world, owner } = library;
  const costs = new ServerCosts(version, size);
  const pace = createPace(costs.speedUps);
  const meter = new Meter();
  const authority = await createAuthority("Benchmark CA");
  const emulator = await startEmulator({
    ...{ version, world, gzip },
    tls: await authority.issueServer(),
    routes: pricedRoutes(costs),
    pace: async (seconds, since, sentBytes) => {
      meter.add(seconds, sentBytes);
      await pace(seconds, since);
    },
  });
  const key = (more: string[]) =>
    world.addKey({ user: owner, permissions: [...MINIMAL_PERMISSIONS, ...more] });
  const control = await serveControl(new Stage(library), emulator, meter);
  const ready: Ready = {
    url: emulator.url,
    control,
    ca: authority.cert,
    minimalKey: key([]),
    deltaKey: key(["person.read", "asset.statistics"]),
    missedKey: key(MISSED),
    picturesKey: key([...MISSED, "asset.view"]),
  };
  await Deno.stdout.write(new TextEncoder().encode(`${JSON.stringify(ready)}\n`));
  for await (const _ of Deno.stdin.readable);
  Deno.exit();
}

/** What `missed` asks for on any version, but for pictures. */
const MISSED = ["person.read", "face.read", "stack.read"];

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

function serveControl(stage: Stage, emulator: Emulator, meter: Meter): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const orders: Record<string, (url: URL) => unknown> = {
    "/reset": () => stage.reset(),
    "/fill": () => stage.fill(),
    "/change": ({ searchParams }) => stage.change(Number(searchParams.get("count"))),
    "/clear": () => {
      emulator.clearRequests();
      meter.clear();
    },
    "/traffic": () => trafficOf(emulator, meter),
    "/state": () => stage.state(emulator.version.generation),
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
  const { requests } = emulator;
  return {
    requests: requests.length,
    writes: emulator.writes().length,
    buckets: requests.filter(({ path }) => path === "/api/timeline/bucket").length,
    sentBytes,
    serverSeconds,
    emulatorSeconds: meter.emulatorSeconds(),
    mostAtOnce: emulator.mostAtOnce(),
    listings: requests.filter(({ path }) => LISTINGS.test(path))
      .map(({ method, path, query, body }) => ({ method, path: `${path}?${query}`, body })),
  };
}

/** Requests that a run can't do without, however it is written. */
const LISTINGS = /^\/api\/(?:search\/metadata|timeline\/buckets?)$/;

await main(v.parse(serverOptionsSchema, JSON.parse(Deno.args[0] ?? "{}")));
