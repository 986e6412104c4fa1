import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { join, resolve } from "node:path";
import type { Config } from "../../../src/config/config.ts";
import { type ConfigInput, type ConfigResult, loadConfig } from "../../../src/config/load.ts";

export const required = { IMMICH_URL: "https://photos.example", API_KEY: "key-0123456789abcdef" };

/** A working folder that does not exist, absolute on every system. */
export const nowhere = resolve("/nowhere");

/** Loads from an environment of these variables and nothing else. */
export function load(
  environment: Record<string, string>,
  input: Partial<ConfigInput> = {},
): ConfigResult {
  return loadConfig({
    cwd: nowhere,
    environment: (name) => environment[name],
    ...input,
  });
}

/** The messages of a configuration that is wrong; fails on one that is right. */
export function problemsOf(result: ConfigResult): string[] {
  if (result.ok) throw new Error("expected problems, found a valid configuration");
  return result.problems.map(({ message }) => message);
}

/** The messages of the warnings. */
export function warningsOf({ warnings }: ConfigResult): string[] {
  return warnings.map(({ message }) => message);
}

/** The configuration; fails with its problems where there are any. */
export function configOf(result: ConfigResult): Config {
  if (!result.ok) throw new Error(problemsOf(result).join("\n"));
  return result.config;
}

/** The one problem that setting `name` to `text` makes. */
export function problemWith(name: string, text: string, more: Record<string, string> = {}): string {
  const problems = problemsOf(load({ ...required, ...more, [name]: text }));
  if (problems.length !== 1) throw new Error(`expected one problem: ${problems.join("\n")}`);
  return problems[0] ?? "";
}

/** A folder with these files, gone when the scope is left. Files are the user's own (600). */
export function folderWith(
  files: Record<string, string | Uint8Array>,
): { path: string; file: (name: string) => string } & Disposable {
  const path = Deno.realPathSync(Deno.makeTempDirSync());
  for (const [name, content] of Object.entries(files)) {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    Deno.writeFileSync(join(path, name), bytes, { mode: 0o600 });
  }
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.dispose]: () => Deno.removeSync(path, { recursive: true }),
  };
}

export interface TestCertificate {
  readonly cert: string;
  readonly der: Uint8Array;
  readonly key: string;
}

/** Self-signed, valid for a day before and after `around`. */
export async function certificate(name: string, around = new Date()): Promise<TestCertificate> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const day = 24 * 60 * 60 * 1000;
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date(around.getTime() - day),
    notAfter: new Date(around.getTime() + day),
    keys,
    signingAlgorithm: algorithm,
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    cert: cert.toString("pem") + "\n",
    der: new Uint8Array(cert.rawData),
    key: x509.PemConverter.encode(key, "PRIVATE KEY") + "\n",
  };
}

/** Where the value of a variable comes from. */
export function placeOf({ origins }: ConfigResult, name: string): string | undefined {
  return origins.find((origin) => origin.name === name)?.from;
}
