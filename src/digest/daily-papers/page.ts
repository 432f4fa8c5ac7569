import { z } from 'zod';
import type { Day } from '../../lib/day.ts';
import { InputError } from '../../lib/errors.ts';
import { dayOf } from '../feed/entry.ts';
import { attributeIn } from '../html.ts';
import { checkCount, parseJson } from '../json.ts';

const mark = { attribute: 'data-target', value: 'DailyPapers', wanted: 'data-props' } as const;

const schema = z.object({
  dailyPapers: z.array(z.unknown()),
  dateString: z.string().nullish().catch(null),
});

/** Whether `html` is the page https://huggingface.co/papers with its list in it. */
export function isDailyPapersPage(html: string): boolean {
  return html.includes(`data-target="${mark.value}"`) && /<\w/.test(html.slice(0, 2000));
}

/**
 * The items that the page brings along for its scripts, as JSON in an attribute, and the page's day
 * where it says one. They are written as the API writes them. Throws InputError.
 */
export function readPage(html: string, source: string): { items: unknown[]; day: Day | null } {
  const json = attributeIn(html, mark);
  const props = json === null ? null : schema.safeParse(parseJson(json, source)).data;
  if (!props) {
    throw new InputError(
      `${source}: this page of Daily Papers has no list in it that Paperround can read. ` +
        'Take its API instead: https://huggingface.co/api/daily_papers',
    );
  }
  checkCount(props.dailyPapers.length, source);
  return { items: props.dailyPapers, day: dayOf(props.dateString ?? '') };
}
