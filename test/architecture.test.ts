import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Imports point down these steps only; those of one step do not import each other. */
const steps = [
  ['main.ts'],
  ['cli'],
  ['app.ts'],
  ['config'],
  ['web', 'schedule'],
  ['delivery'],
  ['readers'],
  ['sources'],
  ['store', 'mail'],
  ['edition'],
  ['digest'],
  ['lib'],
];

/** The same within a folder that has rooms of its own; its files stand above them. */
const rooms: Readonly<Record<string, readonly (readonly string[])[]>> = {
  web: [['public', 'desk', 'inbox'], ['plumbing']],
  mail: [['check', 'message'], ['render']],
};

/** A package is imported in one folder, but for these. */
const shared = new Map([
  ['zod', ['digest', 'web', 'readers', 'cli']], // Untrusted input has more than one edge.
  ['htmlparser2', ['digest', 'mail']], // Pages that others wrote, and mails that we did.
]);

type Import = { readonly from: string; readonly line: string; readonly target: string };

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => ({ path, text: readFileSync(join(root, 'src', path), 'utf8') }));

const importPattern =
  /^(?:import|export)\b(?:[^'";=(]*\bfrom)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;
const imports: readonly Import[] = files.flatMap(({ path, text }) =>
  [...text.matchAll(importPattern)].map(match => {
    const target = match[1] ?? match[2] ?? '';
    const inside = target.startsWith('.');
    return {
      from: path,
      target: inside ? relative('/', join('/', dirname(path), target)) : target,
      line: `src/${path} imports ${target}`,
    };
  }),
);
const inner = imports.filter(({ target }) => target.endsWith('.ts'));
const outer = imports.filter(
  ({ target }) => !target.endsWith('.ts') && !target.startsWith('node:'),
);

/** Where a path goes through in a folder: a folder in it, or a file. */
const place = (path: string, level = 0) => path.split('/')[level] ?? '';
const stepOf = (places: readonly (readonly string[])[], name: string) =>
  places.findIndex(names => names.includes(name));
const packageOf = (target: string) => /^(@[^/]+\/)?[^/]+/.exec(target)?.[0] ?? target;

/** The code without comments, in which a word may be talked about. */
const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '');
const filesWith = (pattern: RegExp) =>
  files.filter(({ text }) => pattern.test(code(text))).map(({ path }) => path);

describe('the layout of src/', () => {
  it('has only the places that are known here', () => {
    const known = steps.flat();
    expect(files.map(({ path }) => path).filter(path => !known.includes(place(path)))).toEqual([]);
    const strange = files.filter(({ path }) => {
      const within = rooms[place(path)];
      return within && stepOf(within, place(path, 1)) < 0 && path.split('/').length > 2;
    });
    expect(strange.map(({ path }) => path)).toEqual([]);
  });

  it('has imports that point one way', () => {
    const wrong = inner.filter(({ from, target }) => {
      const [source, goal] = [place(from), place(target)];
      if (source !== goal) return stepOf(steps, source) >= stepOf(steps, goal);
      const within = rooms[source];
      const [room, other] = [place(from, 1), place(target, 1)];
      return within && room !== other && stepOf(within, room) >= stepOf(within, other);
    });
    expect(wrong.map(({ line }) => line)).toEqual([]);
  });

  it('has no circle of imports, of files or of what stands beside each other in a folder', () => {
    const arrows = new Map<string, Set<string>>();
    for (const { from, target } of inner) {
      const [parts, others] = [from.split('/'), target.split('/')];
      const level = parts.findIndex((part, at) => part !== others[at]);
      const ends = [parts, others].map(path => path.slice(0, level + 1).join('/'));
      for (const [source = '', goal = ''] of [ends, [from, target]]) {
        arrows.set(source, (arrows.get(source) ?? new Set()).add(goal));
      }
    }
    const done = new Set<string>();
    const circle = (path: string, way: readonly string[]): readonly string[] | null => {
      if (way.includes(path)) return [...way.slice(way.indexOf(path)), path];
      if (done.has(path)) return null;
      const next = [...(arrows.get(path) ?? [])];
      const found = next.map(target => circle(target, [...way, path])).find(found => found);
      done.add(path);
      return found ?? null;
    };
    expect([...arrows.keys()].map(path => circle(path, [])).filter(found => found)).toEqual([]);
  });

  it('declares each type once: a name stands for one thing', () => {
    const places = new Map<string, string[]>();
    for (const { path, text } of files) {
      for (const [, name = ''] of code(text).matchAll(
        /^(?:export )?(?:type|interface|class) (\w+)/gm,
      )) {
        places.set(name, [...(places.get(name) ?? []), path]);
      }
    }
    expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
  });

  it('imports each outside package in one folder', () => {
    const users = new Map<string, Set<string>>();
    for (const { from, target } of outer) {
      const name = packageOf(target);
      users.set(name, (users.get(name) ?? new Set()).add(place(from)));
    }
    const wrong = [...users].filter(([name, places]) => {
      const allowed = shared.get(name);
      return allowed ? [...places].some(user => !allowed.includes(user)) : places.size > 1;
    });
    expect(wrong.map(([name, places]) => `${name}: ${[...places].join(', ')}`)).toEqual([]);
  });

  it('imports outside packages that package.json names, and those alone', () => {
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const wrong = outer.filter(({ target }) => !(packageOf(target) in dependencies));
    expect(wrong.map(({ line }) => line)).toEqual([]);
  });

  it('has a bin of at most 15 lines', () => {
    const main = files.find(({ path }) => path === 'main.ts');
    expect(main?.text.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
  });
});

describe('the edges of the program', () => {
  it('read the environment in config/ only', () => {
    expect(filesWith(/\bprocess\.env\b/)).toEqual(['config/config.ts']);
  });

  it('ask for the time in lib/runtime.ts only', () => {
    expect(filesWith(/\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/)).toEqual([
      'lib/runtime.ts',
    ]);
  });

  it('ask for chance in lib/runtime.ts only', () => {
    expect(filesWith(/\bMath\.random\b|\brandom(?:Bytes|UUID|Int)\b/)).toEqual(['lib/runtime.ts']);
  });

  it('write to the terminal in main.ts and cli/ only', () => {
    const pattern = /\bconsole\.|\bprocess\.std(?:out|err)\b/;
    expect(filesWith(pattern).filter(path => !['main.ts', 'cli'].includes(place(path)))).toEqual(
      [],
    );
  });

  it('have no default exports and no switches for tests', () => {
    expect(filesWith(/^export default\b|\bNODE_ENV\b|\b__test\b|\bVITEST\b/m)).toEqual([]);
  });
});
