/** Asks a ledger why a mailbox was refused, in a process whose modules were loaded by some hook or other. */
import { memoryStore, openLedger } from '../../src';
import * as projections from '../../projections';
import { ann, admin, requestAdd } from '../../src/testing';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

void (async () => {
  const ledger = await openLedger({ store: memoryStore(), addressSecret: 'a secret of the tests' });
  await ledger.execute(ann, { ...requestAdd(ann, 'sales@acme.example'), commandId: 'c1' });
  const told = await ledger.why(admin, 'c1');
  if (told._tag === 'Left' || told.right === null) throw new Error('Nothing is known of c1.');
  for (const { stage, name, verdict } of told.right.rules) say(`${stage} ${name} ${verdict}`);
  say(`views ${Object.keys(projections).sort().join(' ')}`);
  say(`openLedger is called ${openLedger.name}`);
})();
