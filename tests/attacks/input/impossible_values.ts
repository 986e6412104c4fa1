/** Impossible values of every variable, and what is to be said of them. */

export interface Impossible {
  readonly values: readonly string[];
  /** What the message says is allowed. */
  readonly allowed: RegExp;
  /** What else must be set for the variable to count. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the value, nothing is shown. */
  readonly secret?: boolean;
  /** Where another variable is missing because of this one. */
  readonly problems?: number;
}

const MAIL = {
  ENABLE_EMAIL_ON_ERROR: "true",
  EMAIL_SMTP_SERVER: "smtp.example.com",
  EMAIL_FROM: "sync@example.com",
  EMAIL_TO: "alice@example.com",
};
const BOOLEAN: Impossible = {
  values: ["maybe", "2", " "],
  allowed: /be true or false \(or 1\/0, yes\/no, on\/off\)/,
};
const PEM: Impossible = {
  values: ["no/such/file.pem", ".", "/dev/zero", "a\nb"],
  allowed: /be (a PEM file with one or more certificates|the path of a file)/,
};
const number = (range: string, ...values: string[]): Impossible => ({
  values: ["many", "-1", "1.5", ...values],
  allowed: new RegExp(`be a whole number from ${range}`),
});
const time = (range: string, ...values: string[]): Impossible => ({
  values: ["soon", "-1s", "1.5s", "2 h", ...values],
  allowed: new RegExp(`be a time from ${range}, a whole number with a unit`),
});

