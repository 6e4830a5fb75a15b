/**
 * The same commands again, one after the other, on a ledger in memory: what a log must hold if every
 * command in it is whole. Nothing is shared with the log under test but the commands and their order.
 */
import canonicalize from 'canonicalize';
import { memoryStore } from '../../src/adapters/memory';
import type { Ledger } from '../../src/application/ledger';
import { openLedger } from '../../src/application/open-ledger';
import type { Answer } from '../../src/application/outcome';
import { BEFORE_ALL, type EventStore, type RecordedEvent } from '../../src/application/ports';
import type { CommandInput } from '../../src/commands';
import type { PrincipalInput } from '../../src/values/principal';
import { addressSecret } from './sending';

/** One text for equal values. */
export const textOf = (value: unknown): string => canonicalize(value) ?? '';

/** The events of one command, each as a text of what it says, where and at which revision. */
export type Facts = ReadonlyArray<string>;

interface Stored {
  /** When the command was recorded. */
  readonly at: string;
  readonly facts: Facts;
}

export const factOf = (
  event: Pick<RecordedEvent, 'type' | 'stream' | 'data'> & { revision: unknown },
) => {
  const { type, stream, data } = event;
  return textOf({ type, stream, data, revision: String(event.revision) });
};

const OPENING = 'open-ledger';

/** What every command has in the log, in the order of their first events. */
export const storedIn = (log: ReadonlyArray<RecordedEvent>): ReadonlyMap<string, Stored> => {
  const all = new Map<string, Stored>();
  for (const event of log) {
    const { commandId, at } = event.metadata as { commandId: string; at: string };
    if (commandId === OPENING) continue;
    const known = all.get(commandId)?.facts ?? [];
    all.set(commandId, { at, facts: [...known, factOf(event)] });
  }
  return all;
};

export const wholeLog = async (store: EventStore): Promise<ReadonlyArray<RecordedEvent>> => {
  const log = await store.readAll(BEFORE_ALL, Number.MAX_SAFE_INTEGER)();
  if (log._tag === 'Left') throw new Error(log.left.message);
  return log.right;
};

export class Reference {
  private constructor(
    private readonly ledger: Ledger,
    private readonly connector: ReturnType<typeof memoryStore>,
  ) {}

  static async open(): Promise<Reference> {
    const connector = memoryStore();
    return new Reference(await openLedger({ store: connector, addressSecret }), connector);
  }

  send(by: PrincipalInput, command: CommandInput, at: string): Promise<Answer> {
    return this.ledger.execute(by, command, { at });
  }

  async stored(): Promise<ReadonlyMap<string, Stored>> {
    const store = await this.connector.connect();
    if (store._tag === 'Left') throw new Error(store.left.message);
    return storedIn(await wholeLog(store.right));
  }
}
