import { type WebAround, webSetup } from '../../src/app.ts';
import { createWeb, type Web } from '../../src/web/web.ts';
import type { TestApp } from './app.ts';

/** The pages of a program, without anything around them but what is given. */
export function webOf(app: TestApp, around: Partial<WebAround> = {}): Web {
  return createWeb(
    webSetup(app, { inbox: null, onNotice: () => {}, onDelivery: () => {}, ...around }),
  );
}

/** A form as a browser sends it. */
export function posted(fields: Readonly<Record<string, string>> = {}): RequestInit {
  return {
    method: 'POST',
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  };
}
