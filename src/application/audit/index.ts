/**
 * What must hold at every position of a log, checked without the library's own states. For an embedder's
 * tests after any workload, and for an auditor who was handed a log.
 */
import { isLeft } from 'fp-ts/lib/Either.js';
import { decodeWhole, type LedgerEvent } from '../decode-event';
import { storedPages } from '../log-pages';
import { appendKey } from '../one-append';
import { type Atomicity, BEFORE_ALL, type EventStore, type RecordedEvent } from '../ports';
import { HoldersAudit } from './holders';
import { LossesAudit } from './losses';
import type { Audit, Violation } from './violation';

export type { Invariant, Violation } from './violation';

/**
 * Judges by commands where the events of one stand together in the log, which they do on a store that
 * appends to several streams at once; on another, by what each of their appends leaves behind.
 */
export class Auditor {
  readonly violations: Array<Violation> = [];

  /**
   * @param store what it promised. `oneStream`: a command may stand in several appends, with those of
   *   others between them. `consecutive`: a position that is missing is an event that is missing
   */
  constructor(private readonly store: Pick<EventStore, 'atomicity' | 'positions'>) {}

  private readonly revisions = new Map<string, bigint>();
  private readonly audits = new Map<string, ReadonlyArray<Audit>>();
  private append:
    { readonly key: string; readonly orgId: string; types: Array<string> } | undefined;
  private position = BEFORE_ALL;

  private take(event: RecordedEvent): void {
    const { position, stream, revision } = event;
    if (position <= this.position) {
      this.report('gapless', `position ${position} comes after ${this.position}`);
    } else if (this.store.positions === 'consecutive' && position !== this.position + 1n) {
      this.report('gapless', `position ${position} comes after ${this.position}`, position);
    }
    const known = this.revisions.get(stream) ?? -1n;
    if (revision !== known + 1n) {
      this.report('gapless', `revision ${revision} of ${stream} comes after ${known}`, position);
    }
    this.revisions.set(stream, revision);

    const decoded = decodeWhole(event);
    if (isLeft(decoded)) this.report('readable', decoded.left.message, position);
    else this.takeReadable(decoded.right);
    this.position = position;
  }

  /** Takes over whatever it is: what is no event at all is a violation too. */
  takeAny(event: RecordedEvent): void {
    try {
      this.take(event);
    } catch (error) {
      this.violations.push({
        invariant: 'readable',
        position: 'unknown',
        detail: `what stands there is no event: ${String(error)}`,
      });
    }
  }

  private endAppend(): void {
    if (this.append === undefined) return;
    const { orgId, types } = this.append;
    for (const audit of this.auditsOf(orgId)) {
      audit.endAppend((invariant, detail) => {
        this.report(invariant, detail);
      });
    }
    if (types.includes('CommandRefused') && types.length > 1) {
      this.report('refusalChangesNothing', `a refusal stands beside ${types.join(', ')}`);
    }
    this.append = undefined;
  }

  /** The log is at its end: what has begun is finished, or is not. */
  end(): void {
    this.endAppend();
    for (const audits of this.audits.values()) {
      for (const audit of audits) {
        audit.end((invariant, detail) => {
          this.report(invariant, detail);
        });
      }
    }
  }

  private takeReadable(event: LedgerEvent): void {
    const { orgId, position, streamKind, type } = event;
    if (orgId === undefined) {
      this.endAppend();
      return;
    }
    const key = appendKey(event, this.store.atomicity);
    if (this.append?.key !== key) {
      this.endAppend();
      this.append = { key, orgId, types: [] };
    }
    this.append.types.push(type);
    for (const audit of this.auditsOf(orgId)) {
      audit.take(event, streamKind, (invariant, detail) => {
        this.report(invariant, detail, position);
      });
    }
  }

  private auditsOf(orgId: string): ReadonlyArray<Audit> {
    const known = this.audits.get(orgId);
    if (known !== undefined) return known;
    const { atomicity } = this.store;
    const audits = [new HoldersAudit(atomicity), new LossesAudit(atomicity)];
    this.audits.set(orgId, audits);
    return audits;
  }

  private report(
    invariant: Violation['invariant'],
    detail: string,
    position: bigint = this.position,
  ): void {
    this.violations.push({ invariant, position: String(position), detail });
  }
}

/**
 * Everything in the log that must not be so, oldest first; none for a sound log. Never throws: what is
 * no event at all is a violation too.
 *
 * @param log the whole log from its first event, as `readAll` gives it
 * @param atomicity what the store promised that it was written to
 */
export const violations = (
  log: Iterable<RecordedEvent>,
  atomicity: Atomicity = 'anyStreams',
): ReadonlyArray<Violation> => {
  const auditor = new Auditor({ atomicity });
  for (const event of log) auditor.takeAny(event);
  auditor.end();
  return auditor.violations;
};

/**
 * {@link violations} of everything that a store holds, judged page by page, so that a long log is never
 * held whole. Rejects when it cannot be read.
 */
export const violationsIn = async (store: EventStore): Promise<ReadonlyArray<Violation>> => {
  const auditor = new Auditor(store);
  for await (const page of storedPages(store)) {
    if (isLeft(page)) throw new Error(page.left.message);
    for (const event of page.right) auditor.takeAny(event);
  }
  auditor.end();
  return auditor.violations;
};
