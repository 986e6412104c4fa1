import { ExplainedError } from "../errors.ts";

/** Why a request failed, as far as a caller has to tell it apart. */
export type ImmichErrorKind =
  | "connection"
  | "timeout"
  | "certificate"
  | "redirect"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "maintenance"
  | "rejected"
  | "server"
  | "answer";

/** What is wrong with a certificate. */
export type CertificateReason =
  | "wrong name"
  | "expired"
  | "not valid yet"
  | "not trusted"
  /** Ours, with which we show who we are. */
  | "client certificate"
  | "no TLS";

/** What `ImmichError` carries besides the sentence and the hint. */
export interface ImmichErrorDetails {
  /** Whether the same request may succeed a moment later. */
  readonly retryable?: boolean;
  /** Pause that the server asked for, in milliseconds, not capped. */
  readonly retryAfterMs?: number;
  /** Permission of the API key that is missing, e.g. `asset.read`. */
  readonly permission?: string;
  /** HTTP status of the answer, when it is what failed the request. */
  readonly status?: number;
  /** Of kind `certificate`: why it was refused. */
  readonly reason?: CertificateReason;
  readonly cause?: unknown;
}

/** A request to Immich that failed; the message names the request, the hint what to do. */
export class ImmichError extends ExplainedError {
  readonly kind: ImmichErrorKind;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly permission: string | undefined;
  readonly status: number | undefined;
  readonly reason: CertificateReason | undefined;

  constructor(
    kind: ImmichErrorKind,
    message: string,
    hint: string,
    details: ImmichErrorDetails = {},
  ) {
    super(NAMES[kind], message, hint, { cause: details.cause });
    this.kind = kind;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.permission = details.permission;
    this.status = details.status;
    this.reason = details.reason;
  }
}

const NAMES: Record<ImmichErrorKind, string> = {
  connection: "ConnectionError",
  timeout: "TimeoutError",
  certificate: "CertificateError",
  redirect: "RedirectError",
  unauthorized: "UnauthorizedError",
  forbidden: "ForbiddenError",
  "not-found": "NotFoundError",
  maintenance: "MaintenanceError",
  rejected: "RejectedError",
  server: "ServerError",
  answer: "AnswerError",
};

/** Where in Immich's web page an API key and its permissions are kept. */
const KEYS_PAGE = "in Immich under Account Settings > API Keys";

/**
 * The error for an answer with a status other than 2xx.
 *
 * @param request e.g. `POST /search/metadata`
 * @param body the text of the answer, of any kind
 * @param redact takes secrets out of what was decoded, before it is cut
 */
