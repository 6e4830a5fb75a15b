/**
 * Every event as a readable line: who did what to which mailbox, and why. What nobody recorded, such as a
 * command that was refused, is not here.
 */
import type { CommandId, OrgId, UserId } from '../src/values/ids';
import type { Clause } from '../src/values/policy';
import type { Actor } from '../src/values/principal';
import { userOfSeat } from '../src/values/stream-name';
import type { Timestamp } from '../src/values/timestamp';
import { type AnyLine, auditLines } from './audit-lines';
import { subjectOf } from './audit-words';
import type { ProjectedEvent, Projection } from './projection';
import type { Tables } from './table';
import { hasWanted, type View, type Wanted } from './view';

export interface AuditRow {
  readonly orgId: OrgId;
  /** Decimal. */
  readonly position: string;
  /** In its stream; decimal. */
  readonly revision: string;
  /** Kind of the stream that it stands in. */
  readonly stream: ProjectedEvent['streamKind'];
  /** The seat concerned; `null` when it is the whole organization. */
  readonly userId: UserId | null;
  readonly at: Timestamp;
  readonly actor: Actor;
  readonly commandId: CommandId;
  readonly commandType: string;
  readonly policyVersion: string;
  readonly type: ProjectedEvent['type'];
  /** Plain English. For people: its words may change with any release. */
  readonly sentence: string;
  /** The clauses of the policy that the event follows from. */
  readonly clauses: ReadonlyArray<Clause>;
}

export interface AuditFilter extends Wanted<AuditRow, 'userId' | 'type' | 'commandId'> {
  readonly actorId?: Actor['id'] | undefined;
}

/** A line without what follows from its place, and without its words. */
interface Kept extends Omit<
  AuditRow,
  'orgId' | 'position' | 'revision' | 'userId' | 'sentence' | 'clauses'
> {
  readonly revision: number;
  /** What the line of its type keeps of the event's data. */
  readonly data: unknown;
}

export interface AuditTrailEntries {
  /** By {@link trailOf} a seat or the organization, and by position. */
  readonly lines: Kept;
  /** By organization: the user ids that have lines, and {@link NOBODY}. */
  readonly concerned: true;
  /** By organization and position: whose line stands there, as in `concerned`. */
  readonly whose: string;
}

type To = Tables<AuditTrailEntries>;

/** In the place of a user id, where the whole organization is concerned. No id is empty. */
const NOBODY = '';

/** The group of what concerns one seat, or the whole organization. */
const trailOf = (orgId: OrgId, concerned: string): string => `${orgId} ${concerned}`;

/** Of an event in two streams, each line concerns the seat in whose stream it stands. */
const concernedBy = (event: ProjectedEvent): string => {
  if (event.type === 'ContractSet') return NOBODY;
  return event.type === 'ProspectsReassigned' ? userOfSeat(event.stream) : event.data.userId;
};

const lineOf = (type: ProjectedEvent['type']): AnyLine<unknown> =>
  auditLines[type] as AnyLine<unknown>;

export const auditTrailProjection: Projection<AuditTrailEntries> = {
  name: 'auditTrail',
  version: 2,
  handles: new Set(Object.keys(auditLines) as ReadonlyArray<ProjectedEvent['type']>),
  tables: ['lines', 'concerned', 'whose'],
  evolve: ({ lines, concerned, whose }, event) => {
    const { orgId, type, metadata } = event;
    if (orgId === undefined) return;
    const who = concernedBy(event);
    if (concerned.get(orgId, who) === undefined) concerned.set(orgId, who, true);
    const position = String(event.position);
    whose.set(orgId, position, who);
    lines.set(trailOf(orgId, who), position, {
      revision: Number(event.revision),
      stream: event.streamKind,
      at: metadata.at,
      actor: metadata.actor,
      commandId: metadata.commandId,
      commandType: metadata.commandType,
      policyVersion: metadata.policyVersion,
      type,
      data: lineOf(type).keep(event.data),
    });
  },
};

const rowOf = (
  orgId: OrgId,
  concerned: string,
  position: string,
  { data, ...kept }: Kept,
): AuditRow => {
  const { say, clauses } = lineOf(kept.type);
  const circumstances = { who: subjectOf(kept.actor), stream: kept.stream };
  return {
    orgId,
    position,
    userId: concerned === NOBODY ? null : (concerned as UserId),
    ...kept,
    revision: String(kept.revision),
    sentence: say(data, circumstances),
    clauses: clauses(data, circumstances),
  };
};

interface Found {
  readonly concerned: string;
  readonly position: string;
  readonly kept: Kept;
}

/** Of decimal positions, the lower one first. */
const inLogOrder = ({ position: one }: Found, { position: other }: Found): number => {
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : 1;
};

const found = ({ lines, concerned }: To, orgId: OrgId, wanted: ReadonlyArray<string>) =>
  wanted
    .filter((who) => concerned.get(orgId, who) !== undefined)
    .flatMap((who) =>
      Array.from(lines.entries(trailOf(orgId, who)), ([position, kept]): Found => ({
        concerned: who,
        position,
        kept,
      })),
    );

/** Everyone who has lines, the organization included. */
const everyone = ({ concerned }: To, orgId: OrgId): ReadonlyArray<string> =>
  Array.from(concerned.entries(orgId), ([who]) => who);

/** By position; listed in the order of the log. */
export const auditTrailView: View<AuditTrailEntries, AuditRow, string, AuditFilter> = {
  projection: auditTrailProjection,
  keyFields: {},
  filterFields: { userId: true, type: true, commandId: true, actorId: true },
  owner: ({ userId }) => userId,

  get: ({ lines, whose }, orgId, position) => {
    const who = whose.get(orgId, position);
    if (who === undefined) return undefined;
    const kept = lines.get(trailOf(orgId, who), position);
    return kept === undefined ? undefined : rowOf(orgId, who, position, kept);
  },

  list: (tables, orgId, { userId, actorId, ...wanted } = {}) =>
    found(tables, orgId, userId === undefined ? everyone(tables, orgId) : [userId ?? NOBODY])
      .filter(({ kept }) => actorId === undefined || kept.actor.id === actorId)
      .filter(({ kept }) => hasWanted(kept, wanted))
      .sort(inLogOrder)
      .map(({ concerned, position, kept }) => rowOf(orgId, concerned, position, kept)),
};
