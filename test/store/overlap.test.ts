import { describe, expect, it } from 'vitest';
import { moveEdition } from '../../src/store/editions.ts';
import { countReadersOf } from '../../src/store/papers.ts';
import { addReaders, publishEdition, startApp } from '../support/app.ts';
import { aDigest, aPaper } from '../support/builders.ts';

const date = '2025-09-03';
const papersOf = (...titles: string[]) => titles.map(title => aPaper({ title }));

describe('who has these papers today', () => {
  it('is who got more than half of them by another edition that was not cancelled', async () => {
    const app = await startApp();
    await addReaders(app, ['ada@example.org', 'alan@example.org']);
    await addReaders(app, ['emmy@example.org'], 'weekly');
    const papers = papersOf('One', 'Two', 'Three');
    const id = await publishEdition(app, { digest: aDigest({ papers }) });
    const readers = (papers: ReturnType<typeof papersOf>, values = {}) =>
      countReadersOf(app.db, papers, { date, except: null, ...values });
    expect(await readers(papers)).toBe(2);
    expect(await readers(papersOf('One', 'Two', 'Four'))).toBe(2);
    expect(await readers(papersOf('One', 'Four'))).toBe(0);
    expect(await readers(papers, { except: id })).toBe(0);
    expect(await readers(papers, { date: '2025-09-04' })).toBe(0);
    await moveEdition(app.db, id, ['sending'], 'cancelled');
    expect(await readers(papers)).toBe(0);
  });
});
