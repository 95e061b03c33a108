import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../../src/core/sanitise/redact.ts';

// Written in two pieces, so that no scanner takes this file for a leak.
const join = (...parts: string[]) => parts.join('');
const random = 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8';

const secrets: [name: string, secret: string][] = [
  ...['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'].map((start): [string, string] => [start, join(start, random)]),
  ['an installation token with dots', join('ghs_', '123456_eyJhbGci', '.eyJpc3MiOi', '.SflKxwRJ-a_b')],
  ['a fine-grained token', join('github', '_pat_', '11ABCDEFG0abcdefghij_', random)],
  ['an OpenAI key', join('sk-', random)],
  ['an OpenAI project key', join('sk-', 'proj-Ab_c-', random)],
  ['an Anthropic key', join('sk-ant-', 'api03-', random)],
  ['a Stripe key', join('sk_', 'live_', random)],
  ['an AWS key id', join('AKIA', 'IOSFODNN7EXAMPLE')],
  ['a Google key', join('AIza', random.slice(0, 35))],
  ['a Slack token', join('xoxb-', '123456789012-', random)],
  ['a GitLab token', join('glpat-', random.slice(0, 20))],
  ['an npm token', join('npm_', random)],
  ['a Hugging Face token', join('hf_', random.slice(0, 34))],
  ['a PyPI token', join('pypi-', 'AgEIcHlwaS5vcmc', random)],
  ['a SendGrid key', join('SG.', random.slice(0, 22), '.', random)],
  ['what an agent asks its model with', join('gp_', random.slice(0, 32))],
  ['a JSON web token', join('eyJhbGciOiJIUzI1NiJ9', '.eyJzdWIiOiIxMjM0In0', '.SflKxwRJSMeKKF2QT4')],
  [
    'a private key',
    join('-----BEGIN ', 'RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE\n+/=\n-----END RSA PRIVATE KEY-----'),
  ],
  ['a private key in JSON', join('-----BEGIN ', 'PRIVATE KEY-----\\nMIIEvQ\\n-----END PRIVATE KEY-----')],
  ['an OpenSSH key', join('-----BEGIN ', 'OPENSSH PRIVATE KEY-----\nb3BlbnNza\n-----END OPENSSH PRIVATE KEY-----')],
  ['a PGP key', join('-----BEGIN ', 'PGP PRIVATE KEY BLOCK-----\n\nlQOYB\n=abc\n-----END PGP PRIVATE KEY BLOCK-----')],
];

describe('redacting by shape', () => {
  it.each(secrets)('replaces %s', (_, secret) => {
    expect(redact(`before ${secret} after`)).toMatchObject({ text: 'before [redacted] after', count: 1 });
    expect(redact(`KEY=${secret}\n"${secret}"`)).toMatchObject({ text: 'KEY=[redacted]\n"[redacted]"', count: 2 });
  });

  it.each([
    ['Authorization: Bearer abcdefgh', 'Authorization: Bearer [redacted]'],
    [`authorization = "token ${random}"`, 'authorization = "token [redacted]"'],
    [`"Authorization": "Basic ${btoa('user:pass')}"`, '"Authorization": "Basic [redacted]"'],
    [`sent bearer ${random}`, 'sent bearer [redacted]'],
    [`basic ${btoa('octocat:hunter2')}`, 'basic [redacted]'],
    [`x-api-key: ${random}`, 'x-api-key: [redacted]'],
    ['git clone https://me:hunter2@example.org/a.git', 'git clone https://[redacted]@example.org/a.git'],
    [`https://${random}@example.org`, 'https://[redacted]@example.org'],
    ['redis://:hunter2@localhost', 'redis://[redacted]@localhost'],
    [`https://hooks.slack.com/services/T0/B0/${random}`, 'https://hooks.slack.com/services/[redacted]'],
  ])('keeps what names the secret in %j', (text, redacted) => {
    expect(redact(text)).toMatchObject({ text: redacted, count: 1 });
  });

  it('redacts what there is of a key without its end, and nothing below it', () => {
    const text = join('-----BEGIN ', 'PRIVATE KEY-----\nMIIEvQIBADAN\nBgkqhkiG9w0B\n--- cut ---\nNext.');
    expect(redact(text)).toMatchObject({ text: '[redacted]--- cut ---\nNext.', count: 1 });
  });

  it.each([
    'task-management-of-everything-else',
    'sk-loading-spinner-container',
    'highs_and_lows_of_the_last_twenty_days',
    'The bearer authentication-middleware is basic functionality.',
    'Basic introduction to Bearer tokens',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: text as it stands in code.
    'headers: { Authorization: `Bearer ${token}` }',
    "'Authorization': 'Bearer ' + token",
    'Authorization: Bearer YOUR_ACCESS_TOKEN',
    'postgres://postgres:postgres@localhost:5432/app',
    'mysql://root:password@db/app',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: text as it stands in code.
    'https://x-access-token:${TOKEN}@github.com',
    'ssh://git@github.com/a/b.git and https://example.org:8080/a@b',
    'npm_config_registry npm_lifecycle_event',
    'a8f5f167f44f4964e6c998dee827110c and 0123456789abcdef0123456789abcdef01234567',
    '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
    'eyJ is how tokens begin',
  ])('leaves %j alone', (text) => {
    expect(redact(text)).toMatchObject({ text, count: 0 });
  });

  it('finds every secret in any surroundings and leaves nothing to find', () => {
    const filler = fc.stringMatching(/^[a-z .,:;!?(){}\n"'=]{0,40}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(filler, fc.constantFrom(...secrets)), { maxLength: 6 }), filler, (parts, end) => {
        const text = parts.map(([before, [, secret]]) => `${before} ${secret} `).join('') + end;
        const redacted = redact(text);
        for (const [, [, secret]] of parts) expect(redacted.text).not.toContain(secret);
        expect(redacted.count).toBeGreaterThanOrEqual(parts.length);
        expect(redact(redacted.text)).toMatchObject({ text: redacted.text, count: 0 });
      }),
      { numRuns: 500 },
    );
  });
});

