import { type CertificateReason, ImmichError, type ImmichErrorKind } from "./immich_error.ts";

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
  "If the server uses a private CA or its own certificate, set IMMICH_CA_CERT to a PEM file with that certificate: immich-faceless-sync check shows it, and init can store it.";

/** From special to general: the first pattern that fits names the failure. */
const FAILURES: readonly Failure[] = [
  certificate(
    "wrong name",
    /NotValidForName|not valid for name|ALTNAME_INVALID|does not match certificate's altnames|Hostname\/IP/i,
    (host) => `the server's certificate is for another name than ${host}`,
    "Use a name from the certificate in IMMICH_URL, or give the server a certificate with that name.",
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
        `${host} uses a port that is reserved for another service and blocked for web requests`,
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
