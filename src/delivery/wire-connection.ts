import type { Writable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';

/**
 * nodemailer's private parts that are used here. The package is pinned to one version for their
 * sake, and a contract test fails when they change.
 */
type Internals = {
  _socket: Writable;
  _responseActions: ((reply: string) => void)[];
  _supportedExtensions: readonly string[];
  _actionSMTPStream(reply: string, done: (error: Error | null, reply?: string) => void): void;
};

/** What `send` calls once the server is ready for the message. */
type SendStream = { outByteCount: number; write(message: unknown): void; end(): void };

const finalDot = Buffer.from('.\r\n');

/**
 * nodemailer's connection, but what it is given to send are ready segments of the wire form that
 * need no dot-stuffing and end in CRLF; they go to the corked socket as they are. (Its own stream
 * looks at every byte, which costs twice what all the rest does.)
 */
export class WireConnection extends SMTPConnection {
  /** Called when the final dot was handed to the socket. */
  onFinalDot: () => void = () => {};

  /**
   * Whether the server offered SMTPUTF8, after TLS where there is TLS; `send` then asks for it
   * wherever an address of the envelope is beyond ASCII.
   */
  get smtputf8(): boolean {
    return (this as unknown as Internals)._supportedExtensions.includes('SMTPUTF8');
  }

  _createSendStream(done: (error: Error | null, reply?: string) => void): SendStream {
    const internals = this as unknown as Internals;
    internals._responseActions.push(reply => internals._actionSMTPStream(reply, done));
    const socket = internals._socket;
    const stream = {
      outByteCount: 0,
      write: (message: unknown) => {
        socket.cork();
        for (const segment of [...segmentsOf(message), finalDot]) {
          socket.write(segment);
          stream.outByteCount += segment.length;
        }
        socket.uncork();
      },
      end: () => this.onFinalDot(),
    };
    return stream;
  }
}

function segmentsOf(message: unknown): Buffer[] {
  if (Array.isArray(message)) return message;
  throw new TypeError('a message is sent as segments of the wire form');
}
