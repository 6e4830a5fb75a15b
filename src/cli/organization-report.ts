/** What a support lead wants to know of one organization after a run: read from the views, and plain JSON. */
import * as E from 'fp-ts/lib/Either.js';
import type {
  AddressRow,
  DraftsLostRow,
  RequestRow,
  SeatRow,
  SequenceStoppedRow,
} from '../../projections';
import type { Failure } from '../application/failures';
import type { Ledger } from '../application/ledger';
import type { PrincipalInput } from '../values/principal';
import type { OrganizationTally } from './tally';

/** A request that is not closed, and what it waits for. */
interface OpenRequest extends RequestRow {
  readonly waitsFor: string;
}

export interface OrganizationReport extends OrganizationTally {
  readonly seats: ReadonlyArray<SeatRow>;
  readonly draftsLost: ReadonlyArray<DraftsLostRow>;
  readonly sequencesStopped: ReadonlyArray<SequenceStoppedRow>;
  readonly openRequests: ReadonlyArray<OpenRequest>;
}

const readerOf = (orgId: string): PrincipalInput => ({
  role: 'system',
  orgId,
  systemId: 'seatledger-cli',
});

const permissionWanted = (holder: AddressRow): string => {
  const place = `The address sits on the seat ${holder.holder}, which is ${holder.seatState}`;
  return holder.seatState === 'locked'
    ? `${place}: an admin has to permit its deletion there (P24)`
    : `${place}: its holder or an admin has to permit its deletion there (P24)`;
};

/** What stands between the request and the address, which sits on another seat (P24). */
const releaseWanted = (request: RequestRow, holder: AddressRow): string | undefined => {
  const { permission, deletePermission, requestedBy } = request;
  if (permission === 'granted') return undefined;
  if (permission === 'revoked') {
    return `${permissionWanted(holder)}. A permission was taken back`;
  }
  if (!deletePermission) return permissionWanted(holder);
  if (requestedBy.role === 'admin') return undefined;
  return holder.seatState === 'active'
    ? permissionWanted(holder)
    : `Support: verification that the locked seat ${holder.holder} may lose the address (P24), ` +
        'attestation and approval (P4, P13)';
};

/** Judged by who holds the address now: since it was asked for, it may have got another holder, or none. */
export const waitsFor = (request: RequestRow, holder: AddressRow | undefined): string => {
  if (request.status === 'approved') return 'Support has agreed; it is about to be carried out';
  if (request.kind === 'delete') return 'Support: approval, with the loss acknowledged (P16)';
  const isElsewhere = holder !== undefined && holder.holder !== request.userId;
  const wanted = isElsewhere ? releaseWanted(request, holder) : undefined;
  if (wanted !== undefined) return wanted;
  return request.addressClass === 'review'
    ? 'Support: the address may be a shared one, and an agent has to decide (P5)'
    : 'Support: attestation and approval (P4, P13)';
};

type Views = Ledger['views'];

const readOpenRequests = async (
  views: Views,
  reader: PrincipalInput,
): Promise<E.Either<Failure, ReadonlyArray<OpenRequest>>> => {
  const open = await views.requests.list(reader, { open: true });
  if (E.isLeft(open)) return open;
  const held = await views.addresses.list(reader);
  if (E.isLeft(held)) return held;
  const holders = new Map(held.right.map((row) => [row.address, row]));
  return E.right(
    open.right.map((request) => ({
      ...request,
      waitsFor: waitsFor(request, holders.get(request.address)),
    })),
  );
};

const reportOn = async (
  views: Views,
  tally: OrganizationTally,
): Promise<E.Either<Failure, OrganizationReport>> => {
  const reader = readerOf(tally.orgId);
  const seats = await views.seats.list(reader);
  if (E.isLeft(seats)) return seats;
  const draftsLost = await views.draftsLost.list(reader);
  if (E.isLeft(draftsLost)) return draftsLost;
  const sequencesStopped = await views.sequencesStopped.list(reader);
  if (E.isLeft(sequencesStopped)) return sequencesStopped;
  const openRequests = await readOpenRequests(views, reader);
  if (E.isLeft(openRequests)) return openRequests;
  return E.right({
    ...tally,
    seats: seats.right,
    draftsLost: draftsLost.right,
    sequencesStopped: sequencesStopped.right,
    openRequests: openRequests.right,
  });
};

/** One report for each organization that the lines spoke about. */
export const reportOnAll = async (
  { views }: Ledger,
  tallies: ReadonlyArray<OrganizationTally>,
): Promise<E.Either<Failure, ReadonlyArray<OrganizationReport>>> => {
  const reports: Array<OrganizationReport> = [];
  for (const tally of tallies) {
    const report = await reportOn(views, tally);
    if (E.isLeft(report)) return report;
    reports.push(report.right);
  }
  return E.right(reports);
};
