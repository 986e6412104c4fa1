import type { Answer, Route } from "./call.ts";
import { type Line, type Payload, send, sendDamaged, sendHuge, sendPaced } from "./delivery.ts";
import { ApiError } from "./errors.ts";
import type { Fault, Strike } from "./faults.ts";
import type { Version } from "./generation.ts";
import { handle } from "./handle.ts";
import type { LoggedRequest } from "./request_log.ts";
import type { World } from "./world.ts";

/** Bodies above this are answered with 500, as Express' body parser under Nest does. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

const JSON_TYPE = "application/json; charset=utf-8";
const LOGIN_PAGE = "<!doctype html>\n<html><head><title>Sign in</title></head>" +
  '<body><form method="post" action="/login"><input name="password"></form></body></html>\n';

/** The request as far as it could be read. */
export type Received = { tooLarge: boolean; malformed: string | null };

/** Whose answers they are, and by which routes; default all that the emulator has. */
export interface Answering {
  readonly world: World;
  readonly version: Version;
  readonly routes?: readonly Route[] | undefined;
}

/** Answers one request: the true answer, what strikes it, and sending. */
export async function exchange(
  emulator: Answering,
  request: LoggedRequest,
  received: Received,
  strikes: Strike[],
  line: Line,
): Promise<void> {
  const since = performance.now();
  const early = strikes.find(({ fault, handled }) => isReplacement(fault) && !handled);
  for (const { fault } of strikes) await beforehand(emulator.world, request, fault, line);
  if (early !== undefined) return await replace(request, early.fault, line);
  const answer = answerTo(emulator, request, received);
  for (const { fault } of strikes) {
    if (fault.kind === "mutate") answer.body = fault.change(answer.body, request);
    if (fault.kind === "after") fault.run(emulator.world, request);
  }
  const late = strikes.find(({ fault }) => isReplacement(fault));
  if (late !== undefined) return await replace(request, late.fault, line);
  request.status = answer.status;
  const payload = payloadOf(answer);
  for (const { fault } of strikes) {
    if (fault.kind === "cutJson" || fault.kind === "resetInBody" || fault.kind === "slowDrip") {
      return await sendDamaged(line, payload, fault);
    }
  }
  if (line.pace === undefined) send(line, payload);
  else await sendPaced(line, payload, { seconds: answer.seconds ?? 0, since });
}

async function beforehand(
  world: World,
  request: LoggedRequest,
  fault: Fault,
  line: Line,
): Promise<void> {
  if (fault.kind === "delay") await line.pause(fault.ms);
  if (fault.kind === "before") await fault.run(world, request);
  if (fault.kind === "revokeKey" && request.apiKey !== null) world.removeKey(request.apiKey);
  if (fault.kind === "startMaintenance") world.maintenance = true;
}

type Replacement = Extract<
  Fault,
  {
    kind:
      | "status"
      | "loginPage"
      | "emptyBody"
      | "json"
      | "reset"
      | "hang"
      | "hugeBody"
      | "redirect";
  }
>;

const REPLACEMENTS: ReadonlySet<Fault["kind"]> = new Set<Replacement["kind"]>([
  "status",
  "loginPage",
  "emptyBody",
  "json",
  "reset",
  "hang",
  "hugeBody",
  "redirect",
]);

function isReplacement(fault: Fault): boolean {
  return REPLACEMENTS.has(fault.kind);
}

/** Sends something else than the true answer, or nothing. */
async function replace(request: LoggedRequest, fault: Fault, line: Line): Promise<void> {
  if (fault.kind === "hang") return;
  if (fault.kind === "reset") return line.reset();
  if (fault.kind === "hugeBody") {
    request.status = 200;
    return await sendHuge(line, fault.bytes);
  }
  const payload = replacementOf(fault);
  request.status = payload.status;
  send(line, payload);
}

function replacementOf(fault: Fault): Payload {
  switch (fault.kind) {
    case "status": {
      const { status, body, contentType, headers } = fault;
      const type = contentType === undefined ? {} : { contentType };
      const payload = payloadOf({ status, body, ...type });
      return { ...payload, headers: { ...payload.headers, ...headers } };
    }
    case "loginPage":
      return payloadOf({ status: 200, body: LOGIN_PAGE, contentType: "text/html; charset=utf-8" });
    case "emptyBody":
      return {
        status: 200,
        headers: { "content-type": JSON_TYPE, "content-length": "0" },
        body: new Uint8Array(),
      };
    case "json":
      return payloadOf({ status: fault.status ?? 200, body: fault.body });
    case "redirect":
      return { ...payloadOf({ status: fault.status ?? 302 }), headers: { location: fault.to } };
    default:
      throw new Error(`${fault.kind} does not replace an answer`);
  }
}

function answerTo(
  { world, version, routes }: Answering,
  request: LoggedRequest,
  received: Received,
): Answer & { headers?: Record<string, string> } {
  const { generation } = version;
  const correlationId = Math.random().toString(36).slice(2, 10).padEnd(8, "0");
  const name = generation === "2.x" ? "x-immich-cid" : "x-correlation-id";
  const headers = { [name]: correlationId, vary: "Accept-Encoding" };
  if (received.tooLarge || received.malformed !== null) {
    // The body parser comes before everything else, so there is no correlation id yet.
    const parserHeaders = generation === "2.x" ? {} : { [name]: "undefined" };
    return { ...parserError(received, generation === "2.x"), headers: parserHeaders };
  }
  try {
    return { ...handle(world, version, request, routes), headers };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: error.toBody(generation, correlationId), headers };
  }
}

function parserError({ tooLarge, malformed }: Received, isV2: boolean): Answer {
  if (tooLarge) {
    const message = "Internal server error";
    return { status: 500, body: isV2 ? { message, statusCode: 500 } : { message } };
  }
  const more = isV2 ? { error: "Bad Request", statusCode: 400 } : {};
  return { status: 400, body: { message: malformed, ...more } };
}

function payloadOf(answer: Answer & { headers?: Record<string, string> }): Payload {
  const { status, body, contentType } = answer;
  const headers = { "x-powered-by": "Express", ...answer.headers };
  if (body === undefined) return { status, headers, body: new Uint8Array() };
  if (body instanceof Uint8Array) {
    return { status, headers: { ...headers, "content-type": contentType ?? "" }, body };
  }
  const isText = contentType !== undefined && typeof body === "string";
  return {
    status,
    headers: { ...headers, "content-type": contentType ?? JSON_TYPE },
    body: new TextEncoder().encode(isText ? body : JSON.stringify(body)),
  };
}
