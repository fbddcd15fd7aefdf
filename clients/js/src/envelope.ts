/** One message on the bus. */
export interface Envelope {
  channel: 'Amazon';
  topic: string;
  subtopic: string;
  source?: string;
  data?: unknown;
  message?: unknown;
}

/** An object of which nothing is known. */
export type Fields = Readonly<Record<string, unknown>>;

export function envelope(
  topic: string,
  subtopic: string,
  rest: Pick<Envelope, 'source' | 'data' | 'message'>,
): Envelope {
  return { channel: 'Amazon', topic, subtopic, ...rest };
}

/** The envelope in a frame; `undefined` if it is none. */
export function read(frame: unknown): Envelope | undefined {
  if (typeof frame !== 'string') return undefined;
  try {
    const { channel, topic, subtopic, ...rest } = fields(JSON.parse(frame));
    return channel === 'Amazon' && typeof topic === 'string' && typeof subtopic === 'string'
      ? { channel, topic, subtopic, ...rest }
      : undefined;
  } catch {
    return undefined;
  }
}

export function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text with something in it. */
export function text(value: unknown): string | undefined {
  const trimmed = typeof value === 'string' ? value.trim() : '';
  return trimmed || undefined;
}

/** A moment. The contact centre's clock is in UTC even where it does not say so. */
export function moment(value: unknown): Date | undefined {
  const written = text(value);
  if (!written) return undefined;
  const date = new Date(/(Z|[+-]\d\d:\d\d)$/.test(written) ? written : `${written}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
