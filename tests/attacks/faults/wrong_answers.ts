import type { Fault } from "../../emulator/mod.ts";
import { type Blow, isAlbumList, isChange, isSample, isSearch } from "./blow.ts";

const HTML = "<html><head><title>Bad Gateway</title></head><body>nginx</body></html>";

/** A status that may be another one in a moment. */
function busy(
  name: string,
  status: number,
  headers: Record<string, string> = {},
  more: Partial<Blow> = {},
): Blow {
  const fault: Fault = { kind: "status", status, body: HTML, contentType: "text/html", headers };
  return { name, effect: "passes", errors: ["ServerError"], rules: () => [{ fault }], ...more };
}

/** An answer that no second try makes better. */
function final(name: string, fault: Fault, error: string, more: Partial<Blow> = {}): Blow {
  return { name, effect: "fatal", errors: [error], rules: () => [{ fault }], ...more };
}

function refusal(status: number, message: string, errors: readonly string[]): Blow {
  const fault: Fault = { kind: "status", status, body: { message, statusCode: status } };
  return { name: `${status} "${message}"`, effect: "fatal", errors, rules: () => [{ fault }] };
}

function shape(body: unknown, more: Partial<Blow> = {}): Blow {
  const name = `${JSON.stringify(body)} in place of the answer`;
  return final(name, { kind: "json", body }, "AnswerError", more);
}

/** Answers of every wrong kind, from the server or from what stands in front of it. */
export const WRONG_ANSWERS: readonly Blow[] = [
  busy("408 with a web page", 408),
  busy("429 without Retry-After", 429),
  busy("429 with Retry-After: 1", 429, { "retry-after": "1" }),
  busy("429 with Retry-After in words", 429, { "retry-after": "soon" }, { lengths: ["once"] }),
  busy("429 with a negative Retry-After", 429, { "retry-after": "-86400" }, { lengths: ["once"] }),
  busy("429 with Retry-After in the past", 429, {
    "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT",
  }, { lengths: ["once"] }),
  busy("500 with a web page", 500),
  busy("502 with a web page", 502),
  busy("503 with a web page", 503, { "retry-after": "0" }),
  busy("504 with a web page", 504),
  busy("504 after the work was done", 504, {}, {
    rules: () => [{ fault: { kind: "status", status: 504, body: HTML }, handled: true }],
    losesAnswers: true,
  }),
  refusal(400, "Bad Request", ["RejectedError", "AlbumError"]),
  refusal(401, "Invalid API key", ["UnauthorizedError"]),
  refusal(403, "Missing required permission: asset.read", ["ForbiddenError"]),
  refusal(404, "Cannot GET it", ["NotFoundError"]),
  ...[411, 413, 414, 431].map((status) =>
    final(
      `${status} of a proxy`,
      { kind: "status", status, body: HTML, contentType: "text/html" },
      "RejectedError",
    )
  ),
  final("the API key revoked in mid-run", { kind: "revokeKey" }, "UnauthorizedError", {
    lengths: ["lasting"],
    mend: ({ stage: { world, key } }) => {
      world.keys.set(key.secret, key);
    },
  }),
  final("maintenance begun in mid-run", { kind: "startMaintenance" }, "MaintenanceError", {
    lengths: ["lasting"],
    mend: ({ emulator: { world } }) => {
      world.maintenance = false;
    },
  }),
  final("200 with a login page", { kind: "loginPage" }, "AnswerError"),
  final(
    "200 with a login page that says it is JSON",
    { kind: "status", status: 200, body: HTML, contentType: "application/json" },
    "AnswerError",
  ),
  final("200 with nothing", { kind: "emptyBody" }, "AnswerError", { effect: "passes" }),
  final("204 in place of the answer", { kind: "status", status: 204 }, "AnswerError", {
    effect: "passes",
  }),
  shape({ hello: "world" }),
  shape(null),
  shape("Not now"),
  shape({ assets: null, albums: [], people: null }),
  // An empty list is what these requests may truly be answered with: see the lies.
  shape([], {
    hits: (it) =>
      !isAlbumList(it) && !isChange(it) && !isSample(it) && !it.path.includes("/bucket"),
  }),
  shape([], { hits: ({ method, path }) => method === "POST" && path === "/api/albums" }),
  shape({ success: true }, { hits: isChange }),
  final("a body of 65 MB", { kind: "hugeBody", bytes: 65 * 1024 * 1024 }, "AnswerError", {
    lengths: ["once"],
    scenarios: ["mirror"],
  }),
  ...[302, 308].map((status) =>
    final(
      `${status} to another server`,
      { kind: "redirect", to: "https://elsewhere.example/login", status },
      "RedirectError",
    )
  ),
  {
    name: "302 to itself",
    effect: "fatal",
    errors: ["RedirectError"],
    hits: (it) => isSearch(it) || isChange(it),
    rules: ({ emulator }) => [{ fault: { kind: "redirect", to: `${emulator.url}/api/albums` } }],
  },
];
