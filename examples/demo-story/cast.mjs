/** Who appears, and what they do again and again. All names are made up. */

const orgId = 'northwind';

export const user = (userId) => ({ role: 'user', orgId, userId });
export const olivia = { role: 'admin', orgId, userId: 'olivia' };
export const marcus = { role: 'admin', orgId, userId: 'marcus' };
export const noor = { role: 'support', orgId, agentId: 'agent-noor' };
export const tom = { role: 'support', orgId, agentId: 'agent-tom' };
/** Support's agent for contracts. */
export const vera = { role: 'support', orgId, agentId: 'agent-vera', scopes: ['contract'] };
export const platform = { role: 'system', orgId, systemId: 'platform-sync' };

/** Logins at Northwind, by user. */
export const logins = {
  olivia: 'olivia.park@northwind.example',
  marcus: 'marcus.lind@northwind.example',
  ben: 'ben.okafor@northwind.example',
  carla: 'carla.reyes@northwind.example',
  dmitri: 'dmitri.volkov@northwind.example',
  elena: 'elena.rossi@northwind.example',
  farid: 'farid.haddad@northwind.example',
  grace: 'grace.kim@northwind.example',
  hugo: 'hugo.martin@northwind.example',
  ines: 'ines.costa@northwind.example',
  jonas: 'jonas.weber@northwind.example',
  keiko: 'keiko.tanaka@northwind.example',
  liam: 'liam.byrne@northwind.example',
  'mira-intern': 'mira.shah.intern@northwind.example',
  mira: 'mira.shah@northwind.example',
};

const terms = { eula: true, termsOfService: true, acceptableUse: true };

export const attestation = {
  evidence: 'Signature and mail server entry of the address checked with the user by phone.',
  terms,
};

/** The user's request for one more mailbox, sent from their login. */
export const add = (userId, requestId, address, more = {}) => ({
  type: 'RequestMailboxAdd',
  userId,
  requestId,
  address,
  sender: logins[userId],
  ...more,
});

export const approveAdd = (userId, requestId, more = {}) => ({
  type: 'ApproveMailboxAdd',
  userId,
  requestId,
  attestation,
  ...more,
});

export const askDelete = (userId, requestId, address, more = {}) => ({
  type: 'RequestMailboxDelete',
  userId,
  requestId,
  address,
  sender: logins[userId],
  ...more,
});

export const approveDelete = (userId, requestId, more = {}) => ({
  type: 'ApproveMailboxDelete',
  userId,
  requestId,
  ...more,
});

export const configure = (userId, address, use) => ({
  type: 'ConfigureMailbox',
  userId,
  address,
  use,
});

/** Asked for, approved and configured: how a mailbox should come about. */
export const getsMailbox = async (story, userId, requestId, address, use) => {
  await story.yes(user(userId), add(userId, requestId, address));
  await story.yes(noor, approveAdd(userId, requestId));
  await story.yes(user(userId), configure(userId, address, use));
};

/** The platform reports emails in these states; ids count up from `from` for the user. */
export const mails = async (story, userId, address, from, states) => {
  for (const [place, state] of states.entries()) {
    const mailingId = `mail-${userId}-${from + place}`;
    await story.yes(platform, { type: 'RecordMailing', userId, mailingId, address, state });
  }
};

/** One prospect's place in the sequence, as the platform reports it. */
export const sequenceState = (userId, address, sequenceId, number, state) => ({
  type: 'RecordSequenceState',
  userId,
  sequenceStateId: `seq-${userId}-${number}`,
  prospectId: `prospect-${userId}-${number}`,
  sequenceId,
  address,
  state,
});

/** Prospects enter a sequence; ids count up from `from` for the user. */
export const sequences = async (story, userId, address, sequenceId, from, states) => {
  for (const [place, state] of states.entries()) {
    const reported = sequenceState(userId, address, sequenceId, from + place, state);
    await story.yes(platform, reported);
  }
};

/** `amount` prospects of the user, counted up from `from`. */
export const prospects = (userId, from, amount) =>
  Array.from({ length: amount }, (_, place) => `prospect-${userId}-${from + place}`);

export const tag = (userId, word, prospectIds) => ({
  type: 'TagProspects',
  userId,
  tag: word,
  prospectIds,
});
