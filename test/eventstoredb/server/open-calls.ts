/**
 * Counts calls from outside the handlers, so that no handler can forget to.
 */
import { ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';

/** Who a call says it comes from, as it came: `Basic` and the rest; and whether only the leader will do. */
export interface Authorization {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly requiresLeader: boolean;
}

/** Every call since the start, by the name of its method, and those that have not ended. */
export class OpenCalls {
  private readonly started = new Map<string, number>();
  private readonly open = new Map<string, number>();
  readonly authorizations: Array<Authorization> = [];

  /** Calls that have ended are in it with 0. */
  get openByMethod(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.open);
  }

  get startedByMethod(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.started);
  }

  get openCount(): number {
    return [...this.open.values()].reduce((sum, count) => sum + count, 0);
  }

  readonly interceptor: ServerInterceptor = ({ path }, call) => {
    const method = path.slice(path.lastIndexOf('/') + 1);
    const end = this.start(method);
    return new ServerInterceptingCall(call, {
      start: (next) => {
        next({
          onCancel: end,
          onReceiveMetadata: (metadata, pass) => {
            const authorization = metadata.get('authorization')[0]?.toString();
            const requiresLeader = metadata.get('requires-leader')[0]?.toString() === 'true';
            this.authorizations.push({ method, authorization, requiresLeader });
            pass(metadata);
          },
        });
      },
      sendStatus: (status, next) => {
        end();
        next(status);
      },
    });
  };

  private start(method: string): () => void {
    this.started.set(method, (this.started.get(method) ?? 0) + 1);
    this.open.set(method, (this.open.get(method) ?? 0) + 1);
    let isOpen = true;
    return () => {
      // A call may be cancelled after its status was sent.
      if (isOpen) this.open.set(method, (this.open.get(method) ?? 0) - 1);
      isOpen = false;
    };
  }
}
