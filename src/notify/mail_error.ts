import * as v from "valibot";
import type { EmailConfig } from "../config/config.ts";
import type { Explanation } from "../errors.ts";
import { excerpt } from "../text.ts";

/** What nodemailer tells of a failure, as far as it does. */
const MailError = v.object({
  message: v.fallback(v.string(), ""),
  /** nodemailer's own, for the kind of failure. */
  code: v.fallback(v.optional(v.string()), undefined),
  /** The system's or OpenSSL's. */
  originalCode: v.fallback(v.optional(v.string()), undefined),
  /** The command that was refused, and the server's reply to it. */
  command: v.fallback(v.optional(v.string()), undefined),
  response: v.fallback(v.optional(v.string()), undefined),
  responseCode: v.fallback(v.optional(v.number()), undefined),
  recipient: v.fallback(v.optional(v.string()), undefined),
  rejectedErrors: v.fallback(v.array(v.unknown()), []),
  /** Of an AggregateError, whose own message is empty. */
  errors: v.fallback(v.array(v.unknown()), []),
});
type MailError = v.InferOutput<typeof MailError>;

/**
 * OpenSSL's codes for a certificate that nobody we trust has vouched for. Deno 2.9 gives the last
 * one also for a certificate that has expired or is not valid yet.
 */
const UNTRUSTED: ReadonlySet<string | undefined> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** Longer replies of servers are cut. */
const MAX_REPLY_LENGTH = 300;

/** Whether the server's certificate was refused for want of trust, before anything was sent. */
export function isUntrusted(error: unknown): boolean {
  return UNTRUSTED.has(parse(error, asItIs).originalCode);
}

type Redact = (text: string) => string;

/** For what has been redacted already, or is not shown. */
const asItIs: Redact = (text) => text;

/**
 * What could not be done and why, and which variable to look at.
 *
 * @param redact Applied to what the server said before it is cut or joined to one line, after
 *   which half a secret, or one with other blanks, would not be known any more.
 */
export function explainMailError(
  error: unknown,
  { config, timeoutMs, redact }: { config: EmailConfig; timeoutMs: number; redact: Redact },
): Explanation {
  const failure = parse(error, redact);
  return explainCertificate(failure, config) ?? explainConnection(failure, config, timeoutMs) ??
    explainRefusal(failure, config) ?? {
    message: `Mail server ${addressOf(config)}: ${messageOf(failure)}.`,
    hint: "Check the EMAIL_… variables, and what the mail server requires.",
  };
}

/** @param errors nodemailer's, one for each recipient */
export function explainRefusedRecipients(errors: readonly unknown[], redact: Redact): Explanation {
  const failures = errors.map((error) => parse(error, redact));
  const list = failures.map((failure) => `${failure.recipient}: ${replyOf(failure)}`);
  return { message: `The mail server refused ${list.join("; ")}.`, hint: "Check EMAIL_TO." };
}

function explainCertificate(failure: MailError, config: EmailConfig): Explanation | undefined {
  const whose = `The certificate of mail server ${addressOf(config)}`;
  if (UNTRUSTED.has(failure.originalCode)) {
    return {
      message: `${whose} is not trusted, or not valid at this date (${failure.message}).`,
      hint: "If it is your own, or from your own CA, set EMAIL_SMTP_CA_CERT to a PEM file with " +
        "that certificate; otherwise check its dates and the clock of this computer.",
    };
  }
  if (failure.originalCode === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return {
      message: `${whose} is for another name (${failure.message}).`,
      hint: "Set EMAIL_SMTP_SERVER to a name it was issued for.",
    };
  }
  return undefined;
}

function explainConnection(
  failure: MailError,
  config: EmailConfig,
  timeoutMs: number,
): Explanation | undefined {
  const server = `Mail server ${addressOf(config)}`;
  if (failure.originalCode === "ECONNREFUSED") {
    const hint = "Check EMAIL_SMTP_SERVER and EMAIL_SMTP_PORT.";
    return { message: `${server} refused the connection.`, hint };
  }
  if (failure.code === "EDNS") {
    const message = `Mail server ${config.host} was not found.`;
    return { message, hint: "Check EMAIL_SMTP_SERVER." };
  }
  const why = whyNotConnected(failure, timeoutMs);
  if (why === undefined) return undefined;
  return { message: `${server} ${why}.`, hint: securityHint(config) };
}

