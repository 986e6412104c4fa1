import { type StopExitCode } from "./exit_code.ts";

/**
 * An expected failure, told in sentences: `message` says what could not be done and why, `hint`
 * what the user can do about it (the variable to set, the permission to grant, the command to run).
 */
export interface Explanation {
  readonly message: string;
  readonly hint: string;
}

/** As documents of `--json` have it. */
export interface NamedExplanation extends Explanation {
  readonly name: string;
}

/** Anything else that is thrown is a defect of the program and is reported with its stack. */
export class ExplainedError extends Error implements Explanation {
  override readonly name: string;
  readonly hint: string;

  constructor(name: string, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
    this.hint = hint;
  }
}

/** What is told of a defect of the program, whose stack is for the log. */
export function unexpected(
  error: unknown,
): { readonly defect: Error; readonly told: NamedExplanation } {
  const defect = error instanceof Error ? error : new Error(String(error));
  const told = {
    name: defect.name,
    message: `Unexpected: ${defect.message}`,
    hint: "This is a defect of the program: please report it with the stack from the log file.",
  };
  return { defect, told };
}

/** The run was told to stop by a signal; `exitCode` is the one that the system expects then. */
export class Interrupted extends ExplainedError {
  readonly exitCode: StopExitCode;

  constructor(signal: string, exitCode: StopExitCode) {
    super(
      "Interrupted",
      `The run was stopped by ${signal} before it was finished.`,
      "Nothing is lost: the next run completes the album.",
    );
    this.exitCode = exitCode;
  }
}
