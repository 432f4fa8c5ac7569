import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createSigner, signableHeaders } from '../../src/mail/message/dkim.ts';
import { fill, readyTemplate, type SlotValues } from '../../src/mail/message/fill.ts';
import type { WireTemplate } from '../../src/mail/message/wire-template.ts';

/** What a message costs, in ms: of CPU on all threads, and by the clock one after the other. */
type Cost = { readonly cpuMs: number; readonly wallMs: number };

/** Medians of the rounds. `bare`: a SHA-256 of the body and an RSA-2048 signature, no more. */
export type SigningFigures = {
  readonly bare: Cost;
  readonly ours: Cost;
  /** Medians of each round's ours / bare. */
  readonly cpuRatio: number;
  readonly wallRatio: number;
};

/** Signs the same messages in turn, bare and with our signer. */
export async function compareSigning(
  wire: WireTemplate,
  { quick }: { readonly quick: boolean },
): Promise<SigningFigures> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const messages = quick ? 100 : 500;
  const bare = bareSigner(wire, privateKey);
  const ours = createSigner(wire, {
    domain: 'example.org',
    selector: 'bench',
    key: privateKey,
    headers: signableHeaders,
    now: Date.now,
  });
  await cost(50, bare);
  await cost(50, ours);
  const rounds: { bare: Cost; ours: Cost }[] = [];
  for (let round = 0; round < (quick ? 3 : 9); round += 1) {
    rounds.push({ bare: await cost(messages, bare), ours: await cost(messages, ours) });
  }
  return {
    bare: medianCost(rounds.map(({ bare }) => bare)),
    ours: medianCost(rounds.map(({ ours }) => ours)),
    cpuRatio: median(rounds.map(({ bare, ours }) => ours.cpuMs / bare.cpuMs)),
    wallRatio: median(rounds.map(({ bare, ours }) => ours.wallMs / bare.wallMs)),
  };
}

/** The body is ready, as are the bytes to sign: less cannot be done. */
function bareSigner(wire: WireTemplate, key: KeyObject) {
  const message = Buffer.concat(fill(readyTemplate(wire), valuesOf(0)));
  const body = message.subarray(message.indexOf('\r\n\r\n') + 4);
  const head = Buffer.alloc(1_000, 'x');
  return () => [createHash('sha256').update(body).digest('base64'), sign('sha256', head, key)];
}

async function cost(messages: number, work: (values: SlotValues) => unknown): Promise<Cost> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  for (let at = 0; at < messages; at += 1) await work(valuesOf(at));
  const wallMs = (performance.now() - started) / messages;
  const { user, system } = process.cpuUsage(cpu);
  return { cpuMs: (user + system) / 1_000 / messages, wallMs };
}

function valuesOf(reader: number): SlotValues {
  const token = `${reader}`.padStart(42, 'a');
  return {
    address: `reader${reader}@sink.example`,
    reader: `${reader}`,
    unsubscribe: token,
    preferences: token,
  };
}

function medianCost(all: readonly Cost[]): Cost {
  return { cpuMs: median(all.map(one => one.cpuMs)), wallMs: median(all.map(one => one.wallMs)) };
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}
