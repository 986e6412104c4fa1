/** PEM files: read, checked, and brought down to the blocks that are of use. */

import type { X509Certificate } from "node:crypto";
import { isAbsolute } from "node:path";
import { invalid, type Parsed, path, valid } from "./values.ts";
import type { Explanation } from "../errors.ts";
import { decodeText, readSmallFile } from "../system/files.ts";
import { shown } from "../text.ts";

const MAX_PEM_BYTES = 1 << 20;

interface Block {
  readonly label: string;
  /** With `\n` line ends and a closing one. */
  readonly pem: string;
}

/**
 * The certificates of the file and nothing else of it, each one readable. One that is out of its
 * time is a warning: whether it matters shows only when the server uses it.
 */
export function certificateFile(text: string, baseDir: string): Parsed<string> {
  const must = "be a PEM file with one or more certificates";
  const file = readPem(text, baseDir, must, derCertificateHint);
  if (!file.ok) return file;
  const certificates = file.value.filter(({ label }) => label === "CERTIFICATE");
  if (certificates.length === 0) {
    const other = file.value[0]?.label;
    return invalid(
      must,
      other === undefined
        ? "it has no PEM text (-----BEGIN … to -----END …)"
        : `it has only ${other}`,
    );
  }
  let warning: Explanation | undefined;
  for (const [index, { pem }] of certificates.entries()) {
    const certificate = readCertificate(pem);
    if (certificate === undefined) {
      return invalid(must, `certificate ${index + 1} in it is damaged`);
    }
    warning ??= outOfTime(certificate);
  }
  return valid(certificates.map(({ pem }) => pem).join(""), warning);
}

/** The private key of the file, unencrypted. */
export function privateKeyFile(text: string, baseDir: string): Parsed<string> {
  const must = "be a PEM file with a private key";
  const file = readPem(text, baseDir, must, () => "it is not PEM text");
  if (!file.ok) return file;
  const key = file.value.find(({ label }) => label.endsWith("PRIVATE KEY"));
  if (key === undefined) return invalid(must, "it has no private key");
  if (key.label === "ENCRYPTED PRIVATE KEY" || key.pem.includes("ENCRYPTED\n")) {
    return invalid(
      "be a private key without a passphrase",
      "take it off: openssl pkey -in OLD -out NEW, and keep NEW readable by you only",
    );
  }
  if (key.label === "OPENSSH PRIVATE KEY") return invalid(must, "it is a key for SSH");
  try {
    nodeCrypto().createPrivateKey(key.pem);
  } catch {
    return invalid(must, "the key in it is damaged or of an unknown kind");
  }
  return valid(key.pem);
}

/** Key texts found in the file, whatever else is wrong with it. */
export function privateKeyTexts(text: string, baseDir: string): string[] {
  const file = readPem(text, baseDir, "", () => "");
  if (!file.ok) return [];
  return file.value.filter(({ label }) => label.endsWith("PRIVATE KEY"))
    .flatMap(({ pem }) => [pem, pem.trimEnd()]);
}

/** Whether the key belongs to the first certificate; true also when that can't be told. */
export function keyFitsCertificate(key: string, certificates: string): boolean {
  try {
    const { X509Certificate, createPrivateKey } = nodeCrypto();
    return new X509Certificate(certificates).checkPrivateKey(createPrivateKey(key));
  } catch {
    return true; // a kind of key that node:crypto doesn't compare: the server will
  }
}

function readPem(
  text: string,
  baseDir: string,
  must: string,
  hintForOther: (bytes: Uint8Array) => string,
): Parsed<Block[]> {
  const location = path(text, baseDir);
  if (!location.ok) return location;
  const file = readSmallFile(location.value, MAX_PEM_BYTES);
  if (!file.ok) {
    const where = isAbsolute(text.trim())
      ? ""
      : `; a relative path is taken from ${shown(baseDir)}`;
    return invalid(must, file.why + where);
  }
  const content = decodeText(file.bytes);
  if (content === undefined) return invalid(must, hintForOther(file.bytes));
  return valid(blocks(content.replace(/\r\n?/g, "\n")));
}

function blocks(text: string): Block[] {
  const pattern = /-----BEGIN ([A-Z0-9 ]+)-----\n((?:(?!-----)[\s\S])*)-----END \1-----/g;
  return [...text.matchAll(pattern)].map(([pem, label = ""]) => ({ label, pem: `${pem}\n` }));
}

function readCertificate(data: string | Uint8Array): X509Certificate | undefined {
  try {
    return new (nodeCrypto().X509Certificate)(data);
  } catch {
    return undefined; // the caller says which certificate of which file
  }
}

function derCertificateHint(bytes: Uint8Array): string {
  if (readCertificate(bytes) !== undefined) {
    return "it is in DER form, convert it: openssl x509 -inform der -in OLD -out NEW.pem";
  }
  return bytes[0] === 0x30
    ? "it is binary; if it is PKCS#12 (.p12, .pfx): openssl pkcs12 -in OLD -nokeys -out NEW.pem"
    : "it is not text";
}

function outOfTime({ subject, validFrom, validTo }: X509Certificate): Explanation | undefined {
  const name = shown(subject);
  const now = Date.now();
  if (Date.parse(validTo) < now) {
    return {
      message: `the certificate ${name} expired on ${validTo}.`,
      hint: "Put the one that has taken its place into that file.",
    };
  }
  if (Date.parse(validFrom) > now) {
    return {
      message: `the certificate ${name} is not valid before ${validFrom}.`,
      hint: "Check the clock of this machine.",
    };
  }
  return undefined;
}

/** Loaded only where there is a certificate to read: it takes 50 ms in Deno 2.9.6. */
function nodeCrypto(): typeof import("node:crypto") {
  // Importing node:process would take 8 ms itself.
  // deno-lint-ignore no-process-global
  return globalThis.process.getBuiltinModule("node:crypto");
}
