import { describe, expect, it } from 'vitest';
import { type EditionRequest, prepare } from '../../src/delivery/prepare.ts';
import { publish } from '../../src/delivery/publish.ts';
import { editionWire, getEdition, listEditions, moveEdition } from '../../src/store/editions.ts';
import {
  addReaders,
  addresses,
  aRequest,
  publishEdition,
  startApp,
  statesOf,
} from '../support/app.ts';
import { aDigest, aPaper, papers } from '../support/builders.ts';
import { hours, morning } from '../support/runtime.ts';

async function prepared(
  app: Awaited<ReturnType<typeof startApp>>,
  values: Partial<EditionRequest> = {},
) {
  const result = await prepare(app.publishing, aRequest(values));
  if (result.edition === null) throw new Error(result.reason);
  return result;
}

const titles = ({ picks }: { picks: readonly { paper: { title: string } }[] }) =>
  picks.map(({ paper }) => paper.title);

describe('preparing an edition', () => {
  it('stores nothing', async () => {
    const app = await startApp();
    await prepared(app);
    expect(await listEditions(app.db, 9)).toEqual([]);
  });

  it('picks what earlier editions of its kind did not carry, and carries on from there', async () => {
    const app = await startApp();
    const digest = aDigest({ papers: papers(5) });
    const order = { digest, papers: 2 };
    await publishEdition(app, { ...order, date: '2025-09-03' });
    const next = await prepared(app, { ...order, date: '2025-09-04' });
    expect(titles(next.edition)).toEqual(['Paper 3', 'Paper 4']);
    const manual = await prepared(app, { ...order, date: '2025-09-04', kind: 'manual' });
    expect(titles(manual.edition)).toEqual(['Paper 1', 'Paper 2']);
  });

  it('says why where nothing is new', async () => {
    const app = await startApp();
    await publishEdition(app);
    expect(await prepare(app.publishing, aRequest({ date: '2025-09-04' }))).toMatchObject({
      edition: null,
      reason: 'nothing new: all 3 papers of 2025-09-03 were carried by earlier editions',
    });
  });

  it('starts over where it is told to', async () => {
    const app = await startApp();
    await publishEdition(app);
    const again = await prepared(app, { date: '2025-09-04', startOver: true });
    expect(titles(again.edition)).toEqual(['Paper 1', 'Paper 2', 'Paper 3']);
  });

  it('finds the same edition again, and no other', async () => {
    const app = await startApp();
    const manual = { kind: 'manual', edits: { intro: 'Hello.' } } as const;
    const id = await publishEdition(app, manual);
    expect((await prepared(app, manual)).existing).toMatchObject({ id });
    for (const different of [
      { edits: { intro: 'Good morning.' } },
      { edits: { intro: 'Hello.', subject: 'Another' } },
      { date: '2025-09-04', startOver: true },
      { papers: 2 },
      { digest: aDigest({ date: '2025-09-02' }) },
      { kind: 'daily' as const },
    ]) {
      expect((await prepared(app, { ...manual, ...different })).existing).toBeNull();
    }
  });

  it('counts what did not fit as not carried', async () => {
    const app = await startApp();
    const url = `https://papers.example.org/${'x'.repeat(1_900)}`;
    const long = papers(50).map(paper => aPaper({ ...paper, url, pdfUrl: url, codeUrl: url }));
    const { edition, rendered } = await prepared(app, {
      digest: aDigest({ papers: long }),
      papers: 50,
    });
    expect(rendered.picks).toBeLessThan(50);
    expect(edition.picks).toHaveLength(rendered.picks);
  });
});

describe('publishing', () => {
  it('stores the edition once, whoever asks and however often', async () => {
    const app = await startApp();
    await addReaders(app, addresses(3));
    const ids = await Promise.all([publishEdition(app), publishEdition(app)]);
    expect(ids[0]).toBe(ids[1]);
    expect(await statesOf(app, ids[0] ?? 0)).toEqual({ queued: 3 });
  });

  it('keeps the first bytes: a second one does not change what is being sent', async () => {
    const app = await startApp();
    const id = await publishEdition(app);
    const before = await editionWire(app.db, id);
    await publishEdition(app, { digest: aDigest({ papers: papers(7) }) });
    expect(await editionWire(app.db, id)).toBe(before);
  });

  it('again on purpose makes a new manual edition', async () => {
    const app = await startApp();
    await addReaders(app, addresses(2));
    const manual = await prepared(app, { kind: 'manual' });
    const first = await publish(app.publishing, manual, 'readers');
    const second = await publish(app.publishing, manual, 'readers', { again: true });
    const third = await publish(app.publishing, manual, 'readers', { again: true });
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await statesOf(app, third)).toEqual({ queued: 2 });
  });

  it('makes a new one where the first was cancelled', async () => {
    const app = await startApp();
    const first = await publishEdition(app);
    await moveEdition(app.db, first, ['sending'], 'cancelled');
    expect(await publishEdition(app)).not.toBe(first);
  });

  it('to named people makes deliveries for them alone, and later for all the others', async () => {
    const app = await startApp();
    await addReaders(app, addresses(3));
    const manual = await prepared(app, { kind: 'manual' });
    const id = await publish(app.publishing, manual, { named: [2] });
    expect(await statesOf(app, id)).toEqual({ queued: 1 });
    expect(await getEdition(app.db, id)).toMatchObject({ audience: 'named' });
    await publish(app.publishing, manual, 'readers');
    expect(await statesOf(app, id)).toEqual({ queued: 3 });
    expect(await getEdition(app.db, id)).toMatchObject({ audience: 'readers' });
  });

  it('leaves one that is scheduled to its time: for some readers, and where it was not known of', async () => {
    const app = await startApp();
    await addReaders(app, addresses(3));
    const manual = await prepared(app, { kind: 'manual' });
    const sendAt = morning + hours(2);
    const later = await prepared(app, { kind: 'manual', sendAt });
    const id = await publish(app.publishing, later, 'readers');
    const named = publish(app.publishing, manual, { named: [2] });
    await expect(named).rejects.toThrow(/edition 1 is scheduled for all readers: cancel it first/);
    await publish(app.publishing, manual, 'readers');
    expect(await getEdition(app.db, id)).toMatchObject({ status: 'scheduled', sendAt });
    expect(await statesOf(app, id)).toEqual({});
  });

  it('lists daily editions on the web, manual ones on request', async () => {
    const app = await startApp();
    const listed = async (values: Partial<EditionRequest>) =>
      (await getEdition(app.db, await publishEdition(app, values)))?.public;
    expect(await listed({})).toBe(true);
    expect(await listed({ kind: 'manual' })).toBe(false);
    expect(await listed({ kind: 'manual', edits: { intro: 'Hi' }, public: true })).toBe(true);
  });
});
