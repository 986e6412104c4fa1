import type { Config, NotifyConfig } from "../config/config.ts";
import { EXIT } from "../exit_code.ts";
import type { RunResult } from "../sync/run.ts";
import type { Summary } from "../sync/summary.ts";
import type { Log } from "../system/log.ts";
import { VERSION } from "../version.ts";
import type { ChannelFailure } from "./channel.ts";
import { decide, type News } from "./decide.ts";
import type { Message } from "./failure_mail.ts";
import type { HealthCheck } from "./health_check.ts";
import { NO_STATE, readState, type State, type StateStore, writeState } from "./state.ts";

const MAILED_LOG_LINES = 20;
/** What a ping of the start is left when the run has ended already. */
const LATE_MS = 2000;

export interface NotifyInput {
  readonly config: Config;
  readonly store: StateStore;
  /** The absolute path of the one that was given with --env-file, if any. */
  readonly envFile: string | undefined;
  /** Nobody is told of a dry run, and it leaves nothing for the next run. */
  readonly dryRun: boolean;
  readonly log: Log;
  readonly redact: (text: string) => string;
}

/** Tells of one run whoever is to know of it. No channel that fails changes anything but the log. */
export interface Notifier {
  /** What the run before has left. */
  readonly state: State;
  /** To be called once it is clear that no other run has the album; only the first call counts. */
  started(): void;
  /** Returns when all have been told, or could not be: after 45 seconds at most. */
  ended(result: RunResult, startedAt: Date): Promise<void>;
}

/** Reads what the run before has left. */
export function openNotifier(input: NotifyInput): Notifier {
  const { state, problem } = readState(input.store);
  if (problem !== undefined) input.log.logger.warn(problem);
  if (input.dryRun) return { state, started: () => {}, ended: () => Promise.resolve() };
  const { healthcheckUrl, caCertificates } = input.config.notify;
  const healthCheck = healthcheckUrl === undefined
    ? undefined
    : import("./health_check.ts").then((module) =>
      module.createHealthCheck(healthcheckUrl, caCertificates)
    );
  const late = new AbortController();
  let starting: Promise<void> | undefined;
  return {
    state,
    started: () => void (starting ??= pingStart(input, healthCheck, late.signal)),
    ended: async (result, startedAt) => {
      const people = tellPeople(input, state, result, startedAt);
      const timer = setTimeout(() => late.abort(), LATE_MS);
      await starting;
      clearTimeout(timer);
      await Promise.all([people, pingEnd(input, healthCheck, result.summary)]);
    },
  };
}

const UNPINGED = "The health check cannot be pinged";

function sentence(beginning: string, { why, hint }: ChannelFailure): string {
  return `${beginning}: ${why}. ${hint}`;
}

async function pingStart(
  { log }: NotifyInput,
  healthCheck: Promise<HealthCheck> | undefined,
  late: AbortSignal,
): Promise<void> {
  const failure = await (await healthCheck)?.start(late);
  if (failure !== undefined && !late.aborted) log.logger.warn(sentence(UNPINGED, failure));
}

async function pingEnd(
  { log, redact }: NotifyInput,
  healthCheck: Promise<HealthCheck> | undefined,
  summary: Summary,
): Promise<void> {
  const failure = await (await healthCheck)?.end(redacted(summary, redact));
  if (failure !== undefined) log.logger.warn(sentence(UNPINGED, failure));
}

/** The same document, as no other types than texts are touched. */
function redacted(summary: Summary, redact: NotifyInput["redact"]): Summary {
  const album = { ...summary.album, name: summary.album.name && redact(summary.album.name) };
  const error = summary.error && {
    name: summary.error.name,
    message: redact(summary.error.message),
    hint: redact(summary.error.hint),
  };
  const guard = summary.guard && { ...summary.guard, message: redact(summary.guard.message) };
  const failed = summary.failed.map((asset) => ({ ...asset, error: redact(asset.error) }));
  return { ...summary, album, error, guard, failed };
}

