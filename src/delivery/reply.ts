/** What a server said: SMTP code, enhanced code (RFC 3463) where there is one, and the text. */
export type Reply = {
  readonly code: number | null;
  readonly enhanced: string | null;
  /** One line of at most 300 printable characters. */
  readonly text: string;
};

/** How far a conversation had come: `dot` is after the message's final dot. */
export type Stage =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'dot';

/** What came of one message, as a value: nothing here throws. */
export type SendResult =
  | { readonly kind: 'accepted'; readonly reply: Reply }
  /** The server said no. `usable`: the connection can go on after a reset. */
  | {
      readonly kind: 'refused';
      readonly stage: Stage;
      readonly reply: Reply;
      readonly usable: boolean;
    }
  /** The connection is gone without an answer; at stage `dot` the message may have arrived. */
  | { readonly kind: 'lost'; readonly stage: Stage; readonly text: string };

/** Reads a server's reply, however long or odd: it is shown to people and stored. */
export function readReply(text: string): Reply {
  const line = printable(text);
  const match = /^(\d{3})(?:[ -]+([245]\.\d{1,3}\.\d{1,3})(?=\s|$))?/.exec(line);
  return {
    code: match?.[1] ? Number(match[1]) : null,
    enhanced: match?.[2] ?? null,
    text: line,
  };
}

/** One line, no control characters, at most 300 characters. */
export function printable(text: string): string {
  return text
    .slice(0, 2_000)
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}

/** The server's words, or what befell the connection. */
export function wordsOf(result: SendResult): string {
  return result.kind === 'lost' ? result.text : result.reply.text;
}
