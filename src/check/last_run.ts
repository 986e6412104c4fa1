import * as v from "valibot";
import type { LogConfig } from "../config/schema.ts";
import { reasonOf } from "../system/reason.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** The end of the log, enough for some runs even at LOG_LEVEL=debug. */
const TAIL_BYTES = 1 << 20;

interface Line {
  readonly time: Date;
  readonly level: string;
  readonly message: string;
}

/** How the last run ended, by what it has left in the log. */
export function checkLastRun({ path, level }: LogConfig, now: Date = new Date()): Finding {
  let lines: readonly Line[];
  try {
    lines = readLastRun(path) ?? readLastRun(`${path}.1`) ?? [];
  } catch (error) {
    return warning(
      "last run",
      `not known: ${path} can't be read (${reasonOf(error)})`,
      "Give this user the right to read it, or set LOG_FILE_PATH to a file of this user.",
    );
  }
  const [first] = lines;
  if (first === undefined) {
    return ok(
      "last run",
      level === "warn" || level === "error"
        ? `not known: at LOG_LEVEL=${level} the log does not tell of good runs`
        : "none yet that is in the log",
    );
  }
  return describe(first, lines, now);
}

function describe(first: Line, lines: readonly Line[], now: Date): Finding {
  const when = `${timeOf(first.time)} (${ago(now.getTime() - first.time.getTime())} ago)`;
  const what = /\(dry run\)/.test(first.message) ? "dry run of " : "";
  const done = lines.find(({ message }) => /^Done in /.test(message));
  const bad = lines.find(({ level, message }) =>
    level === "error" || /^Another run of this album/.test(message)
  );
  const message = (end: string) => `${what}${when}: ${end}`;
  if (bad !== undefined) {
    return warning(
      "last run",
      message(bad.message),
      "Mend what it names; the next run tries again.",
    );
  }
  if (done === undefined) {
    return warning(
      "last run",
      message("no end is in the log"),
      "It is still under way, or was killed; the next run completes what it began.",
    );
  }
  const failed = lines.some(({ message }) => /^Could not (?:add|remove) asset /.test(message));
  if (!failed) return ok("last run", message(done.message));
  return warning(
    "last run",
    message(`${done.message} Some assets could not be added or removed.`),
    "The log names them; the next run tries again.",
  );
}

/** The lines of the last run that began in this file; undefined if none did, or there is no file. */
function readLastRun(path: string): Line[] | undefined {
  const text = readTail(path);
  if (text === undefined) return undefined;
  const lines = text.split("\n").flatMap((line) => parseLine(line) ?? []);
  const start = lines.findLastIndex(({ message }) => /^immich-faceless-sync \d/.test(message));
  return start < 0 ? undefined : lines.slice(start);
}

function readTail(path: string): string | undefined {
  try {
    const { size, isFile } = Deno.statSync(path);
    if (!isFile) return undefined;
    using file = Deno.openSync(path, { read: true });
    file.seekSync(Math.max(0, size - TAIL_BYTES), Deno.SeekMode.Start);
    const bytes = new Uint8Array(TAIL_BYTES);
    let length = 0;
    for (;;) {
      const read = file.readSync(bytes.subarray(length));
      if (read === null || read === 0) break;
      length += read;
    }
    return new TextDecoder().decode(bytes.subarray(0, length));
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    if (error instanceof NotFound || error instanceof NotADirectory) return undefined;
    throw error;
  }
}

const JsonLine = v.object({ time: v.string(), level: v.string(), message: v.string() });

/** A line of either format: LOG_FORMAT may have been changed since. */
function parseLine(line: string): Line | undefined {
  if (line.startsWith("{")) {
    const parsed = v.safeParse(JsonLine, parseJson(line));
    if (!parsed.success) return undefined;
    return lineOf(parsed.output.time, parsed.output.level, parsed.output.message);
  }
  const [, time, level, message] =
    /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (DEBUG|INFO|WARN|ERROR) +(.*)$/.exec(line) ?? [];
  if (time === undefined || level === undefined || message === undefined) return undefined;
  return lineOf(time.replace(" ", "T"), level.toLowerCase(), message);
}

function lineOf(time: string, level: string, message: string): Line | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : { time: date, level, message };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the half of a line with which the tail begins
  }
}

function timeOf(time: Date): string {
  return time.toLocaleString("sv-SE").slice(0, 16);
}

function ago(milliseconds: number): string {
  const minutes = Math.max(0, Math.round(milliseconds / 60_000));
  if (minutes < 120) return minutes === 1 ? "1 minute" : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`;
}
