import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** A certificate and its key, as PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const DAY_MS = 86_400_000;

/** What `openssl req -x509` makes: signed by itself and marked as a CA, yet a server's own. */
export async function selfSigned(host: string): Promise<Certificate> {
  const keys = await createKeys();
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    keys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [new x509.BasicConstraintsExtension(true), names(host)],
  });
  return { cert: cert.toString("pem"), key: await pemOf(keys) };
}

/**
 * A private CA and a server's certificate that it signed.
 *
 * @param daysFromNow The day in the middle of the two that the server's certificate is valid.
 */
export async function signedByPrivateCa(
  host: string,
  daysFromNow = 0,
): Promise<{ ca: string; server: Certificate }> {
  const caKeys = await createKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=Private CA",
    keys: caKeys,
    signingAlgorithm: ALGORITHM,
    ...validity(),
    extensions: [new x509.BasicConstraintsExtension(true)],
  });
  const keys = await createKeys();
  const cert = await x509.X509CertificateGenerator.create({
    subject: `CN=${host}`,
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    signingAlgorithm: ALGORITHM,
    ...validity(daysFromNow),
    extensions: [names(host)],
  });
  return {
    ca: ca.toString("pem"),
    server: { cert: cert.toString("pem"), key: await pemOf(keys) },
  };
}

function createKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
}

function validity(daysFromNow = 0): { notBefore: Date; notAfter: Date } {
  const middle = Date.now() + daysFromNow * DAY_MS;
  return { notBefore: new Date(middle - DAY_MS), notAfter: new Date(middle + DAY_MS) };
}

function names(host: string): x509.SubjectAlternativeNameExtension {
  const type = /^[\d.]+$/.test(host) ? "ip" : "dns";
  return new x509.SubjectAlternativeNameExtension([{ type, value: host }]);
}

async function pemOf(keys: CryptoKeyPair): Promise<string> {
  const der = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return x509.PemConverter.encode(der, "PRIVATE KEY");
}
