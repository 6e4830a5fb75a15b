/** A log to which somebody added mailboxes by hand, past every rule. */
import type { RecordedEvent } from '../../src';
import { ann, bob, holding, type Person, Stage, seated, storedAddress } from '../../src/testing';
import { first, second, third } from './cast';

type Log = ReadonlyArray<RecordedEvent>;

export interface Rogues {
  readonly log: Log;
  /** What has to be found of it, and where. */
  readonly expected: ReadonlyArray<readonly [kind: string, position: string]>;
}

/** The log with one more mailbox on a seat, under a command that was never recorded. */
const withMailbox = (log: Log, { userId }: Person, address: string): Log => {
  const likeIt = log.find(({ type }) => type === 'MailboxAdded')!;
  const stream = `seat-acme.${userId}`;
  const n = BigInt(log.length);
  return [
    ...log,
    {
      ...likeIt,
      id: `00000000-0000-5000-8000-${String(n).padStart(12, '0')}`,
      stream,
      data: { userId, requestId: `rogue-${n}`, address: storedAddress(address) },
      metadata: { ...(likeIt.metadata as object), commandId: `rogue-${n}` },
      position: n,
      revision: BigInt(log.filter((event) => event.stream === stream).length),
    },
  ];
};

/** Ann holds two mailboxes, which is her limit; a third is added, and one of hers to bob's seat. */
export const withRogues = async (): Promise<Rogues> => {
  const stage = await Stage.open();
  await stage.play(...seated(ann, bob), ...holding(ann, first, second));
  const sound = await stage.log();
  await stage.close();
  const log = withMailbox(withMailbox(sound, ann, third), bob, first);
  const [beyond, twice] = [sound.length, sound.length + 1].map(String) as [string, string];
  return {
    log,
    expected: [
      ['approvedBeforeAdded', beyond],
      ['withinLimit', beyond],
      ['claimsMatchMailboxes', beyond],
      ['unexplained', beyond],
      ['approvedBeforeAdded', twice],
      ['oneHolder', twice],
      ['claimsMatchMailboxes', twice],
    ],
  };
};
