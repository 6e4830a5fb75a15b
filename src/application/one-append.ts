/** Which events of a log stand together because one append wrote them. */
import type { EventMetadata } from '../stored-event';
import type { OrgId } from '../values/ids';
import type { Atomicity } from './ports';

/** What tells the command of an event: an id alone may be used again on another seat, by somebody else. */
interface OfCommand {
  readonly orgId?: OrgId | undefined;
  readonly metadata: Pick<EventMetadata, 'commandId' | 'fingerprint'>;
}

interface InStream extends OfCommand {
  readonly stream: string;
}

/** The same for two events exactly when they are of the same command. */
export const commandKey = ({ orgId, metadata }: OfCommand): string =>
  `${orgId ?? ''} ${metadata.commandId} ${metadata.fingerprint}`;

/**
 * The same for two events that follow one another in a log when one append wrote both. On a store that
 * appends to one stream at a time, an event in another stream is of another append.
 */
export const appendKey = (event: InStream, atomicity: Atomicity): string =>
  atomicity === 'oneStream' ? `${commandKey(event)} ${event.stream}` : commandKey(event);
