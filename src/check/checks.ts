import { checkChannels, checkMail } from "./channels.ts";
import { checkConnection, explainConnection } from "./connection.ts";
import { type CheckName, type Finding, ok, problem, problemOf } from "./finding.ts";
import { checkKey, checkServer, checkStrategy } from "./key.ts";
import { checkAlbum, checkLibrary, checkPartners } from "./library.ts";
import { checkLastRun, checkLock, checkLogFile } from "./machine.ts";
import { checkMissed } from "./missed_reasons.ts";
import type { Config } from "../config/config.ts";
import { countTimeline } from "../immich/counts.ts";
import { ImmichHttp } from "../immich/http.ts";
import { ImmichError } from "../immich/immich_error.ts";
import { type People, readPeople } from "../immich/people.ts";
import { type ApiKey, may, readApiKey, readServer, type Server } from "../immich/server.ts";
import type { StateStore } from "../notify/state.ts";
import { findAlbum, type Target } from "../sync/find_album.ts";
import { resolveRule } from "../sync/rule.ts";
import type { Logger } from "../system/log.ts";

export interface CheckInput {
  readonly config: Config;
  /** Where the runs with this configuration leave how they ended. */
  readonly stateStore: StateStore;
  readonly lockFolder: string;
  /** Sends one message through each channel that is set. */
  readonly sendTest: boolean;
  readonly log: Logger;
  readonly redact: (text: string) => string;
}

/** Somebody waits for the answer, and a check can be repeated: a request is tried twice, no more. */
const RETRIES = 1;
/** For the first answer, which costs a server nothing: whoever does not give it is not there. */
const REACH_MS = 20_000;

/** Looks at everything that a run with this configuration needs, and changes none of it. */
export async function* runChecks(input: CheckInput): AsyncGenerator<Finding> {
  const { config, redact } = input;
  yield checkLogFile(config.log);
  yield checkLastRun(input.stateStore, config.log.path);
  yield await checkLock(config, input.lockFolder);
  yield* checkImmich(input);
  yield* await checkTelling(config, input.sendTest, redact);
}

/** Mail, health check and webhook. */
async function checkTelling(
  { email, notify }: Config,
  sendTest: boolean,
  redact: CheckInput["redact"],
): Promise<Finding[]> {
  if (sendTest && (email ?? notify.healthcheckUrl ?? notify.webhook) === undefined) {
    return [problem(
      "configuration",
      "--send-test has nothing to send: no mail, health check or webhook is set up.",
      "Set ENABLE_EMAIL_ON_ERROR=true and the EMAIL_… variables, HEALTHCHECK_URL or WEBHOOK_URL.",
    )];
  }
  const [mail, channels] = await Promise.all([
    checkMail(email, sendTest, redact),
    checkChannels(notify, sendTest),
  ]);
  return [mail, ...channels];
}

/** The server, if it can be reached; gives up sooner than a run would. */
export async function reachServer(
  input: Pick<CheckInput, "config" | "log" | "redact">,
): Promise<Server> {
  const { config } = input;
  const timeoutMs = Math.min(config.immich.timeoutMs, REACH_MS);
  const http = openHttp({
    ...input,
    config: { ...config, immich: { ...config.immich, timeoutMs } },
  });
  try {
    return await readServer(http);
  } finally {
    http.close();
  }
}

/** A client with fewer retries than that of a run. */
export function openHttp(
  { config, log, redact }: Pick<CheckInput, "config" | "log" | "redact">,
): ImmichHttp {
  const immich = { ...config.immich, retries: Math.min(config.immich.retries, RETRIES) };
  return new ImmichHttp(immich, log, new AbortController().signal, redact);
}

/** From the outside in: without a server that answers there is nothing else to ask. */
async function* checkImmich(input: CheckInput): AsyncGenerator<Finding> {
  const { config } = input;
  const server = await attempt(() => reachServer(input));
  if (!server.ok) return yield await explainConnection(config.immich, server.error);
  yield await checkConnection(config.immich);
  const http = openHttp(input);
  try {
    yield* checkAnswering(http, config, server.value);
  } finally {
    http.close();
  }
}

async function* checkAnswering(
  http: ImmichHttp,
  config: Config,
  server: Server,
): AsyncGenerator<Finding> {
  const key = await attempt(() => readApiKey(http));
  // In maintenance mode the version is all that can be had, and the server would be praised first.
  if (!key.ok) return yield problemOf("key", key.error);
  yield checkServer(server, config.immich.baseUrl);
  const facts: Facts = {
    http,
    config,
    server,
    key: key.value,
    target: await attempt(() => findAlbum(http, config.album)),
    people: may(key.value, "person.read") ? await attempt(() => readPeople(http)) : NOT_ASKED,
  };
  yield* checkInside(facts);
}

/** What the server told; a failure is told where it matters. */
interface Facts {
  readonly http: ImmichHttp;
  readonly config: Config;
  readonly server: Server;
  readonly key: ApiKey;
  readonly target: Outcome<Target>;
  /** Undefined when the key may not ask for them. */
  readonly people: Outcome<People | undefined>;
}

type Outcome<T> = { readonly ok: true; readonly value: T } | {
  readonly ok: false;
  readonly error: unknown;
};

const NOT_ASKED: Outcome<undefined> = { ok: true, value: undefined };

async function* checkInside(facts: Facts): AsyncGenerator<Finding> {
  const { config, server, target } = facts;
  const albumExists = target.ok ? target.value.album !== undefined : undefined;
  const key = checkKey(facts.key, config, { server, albumExists });
  yield key;
  const told = new Set<unknown>();
  for (const [name, step] of STEPS) {
    const findings = await attempt(() => step(facts));
    if (findings.ok) {
      yield* findings.value;
      continue;
    }
    const { error } = findings;
    // One failure is told once, and a missing permission has been told of the key.
    const isMissing = error instanceof ImmichError && error.permission !== undefined;
    if (told.has(error) || (isMissing && key.status === "problem")) continue;
    told.add(error);
    yield problemOf(name, error);
  }
}

const STEPS: readonly (readonly [CheckName, (facts: Facts) => Promise<Finding[]>])[] = [
  ["album", async (facts) => [await checkAlbum({ ...facts, target: valueOf(facts.target) })]],
  ["library", checkAssets],
  ["rule", async ({ http, config, server, people }) => {
    const read = async () => valueOf(people) ?? await readPeople(http);
    const { kind } = await resolveRule(config.rule, server, read);
    return [ok("rule", `FACELESS_RULE=${kind}`)];
  }],
  ["strategy", ({ config, server, key, target, people }) => {
    const { includeArchived, includePartners, rule, scanEveryMs } = config;
    const { album } = valueOf(target);
    const input = { server, album, scope: { includeArchived, rule }, includePartners };
    const count = valueOf(people)?.listed.length;
    return Promise.resolve([checkStrategy(input, key, count, scanEveryMs)]);
  }],
  ["missed", ({ http, server, key, config }) => checkMissed(http, server, key, config.rule)],
];

async function checkAssets(facts: Facts): Promise<Finding[]> {
  const { http, config, target, people } = facts;
  const { own, partners } = await countTimeline(http);
  const library = await checkLibrary({
    ...facts,
    ownUserId: target.ok ? target.value.ownUserId : undefined,
    assets: own,
    people: people.ok ? people.value?.listed.length : undefined,
  });
  return [library, checkPartners(partners, config.includePartners)];
}

async function attempt<T>(action: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await action() };
  } catch (error) {
    return { ok: false, error };
  }
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw outcome.error;
  return outcome.value;
}
