import { type Interview, tellWhatIsLacking } from "../init/interview.ts";
import { dirname, resolve } from "node:path";
import { ENV_EXAMPLE, environmentNames } from "../config/variables.ts";
import { processSurroundings, type Surroundings } from "../config/source.ts";
import { ExplainedError, type NamedExplanation } from "../errors.ts";
import { describeWritten, Draft, writeDraft } from "../init/draft.ts";
import { askAlbum, askHealthCheck, askKey, askMail, askServer } from "../init/questions.ts";
import { Cancelled, openTerminal, type Terminal } from "../init/terminal.ts";
import { createWriter, printJson } from "../system/console.ts";
import { openLog } from "../system/log.ts";
import { reasonOf, tryToWrite } from "../system/files.ts";
import { EXIT } from "../exit_code.ts";
import { type Common, oneEnvFile, type Verb } from "./verb.ts";

export interface InitRequest extends Common {
  readonly command: "init";
}

export const verb: Verb<InitRequest> = {
  description: "ask a few questions, test the answers and write them to .env",
  examples: [
    ["init", "create your .env"],
    ["init --env-file my.env", "create my.env instead"],
  ],
  define: (command, { ask, common }) =>
    command.action(() => ask({ command: "init", ...oneEnvFile(command, common()) })),
  refusal: (error) => ({ exitCode: EXIT.usage, error }),
};

const WITHOUT_TERMINAL: NamedExplanation = {
  name: "UsageError",
  message: "init needs a terminal for its questions and cannot run with --json.",
  hint: `Or write .env by hand, and let nobody else read it (chmod 600 .env):

    IMMICH_URL=https://photos.example.com
    API_KEY=the key

${ENV_EXAMPLE}, which comes with each release, has all variables. Then test it: immich-faceless-sync check`,
};

/** The command `init`: asks, tests each answer, and writes the env file when all is answered. */
export async function init(request: InitRequest): Promise<number> {
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal() || request.json) {
    return refuse(WITHOUT_TERMINAL, request);
  }
  const surroundings = processSurroundings();
  const [envFile] = request.envFiles;
  let draft: Draft;
  try {
    draft = openDraft(resolve(surroundings.cwd, envFile ?? ".env"));
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    return refuse(error, request);
  }
  const terminal = await openTerminal();
  try {
    return await interview(terminal, draft, surroundings, envFile);
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
    terminal.cancel("Cancelled; nothing was written.");
    return EXIT.interrupted;
  }
}

function refuse({ name, message, hint }: NamedExplanation, { json }: InitRequest): number {
  createWriter(Deno.stderr)(`${message}\n${hint}\n`);
  if (json) printJson(verb.refusal({ name, message, hint }, false));
  return EXIT.usage;
}

/** @throws ExplainedError when the file could not be written in the end */
function openDraft(path: string): Draft {
  try {
    tryToWrite(dirname(path));
  } catch (error) {
    throw new ExplainedError(
      "ConfigError",
      `Cannot write to ${dirname(path)}: ${reasonOf(error)}.`,
      "Start it in a folder of your own, or name a file there with --env-file.",
    );
  }
  return new Draft(path);
}

async function interview(
  terminal: Terminal,
  draft: Draft,
  surroundings: Surroundings,
  envFile: string | undefined,
): Promise<number> {
  terminal.begin("immich-faceless-sync: a few questions for your .env");
  if (draft.replaces) {
    terminal.tell("step", `${draft.path} exists; whatever these questions do not cover is kept.`);
  }
  leaveOutWhatIsWrong(terminal, draft);
  // The findings say what came of the requests.
  const { logger } = openLog({ level: "error", redact: (text) => text, console: "stderr" });
  const questions: Interview = { terminal, draft, log: logger };
  const server = await askServer(questions);
  await askKey(questions, server);
  await askAlbum(questions, server);
  await askMail(questions);
  await askHealthCheck(questions);
  tellWhatIsLacking(questions);
  if (!await terminal.confirm(`Write ${draft.path}?`, true)) throw new Cancelled();
  try {
    terminal.tell("ok", describeWritten(writeDraft(draft)));
  } catch (error) {
    terminal.cancel(`Cannot write ${draft.path}: ${reasonOf(error)}.`);
    return EXIT.failed;
  }
  const stronger = environmentNames.filter((name) => surroundings.environment(name));
  if (stronger.length > 0) {
    terminal.tell(
      "warning",
      `The environment sets ${stronger.join(", ")}, which overrides this file.`,
    );
  }
  terminal.end(nextSteps(envFile));
  return 0;
}

/** Of an existing file: it would stand in the way of every test, and of every run. */
function leaveOutWhatIsWrong(terminal: Terminal, draft: Draft): void {
  const loaded = draft.load();
  const wrong = loaded.ok
    ? []
    : loaded.problems.filter(({ variable }) => draft.get(variable) !== undefined);
  for (const { variable } of wrong) {
    terminal.tell("warning", `${variable} is not valid, so it is left out.`);
    draft.set(variable, "");
  }
  // One that is wrong may have hidden another.
  if (wrong.length > 0) leaveOutWhatIsWrong(terminal, draft);
}

function nextSteps(envFile: string | undefined): string {
  const option = envFile === undefined ? "" : ` --env-file ${quoted(envFile)}`;
  const program = "immich-faceless-sync";
  const steps = [
    [`${program} check${option}`, "test the setup"],
    [`${program} --dry-run${option}`, "show what would be added and removed"],
    [`${program} --dry-run --report preview.html${option}`, "the same, with pictures"],
    [`${program}${option}`, "update the album"],
    [`${program} schedule --help`, "run it every hour"],
  ] as const;
  const width = Math.max(...steps.map(([command]) => command.length));
  return ["Next:", ...steps.map(([command, what]) => `${command.padEnd(width)}  ${what}`)]
    .join("\n   ");
}

function quoted(path: string): string {
  return /^[\w./:\\-]+$/.test(path) ? path : `"${path}"`;
}
