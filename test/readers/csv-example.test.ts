import { createReadStream } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSubscriberRows } from '../../src/readers/list-file.ts';

describe('the example list', () => {
  it('can be read, and names nobody real', async () => {
    const stream = createReadStream('subscribers/example.csv');
    const rows = [];
    for await (const row of readSubscriberRows(stream, 'example.csv')) rows.push(row);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) {
      expect(row).toMatchObject({ kind: 'subscriber', address: { displayDomain: 'demo.example' } });
    }
  });
});
