import { KEYS_PAGE } from "../immich/status_error.ts";
import { checkAlbum } from "../check/library.ts";
import { checkConnection, explainCertificate, lookAt } from "../check/connection.ts";
import { type CheckName, type Finding, problemOf } from "../check/finding.ts";
import { checkKey, checkServer, DELTA_PERMISSIONS, KEY_PERMISSIONS } from "../check/key.ts";
import { checkMail } from "../check/channels.ts";
import { safe } from "../check/print.ts";
import { openHttp, reachServer } from "../check/checks.ts";
import type { Config } from "../config/config.ts";
import { variables } from "../config/variables.ts";
import { ImmichError } from "../immich/immich_error.ts";
import type { ImmichHttp } from "../immich/http.ts";
import { readApiKey, type Server } from "../immich/server.ts";
import { findAlbum } from "../sync/find_album.ts";
import type { Logger } from "../system/log.ts";
import { createRedactor } from "../system/redact.ts";
import { offerCertificate } from "./certificate.ts";
import type { Draft } from "./draft.ts";
import { complaint, type Terminal } from "./terminal.ts";

/** What the questions are asked with, and where the answers go. */
export interface Interview {
  readonly terminal: Terminal;
  readonly draft: Draft;
  readonly log: Logger;
}

/** A secret that is there already is kept when nothing is typed. */
export const KEEP = " (nothing keeps the one that is there)";

/** Asks for the address until the server answers; undefined when it is kept untested. */
export async function askServer(interview: Interview): Promise<Server | undefined> {
  const { terminal, draft } = interview;
  const { url, apiKey } = variables.server;
  return await untilItWorks(interview, async () => {
    const answer = await terminal.ask({
      message: "Address of your Immich, as in the browser",
      initial: draft.get(url.name),
      placeholder: "https://photos.example.com",
      validate: (text) => complaint(url.parse(text, draft.folder)),
    });
    const parsed = url.parse(answer, draft.folder);
    draft.set(url.name, parsed.ok ? parsed.value ?? answer : answer);
    // The key is not sent to a server before that has shown what it is.
    for (;;) {
      const config = configOf(interview, { [apiKey.name]: "not-asked-yet" });
      if (config === undefined) return undefined;
      try {
        const redact = createRedactor(draft.load().secrets);
        const server = await reachServer({ config, log: interview.log, redact });
        show(interview, await checkConnection(config.immich));
        show(interview, checkServer(server, config.immich.baseUrl));
        return server;
      } catch (error) {
        if (!(error instanceof ImmichError) || error.kind !== "certificate") {
          show(interview, problemOf("server", error));
          return undefined;
        }
        const shown = await lookAt(config.immich);
        const offer = await offerCertificate(interview, config.immich, error, shown);
        if (offer === "accepted") continue;
        if (offer !== "declined") {
          show(interview, explainCertificate(config.immich, error, shown));
        }
        return undefined;
      }
    }
  });
}

export async function askKey(interview: Interview, server: Server | undefined): Promise<void> {
  const { terminal, draft } = interview;
  const { apiKey } = variables.server;
  await untilItWorks(interview, async () => {
    const isThere = isSet(draft, apiKey.name);
    const permissions = [
      ...KEY_PERMISSIONS,
      ...server?.structuredSearch ? DELTA_PERMISSIONS : [],
    ];
    const answer = await terminal.askSecret({
      message: `API key, made ${KEYS_PAGE} with ${permissions.join(", ")}${isThere ? KEEP : ""}`,
      validate: (text) =>
        text === "" && isThere ? undefined : complaint(apiKey.parse(text, draft.folder)),
    });
    replaceSecret(draft, apiKey.name, answer.trim());
    if (server === undefined) return true;
    return await test(interview, "key", async (http, config) => {
      const key = await readApiKey(http);
      return checkKey(key, config, { server, albumExists: undefined });
    });
  });
}

export async function askAlbum(interview: Interview, server: Server | undefined): Promise<void> {
  const { terminal, draft } = interview;
  const { name, id } = variables.album;
  await untilItWorks(interview, async () => {
    const answer = await terminal.ask({
      message: "Name of the album (it is made if it is missing), or its id",
      initial: draft.get(id.name) ?? draft.get(name.name) ?? name.defaultText,
      validate: (text) => complaint(name.parse(text, draft.folder)),
    });
    const isId = id.parse(answer, draft.folder).ok;
    draft.set(id.name, isId ? answer.trim() : "");
    if (!isId) draft.set(name.name, answer);
    if (server === undefined) return true;

    return await test(interview, "album", async (http, config) => {
      const target = await findAlbum(http, config.album);
      return await checkAlbum({ http, config, server, target });
    });
  });
}

