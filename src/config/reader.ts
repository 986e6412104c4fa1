/** Reads variables one by one and keeps the list of everything that is wrong with them. */

import { nearestName } from "./misspelt.ts";
import { type Parsed, path, valid } from "./values.ts";
import { addressParts } from "./addresses.ts";
import { allVariables, environmentNames, variables } from "./variables.ts";
import type { Explanation } from "../errors.ts";
import type { Problem, Setting, Settings } from "./source.ts";
import type { Values, Variable } from "./variable.ts";
import { decodeText, readableByOthers, readSmallFile } from "../system/files.ts";
import { shown } from "../text.ts";

/** Their values may repeat parts of the server's address. */
const ADDRESSED: readonly string[] = [
  variables.server.headers.name,
  variables.notify.webhookHeaders.name,
];

const MAX_SECRET_FILE_BYTES = 1 << 16;

export class Reader {
  readonly problems: Problem[];
  readonly warnings: Explanation[];
  /** Longest first, so that replacing them one after the other leaves no rest of any. */
  readonly secrets: readonly string[];
  readonly #settings: Settings;
  readonly #cwd: string;
  readonly #secretFiles = new Map<string, Parsed<string>>();
  /** By the name that was probably meant. */
  readonly #misspelt = new Map<string, string>();

  constructor(settings: Settings, cwd: string) {
    this.#settings = settings;
    this.#cwd = cwd;
    this.problems = [...settings.problems];
    this.warnings = [...settings.warnings];
    this.secrets = this.#findSecrets();
    this.#findMisspelt();
  }

