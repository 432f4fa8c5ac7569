import { describe, expect, it } from 'vitest';
import { withoutLeadIn } from '../../src/edition/cues.ts';

const claim = 'we propose a model that reads quickly';

describe('withoutLeadIn', () => {
  it.each([
    'In this paper, ',
    'In this work ',
    'In this technical report, ',
    'Here, ',
    'To this end, ',
    'To address these challenges, ',
    'To bridge the gap, ',
    'To deal with this at scale, ',
    'Motivated by these findings, ',
    'Moreover, ',
    'As a result, in this study, ',
    'While others read slowly, carefully and (as we know) with pain, ',
    'Leveraging such insights, ',
    'Unlike models that read twice, ',
  ])('drops “%s”', leadIn => {
    const expected = leadIn.startsWith('While') ? `${leadIn}${claim}.` : `We${claim.slice(2)}.`;
    expect(withoutLeadIn(`${leadIn}${claim}.`)).toBe(expected);
  });

  it.each([
    'To read quickly, we propose a model that skips every second word.',
    'By training on maps such as these, we propose to read streets.',
    'In this paper.',
    'Here we stand, and can do no other than to read.',
    'While others read slowly, our model reads quickly and well.',
    'We study this at length, and in the end we propose nothing at all.',
  ])('leaves “%s”', sentence => {
    expect(withoutLeadIn(sentence)).toBe(sentence);
  });
});
