import { type Context, Hono } from 'hono';
import { parseAddress, showAddress } from '../../lib/address.ts';
import { readerProblem } from '../../readers/list.ts';
import {
  askToChange,
  changeOf,
  confirmChange,
  dataOf,
  forgetByToken,
  managerOf,
} from '../../readers/preferences.ts';
import { smtputf8Offered } from '../../store/settings.ts';
import { readForm } from '../plumbing/form.ts';
import { countTry } from '../plumbing/limits.ts';
import type { WebParts } from '../plumbing/pages.ts';

/** What takes a fresh link, mailed to the reader's own address: mails get forwarded. */
export function manageRoutes(parts: WebParts): Hono {
  const { pages, reader } = parts;
  const web = new Hono();
  const over = (context: Context) => pages.show(context, 'link-over');
  const looking = { ...parts, db: reader };

  const show = (context: Context, address: string, problem: string | null) => {
    const path = `/manage/${context.req.param('token')}`;
    return pages.show(context, 'manage', { path, address: showAddress(address), problem });
  };

  web.get('/manage/:token', async context => {
    const found = await managerOf(looking, context.req.param('token'));
    return found ? show(context, found.address, null) : over(context);
  });
  web.get('/manage/:token/data', async context => {
    const data = await dataOf(looking, context.req.param('token'));
    if (!data) return over(context);
    return context.body(`${JSON.stringify(data, null, 2)}\n`, 200, {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="my-data.json"',
    });
  });
  web.post('/manage/:token/address', async context => {
    const form = await readForm(context.req.raw, { address: 320 });
    const found = await managerOf(parts, context.req.param('token'));
    if (!found) return over(context);
    const address = parseAddress(form.address.trim());
    const problem = address.ok
      ? readerProblem(address.value, await smtputf8Offered(reader))
      : address.problem;
    if (!address.ok || problem) {
      return show(context, found.address, `This address cannot be mailed: ${problem}.`);
    }
    const excess = await countTry(parts, context, address.value.key);
    if (excess === 'client') return pages.show(context, 'too-many');
    if (excess === null) {
      await askToChange(parts, parts.suppressionKey, found, address.value);
      parts.onNotice();
    }
    return pages.show(context, 'change-asked');
  });
  web.post('/manage/:token/forget', async context => {
    const forgotten = await forgetByToken(parts, context.req.param('token'));
    return forgotten ? pages.show(context, 'forgotten') : over(context);
  });

  web.get('/change/:token', async context => {
    const text = context.req.param('token');
    const change = await changeOf(looking, text);
    return change ? pages.show(context, 'change', { path: `/change/${text}` }) : over(context);
  });
  web.post('/change/:token', async context => {
    const changed = await confirmChange(parts, context.req.param('token'));
    return changed ? pages.show(context, 'changed') : over(context);
  });
  return web;
}
