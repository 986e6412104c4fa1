import * as v from "valibot";
import type { ImmichConfig } from "../config/config.ts";
import type { Logger } from "../system/log.ts";
import { errorOfConnection } from "./connection_error.ts";
import { ImmichError } from "./immich_error.ts";
import { errorOfStatus } from "./status_error.ts";
import { retrying } from "./retry.ts";
import { createTransport } from "./fetch_transport.ts";
import { excerpt } from "../text.ts";
import { BodyReader, type IncomingResponse, type Transport } from "./transport.ts";

const maintenanceSchema = v.object({ maintenanceMode: v.optional(v.boolean(), false) });

/** Largest answer that is read. A page of 1,000 assets with people is about 1.2 MB. */
export const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** Characters of what the server says of one asset: Immich has a word for it. */
const MAX_QUOTED = 100;

/** An answer is slow when it takes more than the timeout divided by this. */
const SLOW_SHARE = 4;

export interface Call<T> {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Path below `/api`, with its query if there is one. */
  readonly path: string;
  readonly body?: unknown;
  readonly schema: v.GenericSchema<unknown, T>;
  /** For an answer of bytes instead of JSON: how many at most. The schema gets a `Uint8Array`. */
  readonly maxBytes?: number;
  /** How many bytes of JSON at most; default `MAX_ANSWER_BYTES`. */
  readonly maxJsonBytes?: number;
  /** False for what must not be sent twice without a look in between: creating an album. */
  readonly retry?: boolean;
  /** True for a write: it is never broken off by the stop signal, only not repeated after it. */
  readonly finish?: boolean;
  /** Ends this call early, besides the stop signal of the client. */
  readonly signal?: AbortSignal;
}

/** What went over the network so far; `bytesReceived` counts answer bodies after decompression. */
export interface Traffic {
  requests: number;
  bytesReceived: number;
}

/** Sends requests to one Immich server: headers, timeout, retries, limits, parsing at the edge. */
export class ImmichHttp {
  readonly traffic: Traffic = { requests: 0, bytesReceived: 0 };
  /** How far the server's clock is ahead of ours, in milliseconds; undefined before it has told. */
  clockAheadMs: number | undefined;
  /** How often an attempt failed for the moment or took long: the server has much to do. */
  strain = 0;
  readonly #config: ImmichConfig;
  readonly #log: Logger;
  readonly #stop: AbortSignal;
  readonly #transport: Transport;
  readonly #bodies = new BodyReader();
  readonly #host: string;
  /** What a server says is cut for messages; half a secret would not be known any more. */
  readonly #redact: (text: string) => string;

  /**
   * @param stop aborts what is under way; the reason is what the calls are rejected with
   * @param redact takes secrets out of what the server says
   */
  constructor(
    config: ImmichConfig,
    log: Logger,
    stop: AbortSignal,
    redact: (text: string) => string = (text) => text,
  ) {
    this.#config = config;
    this.#log = log;
    this.#stop = stop;
    this.#transport = createTransport(config);
    this.#host = new URL(config.baseUrl).host;
    this.#redact = redact;
  }

  close(): void {
    this.#transport.close();
  }

  /**
   * Sends one call and returns its parsed answer. The whole attempt is repeated, body included,
   * as long as it may help: a body can break off after a 200.
   *
   * @throws ImmichError when it failed for good; the reason of the stop signal when told to stop
   */
  async call<T>(call: Call<T>): Promise<T> {
    const stop = this.#stopOf(call);
    try {
      return await retrying(() => this.#attempt(call, stop), {
        retries: call.retry === false ? 0 : this.#config.retries,
        stop: stop ?? this.#stop,
        log: this.#log,
      });
    } catch (error) {
      // A picture may well be missing where its route is not.
      const isRoute = call.maxBytes === undefined;
      if (error instanceof ImmichError && error.kind === "not-found" && isRoute) {
        throw (await this.#maintenanceError(call)) ?? error;
      }
      throw error;
    }
  }

