import type { ConfigInput } from "./load.ts";
import { shown } from "./parsed.ts";
import { allVariables, variables } from "./schema.ts";
import { gatherSettings } from "./source.ts";

/** Where the value of a variable comes from. */
export interface Origin {
  readonly name: string;
  /** As it was written, safe to print; never of a secret. */
  readonly value: string;
  readonly from: "option" | "environment" | "file" | "default";
  /** In the env file: of the value, or of the one that the environment wins over. */
  readonly line?: number | undefined;
}

const NOT_SHOWN = "(secret)";

/**
 * All variables that are set or have a default, in the order of `.env.example`.
 *
 * @param known of the same input: the secrets found, and whether all values are right. A path in
 *   `NAME_FILE` may be the secret itself in the wrong place as long as nobody could read that file.
 */
export function originsOf(
  input: ConfigInput,
  known: { readonly secrets: readonly string[]; readonly valid: boolean },
): Origin[] {
  const names = allVariables.flatMap((variable) => [
    { ...variable, hidden: variable.secret },
    ...variable.orFromFile
      ? [{ name: `${variable.name}_FILE`, defaultText: undefined, hidden: !known.valid }]
      : [],
  ]);
  const settings = gatherSettings(input, names.map(({ name }) => name), input.envFile);
  return names.flatMap(({ name, defaultText, hidden }): Origin[] => {
    if (name === variables.log.level.name && input.logLevel !== undefined) {
      return [{ name, value: plain(input.logLevel), from: "option" }];
    }
    const [setting, other] = settings.all(name);
    if (setting === undefined) {
      return defaultText === undefined ? [] : [{ name, value: defaultText, from: "default" }];
    }
    const secret = hidden || known.secrets.some((part) => setting.text.includes(part));
    return [{
      name,
      value: secret ? NOT_SHOWN : plain(setting.text),
      from: setting.from,
      line: setting.line ?? other?.line,
    }];
  });
}

/** In quotes only where it needs them. */
function plain(text: string): string {
  return /^[\w./:@%+,=~-]{1,80}$/.test(text) ? text : shown(text);
}
