/** Reading what a report is made from: the log, from its first event up to one. */
import * as E from 'fp-ts/lib/Either.js';
import { decodeWhole } from '../application/decode-event';
import type { Failure } from '../application/failures';
import { wholePages } from '../application/log-pages';
import type { EventStore } from '../application/ports';
import { LedgerStory, LogFingerprint, type Report } from '../report';
import { systemClock } from '../values/timestamp';
import { packageVersion } from './package-files';
import type { ReadingProgress } from './reading-progress';

/** Ctrl-C: nothing was made, and nothing is left behind. */
export const stopped = 'stopped';

export interface LogToTell {
  readonly store: EventStore;
  /** Position of the last event that is told. */
  readonly head: bigint;
  /** What the page calls it. */
  readonly file: string;
  /** Tells of this organization only. */
  readonly org?: string | undefined;
}

export const readLog = async (
  { store, head, file, org }: LogToTell,
  progress: Pick<ReadingProgress, 'passed'>,
  stop: AbortSignal,
): Promise<E.Either<Failure | typeof stopped, Report>> => {
  const story = new LedgerStory(org);
  const fingerprint = new LogFingerprint();
  for await (const page of wholePages(store, { until: head })) {
    if (stop.aborted) return E.left(stopped);
    if (E.isLeft(page)) return page;
    for (const event of page.right) {
      const decoded = decodeWhole(event);
      if (E.isLeft(decoded)) return decoded;
      fingerprint.take(event);
      story.take(decoded.right);
    }
    progress.passed(page.right.at(-1)?.position ?? head, fingerprint.events);
  }
  const made = {
    file,
    head,
    events: fingerprint.events,
    fingerprint: fingerprint.digest(),
    generatedAt: systemClock(),
    release: packageVersion(),
  };
  return E.right({ made, organizations: story.told });
};
