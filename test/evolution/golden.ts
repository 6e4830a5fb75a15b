/** Histories of released versions: their events as they were stored, and what views and rooms make of them. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src';
import { foldInto, memoryTables, type ProjectedEvent, type View, views } from '../../projections';
import { decodeWhole, type LedgerEvent } from '../../src/application/decode-event';
import { address, type AddressEvent } from '../../src/address';
import { organization, type OrganizationEvent } from '../../src/organization';
import { seat, type SeatEvent } from '../../src/seat';
import type { OrgId } from '../../src/values/ids';

export const folder = join(__dirname, 'golden');

export const eventsFile = (release: string): string => join(folder, `${release}.jsonl`);
export const viewsFile = (release: string): string => join(folder, `${release}.views.json`);

/** A line as it is exported: the place in the log is the place in the file. */
type Line = Omit<RecordedEvent, 'revision' | 'position'> & { readonly revision: string };

export const eventOf = (line: string, place: number): RecordedEvent => {
  const { revision, ...event } = JSON.parse(line) as Line;
  return { ...event, revision: BigInt(revision), position: BigInt(place) };
};

export const linesOf = (release: string): ReadonlyArray<string> =>
  readFileSync(eventsFile(release), 'utf8').trimEnd().split('\n');

/** Decodes an event, or throws what is wrong with it. */
export const decoded = (event: RecordedEvent): LedgerEvent => {
  const answer = decodeWhole(event);
  if (isLeft(answer)) throw new Error(answer.left.message);
  return answer.right;
};

/** Everything that the views say of these events, and what every seat would lose with each mailbox. */
export const toldOf = (events: ReadonlyArray<LedgerEvent>): Told => {
  const projected = events.filter(isProjected);
  const organizations = [...new Set(projected.flatMap(({ orgId }) => orgId ?? []))].sort();
  return Object.fromEntries(
    organizations.map((orgId) => [
      orgId,
      Object.fromEntries(
        Object.entries(views).map(([name, view]) => [name, rowsOf(view, orgId, projected)]),
      ),
    ]),
  );
};

/** Rows by organization and view: the public contract, to which fields may be added. */
export type Told = Readonly<Record<string, Readonly<Record<string, ReadonlyArray<unknown>>>>>;

type AnyView = (typeof views)[keyof typeof views];

const rowsOf = (
  view: AnyView,
  orgId: OrgId,
  events: ReadonlyArray<ProjectedEvent>,
): ReadonlyArray<unknown> => {
  const { projection, list } = view as unknown as View<unknown, unknown, string, object>;
  return list(foldInto(projection, memoryTables(projection.tables), events), orgId);
};

const isProjected = (event: LedgerEvent): event is ProjectedEvent =>
  event.streamKind !== 'answer' && event.streamKind !== 'ledger';

/** What the rooms remember at the end, by stream: what every later decision is made on. */
export const statesOf = (events: ReadonlyArray<LedgerEvent>): ReadonlyMap<string, unknown> => {
  const states = new Map<string, unknown>();
  for (const event of events) {
    const { stream, streamKind } = event;
    if (streamKind === 'answer' || streamKind === 'ledger') continue;
    states.set(stream, evolved(streamKind, states.get(stream), event));
  }
  return states;
};

type RoomKind = Exclude<LedgerEvent['streamKind'], 'answer' | 'ledger'>;

const evolved = (kind: RoomKind, before: unknown, event: LedgerEvent): unknown => {
  switch (kind) {
    case 'seat':
      return seat.evolve((before ?? seat.initialState) as never, event as unknown as SeatEvent);
    case 'organization':
      return organization.evolve(
        (before ?? organization.initialState) as never,
        event as unknown as OrganizationEvent,
      );
    case 'address':
    case 'account':
      return address.evolve(
        (before ?? address.initialState) as never,
        event as unknown as AddressEvent,
      );
  }
};
