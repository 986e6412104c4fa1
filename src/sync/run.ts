import type { Config } from "../config/schema.ts";
import { ExplainedError, Interrupted } from "../errors.ts";
import type { Album } from "../immich/albums.ts";
import { ImmichHttp } from "../immich/http.ts";
import { listPeople } from "../immich/people.ts";
import { readServer } from "../immich/server.ts";
import {
  type AssetCounts,
  type ExitCode,
  NO_COUNTS,
  type Status,
  type Summary,
} from "../report/summary.ts";
import { acquireLock, type LockResult } from "../system/lock.ts";
import type { Logger } from "../system/logging.ts";
import { findAlbum } from "./album.ts";
import { apply, type Done, nothingDone } from "./apply.ts";
import { findRefusal, type Refusal } from "./guard.ts";
import { type Findings, makePlan, type Plan } from "./plan.ts";
import type { OnProgress } from "./progress.ts";
import { resolveRule } from "./rule.ts";
import { delta } from "./delta.ts";
import { scan, type SearchInput } from "./scan.ts";

export interface RunInput {
  readonly config: Config;
  readonly dryRun: boolean;
  /** Run past the guards. */
  readonly force: boolean;
  readonly log: Logger;
  /** Aborted with an `Interrupted` when the run has to stop. */
  readonly stop: AbortSignal;
  /** Takes secrets out of what the server says, before that is cut for a message. */
  readonly redact?: (text: string) => string;
  /** Folder for the lock file, the same for all runs on this machine. */
  readonly lockFolder: string;
  readonly onProgress?: OnProgress | undefined;
}

export interface RunResult {
  readonly summary: Summary;
  /** What was to be changed, as far as the run got; also of a dry run and of a refused one. */
  readonly plan: Plan;
  /** Ids of what will belong to the album once it is old enough. */
  readonly heldBack: ReadonlySet<string>;
  /** What was thrown, when that was no `ExplainedError`: a defect, whose stack somebody needs. */
  readonly defect: Error | undefined;
}

/** What is known so far; the summary is made of it wherever the run ends. */
interface Facts {
  version: string | null;
  album: Album | undefined;
  counts: AssetCounts;
  plan: Plan;
  heldBack: ReadonlySet<string>;
  done: Done;
  guard: Refusal | null;
  strategy: Summary["strategy"];
}

/** One run of `sync`, from the lock to the summary. Never throws. */
export async function run(input: RunInput): Promise<RunResult> {
  const started = performance.now();
  const { config, log, stop } = input;
  const http = new ImmichHttp(config.immich, log, stop, input.redact);
  const facts: Facts = {
    version: null,
    album: undefined,
    counts: NO_COUNTS,
    plan: { add: [], remove: [] },
    heldBack: new Set(),
    done: nothingDone(undefined),
    guard: null,
    strategy: "scan",
  };
  const lock = await acquireLock(lockKey(config), input.lockFolder);
  let end: End;
  try {
    end = await runLocked(input, http, facts, lock);
  } catch (error) {
    end = endOfError(error);
  } finally {
    if (lock.state === "held") lock.lock.release();
    http.close();
  }
  const { status, exitCode, error, defect } = end;
  const wouldDo = input.dryRun && facts.guard === null;
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
    added: wouldDo ? facts.plan.add.length : facts.done.added,
    removed: wouldDo ? facts.plan.remove.length : facts.done.removed,
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
  { config, dryRun, force, log, stop, onProgress }: RunInput,
  http: ImmichHttp,
  facts: Facts,
  lock: LockResult,
): Promise<End> {
  if (lock.state === "busy") return BUSY;
  if (lock.state === "unavailable") {
    log.warn(`Two runs at once can't be prevented: ${lock.reason}.`);
  }
  stop.throwIfAborted();
  onProgress?.({ step: "Asking the server" });
  const server = await readServer(http);
  facts.version = server.version;
  const { album, ownUserId } = await findAlbum(http, config.album);
  facts.album = album;
  facts.done = nothingDone(album?.id);
  log.info(
    `Immich ${server.version}; ` +
      (album === undefined
        ? `there is no album "${configuredAlbum(config)}" yet.`
        : `album "${album.name}" has ${count(album.assetCount, "asset")}.`),
  );
  const rule = await resolveRule(config.rule, server.generation, () => listPeople(http));
  const search: SearchInput = {
    http,
    generation: server.generation,
    scope: { rule, assetTypes: config.assetTypes, includeArchived: config.includeArchived },
    includePartners: config.includePartners,
    ownUserId,
    album,
    uploadedBefore: Date.now() - config.minAssetAgeMs,
    concurrency: config.immich.concurrency,
    onProgress,
  };
  let findings = await delta(search, log);
  facts.strategy = findings === undefined ? "scan" : "delta";
  findings ??= await scan(search);
  facts.counts = countsOf(findings);
  facts.plan = makePlan(findings, config.mode);
  facts.heldBack = findings.heldBack;
  log.info(describeFindings(findings));
  logPlan(log, facts.plan);
  facts.guard = (force ? undefined : findRefusal(findings, facts.plan, config.guards)) ?? null;
  if (facts.guard !== null) return REFUSED;
  if (dryRun) return OK;
  await apply(
    http,
    album?.name ?? configuredAlbum(config),
    facts.plan,
    facts.done,
    stop,
    onProgress,
  );
  return facts.done.failed.length > 0 ? PARTIAL : OK;
}