/** By variable; a variable of the schema that is missing here fails a test. */
export const IMPOSSIBLE_VALUES: ReadonlyMap<string, Impossible> = new Map(Object.entries({
  IMMICH_URL: { values: ["photos", " "], allowed: /start with http:\/\/ or https:\/\// },
  API_KEY: {
    values: ["two words", "schlüssel-1234", "ab-1234\ncd-1234", "k7".repeat(501)],
    allowed: /be one word of plain characters.*Account Settings > API Keys/,
    secret: true,
  },
  IMMICH_CA_CERT: PEM,
  IMMICH_CLIENT_CERT: { ...PEM, problems: 2 },
  IMMICH_CLIENT_KEY: {
    ...PEM,
    allowed: /be (a PEM file with a private key|the path)/,
    problems: 2,
  },
  IMMICH_HEADERS: {
    values: [
      "w1thout-a-colon",
      ": n0-name-here",
      "X-Api-Key: an0ther-key",
      "Host: s0me.example",
      "X-A: ümläut-t0ken",
      "X-A: t0ken-one; x-a: t0ken-two",
      "X A: bl4nk-in-name",
      "X-A: inj3cted\r\nX-B: he4der",
      "Cookie: sess10n=abc; us3r=def",
    ],
    allowed:
      /(be written as Name: value; Name: value|not set (x-api-key|host)|name each header once)/,
    secret: true,
  },
  IMMICH_TIMEOUT: time("1s to 10m", "60", "0", "999ms", "11m", "999999999999d"),
  IMMICH_RETRIES: number("0 to 20", "21", "5 times", "1e1", "0x10", "٣", " ", "9".repeat(30)),
  IMMICH_CONCURRENCY: number("1 to 8", "0", "9"),
  ALBUM_NAME: {
    values: ["   ", "a".repeat(10_000), "two\nlines", "tab\there", "\u2028", "bell\x07"],
    allowed: /be a name of 1 to 500 characters, not only blanks, in one line/,
  },
  ALBUM_ID: {
    values: ["123", "Faceless", " ", "https://h/albums/3fa85f64-5717-4562-b3fc-2c963f66afa6"],
    allowed: /be an id like .*last part of the album's address in the browser/,
  },
  FACELESS_RULE: {
    values: ["nobody", "no people", "no-people,no-faces", " "],
    allowed: /be one of no-people, no-faces, no-named-people, without/,
  },
  WITHOUT_PEOPLE: {
    values: [",", "Anna,", " ", "Anna\nBen", "a".repeat(501)],
    allowed: /be names or ids, separated by commas, none of them empty/,
    env: { FACELESS_RULE: "without" },
  },
  ASSET_TYPES: {
    values: ["photo", "image;video", ",", "image,", "all", " "],
    allowed: /be image, video, or both separated by a comma/,
  },
  INCLUDE_ARCHIVED: BOOLEAN,
  INCLUDE_PARTNERS: BOOLEAN,
  SCAN_EVERY: time("0 to 3650d", "24", "3651d", "daily"),
  MIN_ASSET_AGE: time("0 to 3650d", "2", "3651d", "2 hours"),
  SYNC_MODE: {
    values: ["delete", "add", "mirror,add-only", " "],
    allowed: /be one of mirror, add-only, remove-only/,
  },
  MAX_ADD_PERCENT: number("0 to 100000", "100001", "50%"),
  MAX_REMOVE_PERCENT: number("0 to 100", "101", "50%"),
  MAX_ADD: number("0 to 10000000", "10000001", "10.000", "unlimited"),
  MAX_REMOVE: number("0 to 10000000", "10000001", "10,000", "none"),
  ALLOW_NO_PEOPLE: BOOLEAN,
  LOG_FILE_PATH: { values: [" ", "a\nb", "\x1b[31m.log"], allowed: /be the path of a file/ },
  LOG_LEVEL: {
    values: ["loud", "verbose", "info,debug", "10", " "],
    allowed: /be one of debug, info, warn, error/,
  },
  LOG_FORMAT: { values: ["xml", "text,json", " "], allowed: /be one of text, json/ },
  LOG_MAX_SIZE: {
    values: ["5", "9KB", "11GB", "5M", "5 MB", "1.5MB", "-5MB", "big", " "],
    allowed: /be a size from 10KB to 10GB \(whole number with KB, MB, GB, or bytes\)/,
  },
  LOG_BACKUPS: number("0 to 100", "101", "none"),
  STATE_FILE_PATH: { values: [" ", "a\nb"], allowed: /be the path of a file/ },
  ENABLE_EMAIL_ON_ERROR: BOOLEAN,
  EMAIL_SMTP_SERVER: {
    values: ["smtp.example.com:465", "https://smtp.example.com", "a b", "-x", "[::1", " "],
    allowed: /be a host name or an IP address, like smtp\.example\.com/,
    env: MAIL,
  },
  EMAIL_SMTP_PORT: { ...number("1 to 65535", "0", "65536", "smtp", "587/tcp"), env: MAIL },
  EMAIL_SMTP_SECURITY: {
    values: ["ssl", "true", "auto", " "],
    allowed: /be one of tls, starttls, none/,
    env: MAIL,
  },
  EMAIL_SMTP_CA_CERT: { ...PEM, env: MAIL },
  EMAIL_USERNAME: {
    values: [" ", "two\nlines", "tab\there"],
    allowed: /be a single line of text/,
    env: { ...MAIL, EMAIL_PASSWORD: "pa55-of-mail" },
  },
  EMAIL_PASSWORD: {
    values: ["tw0-lines\nof-passw0rd"],
    allowed: /be a single line/,
    env: { ...MAIL, EMAIL_USERNAME: "me" },
    secret: true,
  },
  EMAIL_FROM: {
    values: ["me", "a@b, c@d", "Me me@example.com", "a@b\r\nBcc: c@d", "@", " "],
    allowed: /be one address, like me@example\.com or Name <me@example\.com>/,
    env: MAIL,
  },
  EMAIL_TO: {
    values: ["me", "a@b; c@d", ",", "a@b,c", "a@b\r\nBcc: c@d", " "],
    allowed: /be addresses like me@example\.com or Name <me@example\.com>, separated by commas/,
    env: MAIL,
  },
  NOTIFY_AFTER: number("1 to 1000", "0", "1001"),
  NOTIFY_REMIND: time("0 to 365d", "366d", "24"),
  NOTIFY_RECOVERY: BOOLEAN,
  HEALTHCHECK_URL: {
    values: [
      "hc-ping.com/t0ken-of-a-check",
      "ftp://host/t0ken-of-a-check",
      "https://u:passw0rd@h/x",
    ],
    allowed: /(be an address that starts with http|not contain a user name or password)/,
    secret: true,
  },
  WEBHOOK_URL: {
    values: ["ntfy.sh/s3cret-topic", "https://", "https://host/with blank", "x://host/t0ken-12"],
    allowed: /(be an address that starts with http|not contain white space)/,
    secret: true,
  },
  WEBHOOK_FORMAT: { values: ["slack", " "], allowed: /be one of json, ntfy, gotify, apprise/ },
  WEBHOOK_HEADERS: {
    values: ["w1thout-a-colon", "Host: s0me.example", "X-A: ümläut-t0ken"],
    allowed: /(be written as Name: value; Name: value|not set host)/,
    secret: true,
  },
  NOTIFY_CA_CERT: PEM,
}));