  /** The fallback also stands in for a value that is wrong, which is then one of `problems`. */
  read<T>(variable: Variable<T>): T {
    const setting = this.#settingOf(variable);
    if (setting === undefined) return variable.fallback(this.#cwd);
    const parsed = variable.parse(setting.text, setting.baseDir);
    if (parsed.ok) {
      if (parsed.warning !== undefined) {
        const { message, hint } = parsed.warning;
        this.warn(`${variable.name}: ${message}`, hint);
      }
      return parsed.value;
    }
    const { name, secret } = variable;
    const origin = this.#settings.get(name) === undefined ? `(from ${name}_FILE) ` : "";
    this.wrong(name, setting.text, parsed, secret, origin);
    return variable.fallback(this.#cwd);
  }

  /** The values of a group by the keys of their variables, but for those that are read apart. */
  readAll<
    Group extends Readonly<Record<string, Variable<unknown>>>,
    Apart extends keyof Group = never,
  >(group: Group, apart: readonly Apart[] = []): Omit<Values<Group>, Apart> {
    const own = Object.entries(group).filter(([key]) => !apart.some((each) => each === key));
    const values = own.map(([key, variable]): [string, unknown] => [key, this.read(variable)]);
    return Object.fromEntries(values) as Omit<Values<Group>, Apart>;
  }

  /**
   * As `read`; that it is not set is a problem.
   *
   * @param by the variable because of which it has to be, and with which value of that
   */
  require<T>(variable: Variable<T>, by?: Variable<unknown>, value?: string): T {
    if (!this.isSet(variable) && this.#settings.complete) {
      const because = by && ` with ${by.name}${value === undefined ? "" : `=${value}`}`;
      const either = variable.orFromFile ? ` (or ${variable.name}_FILE)` : "";
      this.problem(
        variable.name,
        `is required${because ?? ""}: set it${either}${this.#meant(variable)}`,
        by?.name,
      );
    }
    return this.read(variable);
  }

  isSet({ name, orFromFile }: Variable<unknown>): boolean {
    return this.#settings.get(name) !== undefined ||
      (orFromFile && this.#settings.get(`${name}_FILE`) !== undefined);
  }

  problem(variable: string, message: string, requiredBy?: string): void {
    this.problems.push({ variable, message: `${variable} ${message}`, requiredBy });
  }

  /** A problem with the value found, which is shown unless it is or holds a secret. */
  wrong(name: string, text: string, parsed: Parsed<unknown>, secret = false, origin = ""): void {
    if (parsed.ok) return;
    const { must, hint, guess } = parsed;
    const hidden = secret || this.secrets.some((part) => text.includes(part));
    const found = hidden
      ? " (the value found is not shown, as it may be secret)"
      : `: found ${shown(text)}`;
    const advice = hint === undefined ? "" : `; ${hint}`;
    const meant = hidden || !guess ? "" : `; did you mean ${shown(guess)}?`;
    this.problem(name, `${origin}must ${must}${found}${advice}${meant}`);
  }

  warn(message: string, hint: string): void {
    this.warnings.push({ message, hint });
  }

  /** Where the value that counts is set, in words. */
  placeOf({ name }: Variable<unknown>): string {
    const line = this.#settings.get(name)?.line;
    return line === undefined ? "the environment" : `line ${line} of ${this.#settings.file}`;
  }

  #settingOf({ name, orFromFile }: Variable<unknown>): Setting | undefined {
    const direct = this.#settings.get(name);
    const viaFile = orFromFile ? this.#settings.get(`${name}_FILE`) : undefined;
    if (viaFile === undefined) return direct;
    if (direct !== undefined) {
      this.problem(name, `and ${name}_FILE are both set: only one of them can count, remove one`);
      return direct;
    }
    const content = this.#secretFiles.get(name);
    if (content?.ok) return { ...viaFile, text: content.value };
    // Not shown: it may be the secret itself, put into the wrong variable.
    if (content) this.wrong(`${name}_FILE`, viaFile.text, content, true);
    return undefined;
  }

  #findSecrets(): string[] {
    const secrets = new Set<string>();
    const known = addressParts(this.#settings.get(variables.server.url.name)?.text ?? "");
    for (const { name, orFromFile, secretsIn } of allVariables) {
      const settings = [...this.#settings.all(name)];
      const viaFile = orFromFile ? this.#settings.get(`${name}_FILE`) : undefined;
      if (viaFile !== undefined) {
        const content = readSecretFile(viaFile);
        this.#secretFiles.set(name, content);
        if (content.ok) settings.push({ ...viaFile, text: content.value });
        if (content.ok && content.warning !== undefined) this.warnings.push(content.warning);
      }
      // `X-Forwarded-Proto: https` must not take the "https" out of every address in the log.
      const shownAnyway = ADDRESSED.includes(name) ? known : [];
      for (const { text, baseDir } of settings) {
        for (const secret of secretsIn(text, baseDir)) {
          if (!shownAnyway.includes(secret)) secrets.add(secret);
        }
      }
    }
    secrets.delete("");
    return [...secrets].sort((a, b) => b.length - a.length);
  }

  #findMisspelt(): void {
    for (const name of this.#settings.unknownNames) {
      const meant = nearestName(name, environmentNames);
      if (meant === undefined) continue;
      this.#misspelt.set(meant, name);
      const question = `${shown(name).slice(1, -1)}: did you mean ${meant}?`;
      this.warn(question, `Correct the name in ${this.#settings.file}.`);
    }
  }

  #meant({ name }: Variable<unknown>): string {
    const prefixed = `IMMICH_${name}`;
    const other = this.#misspelt.get(name) ?? this.#misspelt.get(`${name}_FILE`) ??
      this.#settings.unknownNames.find((unknown) => unknown === prefixed);
    return other === undefined
      ? ""
      : `; ${shown(other).slice(1, -1)} is set, was it meant to be it?`;
  }
}

/** One line end is taken off, as editors and `echo` add one. */
function readSecretFile({ text, baseDir }: Setting): Parsed<string> {
  const must = "be the path of a readable file with the secret";
  const location = path(text, baseDir);
  const content = location.ok ? readSmallFile(location.value, MAX_SECRET_FILE_BYTES) : undefined;
  if (!content?.ok) {
    const folder = `a relative path is taken from ${shown(baseDir)}`;
    return { ok: false, must, hint: content ? `${content.why}; ${folder}` : undefined };
  }
  const secret = decodeText(content.bytes)?.replace(/\r?\n$/, "");
  if (secret === undefined) return { ok: false, must, hint: "it is not text in UTF-8" };
  if (secret === "") return { ok: false, must, hint: "it is empty" };
  // Docker shows its secrets to every user of the container, and to nobody else.
  const warning = location.ok && !location.value.startsWith("/run/secrets/")
    ? readableByOthers(location.value, content.mode, "holds a secret")
    : undefined;
  return valid(secret, warning);
}
