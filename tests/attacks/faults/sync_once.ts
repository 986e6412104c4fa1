import assert from "node:assert/strict";
import { resolve } from "node:path";
import { loadConfig } from "../../../src/config/load.ts";
import { run, type RunResult } from "../../../src/sync/run.ts";
import type { Logger } from "../../../src/system/log.ts";
import type { Emulator } from "../../emulator/mod.ts";
import type { Stage } from "./stage.ts";

export interface SyncOptions {
  /** Milliseconds for one request; default 20 s, which no answer of the emulator takes. */
  readonly timeoutMs?: number;
  readonly retries?: number;
  /** PEM. */
  readonly trusted?: string;
  readonly lockFolder: string;
  readonly log?: Logger;
  readonly stop?: AbortSignal;
  readonly dryRun?: boolean;
}

const NOWHERE = resolve("/nowhere");
const PATIENT_MS = 20_000;
const SILENT: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** One run in this process, configured as a user would. */
export async function syncOnce(
  emulator: Emulator,
  stage: Stage,
  options: SyncOptions,
): Promise<RunResult> {
  const { timeoutMs = PATIENT_MS, retries = 1, trusted, lockFolder } = options;
  const environment: Record<string, string> = {
    IMMICH_URL: emulator.url,
    API_KEY: stage.key.secret,
    IMMICH_RETRIES: String(retries),
    ...stage.settings,
  };
  const loaded = loadConfig({ cwd: NOWHERE, environment: (name) => environment[name] });
  assert.ok(loaded.ok, loaded.ok ? "" : loaded.problems.map(({ message }) => message).join("\n"));
  const { config } = loaded;
  return await run({
    // Shorter than IMMICH_TIMEOUT may be set, so that a test of silence does not take seconds.
    config: { ...config, immich: { ...config.immich, timeoutMs, caCertificates: trusted } },
    dryRun: options.dryRun ?? false,
    force: false,
    lastScanAt: Date.now(),
    lastReason: undefined,
    log: options.log ?? SILENT,
    stop: options.stop ?? new AbortController().signal,
    lockFolder,
  });
}
