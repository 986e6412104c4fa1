import type { Config } from "../config/config.ts";
import { ExplainedError, Interrupted, unexpected } from "../errors.ts";
import { ImmichHttp } from "../immich/http.ts";
import type { Ids } from "../immich/id_set.ts";
import { readServer } from "../immich/server.ts";
import { acquireLock, type Lock } from "../system/lock.ts";
import type { Plan } from "./plan.ts";
import { type Facts, nothingKnown, type Status, type Summary } from "./summary.ts";
import type { RunInput, TakeLock } from "./sync_album.ts";
import { EXIT, type ExitCode } from "../exit_code.ts";

export interface RunResult {
  readonly summary: Summary;
  /** What was to be changed, as far as the run got; also of a dry run and of a refused one. */
  readonly plan: Plan;
  /** Ids of what will belong to the album once it is old enough. */
  readonly heldBack: Ids;
  /** What was thrown, when that was no `ExplainedError`: a defect, whose stack somebody needs. */
  readonly defect: Error | undefined;
}

/** One run of `sync`, from the lock to the summary. Never throws. */
export async function run(input: RunInput): Promise<RunResult> {
  const started = performance.now();
  const { config, log, stop } = input;
  const http = new ImmichHttp(config.immich, log, stop, input.redact);
  const facts = nothingKnown();
  const locks: Lock[] = [];
  const takeLock = async (key: string) => {
    const result = await acquireLock(key, input.lockFolder);
    if (result.state === "held") locks.push(result.lock);
    if (result.state === "unavailable" && locks.length === 0) {
      log.warn(`Cannot lock, so a second run could start at the same time: ${result.reason}.`);
    }
    return result.state !== "busy";
  };
  let end: End;
  try {
    end = await runLocked(input, http, facts, takeLock);
  } catch (error) {
    end = endOfError(error);
  } finally {
    for (const lock of locks) lock.release();
    http.close();
  }
  if (end !== BUSY) input.onStart?.(); // one that failed before it could know has begun all the same
  const { status, exitCode, error, defect } = end;
  const summary: Summary = {
    status,
    exitCode,
    dryRun: input.dryRun,
    server: { url: config.immich.baseUrl, version: facts.version },
    strategy: facts.strategy,
    album: {
      id: facts.done.album?.id ?? facts.album?.id ??
        (config.album.by === "id" ? config.album.id : null),
      name: facts.album?.name ?? (config.album.by === "name" ? config.album.name : null),
      created: facts.done.album?.created ?? false,
    },
    assets: facts.counts,
    unassignedFaces: facts.unassignedFaces,
    added: input.dryRun ? facts.plan.add.size : facts.done.added,
    removed: input.dryRun ? facts.plan.remove.size : facts.done.removed,
    failed: facts.done.failed,
    guard: facts.guard,
    error,
    ...http.traffic,
    durationMs: Math.round(performance.now() - started),
  };
  return { summary, plan: facts.plan, heldBack: facts.heldBack, defect };
}

interface End {
  readonly status: Status;
  readonly exitCode: ExitCode;
  readonly error: Summary["error"];
  readonly defect?: Error;
}

async function runLocked(
  input: RunInput,
  http: ImmichHttp,
  facts: Facts,
  takeLock: TakeLock,
): Promise<End> {
  const { stop, onProgress } = input;
  if (!await takeLock(lockKey(input.config))) return BUSY;
  stop.throwIfAborted();
  onProgress?.({ step: "Asking the server" });
  // Loaded while the server answers.
  const [server, { syncAlbum }] = await Promise.all([readServer(http), import("./sync_album.ts")]);
  facts.version = server.version;
  const outcome = await syncAlbum(input, http, server, facts, takeLock);
  return { refused: REFUSED, partial: PARTIAL, ok: OK, busy: BUSY }[outcome];
}

const OK: End = { status: "ok", exitCode: EXIT.ok, error: null };
const PARTIAL: End = { status: "partial", exitCode: EXIT.partial, error: null };
const REFUSED: End = { status: "refused", exitCode: EXIT.refused, error: null };
const BUSY: End = { status: "busy", exitCode: EXIT.busy, error: null };

function endOfError(error: unknown): End {
  if (error instanceof ExplainedError) {
    const { name, message, hint } = error;
    const exitCode = error instanceof Interrupted ? error.exitCode : EXIT.failed;
    return { status: "failed", exitCode, error: { name, message, hint } };
  }
  const { told, defect } = unexpected(error);
  return { status: "failed", exitCode: EXIT.failed, error: told, defect };
}

/**
 * What two runs must not work on at once, as far as the configuration tells: a name means another
 * album for each user, whom only the API key stands for here. It goes into a digest only. Once the
 * server has told who and what it is, a second lock is for that: one album has many addresses.
 */
export function lockKey({ immich, album }: Config): string {
  return JSON.stringify(
    album.by === "id" ? [immich.baseUrl, album.id] : [immich.baseUrl, album.name, immich.apiKey],
  );
}
