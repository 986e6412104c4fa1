import process from "node:process";
import type { Parsed } from "../config/values.ts";

/** Ctrl-C or Escape at a question. */
export class Cancelled extends Error {}

export interface Question {
  readonly message: string;
  /** What stands there already, to be edited. */
  readonly initial?: string | undefined;
  readonly placeholder?: string;
  /** Undefined when the answer is right, else what is wrong with it. */
  readonly validate: (answer: string) => string | undefined;
}

/** Whom to ask; each question throws {@link Cancelled} when there is no answer to it. */
export type Terminal = Awaited<ReturnType<typeof openTerminal>>;

// deno-lint-ignore explicit-module-boundary-types -- its type is what it returns, told once
export async function openTerminal() {
  hideEnvironment();
  const clack = await import("@clack/prompts");
  const log = {
    step: clack.log.step,
    ok: clack.log.success,
    warning: clack.log.warn,
    problem: clack.log.error,
  };
  return {
    begin: (title: string) => clack.intro(title),
    ask: async ({ message, initial, placeholder, validate }: Question): Promise<string> => {
      const answer = await clack.text({
        message,
        validate: (text) => validate(text ?? ""),
        ...initial === undefined ? {} : { initialValue: initial },
        ...placeholder === undefined ? {} : { placeholder },
      });
      assertAnswered(answer);
      return answer ?? "";
    },
    /** What is typed is not shown. */
    askSecret: async (
      { message, validate }: Pick<Question, "message" | "validate">,
    ): Promise<string> => {
      const answer = await clack.password({ message, validate: (text) => validate(text ?? "") });
      assertAnswered(answer);
      return answer ?? "";
    },
    confirm: async (message: string, initial: boolean): Promise<boolean> => {
      const answer = await clack.confirm({ message, initialValue: initial });
      assertAnswered(answer);
      return answer;
    },
    choose: async <T extends string>(
      message: string,
      options: readonly { readonly value: T; readonly label: string }[],
      initial?: T,
    ): Promise<T> => {
      const answer = await clack.select<string>({
        message,
        options: [...options],
        ...initial === undefined ? {} : { initialValue: initial },
      });
      const chosen = options.find(({ value }) => value === answer);
      if (chosen === undefined) throw new Cancelled();
      return chosen.value;
    },
    tell: (status: keyof typeof log, text: string) => log[status](text),
    end: (text: string) => clack.outro(text),
    cancel: (text: string) => clack.cancel(text),
  };
}

function assertAnswered<T>(answer: T): asserts answer is Exclude<T, symbol> {
  if (typeof answer === "symbol") throw new Cancelled();
}

/**
 * The prompts ask the environment what the terminal can do (TERM, CI and others), which this
 * program is not allowed to: asking would end it. They find an environment without these instead.
 */
function hideEnvironment(): void {
  Object.defineProperty(process, "env", { value: Deno.noColor ? { NO_COLOR: "1" } : {} });
}

/** What the prompt shows for an answer that a variable's parser refuses. */
export function complaint(parsed: Parsed<unknown>): string | undefined {
  if (parsed.ok) return undefined;
  const { must, hint, guess } = parsed;
  return `It must ${must}${hint === undefined ? "" : `; ${hint}`}${
    guess === undefined ? "" : `; did you mean ${guess}?`
  }`;
}
