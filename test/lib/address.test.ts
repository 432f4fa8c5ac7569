import { describe, expect, it } from 'vitest';
import { checkName, parseAddress, parseMailbox } from '../../src/lib/address.ts';

/** The address, or its problem after a "!". */
function read(text: string) {
  const result = parseAddress(text);
  return result.ok ? result.value.address : `! ${result.problem}`;
}

describe('an address', () => {
  it('keeps its local part as written and carries its domain as lower-case A-labels', () => {
    expect(parseAddress('Ada.L+papers@Bücher.Example')).toEqual({
      ok: true,
      value: {
        address: 'Ada.L+papers@xn--bcher-kva.example',
        key: 'ada.l+papers@xn--bcher-kva.example',
        displayDomain: 'bücher.example',
        utf8Local: false,
      },
    });
  });

  it('is the same reader however its letters are cased or its domain is spelled', () => {
    const keys = ['ADA@BÜCHER.example', 'ada@xn--bcher-kva.EXAMPLE', 'Ada@bücher。example'].map(
      text => parseAddress(text),
    );
    expect(new Set(keys.map(key => key.ok && key.value.key)).size).toBe(1);
  });

  it('folds neither dots nor plus tags', () => {
    const keys = ['a.b@x.test', 'ab@x.test', 'ab+c@x.test'].map(text => parseAddress(text));
    expect(new Set(keys.map(key => key.ok && key.value.key)).size).toBe(3);
  });

  it('says when its local part needs SMTPUTF8', () => {
    expect(parseAddress('用户@example.org')).toMatchObject({
      ok: true,
      value: { utf8Local: true },
    });
  });

  it.each([
    ['a@b.test\r\nBcc: x@y.test', 'line break'],
    ['a@b.test\n', 'line break'],
    ['a\0@b.test', 'control'],
    ['a\u2028b@b.test', 'line break'],
    ['a@b.test,x@y.test', 'not one plain'],
    ['a@b.test;x@y.test', 'not one plain'],
    ['Group:a@b.test', 'before the @'],
    ['<a@b.test>', 'not one plain'],
    [' a@b.test', 'space'],
    ['a', 'no @'],
    ['@b.test', 'nothing before'],
    ['a@@b.test', 'more than one @'],
    ['"a b"@b.test', 'space'],
    ['"ab"@b.test', 'quoted'],
    ['.a@b.test', 'dot out of place'],
    ['a..b@b.test', 'dot out of place'],
    ['a\u200bb@b.test', 'invisible'],
    ['a＠c@b.test', 'look-alike'],
    ['a，c@b.test', 'look-alike'],
    ['a@localhost', 'no dot'],
    ['a@', 'not a domain'],
    ['a@[127.0.0.1]', 'not a domain'],
    ['a@127.0.0.1', 'not a domain'],
    ['a@0x7f.1', 'not a domain'],
    ['a@b.test.', 'not a domain'],
    ['a@b..test', 'not a domain'],
    ['a@-b.test', 'not a domain'],
    ['a@b-.test', 'not a domain'],
    ['a@b_c.test', 'not a domain'],
    ['a@b.test:25', 'not a domain'],
    ['a@b.test/x', 'not a domain'],
    ['a@b.te%73t', 'not a domain'],
    ['a@b.test?x', 'not a domain'],
    ['a@b\u00adc.test', 'not a domain'],
    ['a@xn--a.test', 'not a domain'],
    ['a@xn--mnchen-.test', 'not a domain'],
    ['a@b.xn--zz--', 'not a domain'],
    [`${'a'.repeat(65)}@b.test`, '64 bytes'],
    [`${'é'.repeat(33)}@b.test`, '64 bytes'],
    [`a@${'b'.repeat(64)}.test`, 'not a domain'],
    [`a@${`${'b'.repeat(60)}.`.repeat(4)}.test`, 'not a domain'],
    [`${'a'.repeat(64)}@${`${'b'.repeat(46)}.`.repeat(4)}test`, '254 bytes'],
  ])('is not %j', (text, reason) => {
    expect(read(text)).toMatch(new RegExp(`^! .*${reason}`));
  });

  it.each([
    `${'a'.repeat(64)}@b.test`,
    "!#$%&'*+-/=?^_`.{|}~@b.test",
    'a@1.b.test',
    'a@b.xn--p1ai',
    '1@2.test',
  ])('is %j', text => expect(read(text)).toBe(text));
});

describe('a mailbox', () => {
  const name = (text: string) => {
    const result = parseMailbox(text);
    return result.ok ? [result.value.name, result.value.address.address] : result.problem;
  };

  it.each([
    ['a@b.test', null],
    ['<a@b.test>', null],
    ['  Daily   Papers <a@b.test> ', 'Daily Papers'],
    ['"Papers, Daily" <a@b.test>', 'Papers, Daily'],
    ['"Say \\"hi\\"" <a@b.test>', 'Say "hi"'],
    ["Ada d'Été <a@b.test>", "Ada d'Été"],
  ])('%j has the name %j', (text, expected) => expect(name(text)).toEqual([expected, 'a@b.test']));

  it.each([
    ['x@y.test, Ada <a@b.test>', 'double quotes'],
    ['Ada <a@b.test>, x@y.test', 'not one plain'],
    ['Ada <a@b.test', 'not one plain'],
    ['Ada <a@b.test> <c@d.test>', 'not one plain'],
    ['Ada\r\nBcc: x <a@b.test>', 'line break'],
    ['Ada <a@b.test\r\n>', 'line break'],
    ['Friends: a@b.test;', 'not one plain'],
    [`${'x'.repeat(201)} <a@b.test>`, '200'],
  ])('is not %j', (text, reason) => expect(name(text)).toContain(reason));
});

describe('a name', () => {
  it('has its spaces tidied, and none is null', () => {
    expect(checkName(' Ada\u00a0 Lovelace ')).toEqual({ ok: true, value: 'Ada Lovelace' });
    expect(checkName('  ')).toEqual({ ok: true, value: null });
  });

  it('has no line break', () => expect(checkName('Ada\nBcc: x')).toMatchObject({ ok: false }));
});
