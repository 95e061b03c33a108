// What stands under the name of a secret, in the ways in which names and values are written in what people and programs say.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact, redactShapes } from '../../../src/core/sanitise/redact.ts';

// Written in two pieces, so that no scanner takes this file for a leak.
const secret = `wJalrXUtn${'FEMI/K7MDENG/bPxRfiCYzK3Y'}`;

describe('redacting by name', () => {
  it.each([
    ['{"apiKey":"@"}', 'JSON'],
    ['{\\"apiKey\\":\\"@\\",\\"a\\":1}', 'JSON within JSON'],
    ["clientSecret: '@',", 'an object of code'],
    ['const accessToken = "@";', 'a variable of code'],
    ['process.env.WEBHOOK_SECRET = `@`', 'an assignment to the environment'],
    ['AWS_SECRET_ACCESS_KEY=@', 'a line of an environment'],
    ['docker run -e API_TOKEN=@ image', 'an argument'],
    ['export GITLAB_TOKEN="@"', 'a shell'],
    ['//registry.example.org/:_authToken=@', 'npm'],
    ['api_key: @', 'YAML'],
    ['https://example.org/hook?user=me&access_token=@', 'a query'],
    ['AccountKey=@;EndpointSuffix', 'a connection string'],
    ["{ :api_key => '@' }", 'Ruby'],
    ['private-key := "@"', 'an assignment'],
  ])('%j (%s) keeps its name and loses its value', (form) => {
    expect(redact(form.replace('@', secret))).toEqual({
      text: form.replace('@', '[redacted]'),
      count: 1,
      found: [secret],
    });
  });

  it.each([
    ['DB_PASSWORD=hunter2', 'DB_PASSWORD=[redacted]'],
    ['{"password":"hunter2"}', '{"password":"[redacted]"}'],
    ['passphrase: "correct-h0rse"', 'passphrase: "[redacted]"'],
    ['MYSQL_PASSWORD=a?b&c=d', 'MYSQL_PASSWORD=[redacted]'],
  ])('a password need not be long: %j', (text, redacted) => {
    expect(redact(text).text).toBe(redacted);
  });

  it.each([
    'password: string',
    'const token = createToken(options.apiKey)',
    'apiKey: process.env.API_KEY2_NAME_OF_IT',
    'token: this.options.sessionToken4',
    'if (token == "abcdefgh1") return',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: text as it stands in code.
    'API_TOKEN=${{ secrets.API_TOKEN_1 }} SECRET=$SECRET_2',
    'secretName: "prod-database-1"',
    'tokenUrl: "https://login.example.org/oauth2/token"',
    'maxTokens: 1234567890123456789a',
    'password: "must be at least 8 characters"',
    'password: "required"',
    'API_KEY=YOUR_API_KEY_123',
    '"token": "<your token 1>"',
    'tokens: 12345678901234567890 in, 1 out',
    'The secret: nobody knows, since 2024.',
    'authorization = await authorize(request)',
  ])('leaves %j alone', (text) => {
    expect(redact(text)).toMatchObject({ text, count: 0 });
  });

  it('stops no push: a name proves too little', () => {
    expect(redactShapes(`{"apiKey":"${secret}"}`).count).toBe(0);
  });

  it('leaves JSON readable, finds nothing a second time, and loses every value', () => {
    const name = fc.constantFrom('apiKey', 'client_secret', 'password', 'accessToken', 'AWS_SECRET_ACCESS_KEY');
    const value = fc
      .stringMatching(/^[A-Za-z0-9+/]{24,40}$/)
      .filter((text) => /\d/.test(text) && /[A-Za-z]/.test(text));
    const object = fc.dictionary(name, fc.oneof(value, fc.record({ secret: value })), { minKeys: 1 });
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 2), fc.boolean(), (written, indent, isNested) => {
        const plain = JSON.stringify(written, undefined, indent);
        const text = isNested ? JSON.stringify({ text: plain }) : plain;
        const redacted = redact(text).text;
        expect(() => JSON.parse(redacted)).not.toThrow();
        expect(redact(redacted)).toMatchObject({ text: redacted, count: 0 });
        for (const one of Object.values(written)) {
          expect(redacted).not.toContain(typeof one === 'string' ? one : one.secret);
        }
      }),
      { numRuns: 300 },
    );
  });
});

// The size is the test: a pattern that takes time by the square of the text does not come to an end here.
describe('redacting two megabytes of names', () => {
  it.each(['a=', 'ab=', 'ab:', 'password=', '"password":"', 'password: ', 'a.', 'A_=', '\\', '\\"a', 'token=>'])(
    'made of %j comes to an end',
    (unit) => {
      const text = unit.repeat(Math.ceil(2_000_000 / unit.length));
      expect(redact(text).text.length).toBeGreaterThan(0);
    },
  );
});
