// A certificate for servers of tests, and the authority that signed it for the programs that are to trust them. Made anew each
// time, so that no key lies in the repository. Not one that signs itself: some programs take no authority for a server.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Certificate {
  /** Of the server. */
  readonly key: string;
  readonly cert: string;
  /** Whom its clients trust. */
  readonly authority: string;
}

/** For these names, of which each may begin with `*.`. */
export function makeCertificate(names: readonly string[]): Certificate {
  const root = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const server = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const signed = (of: Signed) => signCertificate(of, root.privateKey);
  return {
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: signed({ name: 'server', publicKey: server.publicKey, extensions: [renderNames(names)] }),
    authority: signed({ name: authorityName, publicKey: root.publicKey, extensions: [mayVouch, usage] }),
  };
}

const authorityName = 'test';

interface Signed {
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

function signCertificate({ name, publicKey, extensions }: Signed, by: KeyObject): string {
  const ecdsa = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
  const called = (text: string) => sequence(der(0x31, sequence(oid(0x55, 0x04, 0x03), der(0x0c, Buffer.from(text)))));
  serial += 1;
  const body = sequence(
    der(0xa0, integer(2)),
    integer(Date.now() * 1000 + serial),
    ecdsa,
    called(authorityName),
    sequence(time(-1), time(10)),
    called(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  const signature = Buffer.concat([Buffer.of(0), sign('sha256', body, by)]);
  const base64 = sequence(body, ecdsa, der(0x03, signature)).toString('base64');
  const lines = base64.match(/.{1,64}/g)?.join('\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** No two of an authority are numbered alike. */
let serial = 0;

/** It may sign certificates, or programs would not take it for a root. */
const mayVouch = sequence(oid(0x55, 0x1d, 0x13), yes(), der(0x04, sequence(yes())));
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
