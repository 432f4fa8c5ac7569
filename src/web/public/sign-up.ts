import { type Context, Hono } from 'hono';
import { type Address, parseAddress } from '../../lib/address.ts';
import type { Checked } from '../../lib/errors.ts';
import { readerProblem } from '../../readers/list.ts';
import { confirm, confirmState, renewLink, signUp } from '../../readers/sign-up.ts';
import { smtputf8Offered } from '../../store/settings.ts';
import { readForm } from '../plumbing/form.ts';
import { countTry } from '../plumbing/limits.ts';
import type { WebParts } from '../plumbing/pages.ts';
import { createStamps, type StampAge } from './stamp.ts';

/** The form's fields, with the most characters each may have. `website` is a trap for machines. */
const fields = { address: 320, frequency: 10, stamp: 64, website: 200 };

/** Said where a form came back too quickly, or was open for too long. */
const onceMore: Readonly<Record<StampAge, string | null>> = {
  right: null,
  early: 'That was quick. Please press Subscribe once more, so that we know that you are a person.',
  unknown: 'This page was open for long. Please press Subscribe once more.',
};

/** What somebody typed, to be shown again. */
type Sent = { readonly address: string; readonly weekly: boolean };

/** Signing up: asking, and confirming. */
export function signUpRoutes(parts: WebParts): Hono {
  const { pages, runtime, site, suppressionKey } = parts;
  const stamps = createStamps(suppressionKey);
  const web = new Hono();

  const showForm = (context: Context, sent: Sent, problem: string | null, known = '') => {
    // Who was too quick once has been here for longer when they press again.
    const keeps = stamps.read(known, runtime.now()) !== 'unknown';
    const stamp = keeps ? known : stamps.make(runtime.now());
    return pages.show(context, 'subscribe', { ...sent, stamp, problem });
  };

  /** Why an address cannot sign up, a sentence; null where it can. */
  const problemWith = async (typed: string, address: Checked<Address>) => {
    if (typed === '') return 'Please type your address.';
    if (!address.ok) return `This is no address that can be mailed: ${address.problem}.`;
    if (!address.value.utf8Local) return null;
    const problem = readerProblem(address.value, await smtputf8Offered(parts.reader));
    return problem && `This address cannot be mailed from here: ${problem}.`;
  };

  web.get('/subscribe', context =>
    site.signUp ? showForm(context, { address: '', weekly: false }, null) : context.notFound(),
  );
  web.post('/subscribe', async context => {
    if (!site.signUp) return context.notFound();
    const { website, stamp, ...form } = await readForm(context.req.raw, fields);
    const sent = { address: form.address.trim(), weekly: form.frequency === 'weekly' };
    const address = parseAddress(sent.address);
    const problem =
      (await problemWith(sent.address, address)) ?? onceMore[stamps.read(stamp, runtime.now())];
    if (!address.ok || problem !== null) return showForm(context, sent, problem, stamp);
    const excess = await countTry(parts, context, address.value.key);
    if (excess === 'client') return pages.show(context, 'too-many');
    // From here on one answer for everybody: it must not tell who is on the list.
    if (excess === null && website === '') {
      const frequency = sent.weekly ? 'weekly' : 'daily';
      // Nobody is woken for it: what it comes to must not be felt in the next answer either.
      await signUp(parts.db, runtime, suppressionKey, { address: address.value, frequency });
    }
    return pages.show(context, 'asked');
  });

  const showState = (context: Context, state: 'done' | 'over' | 'renewable', text: string) => {
    if (state === 'done') return pages.show(context, 'confirmed', { now: false });
    if (state === 'over') return pages.show(context, 'link-over');
    return pages.show(context, 'confirm-expired', { path: `/confirm/${text}/again` });
  };

  web.get('/confirm/:token', async context => {
    const text = context.req.param('token');
    const state = await confirmState({ ...parts, db: parts.reader }, text);
    if (state === 'asks') return pages.show(context, 'confirm', { path: `/confirm/${text}` });
    return showState(context, state, text);
  });
  web.post('/confirm/:token', async context => {
    const text = context.req.param('token');
    const confirmed = await confirm(parts, text);
    if (confirmed.state !== 'done') return showState(context, confirmed.state, text);
    parts.onNotice();
    parts.onDelivery();
    return pages.show(context, 'confirmed', { now: confirmed.now });
  });
  web.post('/confirm/:token/again', async context => {
    if ((await countTry(parts, context, null)) === 'client') {
      return pages.show(context, 'too-many');
    }
    await renewLink(parts, context.req.param('token'));
    return pages.show(context, 'asked');
  });

  return web;
}
