import { ImmichError } from "./immich_error.ts";

/** Where the permissions of a key are granted. */
export const KEYS_PAGE = "in Immich under Account Settings > API Keys";

/**
 * The error for an answer with a status other than 2xx.
 *
 * @param request e.g. `POST /search/metadata`
 * @param body the text of the answer, of any kind
 * @param redact takes secrets out of what was decoded, before it is cut
 */
export function errorOfStatus(
  request: string,
  status: number,
  headers: Headers,
  body: string,
  redact: (text: string) => string,
): ImmichError {
  if (status >= 300 && status < 400) return redirectError(request, status, headers, redact);
  const said = sentenceOf(body, redact);
  const quoted = said === undefined ? "" : `: "${said}"`;
  // 2.x has begun to send a picture when it notices that the file is gone.
  if (status === 500 && headers.get("content-type")?.startsWith("image/") === true) {
    return new ImmichError(
      "not-found",
      `${request} failed: the file of the picture is gone (500${quoted}).`,
      "Look for the file in the storage of Immich, or have Immich generate its thumbnails again.",
    );
  }
  switch (status) {
    case 401:
      return new ImmichError(
        "unauthorized",
        `${request} was refused: Immich does not accept the API key (401${quoted}).`,
        `Set API_KEY to a valid key; keys are created ${KEYS_PAGE}.`,
      );
    case 403:
      return forbiddenError(request, said);
    case 404:
      return new ImmichError(
        "not-found",
        `${request} does not exist on this server (404${quoted}).`,
        "Check that IMMICH_URL is the address of Immich itself, with the path prefix of a proxy if there is one, and that the server is Immich 2.0 or later.",
      );
  }
  const limit = PROXY_LIMITS[status];
  if (limit !== undefined) {
    return new ImmichError(
      "rejected",
      `${request} failed: ${limit.what}, says the proxy in front of Immich (${status}).`,
      limit.hint,
      { status },
    );
  }
  const retryable = status === 408 || status === 429 || status >= 500;
  const retryAfterMs = retryable ? retryAfter(headers) : undefined;
  return new ImmichError(
    retryable ? "server" : "rejected",
    `${request} failed: the server answered ${status}${quoted}.`,
    retryable
      ? "Look at the log of the Immich server (or of the proxy in front of it) and run again later."
      : "The server did not accept the request; please report this with the log of this run.",
    { retryable, status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  );
}

/** What proxies refuse and Immich never does: for a body that is too large it answers 500. */
const PROXY_LIMITS: Readonly<Record<number, { readonly what: string; readonly hint: string }>> = {
  411: {
    what: "a request without its length is not accepted",
    hint: "Let the proxy accept chunked request bodies for Immich.",
  },
  413: {
    what: "the request is too large",
    hint: "Allow larger request bodies in the proxy (nginx: client_max_body_size 1m or more).",
  },
  414: {
    what: "the address is too long",
    hint: "Allow longer addresses in the proxy (nginx: large_client_header_buffers).",
  },
  431: {
    what: "the request headers are too large",
    hint:
      "Shorten IMMICH_HEADERS, or allow larger request headers in the proxy (nginx: large_client_header_buffers).",
  },
};

function redirectError(
  request: string,
  status: number,
  headers: Headers,
  redact: (text: string) => string,
): ImmichError {
  const target = redactedUrl(headers.get("location") ?? "an unnamed place", redact);
  return new ImmichError(
    "redirect",
    `${request} was redirected to ${target} (${status}); redirects are not followed, so that the API key reaches no other server.`,
    "If that place is your Immich, set IMMICH_URL to its address; if it is a login page, let the proxy pass requests with an API key, or set IMMICH_HEADERS.",
  );
}

/** As it is, unless there is a secret in it once it is decoded. */
function redactedUrl(url: string, redact: (text: string) => string): string {
  let decoded = url;
  try {
    decoded = decodeURIComponent(url);
  } catch {
    // Not an encoded text.
  }
  const clean = redact(decoded);
  return clean === decoded ? url : clean;
}

function forbiddenError(request: string, said: string | undefined): ImmichError {
  // "Missing required permission: asset.read" on 2.x and 3.x.
  const permission = said?.match(/permission:\s*([A-Za-z]+\.[A-Za-z.]+)/)?.[1];
  if (permission !== undefined) {
    return new ImmichError(
      "forbidden",
      `${request} was refused: the API key lacks the permission ${permission} (403).`,
      `Grant ${permission} to the key ${KEYS_PAGE}.`,
      { permission },
    );
  }
  return new ImmichError(
    "forbidden",
    `${request} was refused (403${said === undefined ? "" : `: "${said}"`}).`,
    `Check the permissions of the key ${KEYS_PAGE}; if a proxy stands in front of Immich, have it let this program through (IMMICH_HEADERS).`,
  );
}

/**
 * Immich's own sentence in an error's body: `message` is a text, or on 2.x for validation a list
 * of texts; 3.x adds `errors` with the path of each. Undefined when the body is not Immich's.
 */
function sentenceOf(body: string, redact: (text: string) => string): string | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return undefined; // a proxy's page: not worth quoting
  }
  if (typeof parsed !== "object" || parsed === null || !("message" in parsed)) return undefined;
  const messages = Array.isArray(parsed.message) ? parsed.message : [parsed.message];
  const errors = "errors" in parsed && Array.isArray(parsed.errors) ? parsed.errors : [];
  const details = errors.flatMap((error) =>
    typeof error === "object" && error !== null && typeof error.message === "string"
      ? [`${Array.isArray(error.path) ? error.path.join(".") : ""} ${error.message}`.trim()]
      : []
  );
  const text = [...messages, ...details].filter((part) => typeof part === "string").join("; ");
  return text === "" ? undefined : redact(text).slice(0, 300);
}

/** Retry-After in milliseconds, from seconds or from a date; undefined when absent or nonsense. */
function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // A date begins with the day's name. Date.parse() takes "-86400" too, for a time long to come.
  const ms = /^[a-z]/i.test(value) ? Date.parse(value) - Date.now() : NaN;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
