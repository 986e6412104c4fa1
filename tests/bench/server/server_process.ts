import * as v from "valibot";
import {
  type Ready,
  readySchema,
  type ServerOptions,
  type State,
  stateSchema,
  type Traffic,
  trafficSchema,
} from "./control.ts";

/** The emulator in its own process, as the benchmark holds it. */
export class ServerProcess implements AsyncDisposable {
  readonly options: ServerOptions;
  readonly ready: Ready;
  readonly #process: Deno.ChildProcess;

  private constructor(options: ServerOptions, ready: Ready, process: Deno.ChildProcess) {
    this.options = options;
    this.ready = ready;
    this.#process = process;
  }

  /** Starts it and waits until its library is made. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", mainFile(), JSON.stringify(options)],
      // It ends when this pipe does, however the benchmark ended.
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const line = await firstLine(process.stdout);
    return new ServerProcess(options, v.parse(readySchema, JSON.parse(line)), process);
  }

  /** No album, and the library as it was made. */
  async reset(): Promise<void> {
    await this.#order("/reset");
  }

  /** The album as a first sync leaves it. */
  async fill(): Promise<void> {
    await this.#order("/fill");
  }

  /** Changes who is on so many assets. */
  async change(count: number): Promise<void> {
    await this.#order(`/change?count=${count}`);
  }

  /** From here on `traffic` counts. */
  async clear(): Promise<void> {
    await this.#order("/clear");
  }

  async traffic(): Promise<Traffic> {
    return v.parse(trafficSchema, await this.#order("/traffic"));
  }

  async state(): Promise<State> {
    return v.parse(stateSchema, await this.#order("/state"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill();
    await this.#process.status;
  }

  async #order(path: string): Promise<unknown> {
    const response = await fetch(`${this.ready.control}${path}`);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return await response.json();
  }
}

function mainFile(): string {
  return new URL("main.ts", import.meta.url).pathname;
}

async function firstLine(output: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) return text.slice(0, text.indexOf("\n"));
  }
  throw new Error("the server of the benchmark ended before it was ready");
}
