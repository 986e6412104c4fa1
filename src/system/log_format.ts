import { localTime } from "../text.ts";

export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type LogLevel = typeof LEVELS[number];

export interface LogConfig {
  readonly path: string;
  readonly level: LogLevel;
  readonly format: "text" | "json";
  readonly maxSizeBytes: number;
  readonly backups: number;
}

/** One call of the logger. */
export interface LogEntry {
  readonly time: Date;
  readonly level: LogLevel;
  readonly message: string;
  readonly defect: Error | undefined;
}

export interface FormatOptions {
  readonly redact: (text: string) => string;
  /** Stack traces of the entry's defect and of its causes. */
  readonly stacks: boolean;
}

/** Causes of causes that are shown; a chain may even be a circle. */
const MAX_CAUSES = 10;

export const FORMATS: Readonly<
  Record<LogConfig["format"], (entry: LogEntry, options: FormatOptions) => string>
> = { text: formatText, json: formatJson };

/**
 * `2026-11-22 10:00:00 INFO   message`, in local time, with a line end.
 *
 * Messages quote servers and file names. So that none of those can forge a line, lines after the
 * first are indented and control characters escaped.
 */
function formatText(
  { time, level, message, defect }: LogEntry,
  { redact, stacks }: FormatOptions,
): string {
  const text = stacks && defect !== undefined ? `${message}\n${stackOf(defect)}` : message;
  const safe = escapeControls(redact(text)).replace(/\r\n|[\n\r\v\f\x85\u2028\u2029]/g, "\n    ");
  return `${localTime(time)} ${level.toUpperCase().padEnd(5)}  ${safe}\n`;
}

/** `{"time":…,"level":…,"message":…}`: one object and a line end. */
function formatJson(
  { time, level, message, defect }: LogEntry,
  { redact, stacks }: FormatOptions,
): string {
  const error = defect === undefined ? undefined : {
    name: defect.name,
    message: redact(defect.message),
    stack: stacks ? redact(stackOf(defect)) : undefined,
  };
  const line = JSON.stringify({ time, level, message: redact(message), error });
  // What JSON allows inside strings, and some terminals obey.
  return line.replace(/[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, (char) => `\\u${hex(char, 4)}`) +
    "\n";
}

/** The stack of an error and of everything that caused it. */
function stackOf(error: Error): string {
  const stacks: string[] = [];
  let next: unknown = error;
  while (next !== undefined && next !== null && stacks.length < MAX_CAUSES) {
    const stack = next instanceof Error
      ? next.stack ?? `${next.name}: ${next.message}`
      : String(next);
    stacks.push(stack);
    next = next instanceof AggregateError ? next.errors[0] : causeOf(next);
  }
  return stacks.join("\nCaused by: ");
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

/**
 * Escapes what a terminal obeys: controls, but for tab and the line ends, which the caller looks
 * after, and what turns the direction of writing, so that a text shows another order than it has.
 */
export function escapeControls(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]/g, (char) => `\\x${hex(char, 2)}`)
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, (char) => `\\u${hex(char, 4)}`);
}

function hex(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).padStart(digits, "0");
}
