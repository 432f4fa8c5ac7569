import { openConnection } from '../../src/delivery/smtp.ts';
import { startWorker } from '../../src/delivery/worker.ts';
import { createRuntime } from '../../src/lib/runtime.ts';
import { openDatabase } from '../../src/store/database.ts';
import { makeDue } from '../../src/store/deliveries.ts';
import { openEditions } from '../../src/store/editions.ts';
import { linkKeys } from '../../src/store/settings.ts';

// A process of its own, to be killed: one worker that delivers whatever is open until all is sent.
// Arguments: the database's file, the SMTP server's port, how many lanes.
const [, , path = '', port = '', lanes = ''] = process.argv;
const smtp = {
  host: '127.0.0.1',
  port: Number(port),
  tls: 'none',
  auth: null,
  clientName: 'news.example.org',
} as const;

const runtime = createRuntime('error');
const db = await openDatabase(path, runtime);
const worker = await startWorker({
  db,
  runtime,
  connect: () => openConnection(smtp),
  from: 'papers@news.example.org',
  lanes: Number(lanes),
  linkKeys: await linkKeys(db, runtime),
  // As in the program, only shorter, so that a kill is over sooner.
  lease: { ms: 600, beatMs: 150 },
});
process.on('SIGTERM', () => worker.halt());
process.on('disconnect', () => process.exit());
process.send?.('ready');

/** @returns whether anything is left to do. */
async function round(): Promise<boolean> {
  await worker.takeOver();
  const open = await openEditions(db);
  if (open.length === 0 || worker.stopping) return false;
  for (const id of open) {
    // Nobody waits out a back-off here.
    await makeDue(db, id, runtime.now());
    await worker.deliver(id);
  }
  return true;
}

// What goes wrong is said and tried again, as the program does it.
const complain = (error: Error) => {
  console.error(error.message);
  return true;
};
while (await round().catch(complain)) await runtime.wait(20);
await worker.stop();
await db.destroy();
process.disconnect?.();
