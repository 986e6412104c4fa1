import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { allVariables } from "../../../src/config/variables.ts";
import {
  configOf,
  load,
  nowhere,
  placeOf,
  problemsOf,
  problemWith,
  required,
  warningsOf,
} from "./helpers.ts";

Deno.test("the URL and the key are enough, everything else has a default", () => {
  const result = load(required);
  assert.deepEqual(configOf(result), {
    immich: {
      baseUrl: "https://photos.example",
      apiKey: required.API_KEY,
      caCertificates: undefined,
      clientCertificate: undefined,
      headers: [],
      timeoutMs: 60_000,
      retries: 10,
      concurrency: 2,
    },
    album: { by: "name", name: "Faceless" },
    rule: { kind: "no-people" },
    assetTypes: new Set(["IMAGE", "VIDEO"]),
    includeArchived: false,
    includePartners: false,
    minAssetAgeMs: 0,
    scanEveryMs: 86_400_000,
    mode: "mirror",
    guards: {
      maxRemovePercent: 50,
      maxAddPercent: 100,
      maxAdd: undefined,
      maxRemove: undefined,
      allowNoPeople: false,
    },
    log: {
      path: join(nowhere, "faceless_sync.log"),
      level: "info",
      format: "text",
      maxSizeBytes: 5 * 1024 * 1024,
      backups: 3,
    },
    statePath: join(nowhere, "faceless_sync.log.state.json"),
    email: undefined,
    notify: {
      after: 1,
      remindMs: 24 * 60 * 60 * 1000,
      recovery: true,
      healthcheckUrl: undefined,
      webhook: undefined,
      caCertificates: undefined,
    },
  });
  assert.deepEqual(result.warnings, []);
  assert.deepEqual(result.secrets, [required.API_KEY]);
});

Deno.test("all problems are reported at once, each with its variable", () => {
  const result = load({
    ALBUM_ID: "Faceless",
    IMMICH_RETRIES: "many",
    LOG_MAX_SIZE: "1KB",
    ENABLE_EMAIL_ON_ERROR: "yes",
    EMAIL_TO: "nobody",
    EMAIL_USERNAME: "me",
  });
  assert.deepEqual(problemsOf(result), [
    "IMMICH_URL is required: set it",
    "API_KEY is required: set it (or API_KEY_FILE)",
    'IMMICH_RETRIES must be a whole number from 0 to 20: found "many"',
    'ALBUM_ID must be an id like 3fa85f64-5717-4562-b3fc-2c963f66afa6: found "Faceless"; ' +
    "it is the last part of the album's address in the browser",
    'LOG_MAX_SIZE must be a size from 10KB to 10GB (whole number with KB, MB, GB, or bytes): found "1KB"',
    "EMAIL_SMTP_SERVER is required with ENABLE_EMAIL_ON_ERROR=true: set it",
    "EMAIL_PASSWORD is required with EMAIL_USERNAME: set it (or EMAIL_PASSWORD_FILE)",
    "EMAIL_FROM is required with ENABLE_EMAIL_ON_ERROR=true: set it",
    'EMAIL_TO must be addresses like me@example.com or Name <me@example.com>, separated by commas: found "nobody"',
  ]);
  assert.ok(!result.ok);
  for (const { variable, message } of result.problems) {
    assert.ok(message.startsWith(`${variable} `));
  }
});

Deno.test("an empty value counts as not set, of every variable", () => {
  const empty = Object.fromEntries(allVariables.map(({ name }) => [name, ""]));
  assert.deepEqual(load({ ...empty, ...required }), load(required));
  assert.equal(problemsOf(load(empty)).length, 2);
});

const accepted: [
  name: string,
  text: string,
  read: (c: ReturnType<typeof configOf>) => unknown,
  expected: unknown,
][] = [
  ["IMMICH_TIMEOUT", "1500ms", (c) => c.immich.timeoutMs, 1500],
  ["IMMICH_TIMEOUT", " 10M ", (c) => c.immich.timeoutMs, 600_000],
  ["MIN_ASSET_AGE", "2h", (c) => c.minAssetAgeMs, 7_200_000],
  ["MIN_ASSET_AGE", "1d", (c) => c.minAssetAgeMs, 86_400_000],
  ["LOG_MAX_SIZE", "500kb", (c) => c.log.maxSizeBytes, 512_000],
  ["LOG_MAX_SIZE", "1GB", (c) => c.log.maxSizeBytes, 1024 ** 3],
  ["LOG_MAX_SIZE", "1048576", (c) => c.log.maxSizeBytes, 1_048_576],
  ["LOG_BACKUPS", "0", (c) => c.log.backups, 0],
  ["LOG_LEVEL", "WARNING", (c) => c.log.level, "warn"],
  ["LOG_LEVEL", "CRITICAL", (c) => c.log.level, "error"],
  ["LOG_LEVEL", "Debug", (c) => c.log.level, "debug"],
  ["INCLUDE_ARCHIVED", "On", (c) => c.includeArchived, true],
  ["INCLUDE_PARTNERS", "YES", (c) => c.includePartners, true],
  ["ALLOW_NO_PEOPLE", "0", (c) => c.guards.allowNoPeople, false],
  ["MAX_REMOVE", "0", (c) => c.guards.maxRemove, 0],
  ["ASSET_TYPES", "Video", (c) => c.assetTypes, new Set(["VIDEO"])],
  ["SYNC_MODE", "add-only", (c) => c.mode, "add-only"],
  ["ALBUM_NAME", " Ohne Gesicht ✓ ", (c) => c.album, { by: "name", name: " Ohne Gesicht ✓ " }],
  ["LOG_FILE_PATH", "logs/x.log", (c) => c.log.path, join(nowhere, "logs/x.log")],
  ["LOG_FILE_PATH", "/var/x.log", (c) => c.log.path, resolve("/var/x.log")],
  ["API_KEY", "abc ", (c) => c.immich.apiKey, "abc"],
];

