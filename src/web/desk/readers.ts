import { Readable } from 'node:stream';
import { Hono } from 'hono';
import { stream } from 'hono/streaming';
import { showAddress } from '../../lib/address.ts';
import { InputError } from '../../lib/errors.ts';
import { writeSubscriberCsv } from '../../readers/csv.ts';
import {
  describeImport,
  type ImportOptions,
  importFile,
  type ListFile,
  type RowOutcome,
} from '../../readers/import.ts';
import { readPerson } from '../../readers/list.ts';
import { dayInName } from '../../readers/list-folder.ts';
import { type OpenColumn, OpenQuestionError } from '../../readers/questions.ts';
import { countSubscribers, listSubscribers, searchSubscribers } from '../../store/subscribers.ts';
import { type Fields, readFields } from '../plumbing/form.ts';
import { count, type DeskParts, shown } from './parts.ts';
import { createUploads, type Upload } from './uploads.ts';

const mostFound = 50;
const mostRows = 500;
/** How many values of a column one may choose among. */
const mostValues = 20;
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
    const fields = await readFields(context.req.raw);
    const file = (await fields.file('file')) ?? uploads.take(fields.texts.upload ?? '');
    if (!file) throw new InputError('No file was chosen, or it is not here any more.');
    const options = importOptions(fields);
    const shown = await forecast(parts, file, options);
    const hidden = ['opt-out', 'ignore-column', 'opted-out'].flatMap(name =>
      fields.all(name).map(value => ({ name, value })),
    );
    return context.html(
      pages.page('import', {
        at: 'readers',
        upload: uploads.keep(file),
        file: file.name,
        hidden,
        ...shown,
      }),
    );
  });
  web.post('/readers/import', async context => {
    const fields = await readFields(context.req.raw);
    const file = uploads.take(fields.texts.upload ?? '');
    if (!file) throw new InputError('That file is not here any more. Choose it once more.');
    const report = await importFile(list, listOf(parts, file), importOptions(fields));
    return context.html(await page('', describeImport(report, 'reader')));
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

function listOf({ runtime }: DeskParts, { name, bytes }: Upload): ListFile {
  const madeAt = dayInName(name) ?? runtime.now();
  return { file: name, open: () => Readable.from([bytes]), madeAt };
}

/** What the form says of how a list is to be read. */
function importOptions({ texts, all }: Fields): ImportOptions {
  if (texts['opted-out'] === 'yes') return { suppress: { reason: null } };
  return { answers: { optOut: all('opt-out'), ignoreColumn: all('ignore-column') } };
}

async function forecast(parts: DeskParts, file: Upload, options: ImportOptions) {
  const rows: RowOutcome[] = [];
  let seen = 0;
  const onRow = async (row: RowOutcome) => {
    seen += 1;
    if (rows.length < mostRows) rows.push(row);
    // So that the event loop goes on: mails are being sent meanwhile.
    if (seen % rowsAtOnce === 0) await parts.runtime.wait(0);
  };
  try {
    const list = parts.list.rehearsal();
    const report = await importFile(list, listOf(parts, file), { ...options, onRow });
    const { added, present, suppressed, kept, bad } = report;
    const sums = { added, 'there already': present, suppressed, kept, 'left out': bad };
    return {
      open: null,
      said: describeImport(report, options.suppress ? null : 'reader'),
      sums: Object.entries(sums).map(([outcome, number]) => ({ outcome, number: shown(number) })),
      rows: rows.map(row => ({ ...row, address: row.address ?? '', reason: row.reason ?? '' })),
    };
  } catch (error) {
    if (!(error instanceof OpenQuestionError)) throw error;
    return { open: { columns: error.columns.map(questionView) }, said: '', sums: [], rows: [] };
  }
}

function questionView({ name, values, more, suspects }: OpenColumn) {
  const choices = values.slice(0, mostValues).map(([value, rows]) => ({
    text: value,
    // A comma would end it.
    value: `${name}=${value.replaceAll(',', ' ')}`,
    rows: count(rows, 'row'),
    isSuspect: suspects.includes(value),
  }));
  return { name, choices, more: more || values.length > mostValues };
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
