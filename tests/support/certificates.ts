// @peculiar/x509 registers its algorithms through reflect-metadata, which must be there first.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** A certificate (with what a server must send along, leaf first) and its private key, as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** What a certificate issued by an authority says. */
export interface IssueOptions {
  /** Subject; default the first DNS name or "localhost". */
  commonName?: string;
  /** DNS names of the subjectAltName; default `["localhost"]`. */
  names?: string[];
  /** IP addresses of the subjectAltName; default `["127.0.0.1"]`. */
  ips?: string[];
  notBefore?: Date;
  notAfter?: Date;
  /** Marked as a CA itself, as some guides make it. */
  isCa?: boolean;
}

/** What a self-signed certificate says; the defaults are those of plain `openssl req -x509`. */
export interface SelfSignedOptions {
  commonName?: string;
  /** Default DNS:localhost; with `ips` also empty there is no subjectAltName (CN only). */
  names?: string[];
  /** Default IP:127.0.0.1. */
  ips?: string[];
  notBefore?: Date;
  notAfter?: Date;
  /** RSA 2048 is what openssl's command line gives; EC is made far quicker. */
  keyType?: "rsa" | "ec";
}

/** A private certificate authority. */
export interface Authority extends Certificate {
  /** A server certificate (serverAuth) for the given names. */
  issueServer(options?: IssueOptions): Promise<Certificate>;
  /** A client certificate (clientAuth), for servers behind mutual TLS. */
  issueClient(commonName?: string): Promise<Certificate>;
}

const EC: EcKeyGenParams & EcdsaParams = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const RSA: RsaHashedKeyGenParams = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
const DAY = 24 * 60 * 60 * 1000;
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";

/** Makes a private CA: EC P-256, keyCertSign, valid from yesterday for ten years. */
export async function createAuthority(commonName = "Emulator test CA"): Promise<Authority> {
  const keys = await crypto.subtle.generateKey(EC, true, ["sign", "verify"]);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${commonName}`,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + 3650 * DAY),
    signingAlgorithm: EC,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    cert: cert.toString("pem"),
    key: await pemOfKey(keys.privateKey),
    issueServer: (options = {}) =>
      issue(cert, keys, {
        commonName: options.commonName ?? options.names?.[0] ?? "localhost",
        purpose: SERVER_AUTH,
        san: subjectAltName(options.names ?? ["localhost"], options.ips ?? ["127.0.0.1"]),
        notBefore: options.notBefore ?? new Date(Date.now() - DAY),
        notAfter: options.notAfter ?? new Date(Date.now() + 365 * DAY),
        isCa: options.isCa ?? false,
      }),
    issueClient: (commonName = "client") =>
      issue(cert, keys, {
        commonName,
        purpose: CLIENT_AUTH,
        san: null,
        notBefore: new Date(Date.now() - DAY),
        notAfter: new Date(Date.now() + 365 * DAY),
        isCa: false,
      }),
  };
}

/**
 * Makes the certificate of `openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost
 * -addext subjectAltName=DNS:localhost,IP:127.0.0.1`: its own CA (CA:TRUE, critical), subject and
 * authority key identifier, no key usage, 30 days. Many home servers have just this.
 */
export async function createSelfSigned(options: SelfSignedOptions = {}): Promise<Certificate> {
  const algorithm = options.keyType === "ec" ? EC : RSA;
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const san = subjectAltName(options.names ?? ["localhost"], options.ips ?? ["127.0.0.1"]);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${options.commonName ?? "localhost"}`,
    notBefore: options.notBefore ?? new Date(Date.now() - 60_000),
    notAfter: options.notAfter ?? new Date(Date.now() + 30 * DAY),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
      new x509.BasicConstraintsExtension(true, undefined, true),
      ...(san === null ? [] : [san]),
    ],
  });
  return { cert: cert.toString("pem"), key: await pemOfKey(keys.privateKey) };
}

/** A self-signed certificate without subjectAltName, as old guides make it: names only in the CN. */
export function createCommonNameOnly(commonName = "localhost"): Promise<Certificate> {
  return createSelfSigned({ commonName, names: [], ips: [] });
}

/** A self-signed certificate whose validity ended yesterday. */
export function createExpired(): Promise<Certificate> {
  return createSelfSigned({
    notBefore: new Date(Date.now() - 31 * DAY),
    notAfter: new Date(Date.now() - DAY),
  });
}

interface LeafContent {
  commonName: string;
  purpose: string;
  san: x509.SubjectAlternativeNameExtension | null;
  notBefore: Date;
  notAfter: Date;
  isCa: boolean;
}

async function issue(
  issuer: x509.X509Certificate,
  issuerKeys: CryptoKeyPair,
  content: LeafContent,
): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey(EC, true, ["sign", "verify"]);
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: `CN=${content.commonName}`,
    issuer: issuer.subject,
    notBefore: content.notBefore,
    notAfter: content.notAfter,
    signingAlgorithm: EC,
    signingKey: issuerKeys.privateKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(content.isCa, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([content.purpose]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuerKeys.publicKey),
      ...(content.san === null ? [] : [content.san]),
    ],
  });
  return { cert: cert.toString("pem"), key: await pemOfKey(keys.privateKey) };
}

function subjectAltName(
  names: string[],
  ips: string[],
): x509.SubjectAlternativeNameExtension | null {
  if (names.length === 0 && ips.length === 0) return null;
  return new x509.SubjectAlternativeNameExtension([
    ...names.map((value) => ({ type: "dns" as const, value })),
    ...ips.map((value) => ({ type: "ip" as const, value })),
  ]);
}

/** A positive random serial number; a leading zero bit keeps it positive in DER. */
function serialNumber(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function pemOfKey(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}
