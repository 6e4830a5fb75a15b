/** The second week: emails and sequences, as the platform reports them, and who comes and goes. */
import {
  add,
  configure,
  logins,
  mails,
  olivia,
  platform,
  prospects,
  sequences,
  sequenceState,
  tag,
  user,
} from './cast.mjs';

const emails = async (story) => {
  story.on('2026-03-09');
  const sent = ['delivered', 'opened', 'replied', 'delivered', 'bounced'];
  await mails(story, 'ben', logins.ben, 1, [...sent, 'drafted', 'scheduled']);
  await mails(story, 'carla', logins.carla, 1, [...sent, 'opened', 'drafted']);
  await mails(story, 'dmitri', 'd.volkov@northwind.example', 1, [...sent, 'delivered']);
  await mails(story, 'dmitri', logins.dmitri, 50, ['delivered', 'scheduled', 'drafted']);
  await mails(story, 'elena', logins.elena, 1, [...sent, 'replied', 'queued']);
  await mails(story, 'farid', logins.farid, 1, ['delivered', 'failed', 'opened', 'drafted']);
  await mails(story, 'grace', 'k.tanaka@northwind.example', 1, [
    'delivered',
    'drafted',
    'scheduled',
  ]);
  await mails(story, 'hugo', logins.hugo, 1, ['delivered', 'placeholder', 'drafted', 'queued']);
  await mails(story, 'jonas', 'm.lind@northwind.example', 1, ['delivered', 'scheduled']);
  await mails(story, 'mira-intern', logins['mira-intern'], 1, ['replied', 'drafted', 'scheduled']);

  story.on('2026-03-10');
  const draft = { type: 'RecordMailing', userId: 'ben', mailingId: 'mail-ben-6' };
  const known = { ...draft, address: logins.ben };
  await story.no(user('ben'), { ...known, state: 'scheduled' }, 'NotPermitted');
  await story.yes(platform, { ...known, state: 'scheduled' });
  await story.already(platform, { ...known, state: 'scheduled' });
  const carlas = { ...draft, userId: 'carla', mailingId: 'mail-carla-7', state: 'drafted' };
  await story.no(
    platform,
    { ...carlas, address: 'carla@northwind-mail.example' },
    'ActivityMismatch',
  );
  await story.no(
    platform,
    { ...carlas, mailingId: 'mail-carla-70', address: logins.ben },
    'MailboxNotFound',
  );
  await story.yes(platform, { ...known, state: 'delivering' });
  await story.yes(platform, { ...known, state: 'delivered' });
};

const prospecting = async (story) => {
  story.on('2026-03-11');
  const running = ['active', 'active', 'pending', 'active', 'paused', 'active', 'pending'];
  await sequences(story, 'ben', logins.ben, 'spring-launch', 1, running);
  await sequences(story, 'carla', logins.carla, 'spring-launch', 1, running);
  await sequences(story, 'dmitri', 'd.volkov@northwind.example', 'spring-launch', 1, running);
  await sequences(story, 'dmitri', logins.dmitri, 'renewals', 50, ['active', 'finished']);
  await sequences(story, 'elena', 'e.rossi@northwind.example', 'renewals', 1, running);
  await sequences(story, 'grace', 'k.tanaka@northwind.example', 'tokyo-expo', 1, running);
  await sequences(story, 'hugo', logins.hugo, 'renewals', 1, ['active', 'disabled', 'active']);
  await sequences(story, 'jonas', 'm.lind@northwind.example', 'tokyo-expo', 1, [
    'active',
    'bounced',
  ]);
  await sequences(story, 'mira-intern', logins['mira-intern'], 'campus', 1, running);

  const elsewhere = sequenceState('ben', 'bo@northwind.example', 'spring-launch', 90, 'active');
  await story.no(platform, elsewhere, 'MailboxNotFound');
  const otherSequence = sequenceState('ben', logins.ben, 'renewals', 1, 'active');
  await story.no(platform, otherSequence, 'ActivityMismatch');
  const optedOut = sequenceState('carla', logins.carla, 'spring-launch', 3, 'optedOut');
  await story.yes(platform, optedOut);
  await story.yes(platform, sequenceState('ben', logins.ben, 'spring-launch', 1, 'finished'));
  await story.yes(user('carla'), tag('carla', 'keen', prospects('carla', 1, 2)));
  await story.already(user('carla'), tag('carla', 'keen', prospects('carla', 1, 2)));
};

/** Hugo and Jonas leave, Mira's internship ends, and Liam takes another name. */
const comingAndGoing = async (story) => {
  story.on('2026-03-13');
  for (const userId of ['hugo', 'jonas', 'mira-intern']) {
    await story.yes(olivia, { type: 'LockSeat', userId });
  }
  await story.already(olivia, { type: 'LockSeat', userId: 'jonas' });

  const rename = { type: 'ChangeAccountEmail', userId: 'liam' };
  await story.no(
    user('liam'),
    { ...rename, accountEmail: 'liam.doyle@northwind.example' },
    'NotPermitted',
  );
  await story.no(olivia, { ...rename, accountEmail: logins.carla }, 'AccountEmailTaken');
  await story.yes(olivia, { ...rename, accountEmail: 'liam.doyle@northwind.example' });
  // His mailbox kept its address, and requests now come from the new one.
  const asks = add('liam', 'add-liam-2', 'liam.doyle@northwind.example');
  await story.no(user('liam'), asks, 'SenderAddressMismatch');
  await story.yes(user('liam'), { ...asks, sender: 'liam.doyle@northwind.example' });
  await story.yes(olivia, { type: 'ChangeProfile', userId: 'ines', profile: 'admin' });
  await story.yes(olivia, { type: 'ChangeProfile', userId: 'ines', profile: 'user' });
  await story.yes(user('keiko'), configure('keiko', logins.keiko, 'alias'));
};

/** @param {import('./story.mjs').Story} story */
export const sending = async (story) => {
  await emails(story);
  await prospecting(story);
  await comingAndGoing(story);
};
