import { createServer } from 'node:net';

/** The least that is an SMTP server: takes everything, looks only for line ends and final dots. */
const server = createServer({ noDelay: true }, socket => {
  socket.write('220 sink ESMTP\r\n');
  let inData = false;
  let held = '';
  socket.on('error', () => socket.destroy());
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    held += chunk;
    let replies = '';
    for (;;) {
      if (inData) {
        const end = held.indexOf('\r\n.\r\n');
        if (end === -1) {
          held = held.slice(-4);
          break;
        }
        held = held.slice(end + 5);
        inData = false;
        replies += '250 2.0.0 Ok\r\n';
        continue;
      }
      const end = held.indexOf('\r\n');
      if (end === -1) break;
      const verb = held.slice(0, 4).toUpperCase();
      held = held.slice(end + 2);
      if (verb === 'EHLO') replies += '250-sink\r\n250-PIPELINING\r\n250 ENHANCEDSTATUSCODES\r\n';
      else if (verb === 'DATA') {
        replies += '354 Go on\r\n';
        inData = true;
      } else if (verb === 'QUIT') {
        socket.end(`${replies}221 Bye\r\n`);
        return;
      } else replies += '250 2.0.0 Ok\r\n';
    }
    if (replies) socket.write(replies);
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1');
