import type { Generation } from "./generation.ts";

/** One thing wrong with a request, in the words of both validators. */
export interface Issue {
  /** class-validator's sentences (2.x); several for one field are possible. */
  messages: string[];
  /** zod's object (3.x). */
  zod: Record<string, unknown>;
}

const NAMES = new Map([
  [400, "Bad Request"],
  [401, "Unauthorized"],
  [403, "Forbidden"],
  [404, "Not Found"],
  [500, "Internal Server Error"],
]);

/** An answer other than success. The emulator answers it as the server's generation words it. */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  readonly issues: readonly Issue[];

  constructor(status: number, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.status = status;
    this.issues = issues;
  }

  /** The body of the answer. */
  toBody(generation: Generation, correlationId: string): Record<string, unknown> {
    if (generation !== "2.x") {
      const { message, issues } = this;
      return issues.length === 0 ? { message } : { message, errors: issues.map(({ zod }) => zod) };
    }
    return {
      message: this.issues.length === 0
        ? this.message
        : this.issues.flatMap(({ messages }) => messages),
      error: NAMES.get(this.status) ?? "Error",
      statusCode: this.status,
      correlationId,
    };
  }
}

export function validationError(issues: readonly Issue[]): ApiError {
  return new ApiError(400, "Validation failed", issues);
}

/** What the server says instead of 404 for an unknown, foreign, or too little shared id. */
export function noAccess(permission: string): ApiError {
  return new ApiError(400, `Not found or no ${permission} access`);
}

/**
 * The emulator lacks this. 501, which no Immich ever answers, and the reason in the message, so that
 * a test that needs it fails loudly instead of getting an unfiltered answer.
 */
export function notEmulated(what: string): ApiError {
  return new ApiError(501, `The emulator does not know ${what}; teach it in tests/emulator/`);
}
