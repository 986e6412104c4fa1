/** An impossible value of every variable; tests/unit/config tries the others without a process. */

import { IMPOSSIBLE, refusalOf } from "../../support/impossible_values.ts";
import type { Input } from "./attempt.ts";

export const variableInputs: readonly Input[] = [...IMPOSSIBLE].map(([name, impossible]) => ({
  name: `an impossible ${name} is refused with what is allowed`,
  env: { ...impossible.env, [name]: impossible.values[0] ?? "" },
  code: 2,
  says: refusalOf(name, impossible),
  problems: impossible.problems ?? 1,
}));
