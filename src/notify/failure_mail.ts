import type { Summary } from "../sync/summary.ts";
import type { News } from "./decide.ts";
import type { Mail } from "./email.ts";
import { quoteHere } from "../system/shell.ts";
import { count, localTime } from "../text.ts";

/** What is told of a run: as a mail, and in some lines for a phone. */
export interface Message extends Mail {
  readonly brief: string;
}

export interface FailureMailInput {
  readonly summary: Summary;
  readonly news: News;
  /** For an unexpected error only: with an expected one, its message says it all. */
  readonly stack: string | undefined;
  readonly program: { readonly version: string };
  /** The absolute path of the one that was given with --env-file, if any. */
  readonly envFile: string | undefined;
  readonly startedAt: Date;
  /** Undefined when the log file could not be written. */
  readonly logPath: string | undefined;
  /** The last lines of the log, oldest first. */
  readonly logLines: readonly string[];
}

type RecoveryMailInput = Omit<FailureMailInput, "stack" | "logLines" | "envFile">;

/** Failed assets that are listed; of more, the number is given. */
const MAX_LISTED = 20;
/** An album's name may be longer than a subject is any use. */
const MAX_NAME_IN_SUBJECT = 60;

/**
 * The mail for a run that a person has to look at (exit codes 1, 3 and 4), written for someone who
 * has forgotten that the program runs. Nothing in it is redacted yet.
 */
export function composeFailureMail(input: FailureMailInput): Message {
  const { summary, news, stack, logLines } = input;
  const happened = [whatHappened(summary), ...howLong(news)].join("\n");
  const toDo = whatToDo(input);
  const sections = [
    opening(summary),
    section("What happened", happened),
    section("What it means", whatItMeans(summary)),
    section("What to do", toDo),
    section(`Assets that failed (${summary.failed.length})`, failedAssets(summary)),
    section("Details", details(input)),
    section("The last lines of the log", logLines.join("\n")),
    section("For the developers", stack ?? ""),
  ];
  return {
    subject: `immich-faceless-sync: ${headline(summary)}${
      news.runs > 1 ? ` (${news.runs} runs in a row)` : ""
    }`,
    text: sections.filter((text) => text !== "").join("\n\n") + "\n",
    brief: [opening(summary), happened, toDo].join("\n\n"),
  };
}

/**
 * The message for a run that is fine after trouble that was told. Nothing in it is redacted yet.
 */
export function composeRecoveryMail(
  input: RecoveryMailInput,
): Message {
  const { summary, news: { since, runs } } = input;
  const { added, removed } = summary;
  const what = albumName(summary);
  const is = `${what} is up to date again.`;
  const wrong = `${runs === 1 ? "One run" : `${runs} runs in a row`} needed your attention, since ${
    localTime(new Date(since))
  }.`;
  const caughtUp = added + removed === 0
    ? "There was nothing to change."
    : `Added to the album: ${added}. Removed from it: ${removed}.`;
  const sections = [
    is,
    section("What was wrong", wrong),
    section("What was done", caughtUp),
    section("What to do", "Nothing."),
    section("Details", details(input)),
  ];
  return {
    subject: `immich-faceless-sync: ${shortName(summary)} is up to date again`,
    text: sections.join("\n\n") + "\n",
    brief: [is, wrong, caughtUp].join("\n"),
  };
}

function howLong({ since, runs }: News): string[] {
  if (runs === 1) return [];
  return [
    `This is run ${runs} in a row that needs your attention, since ${localTime(new Date(since))}.`,
  ];
}

function headline(summary: Summary): string {
  const short = shortName(summary);
  const { status, failed } = summary;
  if (status === "refused") return `${short} was not changed; please check`;
  const failures = failed.length === 0 ? undefined : `${count(failed.length, "asset")} failed`;
  if (isChanged(summary)) return `${short} was updated, but ${failures ?? "not completely"}`;
  return `${short} could not be updated${failures === undefined ? "" : `: ${failures}`}`;
}

function isChanged({ added, removed }: Summary): boolean {
  return added + removed > 0;
}

