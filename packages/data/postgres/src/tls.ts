import { readFileSync } from 'node:fs'
import { checkServerIdentity, type ConnectionOptions as TlsOptions } from 'node:tls'
import { isLoopback } from '@covet/db'
import { InvalidPostgresOptionError } from './errors.ts'

/** How the server's certificate is verified, and which one is shown to it. */
export interface PostgresTls {
  /** The authorities that may have signed the server's certificate, as PEM. @default those Node trusts */
  ca?: string | Buffer | readonly (string | Buffer)[]
  /** The client's certificate and its key, as PEM. */
  cert?: string | Buffer
  key?: string | Buffer
  passphrase?: string
  /** The name the certificate has to have. @default the host */
  servername?: string
  /** Talks to whoever answers, who may be anybody. */
  dangerouslyAcceptAnyCertificate?: boolean
}

/** What the URL says. Each in libpq's meaning, but that `require` verifies too: an encrypted line to a stranger is none. */
export interface UrlTls {
  readonly mode?: string | undefined
  readonly rootCert?: string | undefined
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

type Verification = 'none' | 'authority' | 'full'

/**
 * False for plain text, which is the default only where no network is between: on a Unix socket and on the loopback.
 * @throws {InvalidPostgresOptionError}
 */
export function resolveTls(host: string, ssl: PostgresTls | boolean | undefined, url: UrlTls): TlsOptions | false {
  if (host.startsWith('/') || ssl === false) return false
  const own = typeof ssl === 'object' ? ssl : {}
  const verification = verificationOf(url.mode, ssl !== undefined || !isLoopback(host))
  if (verification === 'none' && ssl === undefined) return false
  const { dangerouslyAcceptAnyCertificate = false, servername = host, ...options } = own
  const anyName = dangerouslyAcceptAnyCertificate || verification === 'authority'
  return {
    ...filesOf(url),
    ...(options as TlsOptions),
    rejectUnauthorized: !dangerouslyAcceptAnyCertificate,
    // By the configured name, whatever pg dials: a cancellation goes to the address that answered.
    checkServerIdentity: (_, certificate) => (anyName ? undefined : checkServerIdentity(servername, certificate)),
  }
}

function verificationOf(mode: string | undefined, byDefault: boolean): Verification {
  switch (mode) {
    case 'disable':
      return 'none'
    case 'verify-ca':
      return 'authority'
    case 'require':
    case 'verify-full':
      return 'full'
    case undefined:
    case 'allow':
    case 'prefer':
      return byDefault ? 'full' : 'none'
    default:
      throw new InvalidPostgresOptionError(
        'url: sslmode',
        JSON.stringify(mode),
        'disable, prefer, require, verify-ca or verify-full; only ssl: { dangerouslyAcceptAnyCertificate: true } turns verification off',
      )
  }
}

function filesOf({ rootCert, cert, key }: UrlTls): TlsOptions {
  return {
    ...(rootCert !== undefined && rootCert !== 'system' && { ca: readPem('sslrootcert', rootCert) }),
    ...(cert !== undefined && { cert: readPem('sslcert', cert) }),
    ...(key !== undefined && { key: readPem('sslkey', key) }),
  }
}

function readPem(parameter: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch {
    throw new InvalidPostgresOptionError(`url: ${parameter}`, JSON.stringify(file), 'a file that can be read')
  }
}
