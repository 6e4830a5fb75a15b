/**
 * Between the protocol's messages and what the log holds.
 */
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Expected, ProposedRecord, StoredRecord } from './log';

/** What both kinds of proposed message have in common. */
interface Proposed {
  readonly getId: () => UUID | undefined;
  readonly getMetadataMap: () => { readonly get: (key: string) => string | undefined };
  readonly getData_asU8: () => Uint8Array;
  readonly getCustomMetadata_asU8: () => Uint8Array;
}

export const proposedRecord = (message: Proposed): ProposedRecord => ({
  id: message.getId()?.getString().toLowerCase() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? 'application/octet-stream',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

export const nameOf = (identifier: StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

export const identifierOf = (stream: string): StreamIdentifier =>
  new StreamIdentifier().setStreamName(Buffer.from(stream, 'utf8').toString('base64'));

/** What every request that names an expected revision has in common, but for the revision's name. */
interface Expecting {
  readonly hasNoStream: () => boolean;
  readonly hasAny: () => boolean;
  readonly hasStreamExists: () => boolean;
}

/** @param revision as it came, if the request has one */
export const expectedOf = (options: Expecting, revision: string | undefined): Expected => {
  if (revision !== undefined) return BigInt(revision);
  if (options.hasNoStream()) return 'noStream';
  return options.hasStreamExists() ? 'streamExists' : 'any';
};

// The protocol counts in ticks of 100 nanoseconds.
const TICKS_PER_MILLISECOND = 10_000n;

export const readEvent = (record: StoredRecord): ReadResp => {
  const position = `${record.position}`;
  const recorded = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(record.id))
    .setStreamIdentifier(identifierOf(record.stream))
    .setStreamRevision(`${record.revision}`)
    .setCommitPosition(position)
    .setPreparePosition(position)
    .setData(record.data)
    .setCustomMetadata(record.metadata);
  recorded
    .getMetadataMap()
    .set('type', record.type)
    .set('content-type', record.contentType)
    .set('created', `${BigInt(record.created.getTime()) * TICKS_PER_MILLISECOND}`);
  return new ReadResp().setEvent(
    new ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(position),
  );
};

export const streamNotFound = (stream: string): ReadResp =>
  new ReadResp().setStreamNotFound(
    new ReadResp.StreamNotFound().setStreamIdentifier(identifierOf(stream)),
  );

export const confirmation = (id: string): ReadResp =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(id));

export const checkpoint = (position: bigint): ReadResp =>
  new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(`${position}`).setPreparePosition(`${position}`),
  );

export const caughtUp = (): ReadResp => new ReadResp().setCaughtUp(new ReadResp.CaughtUp());

export const fellBehind = (): ReadResp => new ReadResp().setFellBehind(new ReadResp.FellBehind());

export const empty = (): Empty => new Empty();

const lengthOf = (length: number): ReadonlyArray<number> =>
  length < 0x80 ? [length] : [(length & 0x7f) | 0x80, ...lengthOf(length >>> 7)];

/** One length-delimited field, as protobuf writes it. */
const field = (number: number, bytes: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, ...lengthOf(bytes.length)]), bytes]);

/**
 * The error of one append on the batch path. Written byte by byte: the class for a packed detail is in
 * a package that is not ours to import.
 *
 * @param typeName of the detail, such as `event_store.client.Timeout`
 */
export const batchError = (typeName: string, detail: Uint8Array, message: string): Status => {
  const packed = Buffer.concat([
    field(1, Buffer.from(`type.googleapis.com/${typeName}`)),
    field(2, detail),
  ]);
  return Status.deserializeBinary(
    new Uint8Array(Buffer.concat([field(2, Buffer.from(message)), field(3, packed)])),
  );
};
