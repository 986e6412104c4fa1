import type { Summary } from "../../../src/sync/summary.ts";
import { type Emulator, type LoggedRequest, startEmulator } from "../../emulator/mod.ts";
import { Aim, type Blow, isChange } from "./blow.ts";
import { membersOf, type Scenario, type Stage } from "./stage.ts";
import { syncOnce, type SyncOptions } from "./sync_once.ts";
import { type Change, changeBetween, idealAlbum, isSame, momentOf } from "./truth.ts";

/** One fault at one request of one scenario. */
export interface Injection {
  readonly version: string;
  readonly scenario: Scenario;
  readonly blow: Blow;
  /** Which of the requests that the blow can hit, from 1. */
  readonly nth: number;
  readonly lasting: boolean;
}

/** What came of it; no problems is what the tests want. */
export interface Verdict {
  readonly problems: readonly string[];
  /** Requests that were struck. */
  readonly struck: number;
  readonly wronglyAdded: number;
  readonly wronglyRemoved: number;
  readonly healed: boolean;
}

/** Runs into the fault, then twice without it, and judges all three runs. */
export async function inject(
  injection: Injection,
  { lockFolder, ports }: { lockFolder: string; ports: () => number },
): Promise<Verdict> {
  const { version, scenario, blow, nth, lasting } = injection;
  const stage = scenario.build();
  const trust = blow.tls === undefined ? {} : { trusted: blow.tls.trusted };
  await using emulator = await startEmulator({
    version,
    world: stage.world,
    ports,
    ...(blow.tls === undefined ? {} : { tls: blow.tls }),
  });
  const aim = new Aim(nth, lasting, blow.hits ?? (() => true));
  const scene = { emulator, stage, lasting };
  for (const rule of blow.rules(scene)) {
    emulator.faults.add({ match: { where: aim.hits }, ...rule });
  }
  const before = momentOf(stage);
  const foreignAlbums = [...stage.world.albums.keys()].filter((id) => id !== before.albumId);
  const { summary, defect } = await syncOnce(emulator, stage, {
    lockFolder,
    ...trust,
    ...(blow.timeoutMs === undefined ? {} : { timeoutMs: blow.timeoutMs }),
    ...(blow.retries === undefined ? {} : { retries: blow.retries }),
  });
  const after = momentOf(stage);
  const change = changeBetween(before, after);
  const problems = [
    ...judgeEnd(injection, summary, aim.struck),
    ...judgeError(summary, stage, defect),
    ...judgeAlbum(injection, summary, stage, change, aim.struck),
    ...(blow.effect !== "change" && before.rest !== after.rest
      ? ["something else than the members of the album was changed"]
      : []),
    ...judgeRequests(emulator.requests, foreignAlbums),
  ];
  emulator.faults.clear();
  await blow.mend?.(scene);
  const healing = await heal(emulator, stage, { lockFolder, ...trust });
  return {
    problems: [...problems, ...healing].map((problem) =>
      `${describe(injection, aim.struck[0])}: ${problem} [exit ${summary.exitCode}, ${
        said(summary)
      }]`
    ),
    struck: aim.struck.length,
    wronglyAdded: change.wronglyAdded.length,
    wronglyRemoved: change.wronglyRemoved.length,
    healed: healing.length === 0,
  };
}

/** A healthy run must complete the album, and find nothing to do when it is complete. */
async function heal(emulator: Emulator, stage: Stage, options: SyncOptions): Promise<string[]> {
  const problems: string[] = [];
  for (let isComplete = false; !isComplete;) {
    isComplete = isSame(membersOf(stage), idealAlbum(stage)) && stage.album() !== undefined;
    emulator.clearRequests();
    const { summary } = await syncOnce(emulator, stage, options);
    if (summary.exitCode !== 0) {
      problems.push(`the next run ended with ${summary.exitCode}: ${said(summary)}`);
    }
    if (isComplete && emulator.writes().length > 0) problems.push("a needless change");
    if (!isComplete && !isSame(membersOf(stage), idealAlbum(stage))) {
      return [...problems, "the next run did not complete the album"];
    }
  }
  return problems;
}

/** Status, exit code and the name of the error. */
function judgeEnd(
  { blow, lasting }: Injection,
  { exitCode, status, error }: Summary,
  struck: readonly LoggedRequest[],
): string[] {
  if (struck.length === 0) return ["nothing was struck"];
  const allowed = allowedCodes(blow, lasting, struck[0]);
  const problems: string[] = [];
  if (!allowed.includes(exitCode)) problems.push(`exit code is not in ${allowed.join(", ")}`);
  if (status !== ({ 0: "ok", 1: "failed", 3: "partial" })[Number(exitCode)]) {
    problems.push(`status "${status}"`);
  }
  if (exitCode === 1 && error === null) problems.push("no error");
  if (exitCode !== 1 && error !== null) problems.push("an error in spite of success");
  if (error !== null && !blow.errors.includes(error.name)) {
    problems.push(`not ${blow.errors.join(" or ")}`);
  }
  return problems;
}

