import * as v from "valibot";
import type { Config } from "../config/config.ts";
import type { ConfigResult } from "../config/load.ts";
import { variables } from "../config/variables.ts";
import { decodeText, readSmallFile, reasonOf, replaceFile } from "../system/files.ts";

/** What one run leaves for the next. Times are milliseconds since 1970. */
export interface State {
  readonly lastRun: LastRun | null;
  readonly lastGoodAt: number | null;
  /** When everything was last read, as against asked for the differences. */
  readonly lastScanAt: number | null;
  /** Since the last good run, or since somebody was told of one; null when there is none. */
  readonly trouble: Trouble | null;
}

export interface LastRun {
  readonly endedAt: number;
  readonly exitCode: number;
  /** The name of the error or of the guard; null when there was neither. */
  readonly reason: string | null;
  readonly added: number;
  readonly removed: number;
  readonly durationMs: number;
}

/** One run after the other needs a person. */
export interface Trouble {
  readonly since: number;
  readonly runs: number;
  /** When somebody was last told, for each reason. */
  readonly told: Readonly<Record<string, number>>;
}

export const NO_STATE: State = {
  lastRun: null,
  lastGoodAt: null,
  lastScanAt: null,
  trouble: null,
};

const Time = v.pipe(v.string(), v.transform((text) => Date.parse(text)), v.finite());
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

const State = v.object({
  lastRun: v.nullable(v.object({
    endedAt: Time,
    exitCode: Count,
    reason: v.nullable(v.string()),
    added: Count,
    removed: Count,
    durationMs: Count,
  })),
  lastGoodAt: v.nullable(Time),
  lastScanAt: v.nullable(Time),
  trouble: v.nullable(v.object({ since: Time, runs: Count, told: v.record(v.string(), Time) })),
});

const VERSION = 1;
/** Files of several configurations may share one log, and so one state file. */
const StateFile = v.object({
  version: v.literal(VERSION),
  runs: v.record(v.string(), State),
});
type StateFile = v.InferOutput<typeof StateFile>;

const MAX_BYTES = 1 << 18;
/** Of configurations that were renamed or given up, for years. */
const MAX_RUNS = 100;

/** The state of one configuration in its file. */
export interface StateStore {
  readonly path: string;
  /** Whose runs these are, also after the API key was changed. */
  readonly of: string;
}

/** What says, in the environment, which album of which server runs of one env file are of. */
const CHOOSING: readonly string[] = [
  variables.server.url.name,
  variables.album.name.name,
  variables.album.id.name,
];

/**
 * Where the runs of a configuration keep their state. One env file may serve several albums, as the
 * environment wins; what stands in the file itself may be corrected, and they are the same runs.
 */
export function stateStoreOf(
  { statePath }: Config,
  { file, origins }: Pick<ConfigResult, "file" | "origins">,
): StateStore {
  const chosen = origins
    .filter(({ name, from }) => from === "environment" && CHOOSING.includes(name))
    .map(({ name, value }) => `${name}=${value}`);
  return { path: statePath, of: [...file === undefined ? [] : [file], ...chosen].join(" ") };
}

/**
 * What the last run has left. Never throws: `problem` is a sentence on a file that is there and
 * can't be understood, which counts as none.
 */
export function readState({ path, of }: StateStore): { state: State; problem?: string } {
  const file = readFile(path);
  if ("problem" in file) return { state: NO_STATE, problem: file.problem };
  return { state: file.runs[of] ?? NO_STATE };
}

/**
 * Keeps the state for the next run.
 *
 * @returns A sentence on why that was not possible; undefined when all went well.
 */
export function writeState({ path, of }: StateStore, state: State): string | undefined {
  const file = readFile(path);
  const others = "problem" in file ? [] : Object.entries(file.runs).filter(([key]) => key !== of);
  const runs = [...others, [of, state] as const]
    .sort(([, a], [, b]) => (b.lastRun?.endedAt ?? 0) - (a.lastRun?.endedAt ?? 0))
    .slice(0, MAX_RUNS);
  const document = { version: VERSION, runs: Object.fromEntries(runs.map(inFile)) };
  try {
    replaceFile(path, JSON.stringify(document, null, 2) + "\n", 0o644);
    return undefined;
  } catch (error) {
    return `Cannot record in ${path} how this run ended: ${reasonOf(error)}. ` +
      "Set STATE_FILE_PATH to a file in a writable folder.";
  }
}

function inFile([key, state]: readonly [string, State]): [string, unknown] {
  const { lastRun, lastGoodAt, lastScanAt, trouble } = state;
  const told = Object.entries(trouble?.told ?? {}).map(([reason, at]) => [reason, iso(at)]);
  return [key, {
    lastRun: lastRun && { ...lastRun, endedAt: iso(lastRun.endedAt) },
    lastGoodAt: lastGoodAt && iso(lastGoodAt),
    lastScanAt: lastScanAt && iso(lastScanAt),
    trouble: trouble && { ...trouble, since: iso(trouble.since), told: Object.fromEntries(told) },
  }];
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

/** A file that is missing is as good as one that nothing is in. */
function readFile(path: string): StateFile | { problem: string } {
  const content = readSmallFile(path, MAX_BYTES);
  if (!content.ok) {
    if (content.reason === "missing") return { version: VERSION, runs: {} };
    return { problem: unusable(path, content.why) };
  }
  const document = parseJson(decodeText(content.bytes));
  const parsed = v.safeParse(StateFile, document);
  if (parsed.success) return parsed.output;
  const newer = v.is(v.object({ version: v.pipe(v.number(), v.gtValue(VERSION)) }), document);
  return {
    problem: unusable(
      path,
      newer ? "it is from a newer version of this program" : "it is damaged",
    ),
  };
}

function unusable(path: string, why: string): string {
  return `The state file ${path} cannot be used: ${why}. This run is taken for the first one.`;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined; // cut off, or something else
  }
}
