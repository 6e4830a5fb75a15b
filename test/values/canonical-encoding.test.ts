/** Fingerprints and ids of events are part of the stored contract, by the standards that they follow. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { isRight } from 'fp-ts/lib/Either.js';
import type * as t from 'io-ts';
import { v5 as uuidv5 } from 'uuid';
import { fingerprint, namedId } from '../../src/application/command-identity';
import { Command } from '../../src/commands';
import { arbitraries } from '../../src/testing/arbitraries';
import { actorOf, Principal } from '../../src/values/principal';

const NAMESPACE = '5f3a6a5e-5c0c-4f0e-9a53-0c1a4b7c2d90';

const decoded = <A>(codec: t.Type<A, unknown>, given: unknown): A => {
  const read = codec.decode(given);
  if (isRight(read)) return read.right;
  throw new Error(`Not a ${codec.name}: ${JSON.stringify(given)}`);
};

const hashed = (text: string | undefined): string =>
  createHash('sha256')
    .update(text ?? '')
    .digest('base64url');

describe('what makes a command the same', () => {
  const { anyPrincipal, anyCommand } = arbitraries(fc);

  it('is the hash of its canonical JSON, whoever sends whatever', () => {
    fc.assert(
      fc.property(anyPrincipal, anyCommand, (by, given) => {
        const principal = decoded(Principal, by);
        const command = decoded(Command, given);
        const identity = {
          orgId: principal.orgId,
          actor: actorOf(principal),
          command: Command.encode(command),
        };
        expect(fingerprint(principal, command)).toBe(hashed(canonicalize(identity)));
      }),
    );
  });

  it('does not follow the order in which the caller wrote the fields', () => {
    fc.assert(
      fc.property(anyPrincipal, anyCommand, (by, given) => {
        const principal = decoded(Principal, by);
        const turned = Object.fromEntries(Object.entries(given).reverse());
        expect(fingerprint(principal, decoded(Command, turned))).toBe(
          fingerprint(principal, decoded(Command, given)),
        );
      }),
    );
  });

  it('gives its events ids of version 5, as the package for them makes them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        expect(namedId(name)).toBe(uuidv5(name, NAMESPACE));
      }),
    );
  });
});
