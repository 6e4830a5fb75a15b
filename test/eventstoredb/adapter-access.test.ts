/** Who the store says it is, and which server it believes: as the connection string says. */
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreDb } from '../../src/adapters/eventstoredb';
import { append, event, failure, onServer, right, typeOf, until } from './adapter-fixture';
import { certificate } from './server/certificate';

let folder: string;
let trusting: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatledger-tls-'));
  await writeFile(join(folder, 'ca file.pem'), certificate);
  trusting = `&tlsCAFile=${encodeURIComponent(join(folder, 'ca file.pem'))}`;
});
afterAll(() => rm(folder, { recursive: true }));

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

describe('a server that speaks TLS', () => {
  const fixture = onServer({ tls: true });
  const urlOf = (credentials: string, more = trusting): string =>
    `${fixture.server.connectionString.replace('//', `//${credentials}`)}${more}`;

  /** Appends, reads and subscribes once. */
  const used = async (source: string | EventStoreDBClient, batchAppend = false): Promise<void> => {
    const store = await fixture.open({ batchAppend }, source);
    right(await append(store, 'a', -1n, event()));
    right(await store.readStream('a')());
    right(await store.readAll(-1n, 10)());
    let delivered = 0;
    const stop = store.subscribe?.(-1n, () => void (delivered += 1));
    await until(() => delivered === 1);
    await stop?.();
    expect(delivered).toBe(1);
  };

  const authorizations = (): Readonly<Record<string, ReadonlyArray<string | undefined>>> => {
    const found: Record<string, Array<string | undefined>> = {};
    for (const { method, authorization } of fixture.server.authorizations()) {
      (found[method] ??= []).push(authorization);
    }
    return found;
  };

  it.each`
    credentials                  | user        | password
    ${'ledger:changeit@'}        | ${'ledger'} | ${'changeit'}
    ${'a%40b%3Ac:p%2F%3F%25%23'} | ${'a@b:c'}  | ${'p/?%#'}
    ${'j%C3%BCrg:pa%20ss'}       | ${'jürg'}   | ${'pa ss'}
  `(
    'is told of $user on every append, read and subscription',
    async ({ credentials, user, password }) => {
      const said = basic(user!, password!);
      await used(urlOf(String(credentials).replace(/@?$/, '@')));
      expect(authorizations()).toEqual({ Append: [said], Read: [said, said, said] });
    },
  );

  it('is told of the user on the shared call too, once for all appends', async () => {
    await used(urlOf('ledger:changeit@'), true);
    const said = basic('ledger', 'changeit');
    expect(authorizations()).toMatchObject({ BatchAppend: [said], Read: [said, said, said] });
    expect(authorizations()['Append']).toBe(undefined);
  });

  it('is told of nobody where nobody is named', async () => {
    await used(urlOf(''));
    expect(authorizations()).toEqual({
      Append: [undefined],
      Read: [undefined, undefined, undefined],
    });
  });

  it("is told of the user of a host's client", async () => {
    const { port } = fixture.server;
    const client = new EventStoreDBClient(
      { endpoint: `127.0.0.1:${port}` },
      { rootCertificate: Buffer.from(certificate) },
      { username: 'host', password: 'its own' },
    );
    await used(client);
    // The host may speak for somebody else, a call at a time, beside the store.
    const credentials = { username: 'guest', password: 'p:w' };
    await client.appendToStream('host', [event() as never], { credentials });
    await client.dispose();
    const said = basic('host', 'its own');
    expect(authorizations()).toEqual({
      Append: [said, basic('guest', 'p:w')],
      Read: [said, said, said],
    });
  });

  it('is not believed by a certificate that nobody vouches for', async () => {
    const quick = { timeoutMs: 300, appendTimeoutMs: 300 };
    const store = await fixture.open(quick, urlOf('ledger:changeit@', ''));
    expect(typeOf(await append(store, 'a', -1n, event()))).toMatch(/StoreUnavailable|Unknown/);
    expect(failure(await store.readStream('a')())).toMatch(/^StoreUnavailable /);
    expect([fixture.server.log(), fixture.server.authorizations()]).toEqual([[], []]);
  });

  it.each(['tlsVerifyCert=false', 'tlsVerifyCert= false'])(
    'is verified whatever is said, so that %s is refused before the client prints the password',
    async (parameter) => {
      const warn = jest.spyOn(console, 'warn').mockImplementation(() => undefined);
      const url = urlOf('ledger:changeit@', `&${parameter}`);
      const answer = await eventStoreDb(url).connect();
      expect(answer).toMatchObject({
        left: {
          type: 'StoreUnavailable',
          code: 'ERR_INVALID_ARG_VALUE',
          message: expect.stringContaining('tlsCAFile'),
        },
      });
      expect(JSON.stringify(answer)).not.toContain('changeit');
      expect(warn).not.toHaveBeenCalled();
      warn.mockRestore();
      await used(urlOf('ledger:changeit@', `${trusting}&tlsVerifyCert=true`));
    },
  );

  it('gets nothing from a store that speaks without', async () => {
    const plain = urlOf('ledger:changeit@', '').replace('tls=true', 'tls=false');
    const store = await fixture.open({ timeoutMs: 300, appendTimeoutMs: 300 }, plain);
    expect(typeOf(await append(store, 'a', -1n, event()))).toMatch(/StoreUnavailable|Unknown/);
    expect(fixture.server.authorizations()).toEqual([]);
  });
});

describe('a server that speaks without TLS', () => {
  const fixture = onServer();

  it('is not told the password, which anybody could read on the way', async () => {
    const url = fixture.server.connectionString.replace('//', '//ledger:changeit@');
    const store = await fixture.open({}, url);
    right(await append(store, 'a', -1n, event()));
    expect(fixture.server.authorizations()).toEqual([
      { method: 'Append', authorization: undefined, requiresLeader: true },
    ]);
  });

  it('is not spoken to by a store that wants TLS', async () => {
    const url = `${fixture.server.connectionString.replace('tls=false', 'tls=true')}${trusting}`;
    const store = await fixture.open({ timeoutMs: 300, appendTimeoutMs: 300 }, url);
    expect(failure(await store.readStream('a')())).toMatch(/^StoreUnavailable /);
    expect(fixture.server.authorizations()).toEqual([]);
  });
});
