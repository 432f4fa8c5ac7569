import type { Edits, PaperEdit } from '../../edition/edits.ts';
import type { DraftContent } from '../../store/desk.ts';
import type { Fields } from '../plumbing/form.ts';

/** What a press of a button asks for: `up KEY`, `down KEY`; anything else only saves. */
type Act = { readonly by: -1 | 1; readonly key: string } | null;

/** The draft as the form says it. `own`: the picker's choice, which need not be written down. */
export function readDraftForm(
  content: DraftContent,
  fields: Fields,
  own: readonly string[],
): DraftContent {
  const { texts } = fields;
  const picks = moved(fields.all('pick'), readAct(texts.act ?? ''));
  const edits: Edits = {
    ...said('subject', texts.subject),
    ...said('preheader', texts.preheader),
    ...said('intro', texts.intro),
    ...(picks.join('\n') === own.join('\n') ? {} : { picks }),
    papers: readPapers(fields),
  };
  return {
    ...content,
    kind: texts.kind === 'daily' ? 'daily' : 'manual',
    public: texts.public === 'yes',
    edits,
  };
}

function readPapers({ texts }: Fields): Record<string, PaperEdit> {
  const papers: Record<string, PaperEdit> = {};
  for (const [name, text] of Object.entries(texts)) {
    const [, what, key] = /^(title|summary|note)\.(.+)$/s.exec(name) ?? [];
    if (what === undefined || key === undefined || text.trim() === '') continue;
    papers[key] = { ...papers[key], [what]: text.trim() };
  }
  return papers;
}

function said(name: 'subject' | 'preheader' | 'intro', text = ''): Edits {
  return text.trim() === '' ? {} : { [name]: text.replace(/\r\n?/g, '\n') };
}

function readAct(text: string): Act {
  const [, way, key] = /^(up|down) (.+)$/s.exec(text) ?? [];
  return key === undefined ? null : { by: way === 'up' ? -1 : 1, key };
}

function moved(picks: readonly string[], act: Act): readonly string[] {
  const from = act ? picks.indexOf(act.key) : -1;
  const to = from + (act?.by ?? 0);
  if (!act || from === -1 || to < 0 || to >= picks.length) return picks;
  const rest = picks.filter(key => key !== act.key);
  return [...rest.slice(0, to), act.key, ...rest.slice(to)];
}
