/** A bug of the caller: remotes are plain web addresses, and credentials travel in a header only. */
export function requireRemoteUrl(text: string): string {
  const url = new URL(text);
  const isPlain = url.username === '' && url.password === '' && !/[\p{Cc} ]/u.test(text);
  if (isPlain && (url.protocol === 'https:' || url.protocol === 'http:')) return text;
  throw new Error('the address of a repository must be http or https, without credentials');
}
