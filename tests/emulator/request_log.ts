/** A request as the emulator got it. */
export interface LoggedRequest {
  method: string;
  /** Without the prefix of a proxy and without the query, like "/api/albums". */
  path: string;
  query: URLSearchParams;
  /** Parsed if it was JSON, else its text; undefined if there was none. */
  body: unknown;
  /** The `x-api-key` it came with. */
  apiKey: string | null;
  headers: Record<string, string>;
  /** What was answered; null if nothing (yet): hanging, or cut before the status line. */
  status: number | null;
}

/** Whether the request changes anything on a real server; searches are POST and do not. */
export function isWrite({ method, path }: LoggedRequest): boolean {
  if (method === "GET" || method === "HEAD" || method === "OPTIONS") return false;
  return !(method === "POST" && path.startsWith("/api/search/"));
}
