import { createWriter } from "./console.ts";
import type { Writer } from "./console.ts";
import { createFileWriter } from "./log_file.ts";
import { FORMATS, LEVELS, type LogConfig, type LogEntry, type LogLevel } from "./log_format.ts";

/** Messages are sentences. No call throws. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  /**
   * @param defect what nobody expected: its stack and its causes are logged, in the file always, on
   *   the console at level debug
   */
  error(message: string, defect?: Error): void;
}

export interface Log {
  readonly logger: Logger;
  /**
   * The last lines, oldest first, as text whatever the format of the log, without line ends and
   * stacks and with secrets replaced. At most 50 are kept.
   */
  recentLines(count: number): string[];
  /** Why the log file is not written or not rotated, if so; undefined as long as all is well. */
  fileProblem(): string | undefined;
}

export interface LogOptions {
  /** Without it, as before the configuration is read: to the console, as text. */
  readonly config?: LogConfig | undefined;
  /** In place of the configured one. */
  readonly level?: LogLevel | undefined;
  /** Applied to everything that is logged, for every destination. */
  readonly redact: (text: string) => string;
  /** `split`: warnings and errors to standard error, the rest to standard output. */
  readonly console: "split" | "stderr";
  /** In place of the process's own standard output and standard error. */
  readonly stdout?: Writer | undefined;
  readonly stderr?: Writer | undefined;
}

const KEPT_LINES = 50;

/** Where entries go; never throws. */
type Sink = (entry: LogEntry) => void;

/** Opens the log of the process. */
export function openLog(options: LogOptions): Log {
  const level = options.level ?? options.config?.level ?? "info";
  const recent: string[] = [];
  let fileProblem: string | undefined;

  const keep: Sink = (entry) => {
    const line = FORMATS.text(entry, { redact: options.redact, stacks: false });
    recent.push(line.trimEnd());
    if (recent.length > KEPT_LINES) recent.shift();
  };
  const show = createConsoleSink(options, level);
  const report = (problem: string) => {
    fileProblem = problem;
    const notice = entryOf("warn", problem);
    keep(notice);
    show(notice);
  };
  // The file first: if it cannot be written, the console says so before anything else.
  const sinks = [createFileSink(options, report), keep, show];
  const log = (at: LogLevel) => (message: string, defect?: Error) => {
    if (LEVELS.indexOf(at) < LEVELS.indexOf(level)) return;
    const entry = entryOf(at, message, defect);
    for (const sink of sinks) sink(entry);
  };
  return {
    logger: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    recentLines: (count) => count > 0 ? recent.slice(-count) : [],
    fileProblem: () => fileProblem,
  };
}

function createConsoleSink(options: LogOptions, level: LogLevel): Sink {
  const stdout = options.stdout ?? createWriter(Deno.stdout);
  const stderr = options.stderr ?? createWriter(Deno.stderr);
  const format = options.config?.format ?? "text";
  return (entry) => {
    const isBad = entry.level === "warn" || entry.level === "error";
    const write = options.console === "stderr" || isBad ? stderr : stdout;
    write(FORMATS[format](entry, { redact: options.redact, stacks: level === "debug" }));
  };
}

function createFileSink({ config, redact }: LogOptions, report: (problem: string) => void): Sink {
  if (config === undefined) return () => {};
  const write = createFileWriter(config, report);
  return (entry) => write(FORMATS[config.format](entry, { redact, stacks: true }));
}

function entryOf(level: LogLevel, message: string, defect?: Error): LogEntry {
  return { time: new Date(), level, message, defect };
}
