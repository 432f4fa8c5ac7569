import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { InputError } from '../../lib/errors.ts';
import { writeSubscriberCsv } from '../../readers/csv.ts';
import { forecastImport, importFile, type RowForecast } from '../../readers/import.ts';
import { readPerson } from '../../readers/list.ts';
import { countSubscribers, listSubscribers, searchSubscribers } from '../../store/subscribers.ts';
import { readFields } from '../plumbing/form.ts';
import { showAddress } from '../plumbing/show-address.ts';
import { count, shown } from './common.ts';
import type { DeskParts } from './parts.ts';
import { createUploads } from './uploads.ts';

const mostFound = 50;
const mostRows = 500;
/** Looked at in some 15 ms. */
const rowsAtOnce = 250;
const pageSize = 1_000;

/** The list: who is on it, who comes and goes by hand. */
export function readerRoutes(parts: DeskParts): Hono {
  const { reader, pages, list, runtime } = parts;
  const uploads = createUploads(runtime);
  const web = new Hono();
  const page = async (search: string, done: string | null) => {
    const counts = Object.entries(await countSubscribers(reader));
    const found = search ? await searchSubscribers(reader, search, mostFound) : [];
    return pages.page('readers', {
      at: 'readers',
      search,
      done,
      counts: counts.map(([status, number]) => `${shown(number)} ${status}`).join(', '),
      found: found.map(({ address, name, ...rest }) => ({
        ...rest,
        address,
        shown: showAddress(address),
        name: name ?? '',
        onList: ['active', 'pending', 'guest'].includes(rest.status),
      })),
      nothing: search !== '' && found.length === 0,
      more: found.length === mostFound,
    });
  };
  web.get('/readers', async context =>
    context.html(await page((context.req.query('q') ?? '').slice(0, 200).trim(), null)),
  );

  web.post('/readers/add', async context => {
    const { texts } = await readFields(context.req.raw);
    const frequency = texts.frequency === 'weekly' ? 'weekly' : 'daily';
    const person = readPerson(texts.address ?? '', frequency);
    const { address } = person.address;
    const said = {
      added: `${address} was added.`,
      'there already': `${address} is on the list already.`,
      suppressed: `${address} left or was removed, and was not added.`,
    }[await list.add(person, 'desk')];
    return context.html(await page(address, said));
  });
  web.post('/readers/remove', async context => {
    const { address } = await list.remove(
      (await readFields(context.req.raw)).texts.address ?? '',
      'editor',
    );
    return context.html(await page('', `${address} was removed.`));
  });
  web.post('/readers/forget', async context => {
    await list.forget((await readFields(context.req.raw)).texts.address ?? '');
    return context.html(
      await page(
        '',
        'Forgotten. Only a keyed hash of the address stays, so that no list brings it back.',
      ),
    );
  });

  web.post('/readers/forecast', async context => {
    const file = await (await readFields(context.req.raw)).file('file');
    if (!file) throw new InputError('No file was chosen.');
    const { sums, rows } = await forecast(parts, file.name, file.bytes);
    return context.html(
      pages.page('import', {
        at: 'readers',
        upload: uploads.keep(file),
        file: file.name,
        sums,
        rows,
      }),
    );
  });
  web.post('/readers/import', async context => {
    const file = uploads.take((await readFields(context.req.raw)).texts.upload ?? '');
    if (!file) throw new InputError('That file is not here any more. Choose it once more.');
    const report = await importFile(list, file.name, undefined, () => open(file.bytes));
    const { added, present, suppressed, bad } = report;
    const said = `${count(added, 'reader')} added, ${shown(present)} on the list already, ${shown(suppressed)} suppressed, ${count(bad, 'row')} left out.`;
    return context.html(await page('', said));
  });

  web.get('/readers/export.csv', context => {
    context.header('content-type', 'text/csv; charset=utf-8');
    context.header('content-disposition', 'attachment; filename="readers.csv"');
    return stream(context, async out => {
      for await (const line of writeSubscriberCsv(everybody(parts))) await out.write(line);
    });
  });
  return web;
}

const open = (bytes: Buffer) => Readable.from([bytes]);

async function forecast({ list, runtime }: DeskParts, name: string, bytes: Buffer) {
  const sums = { added: 0, 'there already': 0, suppressed: 0, 'left out': 0 };
  const rows: RowForecast[] = [];
  let seen = 0;
  for await (const row of forecastImport(list, name, () => open(bytes))) {
    sums[row.outcome] += 1;
    seen += 1;
    if (rows.length < mostRows) rows.push(row);
    // So that the event loop goes on: mails are being sent meanwhile.
    if (seen % rowsAtOnce === 0) await runtime.wait(0);
  }
  return {
    sums: Object.entries(sums).map(([outcome, number]) => ({ outcome, number: shown(number) })),
    rows: rows.map(row => ({ ...row, address: row.address ?? '', reason: row.reason ?? '' })),
  };
}

async function* everybody({ reader }: DeskParts) {
  for (let afterId = 0; ; ) {
    const page = await listSubscribers(reader, { afterId, limit: pageSize });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    afterId = last.id;
  }
}
