import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonSchema } from './json-schema.ts';

/** Where in the checked value something is wrong (a JSON pointer, empty for the whole), and what. */
export interface SchemaError {
  pointer: string;
  message: string;
}

const maxErrors = 20;

/** Checks values against named definitions. Each is compiled when it is first needed, and then kept. */
export class SliceValidator {
  readonly #ajv: Ajv2020;
  readonly #definitions: Readonly<Record<string, JsonSchema>>;

  /** `coerce`: text such as "30" passes for a number, as in a URL. */
  constructor(definitions: Readonly<Record<string, JsonSchema>>, options: { coerce: boolean }) {
    this.#definitions = definitions;
    this.#ajv = new Ajv2020({
      allErrors: true,
      coerceTypes: options.coerce,
      strictSchema: true,
      strictTypes: false,
      strictRequired: false,
      allowUnionTypes: true,
    });
    addFormats.default(this.#ajv);
    // The address of an App's bot user has brackets, `1+name[bot]@users.noreply.github.com`, which the standard refuses.
    this.#ajv.addFormat('email', /^\S+@\S+$/);
    this.#ajv.addFormat('repo.nwo', /^[\w.-]+\/[\w.-]+$/); // GitHub's own format: owner/name
    // The slice's definitions were made by build-slice.ts; checking them against the meta-schema costs a second.
    this.#ajv.addSchema({ $id: 'slice', $defs: definitions }, undefined, undefined, false);
  }

  /** Throws when there is no such definition, or when it is not a schema: both are faults of the slice. */
  validate(name: string, value: unknown): SchemaError[] {
    if (this.#definitions[name] === undefined) throw new Error(`the slice has no definition ${name}`);
    const ref = `slice#/$defs/${name}`;
    const check = this.#ajv.getSchema(ref);
    if (check === undefined) throw new Error(`the slice's definition ${name} cannot be compiled`);
    if (check(value)) return [];
    return (check.errors ?? []).slice(0, maxErrors).map(describe);
  }
}

function describe(error: ErrorObject): SchemaError {
  const detail = Object.entries(error.params).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return { pointer: error.instancePath, message: `${error.message ?? error.keyword} (${detail.join(', ')})` };
}
