// The document that is read: a conditional request, and the entities in the answer.
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { parseAllDocuments } from 'yaml';

/** The entities of a document by their references, and the tag by which it is known. */
export interface Document {
  etag: string | undefined;
  entities: Map<string, Entity>;
}

/** A document that could not be read, and when it may be. */
export class Unreadable extends Error {
  override name = 'Unreadable';

  constructor(
    message: string,
    /** In milliseconds; nothing where asking again would be of no use. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

const RETRY_MS = 1000;

/** Reads the document, or nothing where it is still the one with this tag. */
export async function readDocument(
  url: string,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<Document | undefined> {
  const answer = await fetch(url, { headers: etag ? { 'if-none-match': etag } : {}, signal }).catch(error => {
    throw signal.aborted ? signal.reason : new Unreadable(`can't be reached: ${reason(error)}`, RETRY_MS);
  });
  if (answer.status === 304) return undefined;
  const text = await answer.text().catch(error => {
    throw signal.aborted ? signal.reason : new Unreadable(`broke off: ${reason(error)}`, RETRY_MS);
  });
  if (answer.status !== 200) {
    const again = answer.status === 503 || answer.status === 429 || answer.status === 502 || answer.status === 504;
    const seconds = Number(answer.headers.get('retry-after') ?? NaN);
    const after = Number.isFinite(seconds) ? seconds * 1000 : RETRY_MS;
    throw new Unreadable(`answered ${answer.status}: ${firstLine(text)}`, again ? after : undefined);
  }
  return { etag: answer.headers.get('etag') ?? undefined, entities: entitiesOf(text, url) };
}

function entitiesOf(text: string, url: string): Map<string, Entity> {
  const entities = new Map<string, Entity>();
  for (const document of parseAllDocuments(text)) {
    if (document.errors.length > 0) throw new Unreadable(`is no YAML: ${firstLine(document.errors[0]!.message)}`);
    const value: unknown = document.toJS();
    if (value === null) continue;
    if (!isEntity(value)) throw new Unreadable('holds something that is no entity: it has no kind or no name');
    const entity = located(value, url);
    const reference = stringifyEntityRef(entity);
    if (entities.has(reference)) throw new Unreadable(`holds ${reference} twice`);
    entities.set(reference, entity);
  }
  // `understudy serve` gives at least the portal's owner; whatever gives nothing is something else.
  if (entities.size === 0) throw new Unreadable('holds no entity');
  return entities;
}

function isEntity(value: unknown): value is Entity {
  const entity = value as Partial<Entity> | undefined;
  const isText = (text: unknown) => typeof text === 'string' && text !== '';
  return isText(entity?.apiVersion) && isText(entity?.kind) && isText(entity?.metadata?.name);
}

/** With the annotations that the catalog wants of each entity. */
function located(entity: Entity, url: string): Entity {
  const annotations = {
    'backstage.io/managed-by-location': `url:${url}`,
    'backstage.io/managed-by-origin-location': `url:${url}`,
    ...entity.metadata.annotations,
  };
  return { ...entity, metadata: { ...entity.metadata, annotations } };
}

function reason(error: unknown): string {
  // `fetch failed` says nothing without its cause.
  const cause = (error as { cause?: { message?: string; code?: string } }).cause;
  return cause?.message || cause?.code || (error as Error).message;
}

function firstLine(text: string): string {
  return text.trim().split('\n')[0]!.slice(0, 200) || 'nothing';
}