function shortName(summary: Summary): string {
  const name = albumName(summary);
  return name.length > MAX_NAME_IN_SUBJECT ? `${name.slice(0, MAX_NAME_IN_SUBJECT)}…` : name;
}

function opening(summary: Summary): string {
  const where = summary.server.url === null ? "" : ` on ${summary.server.url}`;
  const what = `${albumName(summary)}${where}`;
  if (summary.status === "refused") {
    return `${what} was left unchanged: the changes looked too large to be intended.`;
  }
  return `${what} ${
    isChanged(summary) ? "was updated, but not completely" : "could not be updated"
  }.`;
}

function whatHappened({ guard, error, failed }: Summary): string {
  if (guard !== null) return guard.message;
  if (error !== null) return error.message;
  const adds = failed.filter((asset) => asset.action === "add").length;
  const removes = failed.length - adds;
  return [
    adds > 0 ? `${count(adds, "asset")} could not be added to the album.` : "",
    removes > 0 ? `${count(removes, "asset")} could not be removed from the album.` : "",
  ].filter((line) => line !== "").join("\n");
}

function whatItMeans(summary: Summary): string {
  const { status, album, added, removed } = summary;
  const done = isChanged(summary)
    ? `Added to the album: ${added}. Removed from it: ${removed}.`
    : album.created
    ? "The album was created, and nothing was added to it."
    : "Nothing was changed.";
  const safe =
    "No photo or video was deleted or edited: only the contents of the album ever change.";
  const next = status === "refused"
    ? "The album stays unchanged until you decide; every run will be refused again."
    : "Nothing is lost: the next run tries again.";
  return [done, safe, next].join("\n");
}

function whatToDo({ summary: { status, error }, news, stack, envFile }: FailureMailInput): string {
  const which = envFile === undefined ? "" : ` --env-file ${quoteHere(envFile)}`;
  if (status === "refused") {
    return "See what would change:  " +
      `immich-faceless-sync sync --dry-run --report preview.html${which}\n` +
      `If it is right, run once:  immich-faceless-sync sync --force${which}`;
  }
  const isFirst = news.runs === 1;
  const hint = error === null || error.hint === "" ? [] : [error.hint];
  if (stack !== undefined) {
    hint.push(
      isFirst
        ? "If it happens again, report it to the developers with this mail."
        : "Report it to the developers with this mail.",
    );
  }
  if (status !== "partial") {
    hint.push(`To see whether it works again:  immich-faceless-sync --dry-run${which}`);
  } else {
    hint.push(
      isFirst
        ? "Nothing, unless it happens again; then look in Immich at the assets that failed."
        : "Look in Immich at the assets that failed.",
    );
  }
  return hint.join("\n");
}

function failedAssets({ failed, server }: Summary): string {
  const lines = failed.slice(0, MAX_LISTED).map(({ id, action, error }) => {
    const page = server.url === null ? id : `${server.url}/photos/${id}`;
    return `${action === "add" ? "add" : "remove"}: ${error}  ${page}`;
  });
  const more = failed.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

function details(
  { summary, program, startedAt, logPath }: RecoveryMailInput,
): string {
  const { server, assets: { read, matching }, exitCode } = summary;
  const version = server.version === null ? "" : ` (Immich ${server.version})`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Server", server.url === null ? undefined : server.url + version],
    ["Album", summary.album.name ?? summary.album.id ?? undefined],
    ["Assets read", read === null ? undefined : `${read}, of which ${matching} belong`],
    ["Started", localTime(startedAt)],
    ["Program", `immich-faceless-sync ${program.version}`],
    ["Exit code", String(exitCode)],
    ["Log file", logPath ?? "could not be written"],
  ];
  return rows.filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name.padEnd(13)}${value}`).join("\n");
}

function albumName({ album }: Summary): string {
  return album.name === null ? `The album ${album.id ?? ""}`.trim() : `The album "${album.name}"`;
}

/** Nothing at all when there is nothing to say. */
function section(title: string, body: string): string {
  if (body === "") return "";
  const indented = body.split(/\r\n|[\n\r]/).map((line) => `  ${line}`.trimEnd()).join("\n");
  return `${title}\n${indented}`;
}
