// A record as it is kept: the text of each of its fields, and of each field of its run. Most of them stay as they were from
// one save to the next, so that nearly every text was read before, and a load reads only what is new.
import type { ZodObject, ZodType } from 'zod';
import type { Migrated } from '../../../src/core/model/migrate-record.ts';
import { Reader } from './reader.ts';

export interface KeptRecord {
  readonly [field: string]: string | KeptRecord;
}

type Fields = Readonly<Record<string, unknown>>;

const cutFurther = 'run';

export function keepRecord(record: object): KeptRecord {
  const kept: Record<string, string | KeptRecord> = {};
  for (const [field, value] of Object.entries(record)) {
    const text = field === cutFurther && value !== undefined ? keepRecord(value) : JSON.stringify(value);
    if (text !== undefined) kept[field] = text;
  }
  return kept;
}

export interface Reading<R> {
  readonly migrate: (value: unknown) => Migrated;
  readonly schema: ZodObject & ZodType<R>;
  /** The fields of its run, where it may have one. */
  readonly run?: ZodObject;
}

export type RecordRead<R> = { readonly kind: 'newer' } | { readonly kind: 'read'; readonly record: R };

/** How kept records become records: each field by its own schema, and a record of an earlier version as a whole. */
export class RecordReader<R> {
  readonly #known = new WeakMap<KeptRecord, RecordRead<R>>();
  readonly #reading: Reading<R>;
  readonly #fields: FieldReader;

  constructor(reading: Reading<R>) {
    this.#reading = reading;
    this.#fields = new FieldReader(reading.schema, reading.run && new FieldReader(reading.run));
  }

  read(kept: KeptRecord): RecordRead<R> {
    const known = this.#known.get(kept);
    if (known) return known;
    const read = this.#read(kept);
    this.#known.set(kept, read);
    return read;
  }

  #read(kept: KeptRecord): RecordRead<R> {
    const { migrate, schema } = this.#reading;
    if (this.#isOfThisVersion(kept)) return { kind: 'read', record: this.#fields.read(kept) as R };
    const migrated = migrate(toFields(kept));
    return migrated.kind === 'newer' ? migrated : { kind: 'read', record: schema.parse(migrated.record) };
  }

  #isOfThisVersion({ schema }: KeptRecord): boolean {
    return typeof schema === 'string' && this.#fields.holds('schema', schema);
  }
}

class FieldReader {
  readonly #readers: ReadonlyMap<string, Reader<unknown>>;
  readonly #schema: ZodObject;
  readonly #run: FieldReader | undefined;

  constructor(schema: ZodObject, run?: FieldReader) {
    this.#schema = schema;
    this.#run = run;
    this.#readers = new Map(
      Object.entries(schema.shape).map(([field, part]) => [field, new Reader((value) => part.parse(value))]),
    );
  }

  holds(field: string, text: string): boolean {
    return this.#schema.shape[field]?.safeParse(JSON.parse(text)).success === true;
  }

  read(kept: KeptRecord): Fields {
    const fields: Record<string, unknown> = {};
    for (const [field, reader] of this.#readers) {
      const text = kept[field];
      const value =
        typeof text === 'string'
          ? reader.read(text)
          : text === undefined
            ? this.#schema.shape[field]?.parse(undefined)
            : this.#run?.read(text);
      if (value !== undefined) fields[field] = value;
    }
    return Object.freeze(fields);
  }
}

function toFields(kept: KeptRecord): Fields {
  return Object.fromEntries(
    Object.entries(kept).map(([field, text]) => [field, typeof text === 'string' ? JSON.parse(text) : toFields(text)]),
  );
}
