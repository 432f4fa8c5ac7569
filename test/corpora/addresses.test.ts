import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/lib/address.ts';
import { readCorpusFile } from '../support/corpora.ts';

type Corpus = {
  readonly valid_idn_domain: readonly { readonly in: string; readonly ascii_domain: string }[];
  readonly valid_needs_smtputf8: readonly { readonly in: string; readonly ascii_domain: string }[];
  readonly valid_ascii: readonly string[];
  readonly quoted_local_policy: readonly string[];
  readonly invalid: readonly string[];
};

const read = (): Corpus => JSON.parse(readCorpusFile('addresses', 'international.json').toString());

/** Each address that does not come out as `expected` says. */
function unlike(texts: readonly string[], expected: (text: string) => unknown): string[] {
  return texts.filter(text => !expected(text));
}

describe('international addresses', () => {
  it('are read where they are valid, with the domain as A-labels', () => {
    const { valid_idn_domain, valid_needs_smtputf8 } = read();
    for (const { in: text, ascii_domain } of [...valid_idn_domain, ...valid_needs_smtputf8]) {
      const local = text.slice(0, text.lastIndexOf('@'));
      expect(parseAddress(text)).toMatchObject({
        ok: true,
        value: { address: `${local}@${ascii_domain}` },
      });
    }
  });

  it('need SMTPUTF8 exactly where the corpus says so', () => {
    const { valid_idn_domain, valid_needs_smtputf8 } = read();
    for (const { in: text } of valid_idn_domain) {
      expect(parseAddress(text)).toMatchObject({ value: { utf8Local: false } });
    }
    for (const { in: text } of valid_needs_smtputf8) {
      expect(parseAddress(text)).toMatchObject({ value: { utf8Local: true } });
    }
  });

  it('are read where they are plain ASCII', () => {
    expect(unlike(read().valid_ascii, text => parseAddress(text).ok)).toEqual([]);
  });

  it('are refused where the local part is quoted, which is our choice', () => {
    expect(unlike(read().quoted_local_policy, text => !parseAddress(text).ok)).toEqual([]);
  });

  it('are refused where they are invalid', () => {
    expect(unlike(read().invalid, text => !parseAddress(text).ok)).toEqual([]);
  });
});
