/** The third week: addresses that sit on another seat, active or locked, and what it takes to move them. */
import {
  add,
  approveAdd,
  attestation,
  configure,
  logins,
  mails,
  marcus,
  noor,
  olivia,
  platform,
  prospects,
  sequenceState,
  tag,
  tom,
  user,
} from './cast.mjs';

const permission = (type, userId, address, toUserId, requestId) => ({
  type,
  userId,
  address,
  toUserId,
  requestId,
});

/** Keiko's address was put on Grace's seat. Grace sits there, so Grace has to let it go. */
const fromActiveSeat = async (story) => {
  story.on('2026-03-16');
  const address = 'k.tanaka@northwind.example';
  const asks = add('keiko', 'add-keiko-3', address, { declaredHolder: 'active' });
  const approval = approveAdd('keiko', 'add-keiko-3');
  const permits = permission('GrantDeletePermission', 'grace', address, 'keiko', 'add-keiko-3');
  await story.yes(user('keiko'), asks);
  await story.no(noor, approval, 'NotOwnedByTargetUser', 'AddressInUse');
  await story.no(user('ben'), permits, 'NotOwnSeat');
  await story.no(user('grace'), { ...permits, requestId: 'add-keiko-9' }, 'RequestNotFound');
  await story.yes(user('grace'), permits);
  await story.yes(user('grace'), { ...permits, type: 'RevokeDeletePermission' });
  await story.yes(user('grace'), tag('grace', 'tokyo', prospects('grace', 1, 5)));
  await story.yes(user('grace'), permits);

  await story.no(noor, approval, 'ImpactNotAcknowledged');
  const impact = await story.shown(noor, approval);
  await mails(story, 'grace', address, 4, ['drafted']);
  await story.no(noor, { ...approval, impact }, 'ImpactChanged');
  await story.yes(noor, { ...approval, impact: await story.shown(noor, approval) });
};

/** Those whom Grace tagged go on from Keiko's seat. Two have ended in the meantime. */
const afterTheMove = async (story) => {
  story.on('2026-03-17');
  const address = 'k.tanaka@northwind.example';
  const from = (number, state) => sequenceState('grace', address, 'tokyo-expo', number, state);
  await story.no(platform, from(1, 'active'), 'SequenceNeedsReassignment');
  await story.yes(platform, from(2, 'finished'));
  await story.yes(platform, from(3, 'optedOut'));

  const reassign = { type: 'ReassignProspects', userId: 'keiko', fromUserId: 'grace', address };
  const tagged = { ...reassign, tag: 'tokyo' };
  await story.no(user('keiko'), tagged, 'NotOwnSeat');
  await story.no(olivia, tagged, 'TargetMailboxMissing');
  await story.yes(user('keiko'), configure('keiko', address, 'primary'));
  await story.no(olivia, reassign, 'SelectionMissing');
  await story.yes(olivia, tagged);
  await story.already(olivia, tagged);
};

/** Mira's own address from her internship: her word counts once Support has verified her. */
const fromLockedSeat = async (story) => {
  story.on('2026-03-18');
  const address = logins['mira-intern'];
  // The old login has to be another one before its address is free of it.
  const rename = { type: 'ChangeAccountEmail', userId: 'mira-intern' };
  const asks = add('mira', 'add-mira-1', address, {
    deletePermission: true,
    declaredHolder: 'active',
  });
  await story.no(user('mira'), asks, 'NotOwnedByTargetUser');
  await story.yes(olivia, { ...rename, accountEmail: 'former.intern.7@northwind.example' });
  await story.yes(user('mira'), asks);
  const approval = approveAdd('mira', 'add-mira-1');
  await story.no(tom, approval, 'ReleaseNotVerified', 'ImpactNotAcknowledged');
  const verified = {
    ...approval,
    attestation: { ...attestation, releaseVerification: 'Called back on the number in the file.' },
  };
  const interns = tag('mira-intern', 'campus', prospects('mira-intern', 1, 7));
  await story.yes(olivia, interns);
  await story.yes(tom, { ...verified, impact: await story.shown(tom, verified) });
  await story.yes(user('mira'), configure('mira', address, 'alias'));
  await story.yes(olivia, {
    type: 'ReassignProspects',
    userId: 'mira',
    fromUserId: 'mira-intern',
    address,
    prospectIds: prospects('mira-intern', 1, 4),
  });
};

/** Hugo comes back as a contractor; an admin permits what his locked seat still holds. */
const byAdminsPermission = async (story) => {
  story.on('2026-03-19');
  const accountEmail = 'hugo.martin.ext@northwind.example';
  await story.yes(olivia, {
    type: 'RegisterSeat',
    userId: 'hugo-ext',
    accountEmail,
    profile: 'user',
  });
  await story.yes(olivia, {
    type: 'ChangeAccountEmail',
    userId: 'hugo',
    accountEmail: 'former.hugo@northwind.example',
  });
  const asks = add('hugo-ext', 'add-hugo-2', logins.hugo, {
    sender: accountEmail,
    declaredHolder: 'none',
  });
  const approval = approveAdd('hugo-ext', 'add-hugo-2');
  const permits = permission(
    'GrantDeletePermission',
    'hugo',
    logins.hugo,
    'hugo-ext',
    'add-hugo-2',
  );
  await story.yes(user('hugo-ext'), asks);
  await story.no(noor, approval, 'AddressInUse');
  await story.no(user('hugo'), permits, 'SeatIsLocked');
  await story.yes(olivia, permits);
  await story.yes(noor, { ...approval, impact: await story.shown(noor, approval) });
  await story.yes(user('hugo-ext'), configure('hugo-ext', logins.hugo, 'primary'));
};

/** These wait still when the story ends. */
const stillWaiting = async (story) => {
  story.on('2026-03-20');
  const forInes = 'i.costa@northwind.example';
  const forJonas = add('jonas', 'add-jonas-9', 'jw@northwind.example', { sender: logins.olivia });
  await story.no(olivia, forJonas, 'MailboxLimitReached', 'SeatIsLocked');
  await story.yes(user('ines'), add('ines', 'add-ines-2', forInes, { declaredHolder: 'none' }));
  const asked = permission('GrantDeletePermission', 'carla', forInes, 'ines', 'add-ines-2');
  await story.yes(user('carla'), asked);
  await story.yes(user('carla'), { ...asked, type: 'RevokeDeletePermission' });
  const forMarcus = add('marcus', 'add-marcus-2', 'm.lind@northwind.example');
  await story.yes(marcus, { ...forMarcus, declaredHolder: 'locked' });
  await story.no(noor, approveAdd('marcus', 'add-marcus-2'), 'AddressInUse');
};

/** @param {import('./story.mjs').Story} story */
export const moving = async (story) => {
  await fromActiveSeat(story);
  await afterTheMove(story);
  await fromLockedSeat(story);
  await byAdminsPermission(story);
  await stillWaiting(story);
};
