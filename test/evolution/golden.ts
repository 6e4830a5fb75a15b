/** Histories of released versions: their events as they were stored, and what the views say of them. */
import { isLeft } from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordedEvent } from '../../src';
import { foldInto, memoryTables, type ProjectedEvent, type View, views } from '../../projections';
import { decodeWhole, type LedgerEvent } from '../../src/application/decode-event';
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
