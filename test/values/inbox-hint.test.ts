import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { parseAddress } from '../../src/values/email-address';
import { inboxHint } from '../../src/values/inbox-hint';
import { isPersonalProvider } from '../../src/values/personal-provider';

const parsed = (input: string) => {
  const result = parseAddress(input);
  if (E.isLeft(result)) throw new Error(result.left.type);
  return result.right;
};

describe('the inbox hint', () => {
  it.each`
    input                              | answer
    ${'ann.smith@gmail.com'}           | ${'annsmith@gmail.com'}
    ${'annsmith@gmail.com'}            | ${'annsmith@gmail.com'}
    ${'a.n.n.s.m.i.t.h@gmail.com'}     | ${'annsmith@gmail.com'}
    ${'Ann.Smith+News@GoogleMail.com'} | ${'annsmith@gmail.com'}
    ${'ann+a+b@gmail.com'}             | ${'ann@gmail.com'}
    ${'ann-smith@gmail.com'}           | ${'ann-smith@gmail.com'}
    ${'ann_smith@gmail.com'}           | ${'ann_smith@gmail.com'}
    ${'+ann@gmail.com'}                | ${undefined}
    ${'ann.smith+x@mail.gmail.com'}    | ${undefined}
    ${'ann.smith+x@gmail.com.example'} | ${undefined}
    ${'ann.s-m_ith+x@proton.me'}       | ${'annsmith@proton.me'}
    ${'ann.smith@protonmail.com'}      | ${'annsmith@proton.me'}
    ${'ann.smith@pm.me'}               | ${'annsmith@proton.me'}
    ${'_@proton.me'}                   | ${undefined}
    ${'ann.smith+x@icloud.com'}        | ${'ann.smith@icloud.com'}
    ${'ann.smith@me.com'}              | ${'ann.smith@icloud.com'}
    ${'ann.smith@mac.com'}             | ${'ann.smith@icloud.com'}
    ${'ann.smith+x@outlook.com'}       | ${'ann.smith@outlook.com'}
    ${'ann.smith+x@hotmail.com'}       | ${'ann.smith@hotmail.com'}
    ${'ann.smith+x@live.com'}          | ${'ann.smith@live.com'}
    ${'ann.smith+x@msn.com'}           | ${'ann.smith@msn.com'}
    ${'ann.smith+x@fastmail.com'}      | ${'ann.smith@fastmail.com'}
    ${'news@ann.fastmail.com'}         | ${'ann@fastmail.com'}
    ${'a.b+c@ann.fastmail.fm'}         | ${'ann@fastmail.fm'}
    ${'news@in.ann.fastmail.com'}      | ${undefined}
    ${'news@ann.gmail.com'}            | ${undefined}
    ${'ann+x@hey.com'}                 | ${'ann@hey.com'}
    ${'ann+x@mailbox.org'}             | ${'ann@mailbox.org'}
    ${'ann+x@posteo.de'}               | ${'ann@posteo.de'}
    ${'ann+x@example.com'}             | ${undefined}
    ${'ann.smith@yahoo.com'}           | ${undefined}
    ${'ann@bücher.example'}            | ${undefined}
  `('of $input is $answer', ({ input, answer }) => {
    expect(inboxHint(parsed(String(input)))).toBe(answer);
  });

  it('is one for addresses that stay apart', () => {
    const dotted = parsed('ann.smith@gmail.com');
    const plain = parsed('annsmith@gmail.com');
    expect(inboxHint(dotted)).toBe(inboxHint(plain));
    expect(dotted.canonical).not.toBe(plain.canonical);
  });

  it('is its own hint', () => {
    const localPart = fc.string({
      unit: fc.constantFrom(...Array.from('ab1.-_+')),
      minLength: 1,
      maxLength: 9,
    });
    const domain = fc.constantFrom('gmail.com', 'pm.me', 'mac.com', 'x.fastmail.com', 'live.com');
    fc.assert(
      fc.property(localPart, domain, (before, after) => {
        const hint = inboxHint({ canonical: `${before}@${after}` });
        fc.pre(hint !== undefined);
        expect(inboxHint({ canonical: hint })).toBe(hint);
      }),
    );
  });
});

describe('a personal provider', () => {
  it.each`
    input                      | answer
    ${'ann@gmail.com'}         | ${true}
    ${'Ann@GMAIL.COM'}         | ${true}
    ${'ann@googlemail.com'}    | ${true}
    ${'ann@outlook.com'}       | ${true}
    ${'ann@outlook.de'}        | ${true}
    ${'ann@hotmail.co.uk'}     | ${true}
    ${'ann@live.com.au'}       | ${true}
    ${'ann@msn.com'}           | ${true}
    ${'ann@yahoo.com'}         | ${true}
    ${'ann@yahoo.co.jp'}       | ${true}
    ${'ann@yahoo.com.br'}      | ${true}
    ${'ann@aol.com'}           | ${true}
    ${'ann@icloud.com'}        | ${true}
    ${'ann@proton.me'}         | ${true}
    ${'ann@gmx.de'}            | ${true}
    ${'ann@gmx.net'}           | ${true}
    ${'ann@web.de'}            | ${true}
    ${'ann@t-online.de'}       | ${true}
    ${'ann@mail.ru'}           | ${true}
    ${'ann@yandex.ru'}         | ${true}
    ${'ann@qq.com'}            | ${true}
    ${'ann@163.com'}           | ${true}
    ${'ann@naver.com'}         | ${true}
    ${'ann@orange.fr'}         | ${true}
    ${'ann@libero.it'}         | ${true}
    ${'ann@wp.pl'}             | ${true}
    ${'ann@uol.com.br'}        | ${true}
    ${'ann@comcast.net'}       | ${true}
    ${'ann@example.com'}       | ${false}
    ${'gmail.com@example.com'} | ${false}
    ${'ann@mail.gmail.com'}    | ${false}
    ${'ann@gmail.com.example'} | ${false}
    ${'ann@notgmail.com'}      | ${false}
    ${'ann@gmail.co'}          | ${false}
    ${'ann@yahoo.example.com'} | ${false}
    ${'ann@yahoo-inc.com'}     | ${false}
    ${'ann@outlook.example'}   | ${false}
    ${'ann@microsoft.com'}     | ${false}
    ${'ann@google.com'}        | ${false}
    ${'ann@gmx.example'}       | ${false}
  `('holds $input: $answer', ({ input, answer }) => {
    expect(isPersonalProvider(parsed(String(input)))).toBe(answer);
  });
});
