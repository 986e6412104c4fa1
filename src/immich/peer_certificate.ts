import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import process from "node:process";
import { connect } from "node:tls";

/** A certificate that a server showed, whether it can be trusted or not. */
export interface PeerCertificate {
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and IP addresses it is for; the common name where it lists none. */
  readonly names: readonly string[];
  readonly validFrom: Date;
  readonly validTo: Date;
  /** SHA-256, in the form that browsers and openssl show. */
  readonly fingerprint: string;
  readonly selfSigned: boolean;
  /** Whether it is for the host it was asked from. */
  readonly fitsHost: boolean;
  readonly pem: string;
}

/**
 * Looks at the certificate of an https server, for when it can't be verified and somebody has to be
 * told why. This one connection is not verified, and nothing is ever sent over it: it is closed when
 * the certificate is there. Undefined when there is none to be had (no TLS, nobody there).
 *
 * @param url of the server
 */
export async function lookAtCertificate(
  url: string,
  timeoutMs: number,
): Promise<PeerCertificate | undefined> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const raw = await showOf(host, port === "" ? 443 : Number(port), timeoutMs);
  if (raw === undefined) return undefined;
  const { X509Certificate } = process.getBuiltinModule("node:crypto");
  return toPeerCertificate(new X509Certificate(raw), host);
}

/** The certificate as DER. */
function showOf(host: string, port: number, timeoutMs: number): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port,
      // The one place where a certificate is not verified, because it is the one to be shown.
      rejectUnauthorized: false,
      // The name of an IP address must not be sent, by the standard.
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const end = (certificate?: Uint8Array) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(certificate);
    };
    const timer = setTimeout(end, timeoutMs);
    socket.on("secureConnect", () => end(socket.getPeerCertificate().raw));
    // Why there is no connection has been told by the request that failed before.
    socket.on("error", () => end());
  });
}

function toPeerCertificate(certificate: X509Certificate, host: string): PeerCertificate {
  const { subject, issuer, subjectAltName, validFrom, validTo, fingerprint256 } = certificate;
  const listed = (subjectAltName ?? "").split(", ").filter((name) => name !== "")
    .map((name) => name.replace(/^(?:DNS|IP Address):/, ""));
  const commonName = /^CN=(.*)$/m.exec(subject)?.[1];
  const names = listed.length > 0 ? listed : commonName === undefined ? [] : [commonName];
  return {
    subject: oneLine(subject),
    issuer: oneLine(issuer),
    names,
    validFrom: new Date(validFrom),
    validTo: new Date(validTo),
    fingerprint: fingerprint256,
    selfSigned: subject === issuer,
    fitsHost: names.some((name) => fits(name, host)),
    pem: certificate.toString(),
  };
}

/** `*.example.com` stands for one part, and only for the first one. */
function fits(name: string, host: string): boolean {
  const [wanted, given] = [canonical(name), canonical(host)];
  return wanted === given ||
    (wanted.startsWith("*.") && given.indexOf(".") > 0 &&
      wanted.slice(1) === given.slice(given.indexOf(".")));
}

/** In lower case; an IPv6 address as URLs write it, which has many spellings. */
function canonical(host: string): string {
  const name = host.toLowerCase().replace(/\.$/, "");
  return isIP(name) === 6 ? new URL(`http://[${name}]`).hostname : name;
}

/** `CN=photos, O=Home` */
function oneLine(name: string): string {
  return name.split("\n").join(", ");
}