for (const [name, text, read, expected] of accepted) {
  Deno.test(`${name}=${text} is understood`, () => {
    assert.deepEqual(read(configOf(load({ ...required, [name]: text }))), expected);
  });
}

const refused: [name: string, text: string, message: RegExp][] = [
  ["IMMICH_TIMEOUT", "90", /from 1s to 10m.*found "90"; the unit is missing/],
  ["IMMICH_TIMEOUT", "0", /from 1s to 10m/],
  ["IMMICH_TIMEOUT", "11m", /from 1s to 10m/],
  ["IMMICH_TIMEOUT", "1.5s", /a whole number with a unit/],
  ["IMMICH_RETRIES", "21", /from 0 to 20: found "21"/],
  ["IMMICH_RETRIES", "-1", /from 0 to 20/],
  ["IMMICH_RETRIES", "1e1", /from 0 to 20/],
  ["IMMICH_CONCURRENCY", "9", /from 1 to 8/],
  ["MAX_REMOVE_PERCENT", "50%", /from 0 to 100: found "50%"/],
  ["LOG_BACKUPS", "101", /from 0 to 100/],
  ["INCLUDE_ARCHIVED", "maybe", /true or false .*: found "maybe"/],
  ["SYNC_MODE", "mirorr", /one of mirror, add-only, remove-only: found "mirorr"/],
  ["ASSET_TYPES", "image,audio", /image, video, or both/],
  ["ASSET_TYPES", ",", /image, video, or both/],
  ["ALBUM_NAME", "  ", /not only blanks/],
  ["ALBUM_NAME", "a\nb", /in one line: found "a\\nb"/],
  ["ALBUM_NAME", "x".repeat(501), /found "x{80}…"/],
  ["LOG_LEVEL", "loud", /one of debug, info, warn, error: found "loud"/],
  ["LOG_FILE_PATH", "C:\\logs\new", /use single quotes/],
  ["API_KEY", "two words", /^API_KEY must be one word of plain characters.*not shown/],
  ["FACELESS_RULE", "without", /^WITHOUT_PEOPLE is required with FACELESS_RULE=without/],
  ["SYNC_MODE", "\x1b[31m\u202e", /found "\\u001b\[31m\\u202e"/],
];

for (const [name, text, message] of refused) {
  Deno.test(`${name}=${JSON.stringify(text).slice(0, 40)} is refused`, () => {
    const found = name === "API_KEY"
      ? problemsOf(load({ ...required, [name]: text }))[0] ?? ""
      : problemWith(name, text);
    assert.match(found, message);
  });
}

Deno.test("ALBUM_ID takes the place of ALBUM_NAME, whatever that is", () => {
  const id = "3FA85F64-5717-4562-B3FC-2C963F66AFA6";
  const { album } = configOf(load({ ...required, ALBUM_ID: id, ALBUM_NAME: " " }));
  assert.deepEqual(album, { by: "id", id: id.toLowerCase() });
});

Deno.test("FACELESS_RULE=without takes its people, without blanks and doubles", () => {
  const { rule } = configOf(
    load({ ...required, FACELESS_RULE: "without", WITHOUT_PEOPLE: "Ann, Bob O'Neil ,Ann" }),
  );
  assert.deepEqual(rule, { kind: "without", people: ["Ann", "Bob O'Neil"] });
});

Deno.test("WITHOUT_PEOPLE with another rule is a warning", () => {
  const result = load({ ...required, WITHOUT_PEOPLE: "Ann" });
  assert.deepEqual(configOf(result).rule, { kind: "no-people" });
  assert.match(warningsOf(result).join(), /^WITHOUT_PEOPLE is ignored/);
});

Deno.test("--log-level wins over LOG_LEVEL and is checked like it", () => {
  const environment = { ...required, LOG_LEVEL: "error" };
  const result = load(environment, { logLevel: "DEBUG" });
  assert.equal(configOf(result).log.level, "debug");
  assert.equal(placeOf(result, "LOG_LEVEL"), "option");
  assert.deepEqual(problemsOf(load(environment, { logLevel: "loud" })), [
    '--log-level must be one of debug, info, warn, error: found "loud"',
  ]);
});

