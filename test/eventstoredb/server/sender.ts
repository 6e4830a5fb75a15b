/**
 * Sends messages one by one down a call that may be over at any time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { ServerContext } from './context';
import type { Ending } from './faults';
import { endingFailure, type Failure } from './statuses';

/** One call's way out, at the pace at which the other side takes it. */
export class Sender {
  private ended = false;
  private markOver = (): void => undefined;
  /** Resolves when the other side has gone, or this side has ended the call. */
  readonly over: Promise<void>;

  constructor(
    private readonly context: ServerContext,
    private readonly call: ServerWritableStream<ReadReq, ReadResp>,
  ) {
    this.over = new Promise((resolve) => {
      this.markOver = () => {
        this.ended = true;
        resolve();
      };
    });
    call.once('cancelled', this.markOver);
  }

  get isOver(): boolean {
    return this.ended || this.call.cancelled;
  }

  async send(message: ReadResp): Promise<void> {
    if (this.isOver || this.call.write(message)) return;

    await new Promise<void>((resolve) => {
      this.call.once('drain', resolve);
      void this.over.then(resolve);
    });
  }

  fail(failure: Failure): void {
    if (!this.isOver) this.call.emit('error', failure);
    this.markOver();
  }

  /** Ends the call as a fault wants it; what was sent before has left this process by then. */
  async end(ending: Ending): Promise<void> {
    if (ending !== 'cut') {
      this.fail(endingFailure(ending, this.context.leader));
      return;
    }

    // A cut forgets what waits in the connection: two turns are what it takes to write it out.
    await nextTurn();
    await nextTurn();
    this.context.cut(this.call.getPeer());
    this.markOver();
  }
}
