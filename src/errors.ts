import { type StopExitCode } from "./exit_code.ts";

/**
 * An expected failure, told in sentences: `message` says what could not be done and why, `hint`
 * what the user can do about it (the variable to set, the permission to grant, the command to run).
 */
export interface Explanation {
  readonly message: string;
  readonly hint: string;
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