const mail = {
  ...required,
  ENABLE_EMAIL_ON_ERROR: "true",
  EMAIL_SMTP_SERVER: "smtp.example.com",
  EMAIL_FROM: "Faceless <me@example.com>",
  EMAIL_TO: '"Doe, Jane" <jane@example.com>, bob@localhost',
};

Deno.test("mail goes by implicit TLS on port 465 and by STARTTLS on others", () => {
  assert.deepEqual(configOf(load(mail)).email, {
    host: "smtp.example.com",
    port: 465,
    security: "tls",
    caCertificates: undefined,
    login: undefined,
    from: "Faceless <me@example.com>",
    to: ['"Doe, Jane" <jane@example.com>', "bob@localhost"],
  });
  assert.equal(configOf(load({ ...mail, EMAIL_SMTP_PORT: "587" })).email?.security, "starttls");
  const explicit = { ...mail, EMAIL_SMTP_PORT: "587", EMAIL_SMTP_SECURITY: "tls" };
  assert.equal(configOf(load(explicit)).email?.security, "tls");
});

Deno.test("a login over an unprotected connection is a warning", () => {
  const login = { EMAIL_USERNAME: "me", EMAIL_PASSWORD: ' p#a"ss ' };
  const result = load({ ...mail, ...login, EMAIL_SMTP_SECURITY: "none" });
  assert.deepEqual(configOf(result).email?.login, { username: "me", password: ' p#a"ss ' });
  assert.match(warningsOf(result).join(), /^EMAIL_SMTP_SECURITY=none sends .* unencrypted/);
  assert.deepEqual(load({ ...mail, ...login }).warnings, []);
});

Deno.test("mail settings are not looked at while mail is off, but their password is a secret", () => {
  const result = load({
    ...required,
    EMAIL_SMTP_PORT: "many",
    EMAIL_SMTP_CA_CERT: "/missing.pem",
    EMAIL_TO: "nobody",
    EMAIL_PASSWORD: "correct horse",
    EMAIL_PASSWORD_FILE: "/missing",
  });
  assert.equal(configOf(result).email, undefined);
  assert.ok(result.secrets.includes("correct horse"));
});

const mailRefused: [name: string, text: string, message: RegExp][] = [
  ["EMAIL_SMTP_SERVER", "smtp.example.com:587", /the port goes into EMAIL_SMTP_PORT/],
  ["EMAIL_SMTP_SERVER", "smtps://smtp.example.com", /host name or an IP address/],
  ["EMAIL_SMTP_PORT", "0", /from 1 to 65535/],
  ["EMAIL_SMTP_SECURITY", "ssl", /one of tls, starttls, none: found "ssl"/],
  ["EMAIL_PASSWORD", "x", /^EMAIL_USERNAME is required with EMAIL_PASSWORD/],
  ["EMAIL_FROM", "a@b, c@d", /must be one address/],
  ["EMAIL_FROM", "Me <a@b>\r\nBcc: c@d", /must be one address/],
  ["EMAIL_TO", "a@b; c@d", /separate them by commas/],
  ["EMAIL_TO", ",", /must be addresses/],
];

for (const [name, text, message] of mailRefused) {
  Deno.test(`${name}=${JSON.stringify(text)} is refused`, () => {
    assert.match(problemWith(name, text, mail), message);
  });
}

Deno.test("an address for ntfy ends with the topic, and with nothing else", () => {
  const webhook = { ...required, WEBHOOK_FORMAT: "ntfy" };
  for (const path of ["", "/", "/my/topic", "/my-topic/", `/${"x".repeat(65)}`]) {
    const problem = problemWith("WEBHOOK_URL", `https://ntfy.sh${path}`, webhook);
    assert.match(problem, /^WEBHOOK_URL must end with the topic, as in https/, path);
  }
  const WEBHOOK_URL = "https://ntfy.sh/my-t0pic_of_64";
  assert.equal(configOf(load({ ...webhook, WEBHOOK_URL })).notify.webhook?.url, WEBHOOK_URL);
});

Deno.test("a misspelt variable in the env file gets a hint, and is named where the right one is missing", () => {
  const envText = {
    path: resolve("/nowhere/.env"),
    text: "LANG=C\nIMMICH_ULR=https://h\nAPI_KEYS=x\n",
  };
  const result = load({ API_KEY: "x" }, { envText });
  assert.deepEqual(warningsOf(result), [
    "IMMICH_ULR: did you mean IMMICH_URL?",
    "API_KEYS: did you mean API_KEY?",
  ]);
  assert.deepEqual(problemsOf(result), [
    "IMMICH_URL is required: set it; IMMICH_ULR is set, was it meant to be it?",
  ]);
});

Deno.test("IMMICH_API_KEY is offered as the missing API_KEY, else it is another program's", () => {
  const envText = {
    path: resolve("/nowhere/.env"),
    text: "IMMICH_API_KEY=x\nIMMICH_LOG_LEVEL=x\n",
  };
  assert.deepEqual(problemsOf(load({ IMMICH_URL: "http://h" }, { envText })), [
    "API_KEY is required: set it (or API_KEY_FILE); IMMICH_API_KEY is set, was it meant to be it?",
  ]);
  assert.deepEqual(load(required, { envText }).warnings, []);
});
