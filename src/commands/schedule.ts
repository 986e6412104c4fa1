import { resolve } from "node:path";
import { type ConfigResult, loadConfig } from "../config/load.ts";
import type { Config } from "../config/config.ts";
import { processSurroundings } from "../config/source.ts";
import { invalid, type Parsed, valid } from "../config/values.ts";
import { ExplainedError } from "../errors.ts";
import { scheduleByCron } from "../schedule/cron.ts";
import { describeJob, type Job, type Schedule, thisProgram } from "../schedule/job.ts";
import { scheduleByLaunchd } from "../schedule/launchd.ts";
import { scheduleBySystemd } from "../schedule/systemd.ts";
import { type Interval, INTERVALS, parseTimeOfDay, timesOf } from "../schedule/times.ts";
import { scheduleByWindows } from "../schedule/windows.ts";
import { writeFiles } from "../schedule/write.ts";
import { createWriter, printJson } from "../system/console.ts";
import { createRedactor } from "../system/redact.ts";
import { hasControlCharacter, shown } from "../text.ts";
import { EXIT } from "../exit_code.ts";
import type { Common, Verb } from "./verb.ts";

type Os = typeof Deno.build.os;

interface SchedulerFacts {
  readonly make: (job: Job) => Schedule;
  /** Undefined for all but Windows. */
  readonly os: readonly Os[] | undefined;
}

type Scheduler = typeof SCHEDULERS[number];

const SCHEDULERS = ["cron", "systemd", "launchd", "windows"] as const;
const FACTS: Readonly<Record<Scheduler, SchedulerFacts>> = {
  cron: { make: scheduleByCron, os: undefined },
  systemd: { make: scheduleBySystemd, os: ["linux"] },
  launchd: { make: scheduleByLaunchd, os: ["darwin"] },
  windows: { make: scheduleByWindows, os: ["windows"] },
};

export interface ScheduleRequest extends Common {
  readonly command: "schedule";
  readonly scheduler: Scheduler;
  readonly interval: Interval;
  /** Minutes since midnight. */
  readonly at: number | undefined;
  /** The folder to write into, as it was typed; undefined to print. */
  readonly write: string | undefined;
}

export const verb: Verb<ScheduleRequest> = {
  description: "print a scheduler entry that runs a sync",
  examples: [
    ["schedule cron", "print a crontab line for hourly runs"],
    ["schedule systemd --every 15m", "print a service and a timer"],
    ["schedule launchd --at 03:30", "every day at 03:30"],
    ["schedule windows --write .", "write the task's XML file to this folder"],
  ],
  define: (command, { ask, common, value }) =>
    command.optionsGroup("Options for schedule:")
      .addArgument(
        command.createArgument("<scheduler>", "the scheduler to use").choices(SCHEDULERS),
      )
      .addOption(
        command.createOption(
          "--every <interval>",
          "how often (default: 1h, or 1d with --at)",
        ).choices(INTERVALS),
      )
      .option(
        "--at <HH:MM>",
        "time of day to count from (default: midnight)",
        value(timeOfDay),
      )
      .option("--write <dir>", "write the files to this folder; never overwrites others")
      .action((scheduler, { every, at, write }) =>
        ask({
          ...{ command: "schedule", scheduler, at, write },
          interval: every ?? (at === undefined ? "1h" : "1d"),
          ...common(),
        })
      ),
  refusal: (error) => ({ files: [], error }),
};

function timeOfDay(text: string): Parsed<number> {
  const minutes = parseTimeOfDay(text);
  return minutes === undefined ? invalid("be a time of day, 00:00 to 23:59") : valid(minutes);
}

