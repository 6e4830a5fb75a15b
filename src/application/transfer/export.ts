/** Writing a log out, one event a line, whatever its size. */
import * as E from 'fp-ts/lib/Either.js';
import type { OrgId } from '../../values/ids';
import { streamIdentity } from '../../values/stream-name';
import type { Failure } from '../failures';
import { BEFORE_ALL, type StoreConnector } from '../ports';
import { lineOf } from './line';

export interface ExportOptions {
  /** Only this organization's events, and the settings of the ledger. */
  readonly orgId?: string;
  /** Called after each page, with how many events have been written. */
  readonly onProgress?: (events: number) => void;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface Exported {
  readonly events: number;
  /** Position of the last event that was read, decimal. */
  readonly position: string;
}

/** Takes a text of whole lines; the next one waits until it has. */
export type Sink = (lines: string) => void | Promise<void>;

const PAGE = 1000;

/**
 * Writes every event of the log to `sink`, oldest first, until the end of the log or until `signal` is
 * aborted. What `sink` throws is thrown.
 */
export const exportEvents = async (
  from: StoreConnector,
  sink: Sink,
  { orgId, onProgress, signal }: ExportOptions = {},
): Promise<E.Either<Failure, Exported>> => {
  const connected = await from.connect();
  if (E.isLeft(connected)) return connected;
  const store = connected.right;
  const isWanted = (stream: string): boolean => {
    const found = streamIdentity(stream)?.orgId;
    return orgId === undefined || found === undefined || found === (orgId as OrgId);
  };
  try {
    let position = BEFORE_ALL;
    let events = 0;
    while (signal?.aborted !== true) {
      const page = await store.readAll(position, PAGE)();
      if (E.isLeft(page)) return page;
      const wanted = page.right.filter(({ stream }) => isWanted(stream));
      if (wanted.length > 0) await sink(wanted.map(lineOf).join(''));
      events += wanted.length;
      position = page.right.at(-1)?.position ?? position;
      onProgress?.(events);
      if (page.right.length < PAGE) break;
    }
    return E.right({ events, position: String(position) });
  } finally {
    await store.close();
  }
};
