import { describe, expect, it } from 'vitest';
import { createRenderer } from '../../src/render/renderer.ts';
import { aMasthead } from '../support/builders.ts';

const renderer = createRenderer({ templates: 'templates' });
describe.each(['confirm', 'welcome', 'already', 'manage', 'change'] as const)('%s', purpose => {
  it('x', async () => {
    const n = await renderer.renderNotice(purpose, aMasthead());
    expect(n.html.split(n.mark).length).toBe(4);
  });
});
