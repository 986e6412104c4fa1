/** What goes to a server and comes back, whichever way. */

/** One request as it goes out; `url` is absolute and of the configured origin. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | undefined;
  /** Must not be sent twice, not even when the connection turns out to be closed. */
  readonly once: boolean;
  readonly signal: AbortSignal;
}

/** One answer whose body is still to be read, a stream of bytes, already decompressed. */
export interface IncomingResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** A way to reach the server. Never follows redirects, always verifies TLS. */
export interface Transport {
  send(request: OutgoingRequest): Promise<IncomingResponse>;
  close(): void;
}

/** Read at first; more is made room for as it comes. */
const FIRST_BYTES = 64 * 1024;
/** A buffer larger than a page of assets is not kept: few answers need it. */
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

/**
 * Reads bodies of answers, each into one buffer, which is used again for the next one. Going through
 * a body by `for await` gives a decompressed page in 300 pieces, and takes longer than all else that
 * is done with the page; a new buffer for each makes the process half as large again.
 */
export class BodyReader {
  /** Not in use; at most one for each request that is under way at a time. */
  readonly #buffers: Uint8Array<ArrayBuffer>[] = [];

  /**
   * Reads to the end.
   *
   * @param count is told of each piece in bytes; what it throws ends the reading
   * @param use makes something of all the bytes, which are gone when it returns
   */
  async read<T>(
    body: ReadableStream<Uint8Array>,
    count: (bytes: number) => void,
    use: (bytes: Uint8Array) => T,
  ): Promise<T> {
    const reader = body.getReader({ mode: "byob" });
    let buffer = this.#buffers.pop() ?? new Uint8Array(FIRST_BYTES);
    let length = 0;
    try {
      for (;;) {
        if (length === buffer.length) {
          const larger = new Uint8Array(2 * length);
          larger.set(buffer);
          buffer = larger;
        }
        // The buffer goes to the stream and comes back filled.
        const { done, value } = await reader.read(buffer.subarray(length));
        if (value !== undefined) {
          buffer = new Uint8Array(value.buffer);
          length += value.length;
          count(value.length);
        }
        if (!done) continue;
        const result = use(buffer.subarray(0, length));
        if (buffer.length > 0 && buffer.length <= MAX_KEPT_BYTES) this.#buffers.push(buffer);
        return result;
      }
    } catch (error) {
      // The connection is not needed any more; why the reading ended is the error to tell.
      await reader.cancel(error).catch(() => {});
      throw error;
    }
  }
}
