// Which names say that what they name is a secret, however they are written.

/** Under these every string is a secret; numbers are counts, limits and times. */
const secretName =
  /secret|token(?!i[sz])|apikey|accesskey|accountkey|privatekey|signingkey|encryptionkey|authorization|cookie|credential|bearer|jwt/;
/** Under these even a number is one. */
const passwordName = /password|passwd|passphrase/;

export type NameKind = 'open' | 'secret' | 'password';

/** Names are compared without case and separators, so that snake, kebab and camel case are one. */
export function judgeName(written: string): NameKind {
  const name = written.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  if (passwordName.test(name)) return 'password';
  return secretName.test(name) ? 'secret' : 'open';
}
