// The control API over HTTP: one request, one answer, and what was refused as an error.
import { request } from 'node:http';
import { UnderstudyError } from './error';

/** Where the control API is, and the token that opens it. */
export interface ControlAddress {
  url: string;
  token: string;
}

type Query = Record<string, string | number | undefined>;

/** A client of the control API. */
export class Control {
  constructor(
    private readonly address: ControlAddress,
    /** Why the stage has ended, where it has: what a failed connection then means. */
    private readonly ended: () => string | undefined,
  ) {}

  /** Asks, and gives the answer's JSON. */
  async ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, query: Query = {}): Promise<T> {
    const url = new URL(this.address.url + path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) url.searchParams.set(name, String(value));
    }
    const { status, text } = await this.exchange(method, url, body === undefined ? '' : JSON.stringify(body));
    if (status >= 200 && status < 300) return JSON.parse(text) as T;
    throw refusal(method, path, status, text);
  }

  // Not by `fetch`, which tests replace by a mock of theirs.
  private exchange(method: string, url: URL, body: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => {
        const why = this.ended() ?? `it can't be reached: ${error.message}`;
        reject(new UnderstudyError(`${method} ${url.pathname} of the stage failed: ${why}`));
      };
      const headers = { authorization: `Bearer ${this.address.token}`, 'content-type': 'application/json' };
      // A connection of its own: one that is kept may end at the moment when it is taken up again.
      const sent = request(url, { method, headers, agent: false }, answer => {
        const chunks: Buffer[] = [];
        answer.on('data', chunk => chunks.push(chunk));
        answer.on('error', failed);
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      });
      sent.on('error', failed);
      sent.end(body);
    });
  }
}

function refusal(method: string, path: string, status: number, text: string): UnderstudyError {
  const what = `the stage refused ${method} ${path}`;
  try {
    const { code, message } = JSON.parse(text).error;
    return new UnderstudyError(`${what}: ${message}`, code);
  } catch {
    return new UnderstudyError(`${what} with status ${status}`);
  }
}
