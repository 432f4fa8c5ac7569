import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { describe as describeEdition } from '../../src/cli/send-report.ts';
import { prepare } from '../../src/delivery/prepare.ts';
import { addReaders, aRequest, publishEdition, startApp, type TestApp } from '../support/app.ts';
import { aDigest, aPaper } from '../support/builders.ts';

const toThree = { missing: 3, waiting: 0, had: 0, lost: 0, people: null };

/** What `send` says beforehand of a manual edition to three readers. */
async function said(app: TestApp, titles: readonly string[]): Promise<string> {
  const stderr = new PassThrough();
  const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr };
  const digest = aDigest({ papers: titles.map(title => aPaper({ title })) });
  const prepared = await prepare(app.publishing, aRequest({ kind: 'manual', digest }));
  if (prepared.edition === null) throw new Error(prepared.reason);
  await describeEdition(io, app, prepared, toThree);
  return `${stderr.read()}`;
}

it('send says beforehand where most readers got these papers today', async () => {
  const app = await startApp();
  await addReaders(app, ['ada@example.org', 'alan@example.org']);
  await addReaders(app, ['emmy@example.org'], 'weekly');
  await publishEdition(app);
  expect(await said(app, ['Paper 1', 'Paper 2', 'Paper 3'])).toContain(
    '  2 readers got most of these papers today, by another edition\n',
  );
  expect(await said(app, ['Paper 1', 'Another', 'A Third'])).not.toContain('got most');
});
