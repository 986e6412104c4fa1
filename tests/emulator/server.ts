import http from "node:http";
import https from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Route } from "./call.ts";
import type { Line } from "./delivery.ts";
import { exchange } from "./exchange.ts";
import { Faults } from "./faults.ts";
import { parseVersion, type Version } from "./generation.ts";
import { OUTSIDE, receive } from "./receive.ts";
import { isWrite, type LoggedRequest } from "./request_log.ts";
import type { World } from "./world.ts";

export interface EmulatorOptions {
  /** "2.7.5", "3.1.0", "3.2.0", or any other: its generation decides how the server behaves. */
  version: string;
  world: World;
  /** HTTPS with this certificate (PEM); with `clientCa`, clients must show one of that authority. */
  tls?: { cert: string; key: string; clientCa?: string };
  /** "/photos": behind a proxy that maps this path; everything else is 404 of the proxy. */
  pathPrefix?: string;
  /** Compress for those who accept it; default true. */
  gzip?: boolean;
  /** Host name in `url`; the server listens on 127.0.0.1 only. Default "localhost". */
  hostname?: string;
  /** Default: a free one. */
  port?: number;
  /** Asked for a port until it gives a free one: a server that pauses needs one of ports.ts. */
  ports?: () => number;
  /** Default: all that the emulator has. */
  routes?: readonly Route[];
  /** Keeps answers back as long as a real server would; default: they go out at once. */
  pace?: Line["pace"];
}

/** A running server. */
export interface Emulator extends AsyncDisposable {
  /** Base URL with the prefix, without trailing slash. */
  readonly url: string;
  readonly port: number;
  readonly version: Version;
  /** Live: may be changed between and during requests. */
  readonly world: World;
  /** All requests since the start or the last `clearRequests`, in the order of their arrival. */
  readonly requests: readonly LoggedRequest[];
  clearRequests(): void;
  /** Those of `requests` that change something, searches not. */
  writes(): LoggedRequest[];
  /** How many requests were being answered at the same time, at most. */
  mostAtOnce(): number;
  readonly faults: Faults;
  /** Refuses connections (and cuts those there are) until `resume`, on the same port. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Starts an Immich server on a free port of 127.0.0.1. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { ports, port = ports?.() ?? 0 } = options;
  const running = new RunningEmulator({ ...options, port });
  try {
    await running.resume();
    return running;
  } catch (error) {
    if (ports === undefined || !isTaken(error)) throw error;
    return await startEmulator(options);
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EADDRINUSE";
}

class RunningEmulator implements Emulator {
  readonly version: Version;
  readonly world: World;
  readonly faults = new Faults();
  readonly #options: EmulatorOptions;
  readonly #server: http.Server;
  readonly #sockets = new Map<number, Socket>();
  readonly #closing = new AbortController();
  #requests: LoggedRequest[] = [];
  #port: number;
  #hasListened = false;
  #answering = 0;
  #mostAtOnce = 0;

  constructor(options: EmulatorOptions) {
    this.#options = options;
    this.version = parseVersion(options.version);
    this.world = options.world;
    this.#port = options.port ?? 0;
    this.#server = createServer(options.tls);
    this.#server.on("connection", (socket: Socket) => {
      const port = socket.remotePort ?? 0;
      this.#sockets.set(port, socket);
      socket.on("close", () => this.#sockets.delete(port));
      // Clients that leave and handshakes that fail are part of the tests, not errors of the server.
      socket.on("error", () => {});
    });
    this.#server.on("request", (request: http.IncomingMessage, response: http.ServerResponse) => {
      this.#answer(request, response).catch((error) => {
        response.destroy();
        if (!this.#closing.signal.aborted) throw error;
      });
    });
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    const scheme = this.#options.tls === undefined ? "http" : "https";
    const { hostname = "localhost", pathPrefix = "" } = this.#options;
    return `${scheme}://${hostname}:${this.#port}${pathPrefix}`;
  }

  get requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  clearRequests(): void {
    this.#requests = [];
    this.#mostAtOnce = this.#answering;
  }

  writes(): LoggedRequest[] {
    return this.#requests.filter(isWrite);
  }

  mostAtOnce(): number {
    return this.#mostAtOnce;
  }

  async resume(): Promise<void> {
    // Who listened here meanwhile may not be quite gone.
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#listen();
      } catch (error) {
        if (!this.#hasListened || attempt === 100 || !isTaken(error)) throw error;
        await pause(50, this.#closing.signal);
      }
    }
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(this.#port, "127.0.0.1", () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    this.#hasListened = true;
  }

  async pause(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets.values()) socket.destroy();
    await closed;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.pause();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    this.#answering++;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#answering);
    response.on("close", () => this.#answering--);
    response.on("error", () => {});
    const read = await receive(request, this.#options.pathPrefix ?? "");
    if (read === null) return;
    const { logged, received } = read;
    this.#requests.push(logged);
    const line = this.#lineOf(request, response);
    const strikes = this.faults.strikes(logged);
    if (logged.path === OUTSIDE) return proxyNotFound(logged, response);
    const { world, version } = this;
    const { routes } = this.#options;
    await exchange({ world, version, routes }, logged, received, strikes, line);
  }

  #lineOf(request: http.IncomingMessage, response: http.ServerResponse): Line {
    const { signal } = this.#closing;
    const { pace } = this.#options;
    return {
      request,
      response,
      ...(pace === undefined ? {} : { pace }),
      gzip: this.#options.gzip ?? true,
      // The TCP connection itself: under TLS, `request.socket` would say goodbye first.
      reset: () => {
        (this.#sockets.get(request.socket.remotePort ?? 0) ?? request.socket).resetAndDestroy();
      },
      pause: (ms) => pause(ms, signal),
      isOpen: () => !signal.aborted && !response.destroyed && !request.socket.destroyed,
    };
  }
}

function createServer(tls: EmulatorOptions["tls"]): http.Server {
  if (tls === undefined) return http.createServer();
  const { cert, key, clientCa } = tls;
  if (clientCa === undefined) return https.createServer({ cert, key });
  return https.createServer({
    cert,
    key,
    ca: clientCa,
    requestCert: true,
    rejectUnauthorized: true,
  });
}

function proxyNotFound(logged: LoggedRequest, response: http.ServerResponse): void {
  logged.status = 404;
  response.writeHead(404, { "content-type": "text/html" });
  response.end("<html><head><title>404 Not Found</title></head><body>nginx</body></html>\n");
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
