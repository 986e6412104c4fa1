import { webhookHeaders } from "./addresses.ts";
import { headers, headerSecrets, mailAddress, mailAddresses, mailHost } from "./addresses.ts";
import { serverUrl, urlSecrets } from "./addresses.ts";
import { channelAddress, channelSecrets, healthcheckAddress } from "./channel_address.ts";
import { certificateFile, privateKeyFile, privateKeyTexts } from "./pem.ts";
import { albumName, apiKey, assetTypes, boolean, choice, duration, oneLine } from "./values.ts";
import { path, people, secretText, size, uuid, wholeNumber } from "./values.ts";
import { optional, type Variable, withDefault } from "./variable.ts";
import { LEVELS } from "../system/log_format.ts";

/** Python's names that ours don't cover. */
const PYTHON_LEVELS = {
  warning: "warn",
  critical: "error",
  fatal: "error",
  notset: "debug",
} as const;

/** All variables; a key is what the value is called in the `Config`. {@link groups} has each group. */
export const variables = {
  server: {
    url: optional(
      "IMMICH_URL",
      serverUrl,
      "Address of the Immich server, e.g. https://photos.example.com or http://192.168.1.5:2283.",
      { required: true, secretsIn: urlSecrets },
    ),
    apiKey: optional(
      "API_KEY",
      apiKey,
      "API key of the user whose album it is (Immich: Account Settings > API Keys).",
      { required: true, secret: true, orFromFile: true },
    ),
    caCertificates: optional(
      "IMMICH_CA_CERT",
      certificateFile,
      "PEM file with a private CA or the server's own certificate, trusted besides the usual ones.",
      { example: "./ca.pem" },
    ),
    clientCert: optional(
      "IMMICH_CLIENT_CERT",
      certificateFile,
      "PEM file with the client certificate, for a server behind mutual TLS.",
      { example: "./client.pem" },
    ),
    clientKey: optional(
      "IMMICH_CLIENT_KEY",
      privateKeyFile,
      "PEM file with the private key of that certificate, without a passphrase.",
      {
        example: "./client.key",
        secretsIn: (text, baseDir) =>
          text.includes("-----BEGIN") ? [text] : privateKeyTexts(text, baseDir),
      },
    ),
    headers: optional(
      "IMMICH_HEADERS",
      headers,
      "Extra headers for a proxy in front of Immich, as Name: value; Name: value.",
      { secret: true, secretsIn: headerSecrets },
    ),
    timeoutMs: withDefault(
      "IMMICH_TIMEOUT",
      "60s",
      duration("1s", "10m"),
      "How long one request may take, 1s to 10m.",
    ),
    retries: withDefault(
      "IMMICH_RETRIES",
      "10",
      wholeNumber(0, 20),
      "How often a failed request is retried, 0 to 20; 10 retries bridge about three minutes.",
    ),
    concurrency: withDefault(
      "IMMICH_CONCURRENCY",
      "2",
      wholeNumber(1, 8),
      "How many listing requests run at once, 1 to 8.",
    ),
  },
  album: {
    name: withDefault(
      "ALBUM_NAME",
      "Faceless",
      albumName,
      "The album to keep up to date; created if it does not exist.",
    ),
    id: optional(
      "ALBUM_ID",
      uuid,
      "Use the album with this id, whatever its name; ALBUM_NAME is then ignored.",
    ),
  },
  rule: {
    rule: withDefault(
      "FACELESS_RULE",
      "no-people",
      choice(["no-people", "no-faces", "no-named-people", "without"]),
      "What belongs to it: no-people, no-faces, no-named-people, or without (see WITHOUT_PEOPLE).",
    ),
    withoutPeople: optional(
      "WITHOUT_PEOPLE",
      people,
      "For FACELESS_RULE=without: names or ids of people, separated by commas.",
    ),
  },
  library: {
    assetTypes: withDefault("ASSET_TYPES", "image,video", assetTypes, "image, video, or both."),
    includeArchived: withDefault("INCLUDE_ARCHIVED", "false", boolean, "Include archived assets."),
    includePartners: withDefault(
      "INCLUDE_PARTNERS",
      "false",
      boolean,
      "Include assets that partners share in your timeline.",
    ),
    minAssetAgeMs: withDefault(
      "MIN_ASSET_AGE",
      "0",
      duration("0", "3650d"),
      "Hold back uploads younger than this, e.g. 2h, until face recognition has finished.",
    ),
  },
  run: {
    scanEveryMs: withDefault(
      "SCAN_EVERY",
      "24h",
      duration("0", "3650d"),
      "On Immich 3.2+, read everything at least this often, not just the differences; 0: never.",
    ),
    mode: withDefault(
      "SYNC_MODE",
      "mirror",
      choice(["mirror", "add-only", "remove-only"]),
      "mirror (add and remove), add-only or remove-only.",
    ),
  },
  guards: {
    maxRemovePercent: withDefault(
      "MAX_REMOVE_PERCENT",
      "50",
      wholeNumber(0, 100),
      "Refuse to remove more than this percentage of the album; applies from 10 removals on.",
    ),
    maxAddPercent: withDefault(
      "MAX_ADD_PERCENT",
      "100",
      wholeNumber(0, 100_000),
      "Refuse to add more than this percentage of the album; applies from 100 assets in it on.",
    ),
    maxAdd: optional("MAX_ADD", wholeNumber(0, 10_000_000), "Refuse to add more assets than this."),
    maxRemove: optional(
      "MAX_REMOVE",
      wholeNumber(0, 10_000_000),
      "Refuse to remove more assets than this.",
    ),
    allowNoPeople: withDefault(
      "ALLOW_NO_PEOPLE",
      "false",
      boolean,
      "Accept a large library without any people (otherwise refused as not yet recognised).",
    ),
  },
  log: {
    path: withDefault(
      "LOG_FILE_PATH",
      "./faceless_sync.log",
      path,
      "The log file; missing folders are created.",
    ),
    level: withDefault(
      "LOG_LEVEL",
      "info",
      choice(LEVELS, PYTHON_LEVELS),
      "debug, info, warn or error.",
    ),
    format: withDefault("LOG_FORMAT", "text", choice(["text", "json"]), "text or json."),
    maxSizeBytes: withDefault(
      "LOG_MAX_SIZE",
      "5MB",
      size("10KB", "10GB"),
      "Start a new log file at this size, e.g. 500KB, 5MB.",
    ),
    backups: withDefault(
      "LOG_BACKUPS",
      "3",
      wholeNumber(0, 100),
      "How many old log files to keep.",
    ),
    statePath: optional(
      "STATE_FILE_PATH",
      path,
      "File that records how the last runs ended; by default LOG_FILE_PATH + .state.json.",
      { example: "./faceless_sync.log.state.json" },
    ),
  },
  email: {
    enabled: withDefault(
      "ENABLE_EMAIL_ON_ERROR",
      "false",
      boolean,
      "Send a mail when a run needs your attention; only then are the EMAIL_… variables read.",
    ),
    host: optional("EMAIL_SMTP_SERVER", mailHost, "The mail server, e.g. smtp.example.com."),
    port: withDefault("EMAIL_SMTP_PORT", "465", wholeNumber(1, 65535), "Its port."),
    security: optional(
      "EMAIL_SMTP_SECURITY",
      choice(["tls", "starttls", "none"]),
      "tls, starttls or none; by default tls on port 465 and starttls on any other.",
    ),
    caCertificates: optional(
      "EMAIL_SMTP_CA_CERT",
      certificateFile,
      "PEM file with the mail server's private CA.",
      { example: "./mail-ca.pem" },
    ),
    username: optional(
      "EMAIL_USERNAME",
      oneLine,
      "User name for the mail server, if it needs one.",
    ),
    password: optional("EMAIL_PASSWORD", secretText, "Its password.", {
      secret: true,
      orFromFile: true,
    }),
    from: optional("EMAIL_FROM", mailAddress, "The sender, e.g. Faceless <me@example.com>."),
    to: optional("EMAIL_TO", mailAddresses, "The recipients, separated by commas."),
  },
  notify: {
    after: withDefault(
      "NOTIFY_AFTER",
      "1",
      wholeNumber(1, 1000),
      "Send messages only after this many runs in a row have needed your attention.",
    ),
    remindMs: withDefault(
      "NOTIFY_REMIND",
      "24h",
      duration("0", "365d"),
      "While the same problem lasts, remind you no more often than this; 0: after every run.",
    ),
    recovery: withDefault(
      "NOTIFY_RECOVERY",
      "true",
      boolean,
      "Send one message when runs succeed again after a reported problem.",
    ),
    healthcheckUrl: optional(
      "HEALTHCHECK_URL",
      healthcheckAddress,
      "Ping URL of a Healthchecks check or an Uptime Kuma push monitor; not for dry runs.",
      { secret: true, secretsIn: channelSecrets },
    ),
    webhookUrl: optional(
      "WEBHOOK_URL",
      channelAddress,
      "URL that receives the same messages as the mail.",
      { secret: true, secretsIn: channelSecrets },
    ),
    webhookFormat: withDefault(
      "WEBHOOK_FORMAT",
      "json",
      choice(["json", "ntfy", "gotify", "apprise"]),
      "json, ntfy, gotify or apprise.",
    ),
    webhookHeaders: optional(
      "WEBHOOK_HEADERS",
      webhookHeaders,
      "Extra headers for the webhook, as Name: value; Name: value, e.g. a token.",
      { secret: true, secretsIn: headerSecrets },
    ),
    caCertificates: optional(
      "NOTIFY_CA_CERT",
      certificateFile,
      "PEM file with a private CA, for the health check and webhook servers.",
      { example: "./notify-ca.pem" },
    ),
  },
} as const;

/** The file that explains them all, as a release has it: `.env.example` without the dot. */
export const ENV_EXAMPLE = "env.example";

/** Every variable by group, in the order of `.env.example`. */
export const groups: readonly (readonly [title: string, of: readonly Variable<unknown>[]])[] = [
  ["Immich server", Object.values(variables.server)],
  ["Album", Object.values(variables.album)],
  ["Which assets belong to the album", Object.values({ ...variables.rule, ...variables.library })],
  ["What a run may change", Object.values({ ...variables.run, ...variables.guards })],
  ["Log", Object.values(variables.log)],
  ["Mail", Object.values(variables.email)],
  ["Messages", Object.values(variables.notify)],
];

export const allVariables: readonly Variable<unknown>[] = groups.flatMap(([, group]) => group);

/** All names this program reads from the environment: its list for `--allow-env`. */
export const environmentNames: readonly string[] = allVariables.flatMap(({ name, orFromFile }) =>
  orFromFile ? [name, `${name}_FILE`] : [name]
);
