import { Command, CommanderError, Option } from "@commander-js/extra-typings";
import { VERSION_AND_COMMIT } from "./version.ts";

/** What the command line asks for, parsed. */
export type Request =
  | SyncRequest
  /** Help or version: `text` is all there is to do. */
  | { readonly command: "print"; readonly text: string }
  /** Wrong usage: `message` says what is wrong with it. */
  | {
    readonly command: "wrong";
    readonly message: string;
    readonly json: boolean;
    readonly dryRun: boolean;
  };

export interface SyncRequest extends Global {
  readonly command: "sync";
  /** Plan, and change nothing. */
  readonly dryRun: boolean;
  /** Run past the guards. */
  readonly force: boolean;
  /** Where to write the HTML report, as typed. */
  readonly report: string | undefined;
}

/** Options of every command. */
export interface Global {
  readonly envFile: string | undefined;
  readonly json: boolean;
  readonly logLevel: string | undefined;
}

const EXAMPLES = `
Examples:
  immich-faceless-sync                      bring the album up to date
  immich-faceless-sync --dry-run            say what would be added and removed
  immich-faceless-sync --dry-run --report preview.html
                                            show it, with thumbnails
  immich-faceless-sync --env-file my.env    read the configuration from my.env
  immich-faceless-sync --json | jq .added   for other programs

The configuration comes from environment variables and from a file .env in the
working folder or beside the program, IMMICH_URL and API_KEY at least; the README
explains all of them.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 some assets could
not be added or removed, 4 refused by a guard, 5 another run is under way.
`;

/** Parses the arguments of the process; never exits and never prints. */
export function parseArguments(args: readonly string[]): Request {
  let output = "";
  let request: Request | undefined;
  const program = new Command("immich-faceless-sync")
    .description("Keeps an Immich album equal to the set of assets that show nobody.")
    .version(VERSION_AND_COMMIT)
    .option("--env-file <file>", "read the configuration from this file")
    .option("--json", "print one JSON document to stdout, and the log to stderr")
    .addOption(
      new Option("--log-level <level>", "how much to log (instead of LOG_LEVEL)")
        .choices(["debug", "info", "warn", "error"]),
    )
    .addHelpText("after", EXAMPLES)
    // Else "help snyc" would be answered with nothing but the name of the function inside.
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void (output += text),
      writeErr: (text) => void (output += text),
      // Finding out would read variables that are none of this program's business.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  program
    .command("sync", { isDefault: true })
    .description("bring the album up to date once (this is also what no command means)")
    .option("--dry-run", "say what would be done, and change nothing")
    .option("--force", "run past the guards this once")
    .option(
      "--report <file>",
      "write what is (or would be) changed, with thumbnails, as an HTML page",
    )
    .allowExcessArguments(true)
    .exitOverride()
    .action(({ dryRun, force, report }, command) => {
      // Since sync is the default command, a misspelt command arrives as its argument.
      const [stray] = command.args;
      if (stray !== undefined) command.error(`error: unknown command '${stray}'`);
      const { envFile, json, logLevel } = program.opts();
      request = {
        command: "sync",
        dryRun: dryRun ?? false,
        force: force ?? false,
        report,
        envFile,
        json: json ?? false,
        logLevel,
      };
    });
  try {
    program.parse([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { command: "print", text: output };
    return {
      command: "wrong",
      message: error.message.replace(/^error: /, ""),
      json: args.includes("--json"),
      dryRun: args.includes("--dry-run"),
    };
  }
  return request ?? { command: "print", text: output };
}
