import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { run } from '../src/cli/run.ts';
import { settingsTable } from '../src/config/config.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The names under "Commands:" in the help of a command (none: of the program). */
async function commandsIn(...group: string[]): Promise<string[]> {
  const stdout = new PassThrough();
  await run([...group, '--help'], { stdin: new PassThrough(), stdout, stderr: new PassThrough() });
  const [, list = ''] = /\nCommands:\n((?: .*\n?)+)/.exec(`${stdout.read()}`) ?? [];
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
}

describe('the README', () => {
  it('has the table of settings (`vitest run test/readme.test.ts -u` writes it)', async () => {
    const between = /(<!-- settings: .*-->\n)[\s\S]*(<!-- \/settings -->)/;
    expect(readme).toMatch(between);
    const written = readme.replace(between, (_, begin, end) => begin + settingsTable() + end);
    await expect(written).toMatchFileSnapshot('../README.md');
  });

  it('names every command in its table', async () => {
    const commands = (await commandsIn()).filter(name => name !== 'help');
    expect(commands.length).toBeGreaterThan(7);
    for (const name of commands)
      expect(readme).toMatch(new RegExp(`^\\| \`${name}\\b.*\` \\|`, 'm'));
  });

  it.each(['editions', 'subscribers'])('names every command of %s in its line', async group => {
    const line = readme.split('\n').find(text => text.startsWith(`| \`${group}\` |`));
    const names = await commandsIn(group);
    expect(names.length).toBeGreaterThan(4);
    for (const name of names) expect(line).toContain(`\`${name}\``);
  });

  it('names no command, script or file that is not there', async () => {
    const commands = await commandsIn();
    const used = [...readme.matchAll(/npx paperround (\w+)/g)].map(([, name]) => name);
    expect(used.length).toBeGreaterThan(8);
    for (const name of used) expect(commands).toContain(name);

    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    for (const [, name = ''] of readme.matchAll(/npm run (\w+)/g))
      expect(scripts).toHaveProperty(name);

    const files = [...readme.matchAll(/\]\(([^):]+)\)|(?:src|srcset)="([^"]+)"/g)];
    expect(files.length).toBeGreaterThan(5);
    for (const [, link, image] of files) {
      expect(() => readFileSync(link ?? image ?? ''), link ?? image).not.toThrow();
    }
  });
});

describe('the map of the house', () => {
  const map = readFileSync('src/README.md', 'utf8');
  const links = [...map.matchAll(/\]\(([^):]+)\)/g)].map(([, path = '']) => join('src', path));

  it('tells the core story in fifteen files at the most', () => {
    const story = links.filter(path => path.endsWith('.ts'));
    expect(story.length).toBeGreaterThan(10);
    expect(story.length).toBeLessThanOrEqual(15);
  });

  it('names no file or folder that is not there, nor does CONTRIBUTING', () => {
    const told = readFileSync('CONTRIBUTING.md', 'utf8');
    const paths = [...told.matchAll(/`((?:src|templates|test|docs)\/[^`\s]*)`/g)];
    expect(paths.length).toBeGreaterThan(20);
    const all = [...links, ...paths.map(([, path = '']) => path)];
    expect(all.filter(path => !existsSync(path))).toEqual([]);
  });
});
