/** The names of streams, which say what they are of. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AddressKey } from '../../src/values/address-key';
import type { CommandId, OrgId, UserId } from '../../src/values/ids';
import * as Name from '../../src/values/stream-name';

const anyId = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);

describe('the name of a stream', () => {
  it('is read back as it was made, whatever dashes are in its ids', () => {
    fc.assert(
      fc.property(anyId, anyId, (org, id) => {
        const orgId = org as OrgId;
        const read = [
          Name.seatStream(orgId, id as UserId),
          Name.organizationStream(orgId),
          Name.addressStream(orgId, id as AddressKey),
          Name.accountStream(orgId, id as AddressKey),
          Name.answerStream(orgId, id as CommandId),
          Name.LEDGER_STREAM,
        ].map(Name.streamIdentity);
        expect(read).toEqual([
          { kind: 'seat', orgId },
          { kind: 'organization', orgId },
          { kind: 'address', orgId },
          { kind: 'account', orgId },
          { kind: 'answer', orgId },
          { kind: 'ledger', orgId: undefined },
        ]);
        expect(Name.userOfSeat(Name.seatStream(orgId, id as UserId))).toBe(id);
      }),
    );
  });

  it.each(['seat-acme', 'organization-acme.ann', 'mailbox-acme.ann', 'ledgers', '-acme.ann', ''])(
    'is not %j',
    (stream) => {
      expect(Name.streamIdentity(stream)).toBeUndefined();
    },
  );
});
