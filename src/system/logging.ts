import { configureSync, getConfig, getLogger, resetSync } from "@logtape/logtape";
import type { Config, LogLevel as LogtapeLevel, LogRecord, Sink } from "@logtape/logtape";
import type { LogConfig, LogLevel } from "../config/schema.ts";
import { createWriter } from "./console.ts";
import type { Writer } from "./console.ts";
import { createFileSink } from "./log_file.ts";
import { FORMATS } from "./log_format.ts";
import type { Fields, LogEntry } from "./log_format.ts";

/**
 * Messages are sentences; `fields` repeat for machines what they say (and are shown in text at
 * level debug). An error under the field name `error` has its stack and its causes logged: in the
 * file always, on the console at level debug. No call throws.
 */
export interface Logger {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
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
  /** What is logged later goes nowhere. Nothing needs to be flushed: a process may end without. */
  close(): void;
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

const CATEGORY = ["immich-faceless-sync"];
const KEPT_LINES = 50;
const LEVELS: readonly LogLevel[] = ["debug", "info", "warn", "error"];

/**
 * Opens the log of the process. There is one at a time, as logtape is configured for the whole
 * process: opening another one takes the place of the one before.
 */
export function openLog(options: LogOptions): Log {
  const level = options.level ?? options.config?.level ?? "info";
  const recent: string[] = [];
  let fileProblem: string | undefined;

  const keep: Sink = (record) => {
    const line = FORMATS.text(entryOf(record), { redact: options.redact, stacks: false });
    recent.push(line.trimEnd());
    if (recent.length > KEPT_LINES) recent.shift();
  };
  const show = createConsoleSink(options, level);
  const report = (problem: string) => {
    fileProblem = problem;
    const notice = recordOf("warn", problem);
    keep(notice);
    show(notice);
  };
  // The file first: if it cannot be written, the console says so before anything else.
  const sinks: Record<string, Sink> = { file: createFileSinkFor(options, report), keep, show };
  const config = configure(sinks, level);
  return {
    logger: createLogger(),
    recentLines: (count) => count > 0 ? recent.slice(-count) : [],
    fileProblem: () => fileProblem,
    close: () => {
      if (getConfig() === config) resetSync();
    },
  };
}

function configure(sinks: Record<string, Sink>, level: LogLevel): object {
  const config: Config<string, string> = {
    reset: true,
    sinks,
    loggers: [
      { category: CATEGORY, sinks: Object.keys(sinks), lowestLevel: logtapeLevel(level) },
      // It would speak of sinks that throw, which ours do not.
      { category: ["logtape", "meta"], sinks: [], lowestLevel: "fatal" },
    ],
  };
  configureSync(config);
  return config;
}

function createConsoleSink(options: LogOptions, level: LogLevel): Sink {
  const stdout = options.stdout ?? createWriter(Deno.stdout);
  const stderr = options.stderr ?? createWriter(Deno.stderr);
  const format = options.config?.format ?? "text";
  return (record) => {
    const entry = entryOf(record);
    const isBad = entry.level === "warn" || entry.level === "error";
    const write = options.console === "stderr" || isBad ? stderr : stdout;
    write(FORMATS[format](entry, { redact: options.redact, stacks: level === "debug" }));
  };
}

function createFileSinkFor(
  { config, redact }: LogOptions,
  report: (problem: string) => void,
): Sink {
  if (config === undefined) return () => {};
  const format = FORMATS[config.format];
  return createFileSink(
    config,
    (record) => format(entryOf(record), { redact, stacks: true }),
    report,
  );
}

function createLogger(): Logger {
  const logger = getLogger(CATEGORY);
  // Not logger.info(): that takes braces in a message for placeholders, and messages quote servers.
  const log = (level: LogLevel) => (message: string, fields?: Fields) =>
    logger.emit(recordOf(level, message, fields));
  return { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") };
}

function recordOf(level: LogLevel, message: string, fields: Fields = {}): LogRecord {
  return {
    category: CATEGORY,
    level: logtapeLevel(level),
    message: [message],
    rawMessage: message,
    timestamp: Date.now(),
    properties: { ...fields },
  };
}

function entryOf(record: LogRecord): LogEntry {
  return {
    time: new Date(record.timestamp),
    level: LEVELS.find((level) => logtapeLevel(level) === record.level) ?? "info",
    message: record.message.join(""),
    fields: record.properties,
  };
}

function logtapeLevel(level: LogLevel): LogtapeLevel {
  return level === "warn" ? "warning" : level;
}