export function errorOfStatus(
  request: string,
  status: number,
  headers: Headers,
  body: string,
  redact: (text: string) => string,
): ImmichError {
  if (status >= 300 && status < 400) return redirectError(request, status, headers, redact);
  const said = sentenceOf(body, redact);
  const quoted = said === undefined ? "" : `: "${said}"`;
  // 2.x has begun to send a picture when it notices that the file is gone.
  if (status === 500 && headers.get("content-type")?.startsWith("image/") === true) {
    return new ImmichError(
      "not-found",
      `${request} failed: the file of the picture is gone (500${quoted}).`,
      "Look for the file in the storage of Immich, or let Immich make its thumbnails anew.",
    );
  }
  switch (status) {
    case 401:
      return new ImmichError(
        "unauthorized",
        `${request} was refused: Immich does not accept the API key (401${quoted}).`,
        `Set API_KEY to a valid key; keys are made ${KEYS_PAGE}.`,
      );
    case 403:
      return forbiddenError(request, said);
    case 404:
      return new ImmichError(
        "not-found",
        `${request} does not exist on this server (404${quoted}).`,
        "Check that IMMICH_URL is the address of Immich itself, with the path prefix of a proxy if there is one, and that the server is Immich 2.0 or later.",
      );
  }
  const limit = PROXY_LIMITS[status];
  if (limit !== undefined) {
    return new ImmichError(
      "rejected",
      `${request} failed: ${limit.what}, says the proxy in front of Immich (${status}).`,
      limit.hint,
      { status },
    );
  }
  const retryable = status === 408 || status === 429 || status >= 500;
  const retryAfterMs = retryable ? retryAfter(headers) : undefined;
  return new ImmichError(
    retryable ? "server" : "rejected",
    `${request} failed: the server answered ${status}${quoted}.`,
    retryable
      ? "Look at the log of the Immich server (or of the proxy in front of it) and run again later."
      : "The server did not accept the request; please report this with the log of this run.",
    { retryable, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  );
}

/** What proxies refuse and Immich never does: for a body that is too large it answers 500. */
const PROXY_LIMITS: Readonly<Record<number, { readonly what: string; readonly hint: string }>> = {
  411: {
    what: "a request without its length is not accepted",
    hint: "Let the proxy accept chunked request bodies for Immich.",
  },
  413: {
    what: "the request is too large",
    hint: "Allow larger request bodies in the proxy (nginx: client_max_body_size 1m or more).",
  },
  414: {
    what: "the address is too long",
    hint: "Allow longer addresses in the proxy (nginx: large_client_header_buffers).",
  },
  431: {
    what: "the request headers are too large",
    hint:
      "Shorten IMMICH_HEADERS, or allow larger request headers in the proxy (nginx: large_client_header_buffers).",
  },
};

function redirectError(
  request: string,
  status: number,
  headers: Headers,
  redact: (text: string) => string,
): ImmichError {
  const target = redactedUrl(headers.get("location") ?? "an unnamed place", redact);
  return new ImmichError(
    "redirect",
    `${request} was redirected to ${target} (${status}); redirects are not followed, so that the API key reaches no other server.`,
    "If that place is your Immich, set IMMICH_URL to its address; if it is a login page, let the proxy pass requests with an API key, or set IMMICH_HEADERS.",
  );
}

/** As it is, unless there is a secret in it once it is decoded. */
function redactedUrl(url: string, redact: (text: string) => string): string {
  let decoded = url;
  try {
    decoded = decodeURIComponent(url);
  } catch {
    // Not an encoded text.
  }
  const clean = redact(decoded);
  return clean === decoded ? url : clean;
}

function forbiddenError(request: string, said: string | undefined): ImmichError {
  // "Missing required permission: asset.read" on 2.x and 3.x.
  const permission = said?.match(/permission:\s*([A-Za-z]+\.[A-Za-z.]+)/)?.[1];
  if (permission !== undefined) {
    return new ImmichError(
      "forbidden",
      `${request} was refused: the API key lacks the permission ${permission} (403).`,
      `Grant ${permission} to the key ${KEYS_PAGE}.`,
      { permission },
    );
  }
  return new ImmichError(
    "forbidden",
    `${request} was refused (403${said === undefined ? "" : `: "${said}"`}).`,
    `Check the permissions of the key ${KEYS_PAGE}; if a proxy stands in front of Immich, let it pass this program (IMMICH_HEADERS).`,
  );
}

/**
 * Immich's own sentence in an error's body: `message` is a text, or on 2.x for validation a list
 * of texts; 3.x adds `errors` with the path of each. Undefined when the body is not Immich's.
 */
function sentenceOf(body: string, redact: (text: string) => string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined; // a proxy's page: not worth quoting
  }
  if (typeof parsed !== "object" || parsed === null || !("message" in parsed)) return undefined;
  const messages = Array.isArray(parsed.message) ? parsed.message : [parsed.message];
  const errors = "errors" in parsed && Array.isArray(parsed.errors) ? parsed.errors : [];
  const details = errors.flatMap((error) =>
    typeof error === "object" && error !== null && typeof error.message === "string"
      ? [`${Array.isArray(error.path) ? error.path.join(".") : ""} ${error.message}`.trim()]
      : []
  );
  const text = [...messages, ...details].filter((part) => typeof part === "string").join("; ");
  return text === "" ? undefined : redact(text).slice(0, 300);
}

/** Retry-After in milliseconds, from seconds or from a date; undefined when absent or nonsense. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // A date begins with the day's name. Date.parse() takes "-86400" too, for a time long to come.
  const ms = /^[a-z]/i.test(value) ? Date.parse(value) - Date.now() : NaN;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** The error for an attempt in which no whole answer arrived. */
export function errorOfConnection(request: string, host: string, cause: unknown): ImmichError {
  const text = textOfChain(cause);
  for (const { pattern, kind, what, hint, ...details } of FAILURES) {
    if (!pattern.test(text)) continue;
    return new ImmichError(kind, `${request} failed: ${what(host)}.`, hint, { ...details, cause });
  }
  return new ImmichError(
    "connection",
    `${request} failed: the connection to ${host} broke (${innermost(cause)}).`,
    // The alert of a server that wants a client certificate can get lost with the connection.
    "Check the network and the server, and run again; behind mutual TLS set IMMICH_CLIENT_CERT and IMMICH_CLIENT_KEY.",
    { retryable: true, cause },
  );
}

interface Failure {
  readonly pattern: RegExp;
  readonly kind: ImmichErrorKind;
  readonly retryable: boolean;
  readonly reason?: CertificateReason;
  readonly what: (host: string) => string;
  readonly hint: string;
}

const TRUST_HINT =
  "If the server uses a private CA or its own certificate, set IMMICH_CA_CERT to a PEM file with that certificate: immich-faceless-sync check shows what the server shows, init stores it.";

