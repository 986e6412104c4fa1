import { EXIT, isStopped } from "../exit_code.ts";
import type { Summary } from "../sync/summary.ts";
import { type ChannelFailure, type ChannelOptions, type ChannelRequest, send } from "./channel.ts";

/**
 * The pings of one run. Each returns undefined when it was taken; none throws.
 */
export interface HealthCheck {
  /** Never of a run that finds another one under way. */
  start(stop: AbortSignal): Promise<ChannelFailure | undefined>;
  end(summary: Summary): Promise<ChannelFailure | undefined>;
  /** Says that messages arrive, and nothing of the album. */
  test(): Promise<ChannelFailure | undefined>;
}

/** So that the body stays below 10 kB, however many bytes the words for each of them take. */
const MAX_FAILED = 10;

/**
 * Healthchecks and whatever keeps its convention, or a push monitor of Uptime Kuma, told by its
 * path.
 *
 * A start that a run pings while another one is under way would take that one's place: Healthchecks
 * clears it only at an end with the same `rid`, and so would tell of a run that never ends.
 *
 * Sources: healthchecks.io/docs/http_api, healthchecks.io/docs/measuring_script_run_time, and the
 * address that Uptime Kuma shows with a push monitor.
 */
export function createHealthCheck(
  url: string,
  caCertificates: string | undefined,
): HealthCheck {
  const ping = async (request: ChannelRequest | undefined, patience: Patience = {}) => {
    if (request === undefined) return undefined;
    const options = { ...patience, caCertificates, variable: "HEALTHCHECK_URL" };
    return await send(request, options);
  };
  const isKuma = /\/api\/push\//.test(new URL(url).pathname);
  const requests = isKuma ? ofUptimeKuma(url) : ofHealthchecks(url);
  return {
    start: (stop) => ping(requests.start, { stop }),
    end: (summary) => ping(requests.end(summary), isStopped(summary.exitCode) ? HURRIED : {}),
    test: () => ping(requests.test),
  };
}

type Patience = Pick<ChannelOptions, "stop" | "attempts" | "timeoutMs">;

/** A system that wants the program to end waits some ten seconds before it ends it by force. */
const HURRIED: Patience = { attempts: 1, timeoutMs: 3000 };

interface Requests {
  readonly start: ChannelRequest | undefined;
  readonly end: (summary: Summary) => ChannelRequest | undefined;
  readonly test: ChannelRequest;
}

function ofHealthchecks(url: string): Requests {
  const runId = crypto.randomUUID();
  const request = (end: string, body?: unknown): ChannelRequest => {
    const address = new URL(url);
    address.pathname = `${address.pathname.replace(/\/+$/, "")}/${end}`;
    address.searchParams.set("rid", runId);
    return { method: "POST", url: address.href, body };
  };
  return {
    start: request("start"),
    end: (summary) =>
      request(
        summary.exitCode === EXIT.busy ? "log" : String(summary.exitCode),
        withoutNames(summary),
      ),
    test: request("log", { test: "immich-faceless-sync check --send-test" }),
  };
}

/** The summary as a service of somebody else may know it: no name, no address, no message. */
function withoutNames(summary: Summary): unknown {
  const { server, album, guard, error, failed } = summary;
  return {
    ...summary,
    server: { url: null, version: server.version },
    album: { ...album, name: null },
    failed: failed.slice(0, MAX_FAILED),
    failedCount: failed.length,
    guard: guard && { name: guard.name },
    error: error && { name: error.name },
  };
}

function ofUptimeKuma(url: string): Requests {
  const request = (status: "up" | "down", msg: string, ping: number): ChannelRequest => {
    const address = new URL(url);
    address.search = String(new URLSearchParams({ status, msg, ping: String(ping) }));
    return { method: "GET", url: address.href };
  };
  return {
    start: undefined,
    end: (summary) =>
      // Of an album that another run is busy with, that run will tell.
      summary.exitCode === EXIT.busy ? undefined : request(
        summary.exitCode === EXIT.ok ? "up" : "down",
        inShort(summary),
        summary.durationMs,
      ),
    test: request("up", "test of immich-faceless-sync", 0),
  };
}

function inShort({ status, added, removed, guard, error }: Summary): string {
  const reason = guard?.name ?? error?.name;
  return reason === undefined
    ? `${status}: added ${added}, removed ${removed}`
    : `${status}: ${reason}`;
}
