/** Judges a log of very many grants, for whoever gives this process little memory. */
import { type Atomicity, memoryStore, type RecordedEvent } from '../../src';
import { contractAgent, grantLimit, setContract, Stage, system, user } from '../../src/testing';
import { registerSeat, violations } from '../../src/testing';

const [given, amount] = process.argv.slice(2);
const atomicity = given as Atomicity;

/** Grants to as many users, told by one that was recorded. */
function* granted(grant: RecordedEvent): Generator<RecordedEvent> {
  for (let n = 0n; n < BigInt(amount ?? 0); n += 1n) {
    yield {
      ...grant,
      data: { ...(grant.data as object), userId: `u${n}` },
      metadata: { ...(grant.metadata as object), commandId: `g${n}` },
      revision: grant.revision + n,
      position: grant.position + n,
    };
  }
}

void (async () => {
  const stage = await Stage.open(() =>
    Promise.resolve({ connector: memoryStore({ atomicity }), dispose: () => Promise.resolve() }),
  );
  await stage.play([contractAgent, setContract()], [system, registerSeat(user('u0'))]);
  await stage.play([contractAgent, grantLimit(user('u0'), 3)]);
  const log = await stage.log();
  const before = log.slice(0, -1);
  const grants = log.slice(-1).flatMap((grant) => [...granted(grant)]);
  const found = violations([...before, ...grants], atomicity);
  process.stdout.write(`${grants.length} grants, ${found.length} violations\n`);
})();