export async function askMail(interview: Interview): Promise<void> {
  const { terminal, draft } = interview;
  const { email } = variables;
  const before = email.enabled.parse(draft.get(email.enabled.name) ?? "false", draft.folder);
  const wanted = await terminal.confirm(
    "Send a mail when a run fails or needs you?",
    before.ok && before.value,
  );
  if (!before.ok || wanted !== before.value) draft.set(email.enabled.name, String(wanted));
  // Not taken out: what stands in the file may be wanted again.
  if (!wanted) return;
  await untilItWorks(interview, async () => {
    await askMailSettings(interview);
    const config = configOf(interview);
    if (config === undefined) return undefined;
    const redact = createRedactor(draft.load().secrets);
    const finding = await checkMail(config.email, false, redact);
    show(interview, finding);
    return finding.status === "problem" ? undefined : true;
  });
}

async function askMailSettings(interview: Interview): Promise<void> {
  const { terminal, draft } = interview;
  const { server, port, security, username, password, from, to } = variables.email;
  const ask = async (variable: typeof server | typeof port | typeof to, message: string) => {
    const answer = await terminal.ask({
      message,
      initial: draft.get(variable.name) ?? variable.defaultText,
      validate: (text) => complaint(variable.parse(text, draft.folder)),
    });
    draft.set(variable.name, answer.trim());
    return answer;
  };
  await ask(server, "Mail server, e.g. smtp.example.com");
  const portText = await ask(port, "Its port (465 for TLS, 587 for STARTTLS)");
  const usual = portText.trim() === "465" ? "tls" : "starttls";
  draft.set(
    security.name,
    await terminal.choose("Encryption", [
      { value: "tls", label: "TLS from the start" },
      { value: "starttls", label: "STARTTLS" },
      { value: "none", label: "none: mail and password go in clear" },
    ], usual),
  );
  const login = await terminal.ask({
    message: "Login of the mail server (empty: it needs none)",
    initial: draft.get(username.name),
    validate: (text) => text === "" ? undefined : complaint(username.parse(text, draft.folder)),
  });
  draft.set(username.name, login.trim());
  if (login === "") {
    draft.set(password.name, "");
    draft.set(`${password.name}_FILE`, "");
  } else {
    const isThere = isSet(draft, password.name);
    const answer = await terminal.askSecret({
      message: `Its password${isThere ? KEEP : ""}`,
      validate: (text) =>
        text !== ""
          ? complaint(password.parse(text, draft.folder))
          : isThere
          ? undefined
          : "A login needs a password",
    });
    replaceSecret(draft, password.name, answer);
  }
  await ask(from, "Sender, e.g. me@example.com");
  await ask(to, "Recipients, separated by commas");
}

/** Asks again while the test fails, unless the answers are to be kept all the same. */
export async function untilItWorks<T>(
  { terminal }: Interview,
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  for (;;) {
    const result = await attempt();
    if (result !== undefined) return result;
    const next = await terminal.choose("That did not work.", [
      { value: "again", label: "Answer again" },
      { value: "keep", label: "Keep it as it is, and mend it later" },
    ]);
    if (next === "keep") return undefined;
  }
}

/** Asks the server; undefined when what it tells is a problem. */
async function test(
  interview: Interview,
  name: CheckName,
  action: (http: ImmichHttp, config: Config) => Promise<Finding>,
): Promise<true | undefined> {
  const config = configOf(interview);
  if (config === undefined) return undefined;
  const { draft, log } = interview;
  const http = openHttp({ config, log, redact: createRedactor(draft.load().secrets) });
  let finding: Finding;
  try {
    finding = await action(http, config);
  } catch (error) {
    finding = problemOf(name, error);
  } finally {
    http.close();
  }
  show(interview, finding);
  return finding.status === "problem" ? undefined : true;
}

/** The configuration of the draft; its problems are told. */
export function configOf(
  { terminal, draft }: Interview,
  standIns: Readonly<Record<string, string>> = {},
): Config | undefined {
  const loaded = draft.load(standIns);
  if (loaded.ok) return loaded.config;
  const redact = createRedactor(loaded.secrets);
  for (const { message } of loaded.problems) terminal.tell("problem", safe(message, { redact }));
  return undefined;
}

export function show({ terminal, draft }: Interview, finding: Finding): void {
  const redact = createRedactor(draft.load().secrets);
  const hint = "hint" in finding ? `\n${safe(finding.hint, { redact })}` : "";
  terminal.tell(finding.status, safe(finding.message, { redact }) + hint);
}

function isSet(draft: Draft, name: string): boolean {
  return draft.get(name) !== undefined || draft.get(`${name}_FILE`) !== undefined;
}

export function replaceSecret(draft: Draft, name: string, answer: string): void {
  if (answer === "") return;
  draft.set(name, answer);
  draft.set(`${name}_FILE`, "");
}
