import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { bits, explicit, integer, objectId, octets, sequence, set, tagged, text, truth, utcTime } from './der.ts';

/** A certificate and its private key, as PEM texts. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

const ECDSA_WITH_SHA256 = sequence(objectId('1.2.840.10045.4.3.2'));
const COMMON_NAME = '2.5.4.3';
const SUBJECT_KEY_ID = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
/** digitalSignature and keyCertSign; the two lowest bits are unused. */
const USAGES = { byte: 0x84, unused: 2 };

/**
 * Makes a self-signed certificate for 127.0.0.1 and localhost that is its own authority, good from 2000 to 2049 so that no clock
 * of a rehearsal is outside. Written here because a bare machine need not have `openssl`.
 */
export function selfSignedCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const name = sequence(set(sequence(objectId(COMMON_NAME), text('Modelway rehearsal'))));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(positive(randomBytes(16))),
    ECDSA_WITH_SHA256,
    name,
    sequence(utcTime('000101000000Z'), utcTime('491231235959Z')),
    name,
    publicKey,
    explicit(3, extensions(publicKey)),
  );
  const signature = sign('sha256', body, createPrivateKey(privateKey));
  return {
    certificate: pem('CERTIFICATE', sequence(body, ECDSA_WITH_SHA256, bits(signature, 0))),
    key: privateKey,
  };
}

function extensions(publicKey: Buffer): Buffer {
  const keyId = createHash('sha1').update(publicKey).digest();
  const addresses = [tagged(2, Buffer.from('localhost')), tagged(7, Buffer.from([127, 0, 0, 1]))];
  return sequence(
    extension(BASIC_CONSTRAINTS, true, sequence(truth())),
    extension(KEY_USAGE, true, bits(Buffer.from([USAGES.byte]), USAGES.unused)),
    extension(EXTENDED_KEY_USAGE, false, sequence(objectId(SERVER_AUTHENTICATION))),
    extension(SUBJECT_ALTERNATIVE_NAME, false, sequence(...addresses)),
    extension(SUBJECT_KEY_ID, false, octets(keyId)),
  );
}

const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(objectId(id), ...(critical ? [truth()] : []), octets(value));

/** A serial number has no sign and no leading zero. */
function positive(bytes: Buffer): Buffer {
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
