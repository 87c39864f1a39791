import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getCACertificates } from 'node:tls';

const certificate = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/**
 * When a chain ends, Unix seconds: its file (PEM) is good as long as all of it. Reads it now, as whoever uses it does: what the
 * file becomes later is not in use before the next start. Undefined for no path, or a file without a certificate.
 *
 * @throws what reading a file and parsing a certificate throw.
 */
export function chainExpiry(path: string | undefined): number | undefined {
  return path === undefined ? undefined : earliest(certificatesIn(readFileSync(path, 'utf8')));
}

/**
 * When the last of some authorities ends, Unix seconds: until then one of them may still be good for somebody. As
 * {@link chainExpiry} else.
 */
export function authorityExpiry(path: string | undefined): number | undefined {
  return path === undefined ? undefined : latest(certificatesIn(readFileSync(path, 'utf8')));
}

/** The same of the authorities that `NODE_EXTRA_CA_CERTS` has added; undefined without. */
export function extraAuthorityExpiry(): number | undefined {
  return latest(getCACertificates('extra').flatMap(certificatesIn));
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  return [...pem.matchAll(certificate)].map(([text]) => new X509Certificate(text));
}

function earliest(certificates: readonly X509Certificate[]): number | undefined {
  return certificates.length === 0 ? undefined : Math.min(...certificates.map(endOf));
}

function latest(certificates: readonly X509Certificate[]): number | undefined {
  return certificates.length === 0 ? undefined : Math.max(...certificates.map(endOf));
}

function endOf({ validToDate }: X509Certificate): number {
  return validToDate.getTime() / 1_000;
}
