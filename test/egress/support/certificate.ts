// A certificate that signs itself, for servers of tests and for the programs that are to trust them. Made anew each time, so
// that no key lies in the repository.
import { generateKeyPairSync, sign } from 'node:crypto';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** For these names, of which each may begin with `*.`. */
export function makeCertificate(names: readonly string[]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const ecdsa = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const subject = sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from('test')))));
  const body = sequence(
    der(0xa0, integer(2)),
    integer(Date.now()),
    ecdsa,
    subject,
    sequence(time(-1), time(10)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(authority, usage, renderNames(names))),
  );
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', body, privateKey)]);
  const base64 = sequence(body, ecdsa, der(0x03, signature)).toString('base64');
  const lines = base64.match(/.{1,64}/g)?.join('\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** It may sign certificates, or programs would not take it for a root. */
const authority = sequence(oid(0x55, 0x1d, 0x13), yes(), der(0x04, sequence(yes())));
/** To sign, and to sign certificates. */
const usage = sequence(oid(0x55, 0x1d, 0x0f), yes(), der(0x04, der(0x03, Buffer.of(2, 0x84))));

function renderNames(names: readonly string[]): Buffer {
  const list = names.map((name) => der(0x82, Buffer.from(name)));
  return sequence(oid(0x55, 0x1d, 0x11), der(0x04, sequence(...list)));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.of(tag, ...size), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(...bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.of(...bytes));
}

function yes(): Buffer {
  return der(0x01, Buffer.of(0xff));
}

function integer(value: number): Buffer {
  const hex = value.toString(16);
  return der(0x02, Buffer.from(`00${hex.length % 2 === 0 ? hex : `0${hex}`}`.replace(/^00(?=[0-7])/, ''), 'hex'));
}

function time(years: number): Buffer {
  const at = new Date();
  at.setUTCFullYear(at.getUTCFullYear() + years);
  return der(0x17, Buffer.from(`${at.toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`));
}
