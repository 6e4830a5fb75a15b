import { describe, expect, it } from '@jest/globals';
import { classifyAddress } from '../../src/values/address-class';
import { qualifierWords, roleWords } from '../../src/values/role-words';

/** Given names from many places, among them those that published role lists hold. */
const givenNames = new Set(
  [
    'abel adam adele ai aida alan alba alex ali alice alma an ana anders andre andrea angel anh ann',
    'anna anne anton april arnold art arthur asia ask august austin bao barb basil beau bela ben bill',
    'bo bob brand brooke bruno bud caleb carol case cash chad chance charity charlie chase chelsea',
    'chi chris christian christmas chuck cliff colin constance cora cy daisy dan dawn dean deb del',
    'des dev di dick dolly dom don dora drew duke duy earl ed eden edu el ella elm emil eric eva',
    'faith felix finn fleur flora florence ford fox frank fred gabe gail gale gary gene georgia gift',
    'ginger glen glory grace grant guy ha hai hal hank happy harmony harry hazel heath heather herb',
    'holly honey hope hu hunter ian ida ike iman india io iris isa israel ivy jack jade jan jane',
    'jasmine jay jean jeff jerry jesse jo job joe john jordan joy juan judge jules june junior justice',
    'kai kay ken kenya kim king kit kris la lam lan lance lane lars laurel le lea lee leo les liberty',
    'lily lin line lisa liv ly london lou love lu lucky luke mai major malo mark martin mary mason max',
    'may melody mena mercedes mercy mia mike miles misty mo monica moses my nam nat ng nick nina noah',
    'noel nora odd ola olga olive omar opal oral otto page paige paris pat patience paul pearl penny',
    'per pete phil pia pierce poppy porter precious prince queen quinn rain ravi ray reed rene rex rich',
    'river rob robin rocky rod roman rory rosa rose rowan roy ruby rusty ruth sal sam sandy sasha sean',
    'seo shawn sky sol son stella sterling storm sue summer sun sunny susan sven tad tai ted temple',
    'theo tim tom tony trinity trust tu tyler uma val van vera vi victor viktor violet virgil von wade',
    'walker walt wang ward warren wendy wes will winter woody xi yan yen yi york young yusuf zion zoe',
  ].flatMap((line) => line.split(' ')),
);

describe.each([
  ['role words', roleWords, 800],
  ['qualifier words', qualifierWords, 250],
])('%s', (_, words, least) => {
  it('hold no given name', () => {
    expect(words.filter((word) => givenNames.has(word))).toEqual([]);
  });

  it('are single words in lower case and NFC, each listed once', () => {
    expect(words.filter((word) => !/^[\p{Ll}\p{Lo}\p{Lm}\p{M}\d]+$/u.test(word))).toEqual([]);
    expect(words.filter((word) => word !== word.normalize('NFC'))).toEqual([]);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
    expect(words.length).toBeGreaterThan(least);
  });
});

it('a given name alone is personal', () => {
  const misjudged = Array.from(givenNames).filter(
    (name) => classifyAddress({ canonical: `${name}@example.com` }) !== 'personal',
  );
  expect(misjudged).toEqual([]);
});

it('every role word alone is shared, and beside a name review', () => {
  const verdicts = new Set(
    roleWords.map((word) =>
      [word, `anna.${word}`]
        .map((localPart) => classifyAddress({ canonical: `${localPart}@example.com` }))
        .join(' '),
    ),
  );
  expect(verdicts).toEqual(new Set(['shared review']));
});

it('no qualifier alone is shared', () => {
  const verdicts = qualifierWords.map((word) =>
    classifyAddress({ canonical: `${word}@example.com` }),
  );
  expect(new Set(verdicts)).toEqual(new Set(['personal']));
});
