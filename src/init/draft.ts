import { dirname } from "node:path";
import { formatEnvLine, parseEnvFile } from "../config/env_file.ts";
import { decodeText, readSmallFile } from "../config/files.ts";
import { type ConfigResult, loadConfig } from "../config/load.ts";
import type { ImmichConfig } from "../config/schema.ts";
import { environmentNames } from "../config/schema.ts";
import { ExplainedError } from "../errors.ts";

const MAX_ENV_FILE_BYTES = 1 << 20;

/**
 * The env file that is about to be written: the answers so far over what the existing file says.
 * Nothing is on the disk before all is asked.
 */
export class Draft {
  readonly path: string;
  /** Whether there is a file that this one takes the place of. */
  readonly replaces: boolean;
  readonly #values: Map<string, string>;
  #certificate: string | undefined;

  /**
   * @param path absolute
   * @throws ExplainedError when there is a file that can't be read
   */
  constructor(path: string) {
    this.path = path;
    const text = readExisting(path);
    this.replaces = text !== undefined;
    this.#values = new Map();
    for (const [name, value] of parseEnvFile(text ?? "").values) {
      if (value !== null) this.#values.set(name, value);
    }
  }

  get folder(): string {
    return dirname(this.path);
  }

  get(name: string): string | undefined {
    return this.#values.get(name) || undefined;
  }

  /** An empty value takes the variable out. */
  set(name: string, value: string): void {
    if (value === "") this.#values.delete(name);
    else this.#values.set(name, value);
  }

  /** The certificates to trust besides those of IMMICH_CA_CERT, not yet in any file. */
  get certificate(): string | undefined {
    return this.#certificate;
  }

  trust(certificate: string): void {
    this.#certificate = certificate;
  }

  /** The file, of known variables first and in the order of `.env.example`. */
  text(without: readonly string[] = []): string {
    const names = [...this.#values.keys()].filter((name) => !without.includes(name));
    const known = environmentNames.filter((name) => names.includes(name));
    const others = names.filter((name) => !environmentNames.includes(name));
    const lines = [...known, ...others].map((name) =>
      formatEnvLine(name, this.#values.get(name) ?? "")
    );
    return ["# Written by immich-faceless-sync init; .env.example has all variables.", ...lines]
      .join("\n") + "\n";
  }

  /**
   * How a run would understand the file, the environment left aside.
   *
   * @param standIns for what has not been asked yet, in place of what is there
   */
  load(standIns: Readonly<Record<string, string>> = {}): ConfigResult {
    const without = Object.keys(standIns).flatMap((name) => [name, `${name}_FILE`]);
    const loaded = loadConfig({
      cwd: this.folder,
      environment: (name) => standIns[name],
      envText: { path: this.path, text: this.text(without) },
    });
    if (!loaded.ok || this.#certificate === undefined) return loaded;
    const { immich } = loaded.config;
    return { ...loaded, config: { ...loaded.config, immich: this.#trusting(immich) } };
  }

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
