import {
  Argument,
  Command,
  CommanderError,
  type CommandUnknownOpts,
  InvalidArgumentError,
  Option,
} from "@commander-js/extra-typings";
import type { Parser } from "./config/values.ts";
import { nearestName } from "./config/misspelt.ts";
import { duration, wholeNumber } from "./config/values.ts";
import { type Interval, INTERVALS, isInterval, parseTimeOfDay } from "./schedule/times.ts";
import { VERSION_AND_COMMIT } from "./version.ts";

/** What the command line asks for, parsed. */
export type Request =
  | SyncRequest
  | CheckRequest
  | InitRequest
  | MissedRequest
  | ScheduleRequest
  | HelpRequest
  /** The version: `text` is all there is to do. */
  | { readonly command: "print"; readonly text: string }
  /** Wrong usage: `message` says what is wrong with it. */
  | {
    readonly command: "wrong";
    readonly message: string;
    readonly json: boolean;
    readonly dryRun: boolean;
  };

export interface SyncRequest extends Global, EnvFiles {
  readonly command: "sync";
  /** Plan, and change nothing. */
  readonly dryRun: boolean;
  /** Run past the guards. */
  readonly force: boolean;
  /** Where to write the HTML report, as typed. */
  readonly report: string | undefined;
  /** How often to run, in milliseconds; undefined for once. */
  readonly everyMs: number | undefined;
}

export interface CheckRequest extends Global, EnvFiles {
  readonly command: "check";
  readonly sendTest: boolean;
}

export interface InitRequest extends Global, EnvFile {
  readonly command: "init";
}

export interface MissedRequest extends Global, EnvFile {
  readonly command: "missed";
  /** Where to write the page, as typed; undefined: beside the log. */
  readonly report: string | undefined;
  /** How many candidates are shown. */
  readonly limit: number;
  /** How far apart in time neighbours may be, in milliseconds. */
  readonly withinMs: number;
  /** What smart search is asked for. */
  readonly query: string;
}

export interface ScheduleRequest extends Global, EnvFiles {
  readonly command: "schedule";
  readonly scheduler: Scheduler;
  readonly interval: Interval;
  /** Minutes since midnight. */
  readonly at: number | undefined;
  /** The folder to write into, as it was typed; undefined to print. */
  readonly write: string | undefined;
}

export interface HelpRequest {
  readonly command: "help";
  /** The program, or the command that the help is asked for. */
  readonly of: CommandUnknownOpts;
  /** What the command has to say besides. */
  readonly more: string;
}

/** Of commands that work with one configuration. */
interface EnvFile {
  /** Undefined for the usual one. */
  readonly envFile: string | undefined;
}

/** Of commands that take one configuration after the other. */
interface EnvFiles {
  /** None for the usual one. */
  readonly envFiles: readonly string[];
}

/** Options of every command. */
export interface Global {
  readonly json: boolean;
  readonly logLevel: string | undefined;
}

export const SCHEDULERS = ["cron", "systemd", "launchd", "windows"] as const;
export type Scheduler = typeof SCHEDULERS[number];

type Program = ReturnType<typeof createProgram>;
type Ask = (request: Request) => void;

/** Parses the arguments of the process; never exits and never prints. */
export function parseArguments(args: readonly string[]): Request {
  let output = "";
  let request: Request | undefined;
  let helped: CommandUnknownOpts | undefined;
  const program = createProgram(
    (text) => void (output += text),
    (command) => void (helped = command),
  );
  const ask = (asked: Request) => void (request = asked);
  addSync(program, ask);
  addCheck(program, ask);
  addInit(program, ask);
  addMissed(program, ask);
  addSchedule(program, ask);
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (helped !== undefined) return { command: "help", of: helped, more: output };
    if (error.exitCode === 0) return { command: "print", text: output };
    return {
      command: "wrong",
      message: messageOf(error),
      json: args.includes("--json"),
      dryRun: args.includes("--dry-run"),
    };
  }
  return request ?? { command: "print", text: output };
}

