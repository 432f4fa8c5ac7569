import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createRuntime } from '../../src/lib/runtime.ts';

it('logs no address, whatever a server says', () => {
  let written = '';
  const destination = new Writable({
    write(line, _encoding, done) {
      written += String(line);
      done();
    },
  });
  const { log } = createRuntime('info', destination);
  log.info({ reply: '550 5.1.1 <ada.l+x@mail.example.org>: unknown; "b@c.test"', edition: 3 }, 'x');
  expect(JSON.parse(written)).toMatchObject({
    reply: '550 5.1.1 <[address]>: unknown; "[address]"',
    edition: 3,
  });
});
