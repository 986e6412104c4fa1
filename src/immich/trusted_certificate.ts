import { Buffer } from "node:buffer";
import type { X509Certificate } from "node:crypto";
import { checkServerIdentity, type PeerCertificate } from "node:tls";

/** OID of the extension "name constraints", as it stands in a certificate. */
const NAME_CONSTRAINTS = Buffer.from("0603551d1e", "hex");
/** OID of the extension "extended key usage", and that of its value "TLS server". */
const EXTENDED_KEY_USAGE = Buffer.from("0603551d25", "hex");
const TLS_SERVER = Buffer.from("06082b06010505070301", "hex");
/** What a certificate of version 3 says of its version. */
const VERSION_3 = Buffer.from("a003020102", "hex");

/**
 * Why a certificate that a server showed can't be trusted, in the words of rustls; undefined when it
 * can. For the two kinds that rustls refuses whatever it is told to trust: the server's own
 * certificate issued by somebody else, and one that is marked as a CA. To be trusted, it is one of
 * the `trusted` to the last byte, or issued directly by one of them; and it is for the host, and
 * valid at this time.
 *
 * That the server has the private key of what it shows, the TLS handshake proves.
 *
 * @param shown `raw` included
 */
export function whyNotTrusted(
  shown: PeerCertificate,
  host: string,
  trusted: readonly X509Certificate[],
): Error | undefined {
  const { X509Certificate } = nodeCrypto();
  const certificate = new X509Certificate(shown.raw);
  const isOwn = trusted.some(({ raw }) => raw.equals(certificate.raw));
  if (!isOwn && !trusted.some((authority) => isIssuedBy(certificate, authority))) {
    return new Error("invalid peer certificate: UnknownIssuer");
  }
  // rustls does not look into other versions, not even for whose key has signed the handshake.
  if (!certificate.raw.subarray(0, 20).includes(VERSION_3)) {
    return new Error("invalid peer certificate: UnsupportedCertVersion");
  }
  const now = Date.now();
  if (Date.parse(certificate.validFrom) > now) {
    return new Error("invalid peer certificate: NotValidYet");
  }
  // The other way round, what can't be read as a date would do.
  if (!(Date.parse(certificate.validTo) >= now)) {
    return new Error("invalid peer certificate: Expired");
  }
  return checkServerIdentity(host, shown);
}

function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  if (!authority.ca || authority.raw.includes(NAME_CONSTRAINTS)) return false;
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) return false;
  return !certificate.raw.includes(EXTENDED_KEY_USAGE) || certificate.raw.includes(TLS_SERVER);
}

/** Each certificate of a PEM text. */
export function certificatesOf(pem: string): X509Certificate[] {
  const { X509Certificate } = nodeCrypto();
  return pem.split(/(?=-----BEGIN CERTIFICATE-----)/).filter((part) => part.trim() !== "")
    .map((part) => new X509Certificate(part));
}

function nodeCrypto(): typeof import("node:crypto") {
  // deno-lint-ignore no-process-global
  return globalThis.process.getBuiltinModule("node:crypto");
}