/** By mail and webhook, if there is news for them; and keeps for the next run that they know. */
async function tellPeople(
  input: NotifyInput,
  state: State,
  result: RunResult,
  startedAt: Date,
): Promise<void> {
  const { config: { notify }, store } = input;
  const { summary } = result;
  // Of an album that another run is busy with, that run will tell.
  if (summary.exitCode === EXIT.busy) return;
  let decision = decide(state, summary, Date.now(), notify);
  const unkept = writeState(store, decision.untold);
  if (unkept !== undefined) {
    input.log.logger.warn(unkept);
    // Nobody would count the runs up to NOTIFY_AFTER, or know that somebody has been told.
    decision = decide(NO_STATE, summary, Date.now(), { ...notify, after: 1 });
  }
  if (decision.news === undefined) return;
  const reached = await deliver(input, decision.news, result, startedAt);
  if (!reached || unkept !== undefined) return;
  const unnoted = writeState(store, decision.told);
  if (unnoted !== undefined) input.log.logger.warn(unnoted);
}

/** @returns whether any channel took it */
async function deliver(
  input: NotifyInput,
  news: News,
  result: RunResult,
  startedAt: Date,
): Promise<boolean> {
  const { email, notify: { webhook } } = input.config;
  if (email === undefined && webhook === undefined) return false;
  // Loaded only now: a run without news needs none of it.
  const message = await composeMessage(input, news, result, startedAt);
  const reached = await Promise.all([
    sendMailOf(input, message),
    callWebhookOf(input, news, message, result.summary),
  ]);
  return reached.includes(true);
}

async function composeMessage(
  { config, envFile, log, redact }: NotifyInput,
  news: News,
  { summary, defect }: RunResult,
  startedAt: Date,
): Promise<Message> {
  const { composeFailureMail, composeRecoveryMail } = await import("./failure_mail.ts");
  const input = {
    // Redacted before it is cut for the subject: half a secret would not be known any more.
    summary: redacted(summary, redact),
    news,
    program: { version: VERSION },
    startedAt,
    logPath: log.fileProblem() === undefined ? config.log.path : undefined,
  };
  if (news.event === "recovery") return composeRecoveryMail(input);
  const logLines = log.recentLines(MAILED_LOG_LINES);
  return composeFailureMail({ ...input, stack: defect?.stack, logLines, envFile });
}

async function sendMailOf({ config, log, redact }: NotifyInput, message: Message) {
  const { email } = config;
  if (email === undefined) return false;
  const { sendMail } = await import("./email.ts");
  const result = await sendMail(email, message, redact);
  if (!result.sent) {
    const { message, hint } = result.problem;
    log.logger.warn(`The mail could not be sent: ${message} ${hint}`);
    return false;
  }
  log.logger.info(`A mail was sent to ${email.to.join(", ")}.`);
  if (result.problem !== undefined) {
    log.logger.warn(`${result.problem.message} ${result.problem.hint}`);
  }
  return true;
}

async function callWebhookOf(
  { config, log, redact }: NotifyInput,
  news: News,
  { subject, brief }: Message,
  summary: Summary,
) {
  const { webhook, caCertificates } = config.notify;
  if (webhook === undefined) return false;
  const { callWebhook } = await import("./webhook.ts");
  const failure = await callWebhook(webhook, {
    title: redact(subject),
    text: redact(brief),
    event: news.event,
    run: { news, summary: redacted(summary, redact) },
  }, { caCertificates });
  if (failure === undefined) log.logger.info("The webhook was called.");
  else log.logger.warn(sentence("The webhook cannot be called", failure));
  return failure === undefined;
}

/**
 * Pings the end of a run that never began, as its configuration or command line is wrong, as far as
 * that tells where. Nobody else can be told.
 */
export async function pingUnstarted(
  { healthcheckUrl, caCertificates }: NotifyConfig,
  summary: Summary,
  log: Log,
): Promise<void> {
  if (healthcheckUrl === undefined || summary.dryRun) return;
  const { createHealthCheck } = await import("./health_check.ts");
  const failure = await createHealthCheck(healthcheckUrl, caCertificates).end(summary);
  if (failure !== undefined) log.logger.warn(sentence(UNPINGED, failure));
}
