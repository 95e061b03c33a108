import { describe, expect, it } from 'vitest';
import { closeRequest } from '../../src/demo/github/schema/close-request.ts';
import type { JsonSchema } from '../../src/demo/github/schema/json-schema.ts';
import { shareRepeats } from '../../src/demo/github/schema/share-repeats.ts';
import { SliceValidator } from '../../src/demo/github/schema/slice-validator.ts';
import { slimSchema } from '../../src/demo/github/schema/slim-schema.ts';

describe('a schema of the slice', () => {
  it('keeps what validates, also properties that are named like documentation', () => {
    const properties = { title: { type: 'string', example: 'x', title: 'Title' }, description: { type: 'integer' } };
    expect(slimSchema({ type: 'object', description: 'text', properties, required: ['title'], default: {} })).toEqual({
      type: 'object',
      properties: { title: { type: 'string' }, description: { type: 'integer' } },
      required: ['title'],
    });
  });

  it('allows null where OpenAPI says nullable', () => {
    const nullable: Record<string, JsonSchema> = {
      typed: { type: 'string', nullable: true },
      listed: { type: 'string', enum: ['a'], nullable: true },
      combined: { nullable: true, oneOf: [{ type: 'string' }, { type: 'integer' }] },
      untyped: { enum: ['a'], nullable: true },
      anything: { nullable: true },
    };
    const definitions = Object.fromEntries(
      Object.entries(nullable).map(([name, schema]) => [name, slimSchema(schema)]),
    );
    const validator = new SliceValidator(definitions, { coerce: false });
    for (const name of Object.keys(nullable)) expect([name, validator.validate(name, null)]).toEqual([name, []]);
    for (const name of ['typed', 'listed', 'combined', 'untyped']) {
      expect([name, validator.validate(name, false).length > 0]).toEqual([name, true]);
    }
  });
});

describe('the schema of a request', () => {
  const closed = closeRequest(
    {
      type: 'object',
      properties: {
        name: { type: 'string' },
        inner: { $ref: '#/$defs/inner' },
        list: { items: { $ref: '#/$defs/inner' } },
      },
      anyOf: [{ required: ['name'], additionalProperties: true }, { properties: { other: { type: 'string' } } }],
    },
    () => ({ type: 'object', properties: { known: { type: 'string' } } }),
  );
  const validator = new SliceValidator({ closed }, { coerce: false });

  it('takes what any of its alternatives names', () => {
    expect(
      validator.validate('closed', { name: 'a', other: 'b', inner: { known: 'c' }, list: [{ known: 'd' }] }),
    ).toEqual([]);
  });

  it('refuses other properties at every depth', () => {
    const wrong = { name: 'a', naem: 1, inner: { known: 'c', knwon: 1 }, list: [{ x: 1 }] };
    expect(validator.validate('closed', wrong).map((error) => error.pointer)).toEqual(['', '/inner', '/list/0']);
  });
});

describe('repeated parts', () => {
  it('are stored once and mean the same', () => {
    const person: JsonSchema = {
      type: 'object',
      properties: Object.fromEntries(['login', 'name', 'email'].map((name) => [name, { type: 'string' }])),
      required: ['login'],
    };
    const shared = shareRepeats({
      one: { items: person },
      two: { properties: { author: person } },
      three: { type: 'null' },
    });
    expect(shared.one).toEqual({ items: { $ref: '#/$defs/s0' } });
    expect(shared).toMatchObject({ two: { properties: { author: { $ref: '#/$defs/s0' } } }, s0: person, three: {} });
    const validator = new SliceValidator(shared, { coerce: false });
    expect(validator.validate('one', [{ login: 'ada' }])).toEqual([]);
    expect(validator.validate('two', { author: {} }).map((error) => error.pointer)).toEqual(['/author']);
  });
});
