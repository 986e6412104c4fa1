import { Buffer } from "node:buffer";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import type { SMTPServerOptions } from "smtp-server";

/** Where a run sends its mails to such a server; its port is EMAIL_SMTP_PORT. */
export const MAIL_SETTINGS = {
  ENABLE_EMAIL_ON_ERROR: "true",
  EMAIL_SMTP_SERVER: "localhost",
  EMAIL_SMTP_SECURITY: "none",
  EMAIL_FROM: "sync@example.com",
  EMAIL_TO: "alice@example.com",
};

/** A mail as it arrived. */
export interface ReceivedMail {
  /** The envelope's addresses. */
  readonly from: string;
  readonly to: readonly string[];
  /** Who logged in, if anyone did. */
  readonly user: string | undefined;
  readonly secure: boolean;
  /** The name the client gave itself in EHLO. */
  readonly clientName: string;
  /** Names in lower case; unfolded, but not decoded. */
  readonly headers: ReadonlyMap<string, string>;
  /** Decoded. */
  readonly subject: string;
  /** Decoded, with `\n` for line ends. */
  readonly text: string;
  readonly raw: string;
}

export interface MailServerOptions {
  readonly security: "tls" | "starttls" | "none";
  /** PEM texts; needed for `tls` and `starttls`. */
  readonly cert?: string;
  readonly key?: string;
  /** The only login that is accepted; without it none is asked for. */
  readonly login?: { readonly username: string; readonly password: string };
  /** Recipients and senders that are refused, with "550 No such user". */
  readonly refuse?: readonly string[];
}

export interface MailServer extends AsyncDisposable {
  readonly host: "127.0.0.1";
  readonly port: number;
  readonly mails: ReceivedMail[];
  close(): Promise<void>;
}

/** A real SMTP server on a free port of the loopback interface that keeps what it is sent. */
export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const server = new SMTPServer(serverOptions(options, mails));
  server.on("error", () => {}); // a client that leaves in the middle is part of the tests
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    host: "127.0.0.1",
    port: portOf(server.server.address()),
    mails,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function serverOptions(options: MailServerOptions, mails: ReceivedMail[]): SMTPServerOptions {
  const { security, cert, key, login, refuse = [] } = options;
  return {
    name: "mail.test",
    disableReverseLookup: true,
    closeTimeout: 100,
    secure: security === "tls",
    hideSTARTTLS: security !== "starttls",
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
    allowInsecureAuth: security === "none",
    authOptional: login === undefined,
    disabledCommands: [
      ...(login === undefined ? ["AUTH"] : []),
      ...(security === "starttls" ? [] : ["STARTTLS"]),
    ],
    onAuth: (auth, _session, callback) => {
      const isRight = auth.username === login?.username && auth.password === login?.password;
      if (isRight) callback(null, { user: auth.username });
      else callback(new Error("Username and Password not accepted"));
    },
    onMailFrom: (address, _session, callback) =>
      callback(refuse.includes(address.address) ? refusal() : null),
    onRcptTo: (address, _session, callback) =>
      callback(refuse.includes(address.address) ? refusal() : null),
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map((recipient) => recipient.address),
          user: session.user === undefined ? undefined : String(session.user),
          secure: session.secure,
          clientName: String(session.hostNameAppearsAs),
          ...parseMail(Buffer.concat(chunks).toString("utf8")),
        });
        callback();
      });
    },
  };
}

function refusal(): Error {
  return Object.assign(new Error("No such user"), { responseCode: 550 });
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("no port to listen on");
  return address.port;
}

/** Enough of MIME for a mail of one text part. */
function parseMail(raw: string): Pick<ReceivedMail, "headers" | "subject" | "text" | "raw"> {
  const [head = "", ...rest] = raw.split("\r\n\r\n");
  const headers = new Map(
    head.replace(/\r\n[ \t]+/g, " ").split("\r\n").map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const body = rest.join("\r\n\r\n");
  const text = decodeBody(body, headers.get("content-transfer-encoding") ?? "7bit");
  return {
    headers,
    raw,
    subject: decodeWords(headers.get("subject") ?? ""),
    text: text.replaceAll("\r\n", "\n"),
  };
}

function decodeBody(body: string, encoding: string): string {
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  return encoding === "quoted-printable" ? decodeQuoted(body.replace(/=\r\n/g, "")) : body;
}

/** `=?utf-8?Q?…?=`; the space between two such words belongs to neither. */
function decodeWords(header: string): string {
  return header.replace(/\?=\s+=\?/g, "?==?").replace(
    /=\?utf-8\?([QB])\?(.*?)\?=/gi,
    (_word, encoding: string, text: string) =>
      encoding.toUpperCase() === "B"
        ? Buffer.from(text, "base64").toString("utf8")
        : decodeQuoted(text.replaceAll("_", " ")),
  );
}

function decodeQuoted(text: string): string {
  return Buffer.from(
    text.replace(
      /=([0-9A-F]{2})/gi,
      (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)),
    ),
    "latin1",
  ).toString("utf8");
}
