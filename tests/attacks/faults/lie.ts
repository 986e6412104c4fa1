import type { LoggedRequest } from "../../emulator/mod.ts";
import { isRecord } from "../../emulator/reading.ts";
import type { Blow } from "./blow.ts";

export type Change = (body: unknown) => unknown;
export type Item = Record<string, unknown>;

export function lie(name: string, hits: (request: LoggedRequest) => boolean, change: Change): Blow {
  return {
    name,
    effect: "lie",
    errors: ["AnswerError", "RuleError"],
    hits,
    losesAnswers: true,
    rules: () => [{ fault: { kind: "mutate", change } }],
  };
}

export function recordOf(value: unknown): Item {
  return isRecord(value) ? value : {};
}
