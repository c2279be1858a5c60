import type { ConnectionOptions as TlsOptions } from 'node:tls'
import { Connection } from 'pg'
import type { Wire } from './protocol.ts'

/** What it takes to ask the server to end what one of its backends does. */
export interface CancelTarget {
  /** The address that answered, not the name: a name may stand for several servers. */
  readonly host: string
  readonly port: number
  readonly tls: TlsOptions | false
  readonly processId: number
  readonly secretKey: number
}

export interface Cancellation {
  /** Resolves when the server has taken note, which is when it closes the connection; rejects when it cannot be reached. */
  readonly noted: Promise<void>
  abandon(): void
}

/**
 * The protocol's CancelRequest, on a connection of its own (PostgreSQL, "Frontend/Backend Protocol", 55.2.8). The
 * cancelled statement tells by its failure whether it came in time.
 */
export function requestCancel({ host, port, tls, processId, secretKey }: CancelTarget): Cancellation {
  const wire = new Connection({ ssl: tls }) as unknown as Wire
  const noted = new Promise<void>((resolve, reject) => {
    wire.once('error', reject)
    wire.once('end', resolve)
    if (tls) {
      wire.once('connect', () => wire.requestSsl())
      wire.once('sslconnect', () => wire.cancel(processId, secretKey))
    } else wire.once('connect', () => wire.cancel(processId, secretKey))
  })
  // After the first error there may be more, which say nothing new.
  wire.on('error', () => undefined)
  if (host.startsWith('/')) wire.connect(`${host}/.s.PGSQL.${port}`)
  else wire.connect(port, host)
  return { noted, abandon: () => wire.stream.destroy() }
}
