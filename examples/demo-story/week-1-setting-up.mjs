/** The first week: seats, the contract, and everyone's first mailbox. */
import {
  add,
  approveAdd,
  attestation,
  configure,
  getsMailbox,
  logins,
  marcus,
  noor,
  olivia,
  tom,
  user,
  vera,
} from './cast.mjs';

const register = (userId, accountEmail, profile = 'user') => ({
  type: 'RegisterSeat',
  userId,
  accountEmail,
  profile,
});

const seats = async (story) => {
  story.on('2026-03-02');
  await story.yes(noor, register('olivia', logins.olivia, 'admin'));
  await story.yes(olivia, register('marcus', logins.marcus, 'admin'));
  for (const [userId, accountEmail] of Object.entries(logins)) {
    if (userId === 'olivia' || userId === 'marcus') continue;
    await story.yes(olivia, register(userId, accountEmail));
  }
  await story.already(olivia, register('ben', logins.ben));
  await story.no(marcus, register('ben', 'b.okafor@northwind.example'), 'SeatAlreadyRegistered');
  await story.no(marcus, register('nina', logins.carla), 'AccountEmailTaken');
};

const contract = async (story) => {
  const grantElena = { type: 'GrantMailboxLimit', userId: 'elena', limit: 5 };
  const limitOfThree = { type: 'SetContract', mailboxLimit: 3 };
  await story.no(olivia, limitOfThree, 'NotPermitted');
  await story.no(noor, limitOfThree, 'ScopeMissing');
  await story.no(vera, grantElena, 'ContractRequired');
  await story.yes(vera, limitOfThree);
  await story.already(vera, limitOfThree);
  await story.no(vera, { ...grantElena, userId: 'elina' }, 'SeatNotFound');
  await story.yes(vera, grantElena);
};

const firstMailboxes = async (story) => {
  story.on('2026-03-03');
  const settled = ['olivia', 'carla', 'dmitri', 'elena', 'farid', 'grace', 'ines', 'jonas'];
  for (const userId of [...settled, 'keiko', 'liam', 'mira-intern']) {
    await getsMailbox(story, userId, `add-${userId}-1`, logins[userId], 'primary');
  }
  // Marcus has his mailbox, and has not configured it yet.
  await story.yes(marcus, add('marcus', 'add-marcus-1', logins.marcus));
  await story.yes(noor, approveAdd('marcus', 'add-marcus-1'));
};

/** Ben needs some attempts. */
const ben = async (story) => {
  story.on('2026-03-04');
  const asks = (address, more) => add('ben', 'add-ben-1', address, more);
  const fromHome = { sender: 'ben.okafor.76@gmail.com' };
  await story.no(user('ben'), asks(logins.ben, fromHome), 'PersonalSenderAddress');
  const fromOldJob = { sender: 'ben@oldjob.example' };
  await story.no(user('ben'), asks(logins.ben, fromOldJob), 'SenderAddressMismatch');
  await story.no(user('ben'), asks('ben at northwind'), 'InvalidAddress');
  await story.no(user('ben'), asks(logins.carla), 'NotOwnedByTargetUser');
  const team = 'sales@northwind.example';
  await story.no(user('ben'), asks(team), 'SharedAddressNotPermitted');
  // Everything that is wrong is said in one answer.
  await story.no(
    user('ben'),
    asks('info@northwind.example', fromHome),
    'PersonalSenderAddress',
    'SharedAddressNotPermitted',
  );
  await story.no(
    user('ben'),
    add('carla', 'add-carla-2', 'c.reyes@northwind.example'),
    'NotOwnSeat',
  );

  await story.yes(user('ben'), asks(logins.ben));
  story.sentTwice();
  await story.no(user('ben'), add('ben', 'add-ben-2', logins.ben), 'DuplicateRequest');
  await story.no(user('ben'), asks('b.okafor@northwind.example'), 'RequestIdTaken');

  const unchecked = { attestation: { evidence: ' ' } };
  const approval = approveAdd('ben', 'add-ben-1', unchecked);
  await story.no(noor, approval, 'AttestationMissing', 'TermsNotConfirmed');
  const partly = { ...attestation, terms: { eula: true, termsOfService: true } };
  await story.no(noor, { ...approval, attestation: partly }, 'TermsNotConfirmed');
  await story.no(noor, approveAdd('ben', 'add-ben-9'), 'RequestNotFound');
  await story.yes(noor, approveAdd('ben', 'add-ben-1'));
  await story.no(olivia, configure('ben', logins.ben, 'primary'), 'ConfigureByOwnerOnly');
  await story.yes(user('ben'), configure('ben', logins.ben, 'primary'));
};

/** Support asks for Hugo, who called; another agent answers. */
const onBehalfOf = async (story) => {
  story.on('2026-03-05');
  const forHugo = add('hugo', 'add-hugo-1', logins.hugo);
  await story.no(noor, forHugo, 'CaseIdMissing');
  await story.yes({ ...noor, caseId: 'case-4711' }, forHugo);
  await story.no(noor, approveAdd('hugo', 'add-hugo-1'), 'SelfApproval');
  await story.yes(tom, approveAdd('hugo', 'add-hugo-1'));
  await story.yes(user('hugo'), configure('hugo', logins.hugo, 'primary'));
};

const moreMailboxes = async (story) => {
  const wanted = [
    ['dmitri', 'd.volkov@northwind.example', 'alias'],
    ['dmitri', 'dmitri.volkov@northwind-mail.example', 'alias'],
    ['farid', 'farid@northwind-mail.example', 'alias'],
    ['farid', 'farid.haddad.de@northwind.example', 'alias'],
    ['elena', 'elena@northwind-mail.example', 'alias'],
    ['elena', 'elena.rossi.nw@gmail.com', 'aliasWithGmail2Step'],
    ['elena', 'e.rossi@northwind.example', 'alias'],
    ['carla', 'carla@northwind-mail.example', 'alias'],
    ['keiko', 'keiko@northwind-mail.example', 'alias'],
    ['jonas', 'jonas@northwind-mail.example', 'alias'],
    // Three that Support put on a colleague's seat by mistake; week three puts that right.
    ['grace', 'k.tanaka@northwind.example', 'alias'],
    ['jonas', 'm.lind@northwind.example', 'alias'],
    ['carla', 'i.costa@northwind.example', 'alias'],
  ];
  for (const [place, [userId, address, use]] of wanted.entries()) {
    await getsMailbox(story, userId, `add-${userId}-${place + 20}`, address, use);
  }
  const fourth = add('dmitri', 'add-dmitri-4', 'dv@northwind.example');
  await story.no(user('dmitri'), fourth, 'MailboxLimitReached');
};

/** @param {import('./story.mjs').Story} story */
export const settingUp = async (story) => {
  await seats(story);
  await contract(story);
  await firstMailboxes(story);
  await ben(story);
  await onBehalfOf(story);
  await moreMailboxes(story);
};
