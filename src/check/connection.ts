import { isIP } from "node:net";
import type { ImmichConfig } from "../config/config.ts";
import { ImmichError } from "../immich/immich_error.ts";
import { lookAtCertificate, type PeerCertificate } from "../immich/peer_certificate.ts";
import { type Finding, ok, problem, problemOf, warning } from "./finding.ts";
import { count, day } from "../text.ts";

const LOOK_MS = 10_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Whatever renews certificates by itself has done so by then. */
const SOON_DAYS = 7;

/** How the server was reached, once it was: by TLS, and how long that will be possible. */
export async function checkConnection(config: ImmichConfig): Promise<Finding> {
  if (config.baseUrl.startsWith("http:")) return checkClear(config.baseUrl);
  const certificate = await lookAt(config);
  // Behind a proxy of this machine's own network, for instance. The requests themselves went well.
  if (certificate === undefined) return ok("connection", "TLS, verified");
  const { validTo, issuer } = certificate;
  const days = Math.floor((validTo.getTime() - Date.now()) / DAY_MS);
  const what = `TLS, verified; the certificate from ${issuer} is valid until ${day(validTo)}`;
  if (days >= SOON_DAYS) return ok("connection", what);
  return warning(
    "connection",
    `${what} (${count(days, "day")} left)`,
    "Renew it; if it is self-signed, also replace the file that IMMICH_CA_CERT names.",
  );
}

function checkClear(baseUrl: string): Finding {
  const { hostname, host } = new URL(baseUrl);
  if (isNear(hostname)) {
    return ok("connection", `http, not encrypted; ${host} is on a private network`);
  }
  return warning(
    "connection",
    `http, not encrypted: anyone on the way to ${host} can read the API key`,
    "Use https:// in IMMICH_URL, unless the whole way is your own network.",
  );
}

/** Whether the host is this machine or in a network that the internet does not reach. */
function isNear(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  if (isIP(host) === 4) {
    return /^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./
      .test(host);
  }
  if (isIP(host) === 6) return /^(?:::1$|f[cd]|fe[89ab])/.test(host);
  return !host.includes(".") ||
    /\.(?:local|localhost|lan|home|internal|home\.arpa|fritz\.box)$/.test(host);
}

/** Why the server could not be reached, with a look at the certificate if that was refused. */
export async function explainConnection(config: ImmichConfig, error: unknown): Promise<Finding> {
  if (!(error instanceof ImmichError) || error.kind !== "certificate") {
    return problemOf("server", error);
  }
  return explainCertificate(config, error, await lookAt(config));
}

/** The certificate that the server shows; undefined when there is none to be had. */
export async function lookAt({ baseUrl }: ImmichConfig): Promise<PeerCertificate | undefined> {
  return await lookAtCertificate(baseUrl, LOOK_MS);
}

/** Why the server's certificate was refused, by what it showed. */
export function explainCertificate(
  config: ImmichConfig,
  error: ImmichError,
  certificate: PeerCertificate | undefined,
): Finding {
  // Then it is our own certificate that was refused, not the server's.
  if (certificate === undefined || error.reason === "client certificate") {
    return problemOf("server", error);
  }
  const message = `${error.message} ${described(certificate)}`;
  return problem("connection", message, hintFor(certificate, error, config));
}

function described({ subject, issuer, selfSigned, ...rest }: PeerCertificate): string {
  const { names, validFrom, validTo, fingerprint } = rest;
  const by = selfSigned ? "self-signed" : `issued by ${issuer}`;
  return `The server showed: ${subject}, ${by}, for ${names.join(", ") || "no name"}, ` +
    `valid from ${day(validFrom)} to ${day(validTo)}, SHA-256 ${fingerprint}.`;
}

/** Everything that is wrong with it: what is verified first hides the rest. */
function hintFor(
  certificate: PeerCertificate,
  error: ImmichError,
  { baseUrl, caCertificates }: ImmichConfig,
): string {
  const { names, validFrom, validTo, fitsHost, selfSigned, issuer, pem } = certificate;
  const now = Date.now();
  const hints: string[] = [];
  if (validTo.getTime() < now) hints.push("It has expired: renew the server's certificate.");
  if (validFrom.getTime() > now) {
    hints.push("It is not valid yet: check the clocks of the server and of this machine.");
  }
  if (!fitsHost) {
    hints.push(
      `It is not for ${new URL(baseUrl).hostname}: use one of its names (${
        names.join(", ")
      }) in IMMICH_URL, or give the server a certificate with that name.`,
    );
  }
  if (hints.length === 0 || error.reason === "not trusted") {
    const wanted = selfSigned
      ? "that certificate, if it is your own server's"
      : `the certificate of its issuer, ${issuer}, or the server's own`;
    hints.push(
      caCertificates?.includes(pem.trim())
        ? "IMMICH_CA_CERT holds this very certificate, but it still cannot be verified: give the server another one."
        : caCertificates === undefined
        ? `Set IMMICH_CA_CERT to a PEM file with ${wanted}; immich-faceless-sync init can fetch and store it.`
        : `The file of IMMICH_CA_CERT does not contain it: add ${wanted}.`,
    );
  }
  return hints.join(" ");
}