function createProgram(
  write: (text: string) => void,
  showHelp: (command: CommandUnknownOpts) => void,
) {
  return new Command("immich-faceless-sync")
    .description("Keeps an Immich album equal to the set of assets that show nobody.")
    .optionsGroup("For every command:")
    .option(
      "--env-file <file>",
      "read the configuration from this file; given again: one run for each",
      (file: string, before: readonly string[] = []) => [...before, file],
    )
    .option("--json", "print one JSON document to stdout, and the log to stderr")
    .addOption(
      new Option("--log-level <level>", "how much to log (instead of LOG_LEVEL)")
        .choices(["debug", "info", "warn", "error"]),
    )
    .helpOption("-h, --help", "explain a command: COMMAND --help")
    .version(VERSION_AND_COMMIT, "-V, --version", "print the version")
    // Else "help snyc" would be answered with nothing but the name of the function inside.
    .helpCommand(false)
    .exitOverride()
    .configureHelp({
      // Only noted here: the text, which no sync needs, is made by src/help.ts.
      formatHelp: (command) => {
        showHelp(command);
        return "";
      },
    })
    .configureOutput({
      writeOut: write,
      writeErr: write,
      // Finding out would read variables that are none of this program's business.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

function globalOptions(program: Program): Global & EnvFiles {
  const { envFile = [], json, logLevel } = program.opts();
  return { envFiles: envFile, json: json ?? false, logLevel };
}

function optionsWithOneFile(program: Program, command: string): Global & EnvFile {
  const { envFiles: [envFile, ...more], ...options } = globalOptions(program);
  if (more.length > 0) {
    program.error(`error: option '--env-file <file>' can be given only once for ${command}`);
  }
  return { envFile, ...options };
}

function addSync(program: Program, ask: Ask): void {
  program
    .command("sync", { isDefault: true })
    .description("bring the album up to date once (this is also what no command means)")
    .optionsGroup("What sync does:")
    .option("--dry-run", "say what would be done, and change nothing")
    .option("--force", "run past the guards this once")
    .option(
      "--report <file>",
      "write what is (or would be) changed, with thumbnails, as an HTML page",
    )
    .option(
      "--every <interval>",
      "go on running, each 15m or 1h, say, from the start of one run to the next",
      readEvery,
    )
    .allowExcessArguments(true)
    .action(({ dryRun, force, report, every }, command) => {
      // Since sync is the default command, a misspelt command arrives as its argument.
      const [stray] = command.args;
      if (stray !== undefined) {
        command.error(`error: unknown command '${stray}'${suggestion(stray, program)}`);
      }
      if (report !== undefined && globalOptions(program).envFiles.length > 1) {
        command.error("error: option '--report <file>' can't be used with several --env-file");
      }
      ask({
        command: "sync",
        dryRun: dryRun ?? false,
        force: force ?? false,
        report,
        everyMs: every,
        ...globalOptions(program),
      });
    });
}

function addCheck(program: Program, ask: Ask): void {
  program
    .command("check")
    .description("look at everything a run needs, say how to mend it, and change nothing")
    .optionsGroup("What check does:")
    .option("--send-test", "send a test by mail, to the health check and the webhook, if set")
    .addOption(new Option("--send-test-email", "its old name").hideHelp())
    .allowExcessArguments(false)
    .action(({ sendTest, sendTestEmail }) =>
      ask({
        command: "check",
        sendTest: sendTest ?? sendTestEmail ?? false,
        ...globalOptions(program),
      })
    );
}

function addInit(program: Program, ask: Ask): void {
  program
    .command("init")
    .description("ask a few questions, test the answers, and write them to a file .env")
    .allowExcessArguments(false)
    .action(() => ask({ command: "init", ...optionsWithOneFile(program, "init") }));
}

function addMissed(program: Program, ask: Ask): void {
  program
    .command("missed")
    .description("show which assets without people probably do show somebody; change nothing")
    .optionsGroup("What missed does:")
    .option("--report <file>", "write the page here, else missed.html beside the log")
    .option("--limit <number>", "show at most so many", readLimit, 500)
    .option("--within <time>", "how far apart neighbours may be, 0s to 1h", readWithin, 10_000)
    .option("--query <text>", "what smart search looks for", readQuery, "a photo of a person")
    .allowExcessArguments(false)
    .action(({ report, limit, within, query }) =>
      ask({
        command: "missed",
        report,
        limit,
        withinMs: within,
        query,
        ...optionsWithOneFile(program, "missed"),
      })
    );
}

function readEvery(text: string): number {
  return readValue(duration("1ms", "365d"), text);
}

function readLimit(text: string): number {
  return readValue(wholeNumber(1, 100_000), text);
}

function readWithin(text: string): number {
  return readValue(duration("0s", "1h"), text);
}

function readQuery(text: string): string {
  if (text.trim() !== "") return text;
  throw new InvalidArgumentError("It must not be empty.");
}

function readValue<T>(parse: Parser<T>, text: string): T {
  const parsed = parse(text, "");
  if (parsed.ok) return parsed.value;
  throw new InvalidArgumentError(`It must ${parsed.must}.`);
}

function addSchedule(program: Program, ask: Ask): void {
  program
    .command("schedule")
    .description("print what has a sync done regularly by cron, systemd, launchd or Windows")
    .optionsGroup("What schedule does:")
    .addArgument(new Argument("<scheduler>", "what is to start it").choices(SCHEDULERS))
    .addOption(
      new Option("--every <interval>", "how often; hourly without it, or daily with --at")
        .choices(INTERVALS)
        .argParser(readInterval),
    )
    .option("--at <HH:MM>", "at what time; it counts from midnight without it", readTimeOfDay)
    .option("--write <dir>", "write the files into this folder, never over others")
    .allowExcessArguments(false)
    .action((scheduler, { every, at, write }) =>
      ask({
        command: "schedule",
        scheduler,
        interval: every ?? (at === undefined ? "1h" : "1d"),
        at,
        write,
        ...globalOptions(program),
      })
    );
}

function readInterval(text: string): Interval {
  if (isInterval(text)) return text;
  throw new InvalidArgumentError(
    `It must divide an hour or a day into equal parts: ${INTERVALS.join(", ")}.`,
  );
}

function readTimeOfDay(text: string): number {
  const minutes = parseTimeOfDay(text);
  if (minutes !== undefined) return minutes;
  throw new InvalidArgumentError("It must be a time of day, 00:00 to 23:59.");
}

/** In the words of commander, which says it for options itself. */
function suggestion(word: string, program: Program): string {
  const names = program.commands.map((command) => command.name());
  const meant = nearestName(word, names.map((name) => name.toUpperCase()))?.toLowerCase();
  return meant === undefined || meant === word ? "" : `\n(Did you mean ${meant}?)`;
}

/** Without what was typed where nothing is expected: somebody may have put a key there. */
function messageOf({ code, message }: CommanderError): string {
  const text = code === "commander.excessArguments"
    ? message.replace(/(but got \d+): [^]*$/, "$1.")
    : message;
  return text.replace(/^error: /, "");
}
