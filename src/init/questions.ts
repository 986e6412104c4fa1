import { checkHealthCheck, checkMail } from "../check/channels.ts";
import { reachServer } from "../check/checks.ts";
import { checkConnection, explainCertificate, lookAt } from "../check/connection.ts";
import { problemOf } from "../check/finding.ts";
import { checkKey, checkServer, KEY_PERMISSIONS } from "../check/key.ts";
import { DELTA_PERMISSIONS } from "../sync/delta_questions.ts";
import { checkAlbum } from "../check/library.ts";
import { variables } from "../config/variables.ts";
import { ImmichError } from "../immich/immich_error.ts";
import { readApiKey, type Server } from "../immich/server.ts";
import { KEYS_PAGE } from "../immich/status_error.ts";
import { offerCertificate } from "./certificate.ts";
import {
  configOf,
  type Interview,
  isSet,
  KEEP,
  replaceSecret,
  show,
  test,
  untilItWorks,
} from "./interview.ts";
import { complaint } from "./terminal.ts";
import { findAlbum } from "../sync/find_album.ts";

/** Asks for the address until the server answers; undefined when it is kept untested. */
export async function askServer(interview: Interview): Promise<Server | undefined> {
  const { terminal, draft } = interview;
  const { url, apiKey } = variables.server;
  return await untilItWorks(interview, async () => {
    const answer = await terminal.ask({
      message: "Address of your Immich server, as in the browser",
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
        const redact = (text: string) => draft.redact(text);
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
      message: `API key, created ${KEYS_PAGE} with ${permissions.join(", ")}${isThere ? KEEP : ""}`,
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
      message: "Name of the album (created if it does not exist), or its id",
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
    "Send a mail when a run fails or needs your attention?",
    before.ok && before.value,
  );
  if (!before.ok || wanted !== before.value) draft.set(email.enabled.name, String(wanted));
  // Not taken out: what stands in the file may be wanted again.
  if (!wanted) return;
  await untilItWorks(interview, async () => {
    await askMailSettings(interview);
    const config = configOf(interview);
    if (config === undefined) return undefined;
    const finding = await checkMail(config.email, false, (text) => draft.redact(text));
    show(interview, finding);
    return finding.status === "problem" ? undefined : true;
  });
}

async function askMailSettings(interview: Interview): Promise<void> {
  const { terminal, draft } = interview;
  const { host, port, security, username, password, from, to } = variables.email;
  const ask = async (variable: typeof host | typeof port | typeof to, message: string) => {
    const answer = await terminal.ask({
      message,
      initial: draft.get(variable.name) ?? variable.defaultText,
      validate: (text) => complaint(variable.parse(text, draft.folder)),
    });
    draft.set(variable.name, answer.trim());
    return answer;
  };
  await ask(host, "Mail server, e.g. smtp.example.com");
  const portText = await ask(port, "Its port (465 for TLS, 587 for STARTTLS)");
  const usual = portText.trim() === "465" ? "tls" : "starttls";
  draft.set(
    security.name,
    await terminal.choose("Encryption", [
      { value: "tls", label: "TLS from the start" },
      { value: "starttls", label: "STARTTLS" },
      { value: "none", label: "none: mail and password are sent unencrypted" },
    ], usual),
  );
  const login = await terminal.ask({
    message: "User name for the mail server (leave empty if it needs none)",
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
          : "A user name needs a password",
    });
    replaceSecret(draft, password.name, answer);
  }
  await ask(from, "Sender, e.g. me@example.com");
  await ask(to, "Recipients, separated by commas");
}

/** Asks where to tell of each run; pings nothing, since no run has been. */
export async function askHealthCheck(interview: Interview): Promise<void> {
  const { terminal, draft } = interview;
  const { healthcheckUrl } = variables.notify;
  await untilItWorks(interview, async () => {
    const isThere = draft.get(healthcheckUrl.name) !== undefined;
    const answer = await terminal.askSecret({
      message:
        "Health check that tells you when runs stop coming, a Healthchecks or Uptime Kuma address" +
        (isThere ? KEEP : " (leave empty for none)"),
      validate: (text) =>
        text === "" ? undefined : complaint(healthcheckUrl.parse(text, draft.folder)),
    });
    replaceSecret(draft, healthcheckUrl.name, answer.trim());
    if (answer === "") return true;
    const config = configOf(interview);
    if (config === undefined) return undefined;
    const finding = await checkHealthCheck(config.notify, false);
    show(interview, finding);
    return finding.status === "problem" ? undefined : true;
  });
}