const OK: End = { status: "ok", exitCode: 0, error: null };
const PARTIAL: End = { status: "partial", exitCode: 3, error: null };
const REFUSED: End = { status: "refused", exitCode: 4, error: null };
const BUSY: End = { status: "busy", exitCode: 5, error: null };

function endOfError(error: unknown): End {
  if (error instanceof ExplainedError) {
    const { name, message, hint } = error;
    const exitCode = error instanceof Interrupted ? error.exitCode : 1;
    return { status: "failed", exitCode, error: { name, message, hint } };
  }
  const defect = error instanceof Error ? error : new Error(String(error));
  return {
    status: "failed",
    exitCode: 1,
    error: {
      name: defect.name,
      message: `Unexpected: ${defect.message}`,
      hint: "This is a defect of the program: please report it with the stack from the log file.",
    },
    defect,
  };
}

/**
 * What two runs must not work on at once: the album on that server. A name means another album for
 * each user, whom only the API key tells at this point; the key goes into a digest only.
 */
export function lockKey({ immich, album }: Config): string {
  return JSON.stringify(
    album.by === "id" ? [immich.baseUrl, album.id] : [immich.baseUrl, album.name, immich.apiKey],
  );
}

function configuredAlbum({ album }: Config): string {
  return album.by === "name" ? album.name : album.id;
}

function countsOf({ read, matching, inAlbum, foreign, heldBack }: Findings): AssetCounts {
  return { read, matching, inAlbum, foreign, heldBack: heldBack.size };
}

function describeFindings(findings: Findings): string {
  const { read, matching, inAlbum, foreign, heldBack } = findings;
  const parts = [
    read === null || matching === null
      ? "Asked for the differences only"
      : `Read ${count(read, "asset")}: ${number(matching)} belong to the album`,
  ];
  if (heldBack.size > 0) parts.push(`${number(heldBack.size)} still too young to be added`);
  parts.push(`${number(inAlbum)} are in it`);
  if (foreign > 0) parts.push(`${number(foreign)} of these are other people's and left alone`);
  return parts.join(", ") + ".";
}

function logPlan(log: Logger, { add, remove }: Plan): void {
  log.info(
    add.length + remove.length === 0
      ? "Nothing to change."
      : `To add: ${number(add.length)}, to remove: ${number(remove.length)}.`,
  );
  for (const id of add) log.debug(`To add: ${id}`);
  for (const id of remove) log.debug(`To remove: ${id}`);
}

function number(n: number): string {
  return n.toLocaleString("en-US");
}

function count(n: number, noun: string): string {
  return `${number(n)} ${noun}${n === 1 ? "" : "s"}`;
}
