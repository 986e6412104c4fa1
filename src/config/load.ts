/** The configuration as a whole: reads every variable, checks what must hold between them. */

import { resolve } from "node:path";
import type { AlbumConfig, Config, EmailConfig, ImmichConfig, RuleConfig } from "./config.ts";
import type { NotifyConfig } from "./config.ts";
import { allVariables, environmentNames, variables } from "./variables.ts";
import { keyFitsCertificate } from "./pem.ts";
import { Reader } from "./reader.ts";
import {
  gatherSettings,
  type Problem,
  type Setting,
  type Settings,
  type Surroundings,
} from "./source.ts";
import type { Variable } from "./variable.ts";
import type { Explanation } from "../errors.ts";
import { isDevice } from "../system/files.ts";
import { shown } from "../text.ts";

export interface ConfigInput extends Surroundings {
  /** `--env-file`; relative to `cwd`. */
  readonly envFile?: string | undefined;
  /** `--log-level`; over LOG_LEVEL. */
  readonly logLevel?: string | undefined;
}

/** Where the value of a variable comes from. */
export interface Origin {
  readonly name: string;
  /** As it was written, safe to print; never of a secret. */
  readonly value: string;
  readonly from: "option" | "environment" | "file" | "default";
  /** In the env file: of the value, or of the one that the environment wins over. */
  readonly line?: number | undefined;
}

export type ConfigResult =
  & {
    /** The env file in use, absolute. */
    readonly file: string | undefined;
    /** All variables that are set or have a default, in the order of `.env.example`. */
    readonly origins: readonly Origin[];
    /** Literal texts that must never be printed, longest first; complete also on failure. */
    readonly secrets: readonly string[];
    readonly warnings: readonly Explanation[];
  }
  & (
    | { readonly ok: true; readonly config: Config }
    | {
      readonly ok: false;
      readonly problems: readonly Problem[];
      /** What to do about them. */
      readonly hint: string;
      /** As far as it is valid itself. */
      readonly notify: NotifyConfig;
    }
  );

/** All problems at once; throws nothing for what a user can get wrong. */
export function loadConfig(input: ConfigInput): ConfigResult {
  const settings = gatherSettings(input, environmentNames, input.envFile);
  const reader = new Reader(settings, input.cwd);
  const immich = readImmich(reader);
  const logPath = readWrittenPath(variables.log.path, reader, settings);
  const config = {
    album: readAlbum(reader),
    rule: readRule(reader),
    ...reader.readAll(variables.library),
    ...reader.readAll(variables.run),
    guards: reader.readAll(variables.guards),
    log: {
      path: logPath,
      level: readLevel(reader, input.logLevel),
      ...reader.readAll(variables.log, ["path", "level", "statePath"]),
    },
    statePath: readStatePath(logPath, reader, settings, input.cwd),
    email: readEmail(reader),
    notify: readNotify(reader),
  };
  const { problems, secrets, warnings } = reader;
  const valid = immich !== undefined && problems.length === 0;
  const origins = originsOf(settings, input.logLevel, { secrets, valid });
  const common = { file: settings.file, origins, secrets, warnings };
  return valid
    ? { ok: true, config: { immich, ...config }, ...common }
    : { ok: false, problems, hint: hintFor(settings, input.cwd), notify: config.notify, ...common };
}

/** Started by a scheduler, the working folder is often not the one that was meant. */
function hintFor({ file, complete }: Settings, folder: string): string {
  if (file !== undefined) return `Correct this in the env file ${file} or in the environment.`;
  return complete
    ? `Set the variables in the environment or in an env file: there is no file .env in the working folder ${folder}, and --env-file names none.`
    : "The configuration is in that env file, so nothing was done; correct it, or name another with --env-file.";
}

/**
 * @param known the secrets found, and whether all values are right: a path in `NAME_FILE` may be
 *   the secret itself in the wrong place as long as nobody could read that file
 */
function originsOf(
  settings: Settings,
  logLevel: string | undefined,
  known: { readonly secrets: readonly string[]; readonly valid: boolean },
): Origin[] {
  return allVariables.flatMap(({ name, defaultText, secret, orFromFile }) => {
    if (name === variables.log.level.name && logLevel !== undefined) {
      return [{ name, value: plain(logLevel), from: "option" as const }];
    }
    const file = `${name}_FILE`;
    return [
      ...originOf(settings.all(name), name, secret, known.secrets) ??
        (defaultText === undefined ? [] : [{ name, value: defaultText, from: "default" as const }]),
      ...orFromFile ? originOf(settings.all(file), file, !known.valid, known.secrets) ?? [] : [],
    ];
  });
}

function originOf(
  [setting, other]: readonly Setting[],
  name: string,
  hidden: boolean,
  secrets: readonly string[],
): Origin[] | undefined {
  if (setting === undefined) return undefined;
  const isSecret = hidden || secrets.some((part) => setting.text.includes(part));
  const value = isSecret ? "(secret)" : plain(setting.text);
  return [{ name, value, from: setting.from, line: setting.line ?? other?.line }];
}

/** In quotes only where it needs them. */
function plain(text: string): string {
  return /^[\w./:@%+,=~-]{1,80}$/.test(text) ? text : shown(text);
}

