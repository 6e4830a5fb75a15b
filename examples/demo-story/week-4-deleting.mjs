/** The fourth week: what deleting a mailbox costs, and how what stopped goes on. */
import {
  approveDelete,
  askDelete,
  logins,
  mails,
  noor,
  olivia,
  platform,
  prospects,
  sequences,
  sequenceState,
  tag,
  tom,
  user,
} from './cast.mjs';

const address = 'd.volkov@northwind.example';

/** Three drafts, four scheduled, one under way, and a sequence. */
const dmitriAsks = async (story) => {
  story.on('2026-03-23');
  const approval = approveDelete('dmitri', 'del-dmitri-1');
  await story.no(noor, approval, 'DeleteRequestRequired');
  await story.no(user('ben'), askDelete('dmitri', 'del-dmitri-1', address), 'NotOwnSeat');
  await story.no(
    user('dmitri'),
    askDelete('dmitri', 'del-dmitri-1', 'd.volkow@northwind.example'),
    'MailboxNotFound',
  );
  const drafts = ['drafted', 'drafted', 'placeholder'];
  const scheduled = ['scheduled', 'scheduled', 'queued', 'scheduled'];
  await mails(story, 'dmitri', address, 20, [...drafts, ...scheduled, 'delivering']);
  await story.yes(user('dmitri'), askDelete('dmitri', 'del-dmitri-1', address));
  await story.no(user('dmitri'), askDelete('dmitri', 'del-dmitri-2', address), 'DuplicateRequest');
  await story.no(noor, approval, 'ImpactNotAcknowledged');
};

/** While Dmitri thinks it over, one prospect more enters a sequence. */
const dmitriDeletes = async (story) => {
  story.on('2026-03-24');
  const approval = approveDelete('dmitri', 'del-dmitri-1');
  await story.yes(user('dmitri'), tag('dmitri', 'moving', prospects('dmitri', 1, 6)));
  const first = await story.shown(noor, approval);
  await sequences(story, 'dmitri', address, 'spring-launch', 8, ['active']);
  await story.no(noor, { ...approval, impact: first }, 'ImpactChanged');
  // The last two prospects stay without a tag; this time everyone knows.
  await story.yes(noor, { ...approval, impact: await story.shown(noor, approval) });
  await story.no(noor, approval, 'RequestClosed');

  const inFlight = {
    type: 'RecordMailing',
    userId: 'dmitri',
    mailingId: 'mail-dmitri-27',
    address,
  };
  await story.no(platform, { ...inFlight, state: 'scheduled' }, 'MailingLost');
  await story.yes(platform, { ...inFlight, state: 'delivered' });
};

const dmitriGoesOn = async (story) => {
  story.on('2026-03-25');
  await story.yes(platform, sequenceState('dmitri', address, 'spring-launch', 4, 'bounced'));
  const reassign = { type: 'ReassignProspects', userId: 'dmitri', tag: 'moving' };
  await story.no(user('dmitri'), { ...reassign, address }, 'TargetMailboxMissing');
  await story.yes(user('dmitri'), { ...reassign, address: logins.dmitri });
};

/** Support deletes for Elena under a case; an admin asks for Keiko; Ben thinks better of it. */
const others = async (story) => {
  story.on('2026-03-26');
  const elenas = 'e.rossi@northwind.example';
  await mails(story, 'elena', elenas, 40, ['drafted', 'delivered', 'scheduled', 'drafted']);
  await story.yes({ ...noor, caseId: 'case-4802' }, askDelete('elena', 'del-elena-1', elenas));
  await story.no(noor, approveDelete('elena', 'del-elena-1'), 'SelfApproval');
  const forElena = approveDelete('elena', 'del-elena-1');
  await story.yes(user('elena'), tag('elena', 'renewals', prospects('elena', 1, 7)));
  await story.yes(tom, { ...forElena, impact: await story.shown(tom, forElena) });
  await story.yes(user('elena'), {
    type: 'ReassignProspects',
    userId: 'elena',
    tag: 'renewals',
    address: 'elena@northwind-mail.example',
    prospectIds: prospects('elena', 1, 4),
  });

  const keikos = 'keiko@northwind-mail.example';
  await story.yes(olivia, askDelete('keiko', 'del-keiko-1', keikos, { sender: logins.olivia }));
  const forKeiko = approveDelete('keiko', 'del-keiko-1');
  await story.yes(tom, { ...forKeiko, impact: await story.shown(tom, forKeiko) });

  await story.yes(user('ben'), askDelete('ben', 'del-ben-1', logins.ben));
  await story.yes(user('ben'), { type: 'WithdrawRequest', userId: 'ben', requestId: 'del-ben-1' });
  await story.no(noor, approveDelete('ben', 'del-ben-1'), 'RequestClosed');
  await story.yes(user('farid'), askDelete('farid', 'del-farid-1', logins.farid));
  await story.yes(tom, {
    type: 'RejectMailboxDelete',
    userId: 'farid',
    requestId: 'del-farid-1',
    reason: 'Taken back by phone: the renewals of this quarter are sent from it.',
  });
};

/** @param {import('./story.mjs').Story} story */
export const deleting = async (story) => {
  await dmitriAsks(story);
  await dmitriDeletes(story);
  await dmitriGoesOn(story);
  await others(story);
};
