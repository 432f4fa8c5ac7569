import { appendFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { seeded } from './seeded.ts';

// A process of its own: an SMTP server that writes down who was sent what before it says so.
// Arguments: the record's file, the seed, how often (0–1) to cut the connection after the message.
const [, , record = '', seed = '1', cutting = '0'] = process.argv;
const chance = seeded(Number(seed));

const server = createServer({ noDelay: true }, socket => {
  let held = '';
  let recipient = '';
  let inMessage = false;
  let busy = false;
  socket.on('error', () => socket.destroy());
  socket.setEncoding('latin1');
  socket.write('220 chaos ESMTP\r\n');

  const read = () => {
    while (!busy) {
      const end = held.indexOf(inMessage ? '\r\n.\r\n' : '\r\n');
      if (end === -1) return;
      const piece = held.slice(0, end);
      held = held.slice(end + (inMessage ? 5 : 2));
      if (inMessage) take(piece);
      else answer(piece);
    }
  };
  const answer = (line: string) => {
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO') socket.write('250-chaos\r\n250 PIPELINING\r\n');
    else if (verb === 'QUIT') socket.end('221 Bye\r\n');
    else if (verb === 'DATA') {
      inMessage = true;
      socket.write('354 Go on\r\n');
    } else {
      if (verb === 'RCPT') recipient = /<(.*)>/.exec(line)?.[1] ?? '';
      socket.write('250 2.0.0 Ok\r\n');
    }
  };
  const take = (message: string) => {
    inMessage = false;
    busy = true;
    const id = /^Message-ID: (.*)$/m.exec(message)?.[1] ?? 'none';
    appendFileSync(record, `${recipient} ${id}\n`);
    process.send?.('took');
    // Some time between the record and the reply: that is when a kill makes a duplicate.
    setTimeout(() => {
      busy = false;
      if (chance() < Number(cutting)) socket.destroy();
      else if (!socket.destroyed) socket.write('250 2.0.0 Ok\r\n');
      read();
    }, chance() * 4);
  };
  socket.on('data', (chunk: string) => {
    held += chunk;
    read();
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
