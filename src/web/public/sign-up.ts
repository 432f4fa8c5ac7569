import { type Context, Hono } from 'hono';
import { parseAddress } from '../../lib/address.ts';
import { confirm, confirmState, renewLink } from '../../readers/confirm.ts';
import { readerProblem } from '../../readers/list.ts';
import { signUp } from '../../readers/sign-up.ts';
import { smtputf8Offered } from '../../store/settings.ts';
import { readForm } from '../plumbing/form.ts';
import { countTry } from '../plumbing/limits.ts';
import type { WebParts } from '../plumbing/parts.ts';
import { createStamps, type StampAge, type Stamps } from '../plumbing/stamp.ts';

/** The form's fields, with the most characters each may have. `website` is a trap for machines. */
const fields = { address: 320, frequency: 10, stamp: 64, website: 200 };

/** Said where a form came back too quickly, or was open for too long. */
const oncemore: Readonly<Record<Exclude<StampAge, 'right'>, string>> = {
  early: 'That was quick. Please press Subscribe once more, so that we know that you are a person.',
  unknown: 'This page was open for long. Please press Subscribe once more.',
};

/** Signing up: asking, and confirming. */
export function signUpPages(parts: WebParts): Hono {
  const { pages, runtime, onNotice } = parts;
  const stamps = stampsOf(parts);
  const web = new Hono();

  const formPage = (context: Context, sent: Sent, problem: string | null, known = '') => {
    // Who was too quick once has been here for longer when they press again.
    const keeps = stamps.read(known, runtime.now()) !== 'unknown';
    const stamp = keeps ? known : stamps.make(runtime.now());
    return context.html(pages.signUp({ ...sent, stamp, problem }), problem === null ? 200 : 422);
  };

  const answerTo = (context: Context, state: 'done' | 'over' | 'renewable', text: string) => {
    if (state === 'done') return context.html(pages.confirmed({ now: false }));
    if (state === 'over') return context.html(pages.linkOver(), 404);
    return context.html(pages.confirmExpired({ path: `/confirm/${text}/again` }), 410);
  };

  web.get('/subscribe', context =>
    parts.signUp ? formPage(context, nothingSent, null) : context.notFound(),
  );
  web.post('/subscribe', async context => {
    if (!parts.signUp) return context.notFound();
    const form = await readForm(context.req.raw, fields);
    const { website, stamp } = form;
    const frequency = form.frequency === 'weekly' ? 'weekly' : 'daily';
    const typed = form.address.trim();
    const address = parseAddress(typed);
    if (!address.ok) {
      const problem =
        typed === ''
          ? 'Please type your address.'
          : `This is no address that can be mailed: ${address.problem}.`;
      return formPage(context, { address: typed, frequency }, problem, stamp);
    }
    const unmailable = address.value.utf8Local
      ? readerProblem(address.value, await smtputf8Offered(parts.reader))
      : null;
    if (unmailable) {
      return formPage(
        context,
        { address: typed, frequency },
        `This address cannot be mailed from here: ${unmailable}.`,
        stamp,
      );
    }
    const age = stamps.read(stamp, runtime.now());
    if (age !== 'right') {
      return formPage(context, { address: typed, frequency }, oncemore[age], stamp);
    }
    const excess = await countTry(parts, context, address.value.key);
    if (excess === 'client') return context.html(pages.tooMany(), 429);
    // From here on one answer for everybody: it must not tell who is on the list.
    if (excess === null && website === '') {
      // Nobody is woken for it: what it comes to must not be felt in the next answer either.
      await signUp(parts.db, runtime, parts.suppressionKey, { address: address.value, frequency });
    }
    return context.html(pages.asked());
  });

  web.get('/confirm/:token', async context => {
    const text = context.req.param('token');
    const state = await confirmState({ ...parts, db: parts.reader }, text);
    if (state === 'asks') return context.html(pages.confirm({ path: `/confirm/${text}` }));
    return answerTo(context, state, text);
  });
  web.post('/confirm/:token', async context => {
    const text = context.req.param('token');
    const confirmed = await confirm(parts, text);
    if (confirmed.state !== 'done') return answerTo(context, confirmed.state, text);
    onNotice();
    parts.onDelivery();
    return context.html(pages.confirmed({ now: confirmed.now }));
  });
  web.post('/confirm/:token/again', async context => {
    if ((await countTry(parts, context, null)) === 'client') {
      return context.html(pages.tooMany(), 429);
    }
    await renewLink(parts, context.req.param('token'));
    return context.html(pages.asked());
  });

  return web;
}

/** What somebody typed, to be shown again. */
type Sent = { readonly address: string; readonly frequency: 'daily' | 'weekly' };
const nothingSent: Sent = { address: '', frequency: 'daily' };

/** The stamps of this installation's forms; any process that knows its keys reads them. */
export function stampsOf({ suppressionKey }: Pick<WebParts, 'suppressionKey'>): Stamps {
  return createStamps(suppressionKey);
}