/** From special to general: the first pattern that fits names the failure. */
const FAILURES: readonly Failure[] = [
  certificate(
    "wrong name",
    /NotValidForName|not valid for name|ALTNAME_INVALID|does not match certificate's altnames|Hostname\/IP/i,
    (host) => `the certificate of the server is for another name than ${host}`,
    "Use a name that stands in the certificate in IMMICH_URL, or give the server a certificate with that name.",
  ),
  certificate(
    "expired",
    /certificate expired|CertExpired|CERT_HAS_EXPIRED|certificate has expired|\bExpired\b/i,
    (host) => `the certificate of ${host} has expired`,
    "Renew the certificate of the server (and check the clock of this machine).",
  ),
  certificate(
    "not valid yet",
    /NotValidYet|NOT_YET_VALID|not (yet valid|valid yet)/i,
    (host) => `the certificate of ${host} is not valid yet`,
    "Check the clocks of the server and of this machine.",
  ),
  certificate(
    "client certificate",
    /certificate.?required|CertificateRequired|handshake.?failure|HandshakeFailure|bad.?certificate|UnknownCA|AccessDenied/i,
    (host) => `${host} asks for a client certificate and did not accept what it got`,
    "Set IMMICH_CLIENT_CERT and IMMICH_CLIENT_KEY to a certificate that the server (or its proxy) accepts.",
  ),
  certificate(
    "not trusted",
    /UnknownIssuer|CaUsedAsEndEntity|SELF_SIGNED|self.signed|UNABLE_TO_(GET|VERIFY)|unable to (get|verify)/i,
    (host) => `the certificate of ${host} is not trusted`,
    TRUST_HINT,
  ),
  certificate(
    "not trusted",
    /invalid peer certificate|BadSignature|BadEncoding|UnsupportedCert/i,
    (host) => `the certificate of ${host} can't be verified`,
    TRUST_HINT,
  ),
  certificate(
    "no TLS",
    /InvalidContentType|wrong version number|corrupt message/i,
    (host) => `${host} does not speak TLS on this port`,
    "Use http:// in IMMICH_URL, or the port on which the server speaks https.",
  ),
  {
    ...connection(
      /invalid HTTP version parsed/i,
      (host) => `${host} speaks https, not http, on this port`,
      "Use https:// in IMMICH_URL.",
    ),
    retryable: false,
  },
  {
    ...connection(
      /Requests to port \d+ are blocked/i,
      (host) =>
        `${host} has a port that is reserved for another service and blocked for web requests`,
      "Give Immich (or its proxy) another port, and set it in IMMICH_URL.",
    ),
    retryable: false,
  },
  connection(
    /dns error|ENOTFOUND|EAI_AGAIN|failed to lookup address|name or service not known/i,
    (host) => `the name ${host} can't be resolved`,
    "Check the host name in IMMICH_URL and the DNS of this machine.",
  ),
  connection(
    /connection refused|ECONNREFUSED/i,
    (host) => `${host} refused the connection`,
    "Check that Immich is running and that the port in IMMICH_URL is right.",
  ),
  connection(
    /unreachable|EHOSTUNREACH|ENETUNREACH/i,
    (host) => `${host} can't be reached`,
    "Check the network, VPN and firewall between this machine and the server.",
  ),
];

function certificate(
  reason: CertificateReason,
  pattern: RegExp,
  what: Failure["what"],
  hint: string,
): Failure {
  return { pattern, kind: "certificate", reason, retryable: false, what, hint };
}

function connection(pattern: RegExp, what: Failure["what"], hint: string): Failure {
  return { pattern, kind: "connection", retryable: true, what, hint };
}

/** All messages and codes of an error, of its causes and of what it aggregates. */
function textOfChain(error: unknown, depth = 0): string {
  if (depth > 8) return "";
  if (!(error instanceof Error)) return String(error ?? "");
  const code = "code" in error ? String(error.code) : "";
  const inner = error instanceof AggregateError ? error.errors : [];
  return [error.message, code, ...inner.map((e) => textOfChain(e, depth + 1))].join(" ") +
    (error.cause === undefined ? "" : " " + textOfChain(error.cause, depth + 1));
}

/** The message of the error at the bottom of the chain, which names the system's reason. */
function innermost(error: unknown): string {
  let current = error;
  for (let depth = 0; depth < 8; depth++) {
    const next = current instanceof AggregateError
      ? current.errors[0]
      : current instanceof Error
      ? current.cause
      : undefined;
    if (next === undefined) break;
    current = next;
  }
  const text = current instanceof Error ? current.message : String(current);
  return text.replace(/^.*for url \([^)]*\):\s*/, "").slice(0, 200) || "no reason given";
}

/** The error for a list that contradicts what was asked for, or itself: no basis for any change. */
export function untrustedList(why: string): ImmichError {
  return new ImmichError(
    "answer",
    `The list of assets can't be trusted: ${why}.`,
    "Nothing was changed. If a proxy or cache stands between, check it; otherwise please report this with the log at LOG_LEVEL=debug.",
  );
}
