/** One request as it arrived. */
export interface Arrived {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: string;
}

/** What is answered. */
export interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ChannelServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly arrived: Arrived[];
  answer: (request: Arrived) => Answer;
}

/** Of a check at Healthchecks. */
export const CHECK_ID = "0b1e7c0a-5f0c-4f0e-9c55-51f1a2b3c4d5";

/** A real HTTP(S) server on a free port of the loopback interface that keeps what it is sent. */
export function startChannelServer(
  tls?: { readonly cert: string; readonly key: string },
): ChannelServer {
  const arrived: Arrived[] = [];
  const handle = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const one: Arrived = {
      method: request.method,
      target: pathname + search,
      headers: new Headers(request.headers),
      body: await request.text(),
    };
    arrived.push(one);
    const { status = 200, type = "text/plain", body = "OK", headers = {} } = server.answer(
      one,
    );
    return new Response(status === 204 ? null : body, {
      status,
      headers: { "content-type": type, ...headers },
    });
  };
  const listener = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {}, onError: () => new Response(), ...tls },
    handle,
  );
  const { port } = listener.addr;
  const server: ChannelServer = {
    url: `${tls === undefined ? "http" : "https"}://localhost:${port}`,
    port,
    arrived,
    answer: () => ({}),
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
  return server;
}
