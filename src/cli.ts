import { Command, CommanderError, InvalidArgumentError, Option } from "@commander-js/extra-typings";
import type { CheckRequest } from "./commands/check.ts";
import type { InitRequest } from "./commands/init.ts";
import type { MissedRequest } from "./commands/missed.ts";
import type { ScheduleRequest } from "./commands/schedule.ts";
import type { SyncRequest } from "./commands/sync.ts";
import type { CommandLine, Common } from "./commands/verb.ts";
import { nearestName } from "./config/misspelt.ts";
import { LEVELS } from "./system/log_format.ts";
import { VERSION_AND_COMMIT } from "./version.ts";

/** Every command; its file is loaded only when it is asked for. */
export const VERBS = {
  sync: async () => (await import("./commands/sync.ts")).verb,
  check: async () => (await import("./commands/check.ts")).verb,
  init: async () => (await import("./commands/init.ts")).verb,
  missed: async () => (await import("./commands/missed.ts")).verb,
  schedule: async () => (await import("./commands/schedule.ts")).verb,
} as const;
export type VerbName = keyof typeof VERBS;
const NAMES = Object.keys(VERBS).filter(isVerb);

/** What the command line asks for, parsed. */
export type Request =
  | SyncRequest
  | CheckRequest
  | InitRequest
  | MissedRequest
  | ScheduleRequest
  /** Help or the version: `text` is all there is to do. */
  | { readonly command: "print"; readonly text: string }
  | WrongUsage;

export interface WrongUsage {
  readonly command: "wrong";
  /** The command that was asked for; sync where none was. */
  readonly of: VerbName;
  /** What is wrong. */
  readonly message: string;
  readonly json: boolean;
  readonly dryRun: boolean;
}

type Program = ReturnType<typeof createProgram>;

/**
 * Parses the arguments of the process; never exits and never prints.
 *
 * @param bold Headings of the help, for a terminal that shows it.
 */
export async function parseArguments(args: readonly string[], bold = false): Promise<Request> {
  let output = "";
  let request: Request | undefined;
  const program = createProgram((text) => void (output += text));
  const cli: CommandLine<Request> = {
    ask: (asked) => void (request = asked),
    common: () => commonOptions(program),
    value: (parse) => (text) => {
      const parsed = parse(text, "");
      if (parsed.ok) return parsed.value;
      throw new InvalidArgumentError(`It must ${parsed.must}.`);
    },
  };
  const commands = NAMES.map((name) => {
    const command = addCommand(program, name);
    const define = async () => {
      const verb = await VERBS[name]();
      command.summary(verb.description);
      verb.define(command, cli);
    };
    return { name, define };
  });
  let of: VerbName | undefined;
  program.hook("preSubcommand", async (_, subcommand) => {
    const called = commands.find(({ name }) => name === subcommand.name());
    of = called?.name;
    await called?.define();
  });
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.code === "commander.helpDisplayed") {
      if (of === undefined) await Promise.all(commands.map(({ define }) => define()));
      const examples = of && (await VERBS[of]()).examples;
      const { renderHelp } = await import("./help.ts");
      return { command: "print", text: renderHelp(program, of, examples, bold) };
    }
    if (error.exitCode === 0) return { command: "print", text: output };
    return {
      command: "wrong",
      // Options of every command are read before the command is known.
      of: of ?? args.find(isVerb) ?? "sync",
      message: messageOf(error),
      json: args.includes("--json"),
      dryRun: args.includes("--dry-run"),
    };
  }
  return request ?? { command: "print", text: output };
}

function createProgram(write: (text: string) => void) {
  return new Command("immich-faceless-sync")
    .summary("keep an Immich album of all photos and videos that show no people")
    .optionsGroup("Options for every command:")
    .option(
      "--env-file <file>",
      "read the configuration from this file; repeat it for one run per file (sync, check, schedule)",
      (file: string, before: readonly string[] = []) => [...before, file],
    )
    .option("--json", "print one JSON document to stdout and the log to stderr (all but init)")
    .addOption(
      new Option("--log-level <level>", "how much to log; overrides LOG_LEVEL").choices(LEVELS),
    )
    .helpOption("-h, --help", "show this help, or with COMMAND --help that of a command")
    .version(VERSION_AND_COMMIT, "-V, --version", "print the version")
    // Else "help snyc" would be answered with nothing but the name of the function inside.
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: write,
      writeErr: write,
      // Finding out would read variables that are none of this program's business.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .hook("preAction", (program, command) => {
      const [stray] = command.args;
      if (command.name() !== "sync" || stray === undefined) return;
      program.error(`error: unknown command '${stray}'${suggestion(stray)}`);
    });
}

/** Without its options. Sync is the default: a misspelt command arrives as an argument of it. */
function addCommand(program: Program, name: VerbName) {
  const isDefault = name === "sync";
  return program.command(name, { isDefault }).allowExcessArguments(isDefault);
}

function commonOptions(program: Program): Common {
  const { envFile = [], json = false, logLevel } = program.opts();
  return { envFiles: envFile, json, logLevel };
}

function isVerb(name: string): name is VerbName {
  return Object.hasOwn(VERBS, name);
}

/** In the words of commander, which says it for options itself. */
function suggestion(word: string): string {
  const meant = nearestName(word, NAMES.map((name) => name.toUpperCase()))?.toLowerCase();
  return meant === undefined || meant === word ? "" : `\n(Did you mean ${meant}?)`;
}

/** Without what was typed where nothing is expected: somebody may have put a key there. */
function messageOf({ code, message }: CommanderError): string {
  const text = code === "commander.excessArguments"
    ? message.replace(/(but got \d+): [^]*$/, "$1.")
    : message;
  return text.replace(/^error: /, "");
}