function allowedCodes(
  { effect, errors }: Blow,
  lasting: boolean,
  struck: LoggedRequest | undefined,
): number[] {
  // After a timeout an album is not created again: the server may still be at it.
  const creates = struck?.method === "POST" && struck.path === "/api/albums";
  if (effect === "passes" && creates && errors.includes("TimeoutError")) {
    return lasting ? [1] : [0, 1];
  }
  switch (effect) {
    case "harmless":
      return [0];
    case "passes":
      return lasting ? [1] : [0];
    case "fatal":
      // A request that can be done without, like that for the own user, need not end the run.
      return lasting ? [1] : [0, 1];
    case "lie":
    case "change":
      return [0, 1, 3];
  }
}

/** A sentence and a hint, and nothing secret or of use to programmers only. */
function judgeError({ error }: Summary, { key }: Stage, defect: Error | undefined): string[] {
  if (defect !== undefined) return [`a defect: ${defect.stack}`];
  if (error === null) return [];
  const text = `${error.message}\n${error.hint}`;
  return [
    ...(error.message.trim() === "" || error.hint.trim() === "" ? ["nothing said"] : []),
    ...(text.includes(key.secret) ? ["the API key was told"] : []),
    ...(/\n\s+at /.test(text) ? ["a stack trace was told"] : []),
  ];
}

function judgeAlbum(
  injection: Injection,
  { exitCode, added, removed }: Summary,
  stage: Stage,
  change: Change,
  struck: readonly LoggedRequest[],
): string[] {
  const { blow, lasting } = injection;
  const problems: string[] = [];
  for (const id of change.wronglyAdded) problems.push(`wrongly added: ${nameOf(stage, id)}`);
  for (const id of change.wronglyRemoved) problems.push(`wrongly removed: ${nameOf(stage, id)}`);
  const twins = [...stage.world.albums.values()].filter(({ owner, name }) =>
    owner === stage.us && name === "Faceless"
  );
  if (twins.length > 1) problems.push("a second album was made");
  if (blow.effect === "lie" || blow.effect === "change") return problems;
  if (exitCode === 0 && !isSame(membersOf(stage), idealAlbum(stage))) {
    problems.push("a success, but the album is not right");
  }
  const touched = change.added.length + change.removed.length > 0;
  if (touched && exitCode === 1 && struck[0] !== undefined && !isChange(struck[0])) {
    problems.push("changed something although the listing failed");
  }
  const atMost = lasting && blow.losesAnswers === true && struck.some(isChange);
  const isRight = (said: number, done: number) => atMost ? said <= done : said === done;
  if (!isRight(added, change.added.length) || !isRight(removed, change.removed.length)) {
    problems.push(
      `said +${added} -${removed}, did +${change.added.length} -${change.removed.length}`,
    );
  }
  return problems;
}

/** Nothing may be sent but these, nothing to albums that are not ours, and removals come last. */
function judgeRequests(
  requests: readonly LoggedRequest[],
  foreignAlbums: readonly string[],
): string[] {
  const known =
    /^(GET \/api\/.*|POST \/api\/search\/.*|POST \/api\/albums|(PUT|DELETE) .*\/assets)$/;
  const strange = requests.filter((request) =>
    !known.test(`${request.method} ${request.path}`) ||
    (request.method !== "GET" && foreignAlbums.some((id) => request.path.includes(id)))
  );
  const writes = requests.filter(isChange).map(({ method }) => method);
  const removing = writes.indexOf("DELETE");
  return [
    ...strange.map(({ method, path }) => `sent ${method} ${path}`),
    ...(removing >= 0 && writes.lastIndexOf("PUT") > removing ? ["added after removing"] : []),
  ];
}

function describe(injection: Injection, struck: LoggedRequest | undefined): string {
  const { version, scenario, blow, nth, lasting } = injection;
  const where = struck === undefined ? "" : ` (${struck.method} ${struck.path})`;
  return `${version} ${scenario.name}, ${blow.name}, ${
    lasting ? "from" : "at"
  } request ${nth}${where}`;
}

function said({ error }: Summary): string {
  return error === null ? "no error" : `${error.name}: ${error.message}`;
}

function nameOf({ world }: Stage, id: string): string {
  return world.assets.get(id)?.name ?? id;
}
