import { basename, dirname, join } from "node:path";
import type { ImmichConfig } from "../config/config.ts";
import { parseEnvFile, setInEnvFile } from "../config/env_file.ts";
import { type ConfigResult, loadConfig } from "../config/load.ts";
import { ENV_EXAMPLE, variables } from "../config/variables.ts";
import { MAX_ENV_FILE_BYTES } from "../config/source.ts";
import { ExplainedError } from "../errors.ts";
import { decodeText, icaclsFor, readSmallFile, replaceFile } from "../system/files.ts";
import { createRedactor } from "../system/redact.ts";

const FIRST_LINE =
  `# Written by immich-faceless-sync init; ${ENV_EXAMPLE} of the release has all variables.\n`;

/**
 * The env file that is about to be written: the answers so far over what the existing file says.
 * Nothing is on the disk before all is asked.
 */
export class Draft {
  readonly path: string;
  /** Whether there is a file that this one takes the place of. */
  readonly replaces: boolean;
  #text: string;
  #certificate: string | undefined;

  /**
   * @param path absolute
   * @throws ExplainedError when there is a file that can't be read
   */
  constructor(path: string) {
    this.path = path;
    const text = readExisting(path);
    this.replaces = text !== undefined;
    this.#text = text ?? FIRST_LINE;
  }

  get folder(): string {
    return dirname(this.path);
  }

  get(name: string): string | undefined {
    return parseEnvFile(this.#text).values.get(name) || undefined;
  }

  /** An empty value takes the variable out; what stands there already stays as it is written. */
  set(name: string, value: string): void {
    if (value === this.get(name)) return;
    this.#text = setInEnvFile(this.#text, name, value === "" ? undefined : value);
  }

  /** The certificates to trust besides those of IMMICH_CA_CERT, not yet in any file. */
  get certificate(): string | undefined {
    return this.#certificate;
  }

  trust(certificate: string): void {
    this.#certificate = certificate;
  }

  get text(): string {
    return this.#text;
  }

  /**
   * How a run would understand the file, the environment left aside.
   *
   * @param standIns in place of what is there; an empty one for nothing
   */
  load(standIns: Readonly<Record<string, string>> = {}): ConfigResult {
    const replaced = Object.keys(standIns).flatMap((name) => [name, `${name}_FILE`]);
    const text = replaced.reduce((rest, name) => setInEnvFile(rest, name, undefined), this.#text);
    const loaded = loadConfig({
      cwd: this.folder,
      environment: (name) => standIns[name],
      envText: { path: this.path, text },
    });
    if (!loaded.ok || this.#certificate === undefined) return loaded;
    const { immich } = loaded.config;
    return { ...loaded, config: { ...loaded.config, immich: this.#trusting(immich) } };
  }

  /**
   * As `load`, but whatever lacks a variable that it requires, mail without an address for one, is
   * left aside: the question for that is still to come, or there is none.
   */
  loadWhatIsThere(standIns: Readonly<Record<string, string>> = {}): ConfigResult {
    const loaded = this.load(standIns);
    if (loaded.ok) return loaded;
    const lacking = loaded.problems.flatMap(({ requiredBy }) => requiredBy ?? []);
    return this.load({ ...standIns, ...Object.fromEntries(lacking.map((name) => [name, ""])) });
  }

  /** Takes the secrets out of a text, those of the answers so far included. */
  readonly redact = (text: string): string => createRedactor(this.load().secrets)(text);

  #trusting(immich: ImmichConfig): ImmichConfig {
    return { ...immich, caCertificates: (immich.caCertificates ?? "") + this.#certificate };
  }
}

/** Undefined when there is none. */
function readExisting(path: string): string | undefined {
  const content = readSmallFile(path, MAX_ENV_FILE_BYTES);
  if (!content.ok && content.reason === "missing") return undefined;
  const text = content.ok ? decodeText(content.bytes) : undefined;
  if (text !== undefined) return text;
  throw new ExplainedError(
    "ConfigError",
    `${path} can't be replaced: ${content.ok ? "it is not text in UTF-8" : content.why}.`,
    "Move it away, or name another file with --env-file.",
  );
}

const OWNER_ONLY = 0o600;

/** What has been written, for the user to know. */
export interface Written {
  readonly envFile: string;
  /** Undefined when there was nothing to keep. */
  readonly backup: string | undefined;
  /** Undefined when no certificate was to be stored. */
  readonly certificate: string | undefined;
}

/** Writes the env file, after what it needs and what it takes the place of: nothing is lost. */
export function writeDraft(draft: Draft): Written {
  const certificate = storeCertificate(draft);
  const backup = draft.replaces ? `${draft.path}.bak` : undefined;
  if (backup !== undefined) replaceFile(backup, Deno.readFileSync(draft.path), OWNER_ONLY);
  replaceFile(draft.path, draft.text, OWNER_ONLY);
  return { envFile: draft.path, backup, certificate };
}

const KEEP_SECRET = "Keep other users from reading the key, in a Command Prompt (cmd):";

/** What was written and who can read it, with what to do about that on Windows. */
export function describeWritten(
  { envFile, backup, certificate }: Written,
  os: typeof Deno.build.os = Deno.build.os,
): string {
  const secret = [envFile, ...backup === undefined ? [] : [backup]];
  return [
    `Wrote ${envFile}${os === "windows" ? "" : ", readable by you only"}.`,
    ...certificate === undefined ? [] : [`The certificate is in ${certificate}.`],
    ...backup === undefined ? [] : [`The previous file is now ${backup}.`],
    ...os === "windows" ? [KEEP_SECRET, ...secret.map((path) => `  ${icaclsFor(path)}`)] : [],
  ].join("\n");
}

/** Beside the env file, under a name that is free, with what IMMICH_CA_CERT named before. */
function storeCertificate(draft: Draft): string | undefined {
  if (draft.certificate === undefined) return undefined;
  const loaded = draft.load();
  const pem = loaded.ok ? loaded.config.immich.caCertificates : undefined;
  const path = freePath(draft.folder);
  replaceFile(path, pem ?? draft.certificate, OWNER_ONLY);
  draft.set(variables.server.caCertificates.name, basename(path));
  return path;
}

function freePath(folder: string): string {
  const taken = new Set([...Deno.readDirSync(folder)].map(({ name }) => name));
  for (let n = 1;; n++) {
    const name = n === 1 ? "immich-ca.pem" : `immich-ca-${n}.pem`;
    if (!taken.has(name)) return join(folder, name);
  }
}
