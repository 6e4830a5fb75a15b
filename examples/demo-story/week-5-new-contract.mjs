/** The fifth week: a smaller contract, a shared address, one slot for two, and another organization. */
import {
  add,
  approveAdd,
  attestation,
  configure,
  getsMailbox,
  logins,
  noor,
  olivia,
  tom,
  user,
  vera,
} from './cast.mjs';

const hello = 'hello@northwind.example';

/** From three to two: Farid and Carla hold three, and keep them. */
const smallerContract = async (story) => {
  story.on('2026-03-30');
  await story.yes(vera, {
    type: 'SetContract',
    mailboxLimit: 2,
    permittedSharedAddresses: [hello],
  });
  const fourth = add('farid', 'add-farid-9', 'fh@northwind.example', { declaredHolder: 'none' });
  await story.no(user('farid'), fourth, 'MailboxLimitReached');
  await story.no(olivia, { type: 'GrantMailboxLimit', userId: 'farid', limit: 4 }, 'NotPermitted');

  const shared = add('elena', 'add-elena-6', hello);
  await story.no(
    user('elena'),
    { ...shared, address: 'hello+eu@northwind.example' },
    'SharedAddressNotPermitted',
  );
  await getsMailbox(story, 'elena', 'add-elena-6', hello, 'alias');
  await story.yes(vera, {
    type: 'SetContract',
    mailboxLimit: 2,
    permittedSharedAddresses: [hello, 'press@northwind.example'],
  });
};

/** Two requests, one slot: the first approval takes it, the second is refused on what is so by then. */
const oneSlotForTwo = async (story) => {
  story.on('2026-03-31');
  await story.yes(user('ben'), add('ben', 'add-ben-3', 'ben@northwind-mail.example'));
  await story.yes(user('ben'), add('ben', 'add-ben-4', 'b.okafor@northwind.example'));
  await story.yes(tom, approveAdd('ben', 'add-ben-4'));
  await story.no(noor, approveAdd('ben', 'add-ben-3'), 'MailboxLimitReached');
  await story.yes(noor, {
    type: 'RejectMailboxAdd',
    userId: 'ben',
    requestId: 'add-ben-3',
    reason: 'The second mailbox went to b.okafor@northwind.example.',
  });
  const mistyped = add('grace', 'add-grace-3', 'grace.kin@northwind.example');
  await story.yes(user('grace'), mistyped);
  const withdraw = { type: 'WithdrawRequest', userId: 'grace', requestId: 'add-grace-3' };
  await story.yes(user('grace'), withdraw);
  await story.no(user('grace'), { ...withdraw }, 'RequestClosed');
  await story.no(noor, approveAdd('grace', 'add-grace-3'), 'RequestClosed');
};

const lastRequests = async (story) => {
  story.on('2026-04-01');
  await story.yes(user('grace'), add('grace', 'add-grace-4', 'grace.sales@northwind.example'));
  const farids = add('farid', 'add-farid-10', 'farid.h@northwind.example');
  await story.no(user('farid'), farids, 'MailboxLimitReached');
  await story.yes(olivia, { type: 'LockSeat', userId: 'liam' });
  await story.yes(olivia, { type: 'UnlockSeat', userId: 'liam' });
  await story.yes(
    { ...tom, caseId: 'case-4866' },
    {
      type: 'RequestMailboxDelete',
      userId: 'jonas',
      requestId: 'del-jonas-1',
      address: logins.jonas,
      sender: logins.jonas,
    },
  );
};

/** A tenant of its own. What its admin knows of Northwind gets him nowhere. */
const harborlight = async (story) => {
  story.on('2026-04-02');
  const orgId = 'harborlight';
  const sven = { role: 'admin', orgId, userId: 'sven' };
  const seats = { sven: 'sven@harborlight.example', tuva: 'tuva@harborlight.example' };
  for (const [userId, accountEmail] of Object.entries(seats)) {
    const profile = userId === 'sven' ? 'admin' : 'user';
    const principal = userId === 'sven' ? { ...noor, orgId } : sven;
    await story.yes(principal, { type: 'RegisterSeat', userId, accountEmail, profile });
  }
  for (const [userId, address] of Object.entries(seats)) {
    const requestId = `add-${userId}-1`;
    const asks = { type: 'RequestMailboxAdd', userId, requestId, address, sender: address };
    const principal = userId === 'sven' ? sven : { role: 'user', orgId, userId };
    await story.yes(principal, asks);
    await story.yes({ ...tom, orgId }, approveAdd(userId, requestId, { attestation }));
    await story.yes(principal, configure(userId, address, 'primary'));
  }
  await story.no(sven, { type: 'LockSeat', userId: 'ben' }, 'SeatNotFound');
  const takes = {
    type: 'ReassignProspects',
    userId: 'sven',
    fromUserId: 'ben',
    address: seats.sven,
    tag: 'keen',
  };
  await story.no(sven, takes, 'SeatNotFound');
};

/** @param {import('./story.mjs').Story} story */
export const newContract = async (story) => {
  await smallerContract(story);
  await oneSlotForTwo(story);
  await lastRequests(story);
  await harborlight(story);
};
