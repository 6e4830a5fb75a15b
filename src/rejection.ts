import type { Denial } from './authorization';
import type { OrganizationRejection } from './organization/rejections';
import type { SeatRejection } from './seat/rejections';

/** Every way in which the business says no. */
export type Rejection = Denial | SeatRejection | OrganizationRejection;
