/** The HTTP of the channels: short, tried again, verified, and silent about the address. */

/** One request to the server of a channel. */
export interface ChannelRequest {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: ReadonlyArray<readonly [name: string, value: string]>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface ChannelOptions {
  /** PEM text of certificates trusted beside the usual roots. */
  readonly caCertificates: string | undefined;
  /** The variable with the address, for what to do about a failure. */
  readonly variable: string;
  /** Ends all attempts. */
  readonly stop?: AbortSignal | undefined;
  readonly attempts?: number;
  readonly timeoutMs?: number;
}

const ATTEMPTS = 3;
/** With {@link ATTEMPTS} and the pauses between them, one channel takes 33 s at most. */
const TIMEOUT_MS = 10_000;
const PAUSE_MS = 1000;
/** An answer is a word or a small document; more of it is not read. */
const MAX_ANSWER_BYTES = 1 << 16;

/** Why a channel took nothing, in words that hold nothing of its address. */
export interface ChannelFailure {
  /** A part of a sentence, after a colon. */
  readonly why: string;
  /** What to do about it: a sentence. */
  readonly hint: string;
}

interface Failure {
  readonly why: string;
  /** Undefined where all there is to do is to check the address. */
  readonly hint?: string;
  readonly retryable?: boolean;
}

/**
 * Sends a request until it is taken. Never throws. TLS is always verified and no redirect is
 * followed, so that the address and the headers reach nobody else.
 *
 * @returns Undefined when it was taken.
 */
export async function send(
  request: ChannelRequest,
  options: ChannelOptions,
): Promise<ChannelFailure | undefined> {
  const { attempts = ATTEMPTS, timeoutMs = TIMEOUT_MS, stop, variable } = options;
  const ca = options.caCertificates;
  const client = Deno.createHttpClient(ca === undefined ? {} : { caCerts: [ca] });
  try {
    for (let attempt = 1;; attempt++) {
      const signals = [AbortSignal.timeout(timeoutMs), ...stop === undefined ? [] : [stop]];
      const failure = await sendOnce(request, client, AbortSignal.any(signals), timeoutMs);
      if (failure === undefined) return undefined;
      if (failure.retryable !== true || attempt >= attempts || stop?.aborted === true) {
        return { why: failure.why, hint: failure.hint ?? `Check ${variable}.` };
      }
      await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE_MS));
    }
  } finally {
    client.close();
  }
}

/**
 * Whether the server of an address can be reached and shows a certificate that is trusted; asks it
 * nothing. Never throws.
 */
export async function reach(
  url: string,
  { caCertificates, variable, timeoutMs = TIMEOUT_MS }: ChannelOptions,
): Promise<ChannelFailure | undefined> {
  const { protocol, hostname: host, port } = new URL(url);
  const isTls = protocol === "https:";
  const hostname = host.replace(/^\[(.*)\]$/, "$1");
  const address = { hostname, port: port === "" ? (isTls ? 443 : 80) : Number(port) };
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error("TimeoutError")), timeoutMs);
  const connecting = isTls
    ? connectTls(address, caCertificates)
    : Deno.connect(address).then((connection) => connection.close());
  try {
    await Promise.race([connecting, late.promise]);
    return undefined;
  } catch (error) {
    connecting.catch(() => {}); // told as a timeout already
    const { why, hint } = explain(error, timeoutMs);
    return { why, hint: hint ?? `Check ${variable}.` };
  } finally {
    clearTimeout(timer);
  }
}

async function connectTls(address: Deno.ConnectOptions, ca: string | undefined): Promise<void> {
  using connection = await Deno.connectTls({
    ...address,
    ...ca === undefined ? {} : { caCerts: [ca] },
  });
  await connection.handshake();
}

async function sendOnce(
  { method, url, headers = [], body }: ChannelRequest,
  client: Deno.HttpClient,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Failure | undefined> {
  const all = new Headers([["accept", "application/json, text/plain"], ...headers.map(pair)]);
  all.set("user-agent", "immich-faceless-sync");
  if (body !== undefined) all.set("content-type", "application/json");
  try {
    const response = await fetch(url, {
      client,
      method,
      headers: all,
      signal,
      redirect: "manual",
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    });
    return failureOf(response, await readStart(response));
  } catch (error) {
    return explain(error, timeoutMs);
  }
}

function pair([name, value]: readonly [string, string]): [string, string] {
  return [name, value];
}

async function readStart({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  if (body === null) return text;
  for await (const chunk of body) { // leaving the loop cancels the rest
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER_BYTES) break;
  }
  return text;
}

function failureOf({ status, headers }: Response, text: string): Failure | undefined {
  if (status >= 300 && status < 400) {
    return {
      why: `the server redirects to another address (${status}), which is not followed`,
      hint: "Set the address it redirects to, or have the proxy in front let the request through.",
    };
  }
  if (status < 200 || status > 299) {
    return { why: `the server answered ${status}`, retryable: status === 429 || status >= 500 };
  }
  if (headers.get("content-type")?.includes("html") === true || /^\s*<(?:!|html)/i.test(text)) {
    return { why: "the answer is a web page, perhaps the login of a proxy" };
  }
  // Healthchecks takes a ping of no check for no error: "OK (not found)".
  const doubt = /^OK \((not found|rate limited)\)/.exec(text)?.[1];
  if (doubt !== undefined) return { why: `the server answered "${doubt}"` };
  // Uptime Kuma; its own message may quote the address.
  if (/^\s*\{\s*"ok"\s*:\s*false/.test(text)) return { why: 'the server answered "ok": false' };
  return undefined;
}

/** By the words of rustls and of the system, which Deno puts into the error or into its cause. */
function explain(error: unknown, timeoutMs: number): Failure {
  const words = wordsOf(error);
  const is = (pattern: RegExp) => pattern.test(words);
  if (is(/TimeoutError|timed out/)) {
    return { why: `the server did not answer for ${timeoutMs / 1000} s`, retryable: true };
  }
  if (is(/NotValidForName/)) return { why: "the server's certificate is for another name" };
  if (is(/Expired|NotValidYet/)) {
    return { why: "the server's certificate is not valid at this date" };
  }
  if (is(/certificate|UnknownIssuer|CaUsedAsEndEntity/)) {
    return {
      why: "the server's certificate is not trusted",
      hint: "If your own CA issued it, set NOTIFY_CA_CERT to a PEM file with that CA.",
    };
  }
  if (is(/refused/)) return { why: "the server refused the connection", retryable: true };
  if (is(/dns|resolve|lookup/i)) return { why: "the server was not found", retryable: true };
  return { why: "the connection failed", retryable: true };
}

function wordsOf(error: unknown): string {
  const words: string[] = [];
  for (let each = error; each instanceof Error && words.length < 10; each = each.cause) {
    words.push(`${each.name}: ${each.message}`);
  }
  return words.join("\n");
}