/** Goes on after the name of the server. */
function whyNotConnected(failure: MailError, timeoutMs: number): string | undefined {
  if (failure.originalCode === "ERR_SSL_WRONG_VERSION_NUMBER") {
    return "does not speak TLS from the start of a connection";
  }
  switch (failure.code) {
    case "EABORT":
      return `took longer than ${seconds(timeoutMs)} in total`;
    case "ETIMEDOUT":
      return `did not answer for ${seconds(timeoutMs / 2)}`;
    case "ECONNECTION":
      return `closed the connection${quoted(failure)}`;
    case "EPROTOCOL":
      return `does not answer like a mail server${quoted(failure)}`;
    case "ETLS":
      return failure.response === undefined
        ? `could not be reached over TLS: ${failure.message}`
        : `does not offer STARTTLS${quoted(failure)}`;
    case "ESOCKET":
      return `could not be reached: ${messageOf(failure)}`;
    default:
      return undefined;
  }
}

function explainRefusal(failure: MailError, config: EmailConfig): Explanation | undefined {
  const server = `Mail server ${addressOf(config)}`;
  if (failure.code === "EAUTH") {
    return {
      message: `${server} refused the login of ${config.login?.username}: ${replyOf(failure)}.`,
      hint: "Check EMAIL_USERNAME and EMAIL_PASSWORD; some providers require an app password.",
    };
  }
  if (failure.responseCode === 530) {
    const hint = config.login === undefined
      ? "Set EMAIL_USERNAME and EMAIL_PASSWORD."
      : "It offers no login on this connection: set EMAIL_SMTP_SECURITY to tls or starttls.";
    return { message: `${server} wants a login: ${replyOf(failure)}.`, hint };
  }
  if (failure.rejectedErrors.length > 0) {
    return explainRefusedRecipients(failure.rejectedErrors, asItIs);
  }
  if (failure.code !== "EENVELOPE" && failure.code !== "EMESSAGE") return undefined;
  const isSender = failure.command === "MAIL FROM";
  return {
    message: `${server} refused the ${isSender ? "sender" : "mail"}: ${replyOf(failure)}.`,
    hint: `Check EMAIL_FROM${isSender ? "" : " and EMAIL_TO"}.`,
  };
}

/** What to try when the two sides do not understand each other. */
function securityHint({ security, port }: EmailConfig): string {
  const now = `EMAIL_SMTP_SECURITY is ${security}, EMAIL_SMTP_PORT ${port}`;
  return `Check both: ${now}. The usual pairs are tls with 465 and starttls with 587.`;
}

function parse(error: unknown, redact: Redact): MailError {
  const result = v.safeParse(MailError, error);
  const told = result.success ? result.output : v.parse(MailError, { message: String(error) });
  return {
    ...told,
    message: redact(told.message),
    response: told.response === undefined ? undefined : redact(told.response),
    rejectedErrors: told.rejectedErrors.map((inner) => parse(inner, redact)),
    errors: told.errors.map((inner) => parse(inner, redact)),
  };
}

function messageOf(failure: MailError): string {
  const inner = failure.errors.map((error) => messageOf(parse(error, asItIs)));
  return short(failure.message || inner.join(", ")) || failure.originalCode || "unknown error";
}

function quoted(failure: MailError): string {
  return failure.response === undefined ? "" : ` ("${replyOf(failure)}")`;
}

function replyOf(failure: MailError): string {
  return failure.response === undefined ? messageOf(failure) : short(failure.response);
}

function short(text: string): string {
  return excerpt(text, MAX_REPLY_LENGTH).replace(/\.$/, "");
}

function addressOf({ host, port }: EmailConfig): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function seconds(milliseconds: number): string {
  return `${milliseconds / 1000} s`;
}
