/**
 * Where connections come in. They are held here, outside gRPC, so that they can be cut at once.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server as NetServer, type Socket } from 'node:net';

const HOST = '127.0.0.1';

/** A port and the connections that came in by it. */
export class Listener {
  private readonly sockets = new Map<string, Socket>();

  private constructor(private readonly server: NetServer) {}

  /** @param port 0 for any that is free */
  static async open(port: number, accept: (socket: Socket) => void): Promise<Listener> {
    const server = createServer();
    const listener = new Listener(server);
    server.on('connection', (socket) => {
      listener.hold(socket);
      accept(socket);
    });
    server.listen(port, HOST);
    await once(server, 'listening');
    return listener;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** @param peer host and port of the other side */
  cut(peer: string): void {
    this.sockets.get(peer)?.destroy();
  }

  /** Cuts all connections and gives up the port. */
  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.sockets.values()) socket.destroy();
    await closed;
  }

  private hold(socket: Socket): void {
    const peer = `${socket.remoteAddress ?? ''}:${socket.remotePort ?? 0}`;
    this.sockets.set(peer, socket);
    socket.setNoDelay(true);
    socket.once('close', () => this.sockets.delete(peer));
  }
}
