import type { EmailConfig } from "../config/config.ts";
import type { Explanation } from "../errors.ts";
import { explainMailError, explainRefusedRecipients, isUntrusted } from "./mail_error.ts";

export interface Mail {
  /** Line ends in it become spaces. */
  readonly subject: string;
  readonly text: string;
}

export type MailResult =
  /** `problem` names the recipients that were refused, if some were. */
  | { readonly sent: true; readonly problem: Explanation | undefined }
  | { readonly sent: false; readonly problem: Explanation };

/** How long a mail may take in all; each wait for the server may take half of it. */
const TIMEOUT_MS = 30_000;

/**
 * Sends a mail. Never throws and never takes longer than `timeoutMs`, whatever the server does.
 * Nothing is sent in clear unless the security is `none`; certificates are verified always, by
 * the usual roots or by `caCertificates`, among which may be the server's own.
 *
 * @param redact Applied to the mail and to what is returned.
 */
export async function sendMail(
  config: EmailConfig,
  mail: Mail,
  redact: (text: string) => string,
  timeoutMs: number = TIMEOUT_MS,
): Promise<MailResult> {
  const clean = {
    subject: redact(mail.subject).replace(/[\s\p{Cc}]+/gu, " ").trim(),
    text: redact(mail.text),
  };
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), timeoutMs);
  try {
    const refused = await withOwnCertificates(
      config,
      (ca) => deliver(config, clean, ca, timeoutMs, stop.signal),
    );
    const problem = refused.length > 0 ? explainRefusedRecipients(refused, redact) : undefined;
    return { sent: true, problem };
  } catch (error) {
    return { sent: false, problem: explainMailError(error, { config, timeoutMs, redact }) };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Connects to the mail server as for a mail, and logs in, but sends none. Undefined when all went
 * well. Never throws and never takes longer than
 * `timeoutMs`.
 */
export async function verifyMailServer(
  config: EmailConfig,
  redact: (text: string) => string,
  timeoutMs: number = TIMEOUT_MS,
): Promise<Explanation | undefined> {
  // nodemailer has only limits for each silence of the server, and no way to break this off.
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject({ code: "EABORT" }), timeoutMs);
  try {
    const login = withOwnCertificates(config, async (ca) => {
      const transport = await createMailTransport(config, ca, timeoutMs);
      await transport.verify();
      transport.close();
    });
    await Promise.race([login, timeout]);
    return undefined;
  } catch (error) {
    return explainMailError(error, { config, timeoutMs, redact });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * nodemailer's `ca` takes the place of the usual roots, and reading those to add to them needs
 * --allow-sys under Deno. So with certificates of our own the usual roots have a second try. A
 * certificate is refused before anything is sent, so nobody gets a login that should not.
 */
async function withOwnCertificates<T>(
  config: EmailConfig,
  action: (ca: string | undefined) => Promise<T>,
): Promise<T> {
  if (config.caCertificates === undefined) return await action(undefined);
  try {
    return await action(config.caCertificates);
  } catch (error) {
    if (!isUntrusted(error)) throw error;
    return await action(undefined);
  }
}

/** @returns nodemailer's errors for the recipients that were refused while others were not. */
async function deliver(
  config: EmailConfig,
  mail: Mail,
  ca: string | undefined,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const transport = await createMailTransport(config, ca, timeoutMs);
  const info = await transport.sendMail({
    from: config.from,
    to: [...config.to],
    subject: mail.subject,
    text: mail.text,
    // Keeps holiday replies from being sent to a program (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated" },
    disableFileAccess: true,
    disableUrlAccess: true,
    signal,
  });
  return info.rejectedErrors ?? [];
}

async function createMailTransport(
  config: EmailConfig,
  ca: string | undefined,
  timeoutMs: number,
) {
  const { createTransport } = await import("nodemailer"); // 40 ms that most runs don't need
  const waitMs = timeoutMs / 2;
  return createTransport({
    host: config.host,
    port: config.port,
    secure: config.security === "tls",
    requireTLS: config.security === "starttls",
    ignoreTLS: config.security === "none",
    // nodemailer would ask for the host name, which needs --allow-sys. This is what RFC 5321
    // has a client say that has no name.
    name: "[127.0.0.1]",
    connectionTimeout: waitMs,
    dnsTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: waitMs,
    socketCloseTimeout: 0, // or a stuck handshake keeps the process for 5 s
    // Said, for else NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment would decide.
    tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
    ...(config.login === undefined
      ? {}
      : { auth: { user: config.login.username, pass: config.login.password } }),
  });
}
