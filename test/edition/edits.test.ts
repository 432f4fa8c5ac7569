import { describe, expect, it } from 'vitest';
import { applyEdits, readEditOptions } from '../../src/edition/edits.ts';
import { pickPapers } from '../../src/edition/pick.ts';
import { aDigest, nothingCarried, papers } from '../support/builders.ts';

const digest = aDigest({
  papers: papers(5).map((paper, at) => ({ ...paper, arxivId: `2509.0000${at + 1}` })),
});
const chosen = pickPapers(digest, { count: 3, carried: nothingCarried });
const titles = (edits: Parameters<typeof applyEdits>[2]) => {
  const { picks, rest } = applyEdits(digest, chosen, edits);
  return [picks.map(({ paper }) => paper.title), rest.map(({ title }) => title)];
};
const wish = (options: Parameters<typeof readEditOptions>[0]) =>
  readEditOptions(options, digest, chosen, 3);

describe('the edits of an edition', () => {
  it('change nothing where there are none', () => {
    const { picks, rest } = applyEdits(digest, chosen, {});
    expect({ picks, rest }).toEqual({ picks: chosen.picks, rest: chosen.rest });
  });

  it('set the picks and their order; what is not picked is listed below', () => {
    expect(titles({ picks: ['paper4', 'paper1'] })).toEqual([
      ['Paper 4', 'Paper 1'],
      ['Paper 2', 'Paper 3', 'Paper 5'],
    ]);
  });

  it('number the picks anew', () => {
    const { picks } = applyEdits(digest, chosen, { picks: ['paper5', 'paper2'] });
    expect(picks.map(({ position }) => position)).toEqual([1, 2]);
  });

  it('take a paper once that is named twice', () => {
    expect(titles({ picks: ['paper2', 'paper2'] })[0]).toEqual(['Paper 2']);
  });

  it('correct a title, and the paper stays the same paper', () => {
    const { picks } = applyEdits(digest, chosen, { papers: { paper1: { title: ' Paper\nOne ' } } });
    expect(picks[0]?.paper).toMatchObject({ title: 'Paper One', titleKey: 'paper1' });
  });

  it('put a note and a summary beside the paper', () => {
    const { picks } = applyEdits(digest, chosen, {
      papers: { paper2: { note: 'Read this.', summary: 'Short.' }, paper3: { note: ' ' } },
    });
    expect(picks.map(({ note, summary }) => [note, summary])).toEqual([
      [undefined, undefined],
      ['Read this.', 'Short.'],
      [undefined, undefined],
    ]);
  });

  it.each([
    [{ picks: [] }, /pick at least one/],
    [{ picks: ['nothing like it'] }, /not in the digest/],
    [{ papers: { paper1: { note: 'x'.repeat(501) } } }, /note of “Paper 1” is 501 .* at most 500/],
  ])('are refused where they cannot be: %j', (edits, message) => {
    expect(() => applyEdits(digest, chosen, edits)).toThrow(message);
  });
});

describe('what is typed on the command line', () => {
  it('picks by arXiv id or number first, and fills up with the picker’s choice', () => {
    expect(wish({ pick: ['5', 'arXiv:2509.00004v2'] }).picks).toEqual([
      'paper5',
      'paper4',
      'paper1',
    ]);
  });

  it('drops, and the next one moves up', () => {
    expect(wish({ drop: ['1', '2509.00003'] }).picks).toEqual(['paper2', 'paper4', 'paper5']);
  });

  it('leaves the choice alone where none is named', () => {
    expect(wish({ note: ['2=a=b'] })).toMatchObject({ papers: { paper2: { note: 'a=b' } } });
    expect(wish({ note: ['2=a'] }).picks).toBeUndefined();
  });

  it('gathers all that is said of one paper', () => {
    const { papers } = wish({ note: ['1=n'], title: ['2509.00001=t'], summary: ['1=s'] });
    expect(papers).toEqual({ paper1: { note: 'n', title: 't', summary: 's' } });
  });

  it.each([
    [{ drop: ['6'] }, /no paper 6.*1 to 5/],
    [{ pick: ['2509.99999'] }, /no paper 2509.99999/],
    [{ note: ['hello'] }, /--note hello: write it as ID=TEXT/],
  ])('is refused where it names no paper: %j', (options, message) => {
    expect(() => wish(options)).toThrow(message);
  });
});
