// @peculiar/x509 registers its algorithms through reflect-metadata, which must be there first.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { X509Certificate } from "node:crypto";
import { certificatesOf, whyNotTrusted } from "../../../src/immich/trusted_certificate.ts";
import { createAuthority, createSelfSigned } from "../../emulator/mod.ts";

const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY = 24 * 60 * 60 * 1000;

/** What the runtime tells of a certificate that was shown. */
function judge(shownPem: string, trustedPem: string, host = "localhost"): string | undefined {
  const { subject, subjectAltName, raw } = new X509Certificate(shownPem);
  const commonName = /^CN=(.*)$/m.exec(subject)?.[1] ?? "";
  const shown: Parameters<typeof whyNotTrusted>[0] = {
    ...EMPTY,
    subject: { ...EMPTY.subject, CN: commonName },
    ...subjectAltName === undefined ? {} : { subjectaltname: subjectAltName },
    raw: Buffer.from(raw),
  };
  return whyNotTrusted(shown, host, certificatesOf(trustedPem))?.message;
}

const NAMES = { C: "", ST: "", L: "", O: "", OU: "", CN: "" };
const EMPTY = {
  ca: false,
  subject: NAMES,
  issuer: NAMES,
  infoAccess: {},
  modulus: "",
  exponent: "",
  valid_from: "",
  valid_to: "",
  fingerprint: "",
  fingerprint256: "",
  fingerprint512: "",
  serialNumber: "",
  raw: Buffer.alloc(0),
};

interface Forged {
  readonly issuer: x509.X509Certificate;
  /** Default: a key of nobody. */
  readonly signingKey?: CryptoKey;
  readonly extensions?: x509.Extension[];
}

/** A certificate for localhost, marked as a CA, that says it is issued by `issuer`. */
async function forge({ issuer, signingKey, extensions = [] }: Forged): Promise<string> {
  const keys = await crypto.subtle.generateKey(EC, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "4711",
    subject: "CN=localhost",
    issuer: issuer.subject,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
    signingAlgorithm: EC,
    signingKey: signingKey ?? keys.privateKey,
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      ...issuer.getExtension(x509.SubjectKeyIdentifierExtension) === null
        ? []
        : [await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey)],
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }]),
      ...extensions,
    ],
  });
  return certificate.toString("pem");
}

async function keyOf(pem: string): Promise<CryptoKey> {
  const bytes = x509.PemConverter.decodeFirst(pem);
  return await crypto.subtle.importKey("pkcs8", bytes, EC, true, ["sign"]);
}

Deno.test("the server's own certificate and one of its authority are trusted, for their name only", async () => {
  const authority = await createAuthority();
  const issued = await authority.issueServer({ isCa: true });
  const selfSigned = await createSelfSigned({ keyType: "ec" });
  for (
    const [shown, trusted] of [
      [issued.cert, issued.cert],
      [issued.cert, authority.cert],
      [issued.cert, `${selfSigned.cert}\n${authority.cert}`],
      [selfSigned.cert, selfSigned.cert],
    ] as const
  ) {
    assert.equal(judge(shown, trusted), undefined);
    assert.match(judge(shown, trusted, "other.example") ?? "", /does not match/);
  }
});

Deno.test("a trusted certificate is refused before and after its time", async () => {
  const authority = await createAuthority();
  for (
    const [years, said] of [[["2020", "2021"], /Expired/], [
      ["2090", "2091"],
      /NotValidYet/,
    ]] as const
  ) {
    const [notBefore = new Date(), notAfter = new Date()] = years.map((year) => new Date(year));
    const { cert } = await authority.issueServer({ isCa: true, notBefore, notAfter });
    assert.match(judge(cert, cert) ?? "", said);
    assert.match(judge(cert, authority.cert) ?? "", said);
  }
});

Deno.test("a name and a key identifier of the authority are not its signature", async () => {
  const authority = await createAuthority();
  const issuer = new x509.X509Certificate(authority.cert);
  const signingKey = await keyOf(authority.key);
  assert.equal(judge(await forge({ issuer, signingKey }), authority.cert), undefined);
  assert.match(judge(await forge({ issuer }), authority.cert) ?? "", /UnknownIssuer/);
});

/** A certificate of the file, signed by itself, and one that it has issued. */
async function issuedBy(
  ...extensions: x509.Extension[]
): Promise<[shown: string, trusted: string]> {
  const keys = await crypto.subtle.generateKey(EC, true, ["sign", "verify"]);
  const issuer = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: "11",
    name: "CN=Issuer",
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
    signingAlgorithm: EC,
    keys,
    extensions,
  });
  return [await forge({ issuer, signingKey: keys.privateKey }), issuer.toString("pem")];
}

Deno.test("what a certificate of the file has issued is trusted only if that is an authority", async () => {
  const authority = new x509.BasicConstraintsExtension(true, undefined, true);
  assert.equal(judge(...await issuedBy(authority)), undefined);
  const server = new x509.BasicConstraintsExtension(false, undefined, true);
  assert.match(judge(...await issuedBy(server)) ?? "", /UnknownIssuer/);
  assert.match(judge(...await issuedBy()) ?? "", /UnknownIssuer/);
  // Permitted: the domain example. Which names those are is not looked at here.
  const names = new x509.Extension(
    "2.5.29.30",
    true,
    Buffer.from("300da00b3009820765786d706c65", "hex"),
  );
  assert.match(judge(...await issuedBy(authority, names)) ?? "", /UnknownIssuer/);
});

Deno.test("a certificate for another use than a server's is refused", async () => {
  const authority = await createAuthority();
  const issuer = new x509.X509Certificate(authority.cert);
  const signingKey = await keyOf(authority.key);
  const use = (oid: string) =>
    forge({ issuer, signingKey, extensions: [new x509.ExtendedKeyUsageExtension([oid])] });
  assert.equal(judge(await use("1.3.6.1.5.5.7.3.1"), authority.cert), undefined);
  assert.match(judge(await use("1.3.6.1.5.5.7.3.2"), authority.cert) ?? "", /UnknownIssuer/);
});
