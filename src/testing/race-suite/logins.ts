/** Races for logins (P36). */
import { changeAccountEmail, registerSeat, seated, type Step, system, user } from '../builders';
import { demand, isYes, noOtherReasons, raceCase, upTo, yeses } from './race-case';

const sameLogin = raceCase('a login that many seats register with at once goes to one of them', {
  round: async (race, round) => {
    const login = `kim.${round}@acme.example`;
    const people = upTo(race.settings.claimers).map((index) => user(`new-${round}-${index}`));
    const answers = await race.race(
      ...people.map((person): Step => [system, registerSeat(person, login)]),
    );
    yeses(login, 1, answers);
    noOtherReasons(login, ['AccountEmailTaken'], answers);
  },
});

const sameNewLogin = raceCase('a login that two seats change to at once goes to one of them', {
  round: async (race, round) => {
    const login = `kim.${round}@acme.example`;
    const people = ['one', 'two', 'three'].map((name) => user(`${name}-${round}`));
    await race.prepare(...seated(...people));
    const answers = await race.race(
      ...people.map((person): Step => [system, changeAccountEmail(person, login)]),
    );
    yeses(login, 1, answers);
    noOtherReasons(login, ['AccountEmailTaken'], answers);
    await race.judge();
    for (const [index, { userId }] of people.entries()) {
      demand(
        (race.audit.loginOf(userId) === login) === isYes(answers[index]),
        `${userId} was told ${isYes(answers[index]) ? 'yes' : 'no'}, but its login says otherwise`,
      );
    }
  },
});

const swappedLogins = raceCase('logins that change hands in a circle are never shared or lost', {
  round: async (race, round) => {
    const login = (name: string): string => `${name}-${round}@acme.example`;
    const [one, two, three] = [user(`one-${round}`), user(`two-${round}`), user(`three-${round}`)];
    await race.prepare(...seated(one, two, three));
    // One and two swap; three leaves a login that one of them may be fast enough to get.
    const answers = await race.race(
      [system, changeAccountEmail(one, login('two'))],
      [system, changeAccountEmail(two, login('one'))],
      [system, changeAccountEmail(three, login('four'))],
      [system, changeAccountEmail(two, login('three'))],
    );
    demand(isYes(answers[2]), 'changing to a free login should be a yes');
    noOtherReasons('a change of login', ['AccountEmailTaken'], answers);
    await race.judge();
    const taken = new Set([one, two, three].map(({ userId }) => race.audit.loginOf(userId)));
    for (const name of ['one', 'two', 'three', 'four'].map(login)) {
      if (taken.has(name)) continue;
      const person = user(`late-${name.slice(0, name.indexOf('@'))}`);
      yeses(`${name}, now free`, 1, [await race.send([system, registerSeat(person, name)])]);
    }
  },
});

export const loginCases = [sameLogin, sameNewLogin, swappedLogins];
