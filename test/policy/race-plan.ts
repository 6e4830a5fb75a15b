/** What two processes race for, round by round: the same list for the parent and for both children. */
import { type Person, user } from '../../src/testing/builders';

export const addressSecret = 'a secret of the race, long enough';

/** Time between two starts, in milliseconds. */
export const roundMs = 20;

export interface Round {
  readonly name: string;
  /** `address`: two users, one address. `slot`: one user, two requests, room for one. */
  readonly over: 'address' | 'slot';
}

export const roundsOf = (): ReadonlyArray<Round> =>
  Array.from({ length: 200 }, (_, index) => ({
    name: `r${index}`,
    over: index % 2 === 0 ? 'address' : 'slot',
  }));

export interface Contestant {
  readonly person: Person;
  readonly address: string;
}

/** What each of the two runners approves in a round. */
export const contestants = ({ name, over }: Round): readonly [Contestant, Contestant] =>
  over === 'address'
    ? [
        { person: user(`${name}-ann`), address: `${name}.wanted@acme.example` },
        { person: user(`${name}-bob`), address: `${name}.wanted@acme.example` },
      ]
    : [
        { person: user(`${name}-cyd`), address: `${name}.one@acme.example` },
        { person: user(`${name}-cyd`), address: `${name}.two@acme.example` },
      ];
