import { isLoopback } from '@covet/db'
import type { SslOptions } from 'mysql2'

export interface MysqlTlsOptions {
  /** Certificates to trust instead of the well-known authorities, PEM. */
  ca?: string | Buffer
  /** The client's certificate, PEM. */
  cert?: string | Buffer
  /** The client's private key, PEM. */
  key?: string | Buffer
  /** The name the server's certificate is for. @default the host */
  servername?: string
  /** Encrypts without knowing to whom: anybody in between can read along. */
  dangerouslyAcceptAnyCertificate?: boolean
}

export interface ResolvedTls {
  /** The name the certificate is verified for. */
  readonly servername: string
  /** What mysql2 is given: always the same object, because it keeps what it makes of it beside it. */
  readonly ssl: SslOptions
}

/** TLS is verified unless the server is on this machine, where there is none, or something else is said. */
export function resolveTls(
  ssl: boolean | MysqlTlsOptions | undefined,
  { host, socketPath }: { host: string; socketPath: string | undefined },
): ResolvedTls | undefined {
  const wanted = ssl ?? (socketPath === undefined && !isLoopback(host))
  if (wanted === false) return undefined
  const { ca, cert, key, servername = host, dangerouslyAcceptAnyCertificate = false } = wanted === true ? {} : wanted
  const verified = !dangerouslyAcceptAnyCertificate
  return {
    servername,
    ssl: {
      rejectUnauthorized: verified,
      verifyIdentity: verified,
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    },
  }
}