// The size is the test: a pattern that takes time by the square of the text does not come to an end here.
describe('redacting two megabytes', () => {
  it.each([
    ...[
      'ghp_',
      'github_pat_',
      'sk-',
      'sk-ant-',
      'AKIA',
      'AIza',
      'xoxb-',
      'npm_',
      'hf_',
      'gp_',
      'pypi-AgEI',
      'SG.a',
      'hooks.slack.com/services/',
      'eyJ',
      'eyJaaaaaaaa.',
      'eyJ_',
      'bearer ',
      'basic a',
    ],
    ...['authorization:', 'authorization: ', 'api-key:', '://', '://a:', '://a:b', 'a', ' ', '-', '[redacted]', 'A'],
    ...[
      join('-----BEGIN ', 'PRIVATE KEY-----'),
      '-----END RSA PRIVATE KEY-----',
      join('-----BEGIN ', 'PRIVATE KEY-----\n-----END'),
    ],
  ])('made of %j comes to an end', (unit) => {
    const text = unit.repeat(Math.ceil(2_000_000 / unit.length));
    expect(redact(text).text.length).toBeGreaterThan(0);
  });
});

// As long as nothing else that is looked through may be, and of every length about which a bound could be.
describe('a secret of any length', () => {
  const much = 8 * 1024 * 1024;
  const lengths = [
    much,
    ...[500, 1_000, 2_000, 4_096, 20_000].flatMap((about) => [about - 1, about, about + 1, about + 30]),
  ];
  const word = (length: number) => 'a1B2c3D4'.repeat(Math.ceil(length / 8)).slice(0, length);
  it.each<[title: string, name: string, make: (length: number) => string]>([
    ...[
      'ghp_',
      'github_pat_',
      'sk-',
      'sk-ant-',
      'sk_live_',
      'xoxb-',
      'xapp-',
      'glpat-',
      'npm_',
      'hf_',
      'pypi-AgEI',
    ].map((begin): [string, string, (length: number) => string] => [begin, '', (length) => `${begin}${word(length)}`]),
    ['SG.', '', (length) => `SG.${random.slice(0, 22)}.${word(length)}`],
    ['a web token by its header', '', (length) => `eyJ${word(length)}.${random}.${random}`],
    ['a web token by its payload', '', (length) => `eyJ${random}.${word(length)}.${random}`],
    ['a web token by its signature', '', (length) => `eyJ${random}.${random}.${word(length)}`],
    ['a private key without its end', '', (length) => `${join('-----BEGIN ', 'PRIVATE KEY-----')}\n${word(length)}\n`],
    [
      'a private key with headers and without its end',
      '',
      (length) =>
        `${join('-----BEGIN ', 'RSA PRIVATE KEY-----')}\nProc-Type: 4,ENCRYPTED\nDEK-Info: x,${word(length)}\n\n${word(length)}\n`,
    ],
    ['hooks', 'https://hooks.slack.com/services/', word],
    ['a header', 'authorization: token ', word],
    ['a key of an API', 'x-api-key: ', word],
    ['bearer', 'bearer ', word],
    ['basic', 'basic ', (length) => btoa(`me:${word(length - (length % 3))}1`)],
    ['a password in an address', 'https://', (length) => `me:${word(length)}`],
    ['a user of an address', 'https://', (length) => `${word(length)}:me`],
    ['a token in an address', 'https://', word],
    ['a line of an environment', 'API_TOKEN=', word],
    ['a quoted value', 'apiKey: "', word],
    ['a bare value', 'api_key: ', word],
  ])('is replaced whole: %s', (_, name, make) => {
    const rest = `${name === 'https://' ? '@example.org' : name.endsWith('"') ? '"' : ''} --- after`;
    for (const length of lengths) {
      const { text, count } = redact(`before ${name}${make(length)}${rest}`);
      // A key without its end takes spaces along.
      expect([text.slice(0, 100).replace(']---', '] ---'), count]).toEqual([`before ${name}[redacted]${rest}`, 1]);
    }
  });

  it.each([
    ['base64 of colons that nobody can print', () => `basic ${btoa(`${':'.repeat(3_000_000)}\0\0\0`)}`],
    ['names in capitals', () => `authorization: token ${'A_'.repeat(4_000_000)}A`],
    ['stars for a password', () => `https://me:${'*'.repeat(8_000_000)}@example.org`],
    ['a name of a name', () => `api_key: ${'a.'.repeat(4_000_000)}a1`],
    ['letters for a value', () => `API_TOKEN=${'x'.repeat(8_000_000)}`],
  ])('is looked at to the end where it is none: %s', (_, make) => {
    expect(redact(`${make()} after`).text.slice(-6)).toBe(' after');
  });
});

it('gives the secrets themselves, so that new ones can be told from old ones', () => {
  const [one, other] = [`ghp_${'a1B2'.repeat(9)}`, `ghp_${'c3D4'.repeat(9)}`];
  expect(redact(`${one} and ${other}`).found).toEqual([one, other]);
  expect(redact('nothing here').found).toEqual([]);
});