function readImmich(reader: Reader): ImmichConfig | undefined {
  const { server } = variables;
  const baseUrl = reader.require(server.url);
  const apiKey = reader.require(server.apiKey);
  const caCertificates = reader.read(server.caCertificates);
  const clientCertificate = readClientCertificate(reader);
  const { headers = [], ...others } = reader.readAll(
    server,
    ["url", "apiKey", "caCertificates", "clientCert", "clientKey"],
  );
  if (baseUrl === undefined || apiKey === undefined) return undefined;
  return { baseUrl, apiKey, caCertificates, clientCertificate, headers, ...others };
}

function readClientCertificate(reader: Reader): ImmichConfig["clientCertificate"] {
  const { clientCert, clientKey } = variables.server;
  if (!reader.isSet(clientCert) && !reader.isSet(clientKey)) return undefined;
  const cert = reader.require(clientCert, clientKey);
  const key = reader.require(clientKey, clientCert);
  if (cert === undefined || key === undefined) return undefined;
  if (!keyFitsCertificate(key, cert)) {
    reader.problem(
      clientKey.name,
      `must be the private key of the certificate in ${clientCert.name} ` +
        "(of the first one, if it has several): found the key of another",
    );
  }
  return { cert, key };
}

function readAlbum(reader: Reader): AlbumConfig {
  const { album } = variables;
  if (!reader.isSet(album.id)) return { by: "name", name: reader.read(album.name) };
  return { by: "id", id: reader.read(album.id) ?? "" };
}

function readRule(reader: Reader): RuleConfig {
  const { rule, withoutPeople } = variables.rule;
  const kind = reader.read(rule);
  if (kind === "without") {
    const people = reader.require(withoutPeople, rule, kind);
    return { kind, people: people ?? [] };
  }
  if (reader.isSet(withoutPeople)) {
    reader.warn(
      `${withoutPeople.name} is ignored: it applies only with ${rule.name}=without.`,
      `Set ${rule.name}=without, or remove it from ${reader.placeOf(withoutPeople)}.`,
    );
  }
  return { kind };
}

/** Beside the log; beside where the log would be, when that is a device. */
function readStatePath(
  logPath: string,
  reader: Reader,
  settings: Settings,
  cwd: string,
): string {
  const { path, statePath: variable } = variables.log;
  const statePath = readWrittenPath(variable, reader, settings);
  if (statePath === logPath) reader.problem(variable.name, `must not be the file of ${path.name}`);
  return statePath ?? `${isDevice(logPath) ? path.fallback(cwd) : logPath}.state.json`;
}

/** A file that is written to must be none of those that are read: a fine way to lose one. */
function readWrittenPath<T extends string | undefined>(
  variable: Variable<T>,
  reader: Reader,
  settings: Settings,
): T {
  const { server, email, notify } = variables;
  const written = reader.read(variable);
  const inputs = [
    ...[server, email, notify].map(({ caCertificates }) => caCertificates.name),
    ...[server.clientCert, server.clientKey].map(({ name }) => name),
    ...[server.apiKey, email.password].map(({ name }) => `${name}_FILE`),
  ];
  const taken = inputs.find((name) => {
    const setting = settings.get(name);
    return setting !== undefined && resolve(setting.baseDir, setting.text.trim()) === written;
  });
  const what = settings.file === written ? "the env file" : taken && `the file of ${taken}`;
  if (written !== undefined && what !== undefined) {
    reader.problem(variable.name, `must not be ${what}, which would be overwritten`);
  }
  return written;
}

function readLevel(reader: Reader, option: string | undefined): Config["log"]["level"] {
  const { level } = variables.log;
  const configured = reader.read(level);
  if (option === undefined) return configured;
  const parsed = level.parse(option, "");
  if (parsed.ok) return parsed.value;
  reader.wrong("--log-level", option, parsed);
  return configured;
}

function readEmail(reader: Reader): EmailConfig | undefined {
  const { email } = variables;
  if (!reader.read(email.enabled)) return undefined;
  const host = reader.require(email.host, email.enabled, "true");
  const { security: chosen, ...others } = reader.readAll(
    email,
    ["enabled", "host", "username", "password", "from", "to"],
  );
  const security = chosen ?? (others.port === 465 ? "tls" : "starttls");
  const login = readLogin(reader);
  if (login !== undefined && security === "none") {
    reader.warn(
      `${email.security.name}=none sends ${email.username.name} and ${email.password.name} ` +
        "over the network unencrypted.",
      `Use tls or starttls, in ${reader.placeOf(email.security)}.`,
    );
  }
  const from = reader.require(email.from, email.enabled, "true");
  const to = reader.require(email.to, email.enabled, "true");
  if (host === undefined || from === undefined || to === undefined) return undefined;
  return { host, security, login, from, to, ...others };
}

function readNotify(reader: Reader): NotifyConfig {
  const { webhookUrl: url, webhookFormat: format, webhookHeaders: headers = [], ...rest } = reader
    .readAll(variables.notify);
  if (url === undefined) return { ...rest, webhook: undefined };
  if (format === "ntfy" && !/^\/[\w-]{1,64}$/.test(new URL(url).pathname)) {
    const { webhookUrl, webhookFormat } = variables.notify;
    const topic = "end with the topic, as in https://ntfy.sh/my-topic";
    reader.problem(webhookUrl.name, `must ${topic} (with ${webhookFormat.name}=ntfy)`);
  }
  return { ...rest, webhook: { url, format, headers } };
}

function readLogin(reader: Reader): EmailConfig["login"] {
  const { username: name, password: word } = variables.email;
  if (!reader.isSet(name) && !reader.isSet(word)) return undefined;
  const username = reader.require(name, word);
  const password = reader.require(word, name);
  return username === undefined || password === undefined ? undefined : { username, password };
}
