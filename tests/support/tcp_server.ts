/** A server on a free port of the loopback interface that is no good mail server. */
export interface TcpServer extends Disposable {
  readonly port: number;
}

/**
 * @param serve What is done with a connection. An error ends it, as writing does once the client
 *   has gone. Connections are closed with the server.
 */
export function startTcpServer(
  serve: (connection: Deno.TcpConn) => unknown,
): TcpServer {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.TcpConn>();
  void accept();
  let open = true;
  return {
    port: listener.addr.port,
    [Symbol.dispose]: () => {
      if (!open) return;
      open = false;
      listener.close();
      connections.forEach(closeQuietly);
    },
  };

  async function accept(): Promise<void> {
    for await (const connection of listener) {
      connections.add(connection);
      void attend(connection);
    }
  }

  async function attend(connection: Deno.TcpConn): Promise<void> {
    try {
      await serve(connection);
    } catch {
      // The client has gone.
    }
  }
}

function closeQuietly(connection: Deno.TcpConn): void {
  try {
    connection.close();
  } catch {
    // It was closed already.
  }
}

/** A port of the loopback interface on which nobody listens. */
export function closedPort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