  /** Tries again as often, and after the same pauses, as a call that failed for the moment. */
  async retrying<T>(action: () => Promise<T>): Promise<T> {
    const { retries } = this.#config;
    return await retrying(action, { retries, stop: this.#stop, log: this.#log });
  }

  /** What the server says of one thing, as it may be quoted wherever: without secrets, and short. */
  quotable(text: string): string {
    return excerpt(this.#redact(text), MAX_QUOTED);
  }

  #stopOf(call: Call<unknown>): AbortSignal | undefined {
    if (call.finish === true) return undefined;
    return call.signal === undefined ? this.#stop : AbortSignal.any([this.#stop, call.signal]);
  }

  async #attempt<T>(call: Call<T>, stop: AbortSignal | undefined): Promise<T> {
    const request = `${call.method} ${call.path.replace(/\?.*$/, "")}`;
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), this.#config.timeoutMs);
    const started = performance.now();
    this.traffic.requests++;
    try {
      const response = await this.#transport.send({
        method: call.method,
        url: `${this.#config.baseUrl}/api${call.path}`,
        headers: this.#headers(call.body !== undefined),
        body: call.body === undefined ? undefined : JSON.stringify(call.body),
        once: call.retry === false,
        signal: stop === undefined ? timeout.signal : AbortSignal.any([timeout.signal, stop]),
      });
      this.#lookAtClock(response.headers);
      if (call.maxBytes !== undefined && response.status === 200) {
        const copy = (bytes: Uint8Array) => bytes.slice();
        return v.parse(call.schema, await this.#readBody(request, response, call.maxBytes, copy));
      }
      // In one piece: JSON takes more than twice as long to parse from a text that was put together.
      const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      const { maxJsonBytes = MAX_ANSWER_BYTES } = call;
      const text = await this.#readBody(request, response, maxJsonBytes, decode);
      const ms = Math.round(performance.now() - started);
      if (ms > this.#config.timeoutMs / SLOW_SHARE) this.strain++;
      this.#log.debug(`${request}: ${response.status}, ${text.length} characters, ${ms} ms`);
      if (response.status < 200 || response.status > 299) {
        throw errorOfStatus(request, response.status, response.headers, text, this.#redact);
      }
      return parseAnswer(request, response.headers, text, call.schema);
    } catch (error) {
      stop?.throwIfAborted();
      if (!(error instanceof ImmichError) || error.retryable) this.strain++;
      if (error instanceof ImmichError) throw error;
      if (timeout.signal.aborted) {
        throw new ImmichError(
          "timeout",
          `${request} failed: no complete answer within ${this.#config.timeoutMs / 1000} s.`,
          "Check the load of the server, or raise IMMICH_TIMEOUT.",
          { retryable: true, cause: error },
        );
      }
      throw errorOfConnection(request, this.#host, error);
    } finally {
      clearTimeout(timer);
    }
  }

  #lookAtClock(headers: Headers): void {
    const ahead = Date.parse(headers.get("date") ?? "") - Date.now();
    if (Number.isFinite(ahead)) this.clockAheadMs ??= ahead;
  }

  #headers(withBody: boolean): Headers {
    const headers = new Headers({
      accept: "application/json",
      "user-agent": "immich-faceless-sync",
      "x-api-key": this.#config.apiKey,
    });
    // Without the content type 2.x answers 200 and ignores every parameter of the body.
    if (withBody) headers.set("content-type", "application/json");
    for (const [name, value] of this.#config.headers) headers.set(name, value);
    return headers;
  }

  async #readBody<T>(
    request: string,
    { body }: IncomingResponse,
    maxBytes: number,
    use: (bytes: Uint8Array) => T,
  ): Promise<T> {
    if (body === null) return use(new Uint8Array());
    let total = 0;
    const count = (bytes: number) => {
      total += bytes;
      this.traffic.bytesReceived += bytes;
      if (total <= maxBytes) return;
      const size = maxBytes < 1024 * 1024
        ? `${maxBytes / 1024} kB`
        : `${maxBytes / 1024 / 1024} MB`;
      throw new ImmichError(
        "answer",
        `${request} failed: the answer is larger than ${size}.`,
        "Immich does not send such answers: check that IMMICH_URL is the address of Immich.",
      );
    };
    return await this.#bodies.read(body, count, use);
  }

  /**
   * In maintenance mode every route but four answers 404, among the four `/server/config`.
   * Undefined when the server is not in maintenance mode, or can't be asked.
   */
  async #maintenanceError(call: Call<unknown>): Promise<ImmichError | undefined> {
    if (call.path === "/server/config") return undefined;
    try {
      const config = await this.#attempt({
        method: "GET",
        path: "/server/config",
        schema: maintenanceSchema,
      }, this.#stop);
      if (!config.maintenanceMode) return undefined;
    } catch (error) {
      this.#stop.throwIfAborted();
      this.#log.debug(`Could not ask whether the server is in maintenance mode: ${error}`);
      return undefined; // the 404 itself is the better error
    }
    return new ImmichError(
      "maintenance",
      `${call.method} ${
        call.path.replace(/\?.*$/, "")
      } failed: the Immich server is in maintenance mode.`,
      "Wait until the maintenance is over (an administrator ends it in Immich) and run again.",
    );
  }
}

/**
 * Parses the text of a 2xx answer.
 *
 * @throws ImmichError of kind `answer`: a web page and another shape for good, broken JSON as
 * something that may pass (a proxy that cut the answer)
 */
function parseAnswer<T>(
  request: string,
  headers: Headers,
  text: string,
  schema: v.GenericSchema<unknown, T>,
): T {
  const type = headers.get("content-type") ?? "no content type";
  if (type.includes("html") || /^\s*</.test(text)) {
    throw new ImmichError(
      "answer",
      `${request} was answered with a web page instead of data.`,
      "Check IMMICH_URL: it must be the address of Immich itself (with the path prefix of a proxy if there is one). If a proxy asks for a login first, have it let this program through (IMMICH_HEADERS).",
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new ImmichError(
      "answer",
      text === ""
        ? `${request} was answered with nothing.`
        : `${request} was answered with broken JSON (${text.length} characters, ${type}).`,
      "Check that IMMICH_URL is the address of Immich and that no proxy cuts its answers.",
      { retryable: true, cause },
    );
  }
  const result = v.safeParse(schema, parsed);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const where = v.getDotPath(issue) ?? "the answer";
  throw new ImmichError(
    "answer",
    `${request} was answered in another form than Immich does: ${where} ${
      issue.received === "undefined" ? "is missing" : `should be ${issue.expected ?? "different"}`
    }.`,
    "Check that IMMICH_URL is the address of Immich 2.0 or later; if it is, please report this.",
  );
}
