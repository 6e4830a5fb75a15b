/** What is told of a ledger: the story of each organization, and the rows of the views beside it. */
import {
  type DraftsLostRow,
  foldInto,
  type RequestRow,
  type SeatRow,
  type SequenceStoppedRow,
  views,
} from '../../projections';
import { memoryTables, type Tables } from '../../projections/table';
import type { ProjectedEvent, Projection } from '../../projections/projection';
import type { LedgerEvent } from '../application/decode-event';
import type { OrgId } from '../values/ids';
import { OrganizationStory } from './organization-story';

/** Everything that a report holds about one organization. */
export interface OrganizationTold {
  readonly orgId: OrgId;
  readonly story: OrganizationStory;
  /** By user id. */
  readonly seats: ReadonlyArray<SeatRow>;
  /** Oldest first. */
  readonly openRequests: ReadonlyArray<RequestRow>;
  /** Oldest first, with those that cost nothing. */
  readonly deletions: ReadonlyArray<DraftsLostRow>;
  readonly stops: ReadonlyArray<SequenceStoppedRow>;
}

interface Kept<Entries> {
  readonly tables: Tables<Entries>;
  readonly take: (event: ProjectedEvent) => void;
}

const kept = <Entries>(projection: Projection<Entries>): Kept<Entries> => {
  const tables = memoryTables<Entries>(projection.tables);
  return {
    tables,
    take: (event) => {
      foldInto(projection, tables, [event]);
    },
  };
};

export class LedgerStory {
  private readonly organizations = new Map<OrgId, OrganizationStory>();
  private readonly seats = kept(views.seats.projection);
  private readonly requests = kept(views.requests.projection);
  private readonly draftsLost = kept(views.draftsLost.projection);
  private readonly sequencesStopped = kept(views.sequencesStopped.projection);

  /** @param only tells of this organization alone */
  constructor(private readonly only?: string) {}

  /** Takes in the next event of the log. */
  take(event: LedgerEvent): void {
    const { orgId } = event;
    if (orgId === undefined || (this.only !== undefined && orgId !== this.only)) return;
    let story = this.organizations.get(orgId);
    if (story === undefined) {
      story = new OrganizationStory(orgId);
      this.organizations.set(orgId, story);
    }
    story.take(event);
    if (event.streamKind === 'answer') return;
    for (const view of [this.seats, this.requests, this.draftsLost, this.sequencesStopped]) {
      view.take(event as ProjectedEvent);
    }
  }

  /** By id. */
  get told(): ReadonlyArray<OrganizationTold> {
    return [...this.organizations.values()]
      .sort((a, b) => (a.orgId < b.orgId ? -1 : 1))
      .map((story) => this.toldOf(story));
  }

  private toldOf(story: OrganizationStory): OrganizationTold {
    const { orgId } = story;
    return {
      orgId,
      story,
      seats: views.seats.list(this.seats.tables, orgId),
      openRequests: views.requests.list(this.requests.tables, orgId, { open: true }),
      deletions: views.draftsLost.list(this.draftsLost.tables, orgId),
      stops: views.sequencesStopped.list(this.sequencesStopped.tables, orgId),
    };
  }
}
