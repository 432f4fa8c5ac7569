import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type { App } from '../../src/app.ts';
import { deliverNow } from '../../src/cli/send-deliver.ts';
import { prepare } from '../../src/delivery/prepare.ts';
import { getEdition, moveEdition } from '../../src/store/editions.ts';
import { addReaders, aRequest, deliver, publishEdition, startApp } from '../support/app.ts';
import { startSink } from '../support/smtp-sink.ts';

const everybody = { missing: 1, waiting: 0, had: 0, lost: 0, people: null };

/** Sends today's edition as `send` does, once it is decided to. @returns the exit code. */
async function send(app: App): Promise<number> {
  const io = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const prepared = await prepare(app.publishing, aRequest());
  if (prepared.edition === null) throw new Error(prepared.reason);
  return deliverNow(io, app, prepared, everybody, {});
}

/** An app whose edition one reader has and another, who came later, has not. */
async function withLateReader() {
  const sink = await startSink();
  const app = await startApp({ SMTP_URL: sink.url });
  await addReaders(app, ['ada@example.org']);
  const edition = await publishEdition(app);
  await deliver(app, edition);
  await addReaders(app, ['emmy@example.org']);
  return { app, edition };
}

it('send does not claim to have sent an edition whose time is over', async () => {
  const { app, edition } = await withLateReader();
  await moveEdition(app.db, edition, ['sent'], 'expired');
  await expect(send(app)).rejects.toThrow('edition 1 is expired, so nobody gets it any more');
});

it('send of a paused edition says that not everybody has it', async () => {
  const { app, edition } = await withLateReader();
  await moveEdition(app.db, edition, ['sent'], 'paused', { pausedBy: 'operator', reason: 'x' });
  expect(await send(app)).toBe(3);
});

it('send goes on where lanes stopped before everybody was tried', async () => {
  const sink = await startSink();
  const app = await startApp({ SMTP_URL: sink.url });
  await addReaders(app, ['ada@example.org']);
  // As lanes do while their worker's lease is in doubt.
  let inDoubt = true;
  const startWorker: App['startWorker'] = async smtp => {
    const worker = await app.startWorker(smtp);
    return {
      ...worker,
      deliver: async (edition, options) => {
        if (!inDoubt) return worker.deliver(edition, options);
        inDoubt = false;
        return null;
      },
    };
  };
  expect(await send({ ...app, startWorker })).toBe(0);
  expect(await getEdition(app.db, 1)).toMatchObject({ status: 'sent' });
});
