import type { ImmichHttp } from "../immich/http.ts";
import { readPeople } from "../immich/people.ts";
import { without } from "../immich/id_set.ts";
import type { Server } from "../immich/server.ts";
import type { Config } from "../config/config.ts";
import type { Logger } from "../system/log.ts";
import { type Findings, type SearchInput, uploadedBefore } from "./findings.ts";
import { findAlbum } from "./find_album.ts";
import { apply } from "./apply.ts";
import { delta } from "./delta.ts";
import { createFaceCount, tellFaces } from "./faces_of_nobody.ts";
import { findRefusal, needsMembers } from "./guard.ts";
import { makePlan, type Plan } from "./plan.ts";
import type { OnProgress } from "../system/progress.ts";
import { resolveRule, unlistedCount } from "./rule.ts";
import { scan } from "./scan.ts";
import { findChanged } from "./shown_people.ts";
import { isScanDue, obstacleToDelta } from "./delta_questions.ts";
import { type AssetCounts, type Facts, nothingDone } from "./summary.ts";
import { count, number } from "../text.ts";

export interface RunInput {
  /**
   * Called as soon as the run has the album to itself, and once more at the end of every run that was
   * not busy: one that has failed before it could know has begun, too.
   */
  readonly onStart?: (() => void) | undefined;
  readonly config: Config;
  readonly dryRun: boolean;
  /** Run past the guards. */
  readonly force: boolean;
  /** When everything was last read, in milliseconds since 1970; undefined when it is not known. */
  readonly lastScanAt: number | undefined;
  /** The error or the guard that the run before ended with, if it did and if that is known. */
  readonly lastReason: string | undefined;
  readonly log: Logger;
  /** Aborted with an `Interrupted` when the run has to stop. */
  readonly stop: AbortSignal;
  /** Takes secrets out of what the server says, before that is cut for a message. */
  readonly redact?: (text: string) => string;
  /** Folder for the lock file, the same for all runs on this machine. */
  readonly lockFolder: string;
  readonly onProgress?: OnProgress | undefined;
}

/** Takes a lock until the run ends; false when another run holds it. */
export type TakeLock = (key: string) => Promise<boolean>;

/**
 * From the album that is found to the album that is up to date; `facts` has what became known, also
 * when it throws.
 *
 * @throws ExplainedError when something failed; the reason of the stop signal when told to stop
 */
