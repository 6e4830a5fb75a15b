/** A number that is the same for the same log, and for no other: what a report was made from. */
import { createHash } from 'node:crypto';
import type { RecordedEvent } from '../application/ports';

/**
 * SHA-256 over one line for each event, in the order of the log: its position, stream, revision, id,
 * type, data and metadata, with tabs between. The last two are as they stand in the file, so that any
 * program which reads SQLite can compute it too.
 */
export class LogFingerprint {
  private readonly hash = createHash('sha256');
  private taken = 0;

  take({ position, stream, revision, id, type, data, metadata }: RecordedEvent): void {
    this.taken += 1;
    const fields = [position, stream, revision, id, type, JSON.stringify(data)];
    this.hash.update(`${fields.join('\t')}\t${JSON.stringify(metadata)}\n`);
  }

  get events(): number {
    return this.taken;
  }

  /** In hexadecimal. Nothing can be taken in afterwards. */
  digest(): string {
    return this.hash.digest('hex');
  }
}