/** The command `schedule`. Returns the exit code of the process. */
export function schedule(request: ScheduleRequest): number {
  const say = createWriter(Deno.stderr);
  const print = createWriter(Deno.stdout);
  const self = thisProgram();
  const surroundings = processSurroundings();
  const folder = self.folder ?? surroundings.cwd;
  const envFiles = request.envFiles.map((file) => resolve(surroundings.cwd, file));
  const { logLevel } = request;
  const all = (envFiles.length === 0 ? [undefined] : envFiles).map((envFile) =>
    loadConfig({ ...surroundings, cwd: folder, envFile, logLevel })
  );
  const redact = createRedactor(all.flatMap(({ secrets }) => secrets));
  const fail = ({ name, message, hint }: ExplainedError, exitCode: number) => {
    const error = { name, message: redact(message), hint: redact(hint) };
    say(`${error.message}\n${error.hint}\n`);
    if (request.json) printJson(verb.refusal(error, false));
    return exitCode;
  };
  const configs: Config[] = [];
  for (const loaded of all) {
    if (!loaded.ok) {
      const message = loaded.problems.map((problem) => problem.message).join("\n");
      return fail(new ExplainedError("ConfigError", message, loaded.hint), EXIT.usage);
    }
    configs.push(loaded.config);
  }
  const job = describeJob(self, {
    configs,
    envFile: all[0]?.file,
    options: { envFiles, logLevel },
    folder,
    times: timesOf(request.interval, request.at),
  });
  const obstacle = findObstacle(job, request.scheduler);
  if (obstacle !== undefined) return fail(obstacle, EXIT.usage);

  const { files, install, remove } = FACTS[request.scheduler].make(job);
  const target = request.write === undefined ? undefined : resolve(surroundings.cwd, request.write);
  try {
    const written = target === undefined ? [] : writeFiles(target, files);
    if (request.json) {
      printJson({ files: files.map(({ name, content }) => ({ name, content })) });
    } else if (target === undefined) {
      print(files.map(({ content }) => content).join("\n"));
    }
    for (const { path, isNew } of written) {
      (request.json ? say : print)(`${isNew ? "Written" : "Unchanged"}: ${path}\n`);
    }
  } catch (error) {
    if (!(error instanceof ExplainedError)) throw error;
    return fail(error, EXIT.failed);
  }
  for (const remark of remarksOn(request.scheduler, job, all)) say(`Note: ${remark}\n`);
  say(`Install: ${install(target)}\nRemove:  ${remove}\n`);
  return EXIT.ok;
}

/** What no quoting helps with. */
function findObstacle(job: Job, scheduler: Scheduler): ExplainedError | undefined {
  const texts = [job.program, ...job.args, job.folder, ...job.writtenFolders];
  const odd = texts.find(hasControlCharacter);
  if (odd !== undefined) {
    return new ExplainedError(
      "PathError",
      `${shown(odd)} has a line break or another control character, which no scheduler accepts.`,
      "Rename the folder or the file.",
    );
  }
  const variable = texts.find((text) => /%[^%\\]+%/.test(text));
  if (scheduler !== "windows" || variable === undefined) return undefined;
  return new ExplainedError(
    "PathError",
    `Task Scheduler would read the part of ${shown(variable)} between two % as a variable.`,
    "Rename the folder or the file.",
  );
}

function remarksOn(scheduler: Scheduler, job: Job, all: readonly ConfigResult[]): string[] {
  const remarks: string[] = [];
  const { os } = FACTS[scheduler];
  if (os === undefined ? Deno.build.os === "windows" : !os.includes(Deno.build.os)) {
    remarks.push(`this is for another system, but has the paths of this machine.`);
  }
  if (!Deno.build.standalone) {
    remarks.push("this runs the source with Deno; deno task compile builds an executable.");
  }
  const unseen = (all[0]?.origins ?? []).filter(({ from }) => from === "environment");
  if (unseen.length > 0) {
    remarks.push(
      `${unseen.map(({ name }) => name).join(", ")}: set in this environment, which a scheduled ` +
        `run does not see. Put it into ${all[0]?.file ?? "a file .env in the working folder"}.`,
    );
  }
  for (const folder of scheduler === "systemd" ? job.writtenFolders : []) {
    if (isFolder(folder)) continue;
    remarks.push(`create this log folder first, as the service may not do so: ${folder}`);
  }
  return remarks;
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false; // what is in the way, the run itself will say
  }
}
