import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { classifyAddress } from '../../src/values/address-class';
import { parseAddress } from '../../src/values/email-address';
import { qualifierWords, roleWords } from '../../src/values/role-words';

const classOf = (localPart: string) => {
  const parsed = parseAddress(`${localPart}@example.com`);
  return E.isRight(parsed) ? classifyAddress(parsed.right) : parsed.left;
};

/** The tables name local parts, several to a line. */
const rows = (...lines: ReadonlyArray<string>): ReadonlyArray<string> =>
  lines.flatMap((line) => line.split(' '));

describe('shared: nothing but role words', () => {
  it.each(
    rows(
      'sales Sales SALES info hello hi contact support help helpdesk billing invoices accounts',
      'marketing press media pr hr jobs careers recruiting it qa security legal privacy abuse',
      'admin webmaster postmaster hostmaster root noreply office reception team staff everyone',
      'feedback orders shipping reservations events newsletter partners procurement payroll ceo',
    ),
  )('%s@', (localPart) => {
    expect(classOf(localPart)).toBe('shared');
  });
});

describe('shared: in other languages, with diacritics or without', () => {
  it.each(
    rows(
      'kontakt vertrieb buchhaltung bewerbung geschäftsführung geschaeftsfuehrung geschaftsfuhrung',
      'ventes comptabilité comptabilite recrutement accueil ventas facturación rrhh vendas contato',
      'vendite amministrazione segreteria verkoop klantenservice försäljning forsaljning salg',
      'kundtjänst myynti asiakaspalvelu sprzedaż biuro księgowość obchod podpora satış destek',
      'продажи ПОДДЕРЖКА бухгалтерия підтримка πωλήσεις ΠΩΛΗΣΕΙΣ πληροφορίες 销售 客服 財務 営業 採用',
      'お問い合わせ サポート 영업 채용 고객센터 مبيعات דרושים',
    ),
  )('%s@', (localPart) => {
    expect(classOf(localPart)).toBe('shared');
  });
});

describe('shared: with a tag, digits, qualifiers or another separator', () => {
  it.each(
    rows(
      'sales+eu Sales+Anna sales+ info2 2info info2024 sales1.sales2 24-7-support sales_2024',
      'sales-emea sales.emea sales_emea emea-sales sales-emea-north sales.de de.sales uk-sales',
      'sales-team team.sales sales-and-marketing sales&marketing sales/support sales=eu hr-uk',
      'no-reply no_reply no.reply do-not-reply DoNotReply mailer-daemon contact-us help.desk',
      'customer-service human-resources after-sales front-desk risorse-umane it-support accounts-payable sales-b2b b2b-sales hello-us',
      'support--eu -support _info_ +sales ++sales sales++eu продажи-отдел',
    ),
  )('%s@', (localPart) => {
    expect(classOf(localPart)).toBe('shared');
  });
});

describe('review: a role word beside something else', () => {
  it.each(
    rows(
      'anna.sales sales.anna sales-acme acme-info info.anna anna_support hello.from.anna',
      'sales-emea-anna team-rocket jobs.at.acme support.a hr.smith 2sales.anna3 marketing-jürgen',
      'x-info info-x support-max sales.grace продажи.анна',
    ),
  )('%s@', (localPart) => {
    expect(classOf(localPart)).toBe('review');
  });
});

describe('personal: no role word', () => {
  it.each(
    rows(
      'anna anna.smith a.smith asmith anna+sales anna+info+eu anna2 jürgen иван.петров 山田太郎 123',
      // Qualifiers alone.
      'emea us no de emea-north uk.eu north-west at',
      // Role words inside longer ones.
      'salesman infosx informatik helper teamwork salesanna annasales joboffer hradek itai pratt',
      'hrvoje itzel prakash supportive adminer s.ales in-fo sa1es',
      // People whose names are on published role lists, or look like a word of a role.
      'max art grace dean pat will bill mark chase rich frank hope faith page major guy dev ask ola',
      'job post price brand biz seo do an my lu ng hu mena nam per les des del junior asia india',
      'georgia paris london chelsea jordan israel kenya austin florence sydney dakota carolina',
      'rob sue drew dawn penny joy angel chance gift trust bishop mason carter porter ward king',
    ),
  )('%s@', (localPart) => {
    expect(classOf(localPart)).toBe('personal');
  });
});

describe('the verdict', () => {
  const word = fc.constantFrom(...roleWords.filter((role) => /^[a-z]+$/.test(role)));
  const qualifier = fc.constantFrom(...qualifierWords.filter((one) => /^[a-z]+$/.test(one)));
  const name = fc.constantFrom('anna', 'smith', 'max', 'jürgen', 'grace');
  const separator = fc.constantFrom('.', '-', '_');
  const joined = (...tokens: ReadonlyArray<fc.Arbitrary<string>>) =>
    fc
      .tuple(
        fc.shuffledSubarray([0, 1, 2].slice(0, tokens.length), { minLength: tokens.length }),
        separator,
        fc.tuple(...tokens),
      )
      .map(([order, between, words]) => order.map((index) => words[index]).join(between));

  it('of role words and qualifiers in any order is shared', () => {
    fc.assert(
      fc.property(joined(word, qualifier, word), (localPart) => {
        expect(classOf(localPart)).toBe('shared');
      }),
    );
  });

  it('of a role word and a name in any order is review', () => {
    fc.assert(
      fc.property(joined(word, name, qualifier), (localPart) => {
        expect(classOf(localPart)).toBe('review');
      }),
    );
  });

  it('of qualifiers and a name in any order is personal', () => {
    fc.assert(
      fc.property(joined(qualifier, name), (localPart) => {
        expect(classOf(localPart)).toBe('personal');
      }),
    );
  });

  it('never depends on the tag, the digits, the case or the domain', () => {
    const tag = fc.string({
      unit: fc.constantFrom(...Array.from('salenfo.-_+19')),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        fc.oneof(word, joined(word, name), name),
        tag,
        fc.nat(99),
        (base, extra, digits) => {
          const verdict = classOf(base);
          const tagged = { canonical: `${base}+${extra}@sales.example` };
          expect(classifyAddress(tagged)).toBe(verdict);
          expect(classOf(`${base}${digits}`)).toBe(verdict);
          expect(classOf(base.toUpperCase())).toBe(verdict);
        },
      ),
    );
  });
});