export async function syncAlbum(
  input: RunInput,
  http: ImmichHttp,
  server: Server,
  facts: Facts,
  takeLock: TakeLock,
): Promise<"ok" | "partial" | "refused" | "busy"> {
  const { config, dryRun, force, log, stop, onProgress } = input;
  const people = once(() => readPeople(http));
  const isScanTime = isScanDue(config.scanEveryMs, input.lastScanAt, Date.now());
  const mayAskDifferences = server.structuredSearch && !isScanTime;
  // Asked for at once with the albums: together they are half of a run with nothing to do.
  if (mayAskDifferences) people().catch(() => {});
  const { album, ownUserId } = await findAlbum(http, config.album);
  facts.album = album;
  facts.done = nothingDone(album?.id);
  const key = [ownUserId ?? config.immich.apiKey, album?.id ?? configuredAlbum(config)];
  if (!await takeLock(JSON.stringify(key))) return "busy";
  input.onStart?.();
  log.info(
    `Immich ${facts.version}; ` +
      (album === undefined
        ? `there is no album "${configuredAlbum(config)}" yet.`
        : `album "${album.name}" has ${count(album.assetCount, "asset")}.`),
  );
  if (server.isUntried) {
    log.warn(
      `Immich ${server.version} has not been tested with this program, which goes on as long as the answers are as expected.`,
    );
  }
  if (album === undefined && config.mode === "remove-only") {
    log.info("Nothing to do: SYNC_MODE=remove-only creates no album.");
    return "ok";
  }
  const rule = await resolveRule(config.rule, server, people);
  const expectsNobody = mayAskDifferences && unlistedCount(rule);
  const faces = createFaceCount({ http, server, album, people, log, expectsNobody });
  tellOfClock(config, http.clockAheadMs ?? 0, log);
  const search: SearchInput = {
    http,
    server,
    scope: { rule, assetTypes: config.assetTypes, includeArchived: config.includeArchived },
    includePartners: config.includePartners,
    ownUserId,
    album,
    uploadedBefore: uploadedBefore(config.minAssetAgeMs, http.clockAheadMs),
    concurrency: config.immich.concurrency,
    onProgress,
  };
  if (obstacleToDelta(search) === undefined && isScanTime) tellScanTime(input);
  const judge = (findings: Findings) => {
    const plan = makePlan(findings, config.mode);
    return {
      findings,
      plan,
      refusal: force ? undefined : findRefusal(findings, plan, config.guards),
    };
  };
  const differences = mayAskDifferences ? await delta(search, people, log, faces.start) : undefined;
  let judged = differences && judge(differences);
  if (judged !== undefined && needsMembers(judged.refusal, judged.findings, input.lastReason)) {
    log.info("Reading all assets, to see whether an earlier run was cut short.");
    judged = undefined;
  }
  facts.strategy = judged === undefined ? "scan" : "delta";
  if (judged === undefined) {
    faces.start();
    judged = judge(await scan(search, log));
  }
  const { findings, plan, refusal } = judged;
  facts.counts = countsOf(findings);
  facts.unassignedFaces = await faces.before(findings);
  facts.plan = plan;
  facts.heldBack = findings.heldBack;
  log.info(describeFindings(findings));
  logPlan(log, plan);
  if (refusal !== undefined) {
    facts.guard = refusal;
    return "refused";
  }
  facts.plan = await withoutChanged(search, findings, plan);
  if (dryRun) {
    tellFaces(log, facts.unassignedFaces);
    return "ok";
  }
  await apply(
    http,
    album?.name ?? configuredAlbum(config),
    facts.plan,
    facts.done,
    stop,
    onProgress,
  );
  facts.unassignedFaces = await faces.after(findings, facts);
  tellFaces(log, facts.unassignedFaces);
  return facts.done.failed.length > 0 ? "partial" : "ok";
}

/** The plan as far as lists that show nobody can be believed, see {@link findChanged}. */
async function withoutChanged(
  search: SearchInput,
  { unproven }: Findings,
  plan: Plan,
): Promise<Plan> {
  if (plan.add.size === 0 || unproven.length === 0) return plan;
  const changed = await findChanged(search, unproven, search.scope.rule);
  return { ...plan, add: without(plan.add, changed) };
}

function tellScanTime({ lastScanAt, log }: RunInput): void {
  log.info(
    lastScanAt === undefined
      ? "Reading all assets, as it is not known when that was last done (SCAN_EVERY)."
      : `Reading all assets, last done at ${new Date(lastScanAt).toISOString()} (SCAN_EVERY).`,
  );
}

/** Asks the first time only; what came of it is for all. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => asked ??= ask();
}

/** Clocks that differ by less are right enough, and the header has seconds only. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

function tellOfClock({ minAssetAgeMs }: Config, ahead: number, log: Logger): void {
  if (minAssetAgeMs === 0 || Math.abs(ahead) <= CLOCK_TOLERANCE_MS) return;
  log.warn(
    `The clock of this machine is ${count(Math.round(Math.abs(ahead) / 60_000), "minute")} ` +
      `${ahead > 0 ? "behind" : "ahead of"} the server's. ` +
      "MIN_ASSET_AGE follows the server's clock; check both.",
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
  if (foreign > 0) {
    parts.push(`${number(foreign)} of these belong to other people and are left alone`);
  }
  return parts.join(", ") + ".";
}

function logPlan(log: Logger, { add, remove }: Plan): void {
  log.info(
    add.size + remove.size === 0
      ? "Nothing to change."
      : `To add: ${number(add.size)}, to remove: ${number(remove.size)}.`,
  );
  for (const id of add) log.debug(`To add: ${id}`);
  for (const id of remove) log.debug(`To remove: ${id}`);
}
