/** Tells the pages that are open that something has changed (server-sent events). */
export type Live = {
  /** The answer to `GET /changes`: begins with the version that is current. */
  stream(): Response;
  /** Which version is current; it begins with what tells one run of the program from another. */
  version(): string;
  changed(): void;
  close(): void;
};

/** Servers and browsers give up on connections that are silent; ms. */
const heartbeat = 10_000;

/** `run` is different at each start. */
export function createLive(run: string): Live {
  const pages = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const encoder = new TextEncoder();
  let count = 0;
  const version = () => `${run}-${count}`;
  const event = () => encoder.encode(`data: ${version()}\n\n`);
  const tellAll = (bytes: Uint8Array) => {
    for (const page of pages) page.enqueue(bytes);
  };
  const beats = setInterval(() => tellAll(encoder.encode(':\n\n')), heartbeat);
  beats.unref();
  return {
    version,
    changed: () => {
      count += 1;
      tellAll(event());
    },
    stream: () => {
      let own: ReadableStreamDefaultController<Uint8Array>;
      const body = new ReadableStream<Uint8Array>({
        start: controller => {
          own = controller;
          pages.add(own);
          own.enqueue(encoder.encode('retry: 500\n'));
          own.enqueue(event());
        },
        cancel: () => void pages.delete(own),
      });
      return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
    },
    close: () => {
      clearInterval(beats);
      for (const page of pages) page.close();
      pages.clear();
    },
  };
}
