import { ExplainedError } from "../errors.ts";

/** Why a request failed, as far as a caller has to tell it apart. */
export type ImmichErrorKind =
  | "connection"
  | "timeout"
  | "certificate"
  | "redirect"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "maintenance"
  | "rejected"
  | "server"
  | "answer";

/** What is wrong with a certificate. */
export type CertificateReason =
  | "wrong name"
  | "expired"
  | "not valid yet"
  | "not trusted"
  /** Ours, with which we show who we are. */
  | "client certificate"
  | "no TLS";

/** What `ImmichError` carries besides the sentence and the hint. */
export interface ImmichErrorDetails {
  /** Whether the same request may succeed a moment later. */
  readonly retryable?: boolean;
  /** Pause that the server asked for, in milliseconds, not capped. */
  readonly retryAfterMs?: number;
  /** Permission of the API key that is missing, e.g. `asset.read`. */
  readonly permission?: string;
  /** HTTP status of the answer, when it is what failed the request. */
  readonly status?: number;
  /** Of kind `certificate`: why it was refused. */
  readonly reason?: CertificateReason;
  readonly cause?: unknown;
}

/** A request to Immich that failed; the message names the request, the hint what to do. */
export class ImmichError extends ExplainedError {
  readonly kind: ImmichErrorKind;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly permission: string | undefined;
  readonly status: number | undefined;
  readonly reason: CertificateReason | undefined;

  constructor(
    kind: ImmichErrorKind,
    message: string,
    hint: string,
    details: ImmichErrorDetails = {},
  ) {
    super(NAMES[kind], message, hint, { cause: details.cause });
    this.kind = kind;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.permission = details.permission;
    this.status = details.status;
    this.reason = details.reason;
  }
}

const NAMES: Record<ImmichErrorKind, string> = {
  connection: "ConnectionError",
  timeout: "TimeoutError",
  certificate: "CertificateError",
  redirect: "RedirectError",
  unauthorized: "UnauthorizedError",
  forbidden: "ForbiddenError",
  "not-found": "NotFoundError",
  maintenance: "MaintenanceError",
  rejected: "RejectedError",
  server: "ServerError",
  answer: "AnswerError",
};

/** The error for a list that contradicts what was asked for, or itself: no basis for any change. */
export function untrustedList(why: string): ImmichError {
  return new ImmichError(
    "answer",
    `The list of assets can't be trusted: ${why}.`,
    "Nothing was changed. If a proxy or cache stands between, check it; otherwise please report this with the log at LOG_LEVEL=debug.",
  );
}
