import { connect, type Socket } from 'node:net'
import { errors, type ServerInfo } from '@covet/db'
import mysql, { type Connection, type ConnectionOptions } from 'mysql2'
import { Canceller } from './cancel.ts'
import { MysqlConnection } from './connection.ts'
import { messageOf } from './map-error.ts'
import type { ResolvedMysqlOptions, Target } from './options.ts'
import { serverOf, sessionSql } from './session.ts'
import type { StatementTexts } from './statement-texts.ts'
import { Wire } from './wire.ts'

/**
 * Opens a connection and sets its session.
 * @throws {ConnectionFailedError} {@link UnsupportedServerError}
 */
export async function openConnection(target: Target, options: ResolvedMysqlOptions, texts: StatementTexts): Promise<MysqlConnection> {
  const wire = await openWire(target, options)
  const { connectTimeout } = options
  let isLate = false
  // The driver's own limit ends with the handshake; a server can freeze behind it as well.
  const limit = setTimeout(() => {
    isLate = true
    void wire.destroy()
  }, connectTimeout)
  try {
    const server = serverOf(wire.serverVersion)
    await wire.query(sessionSql(server, options), false)
    return new MysqlConnection(wire, {
      ...options,
      texts,
      server: { ...server, ...(await maxConnections(wire)) },
      canceller: cancellerOf(target, options),
    })
  } catch (error) {
    await wire.destroy()
    if (isLate) throw failedToOpen(new Error(`The session was not set up within ${connectTimeout} ms`, { cause: error }), target)
    throw error instanceof errors.DatabaseError ? error : failedToOpen(error, target)
  } finally {
    clearTimeout(limit)
  }
}

/** Opening the second connection is part of the time the first one's cancellation may take. */
function cancellerOf(target: Target, options: ResolvedMysqlOptions): Canceller {
  const { connectTimeout, cancelTimeout } = options
  const own = { ...options, connectTimeout: Math.min(connectTimeout, cancelTimeout) }
  return new Canceller(() => openWire(target, own), cancelTimeout)
}

/** A connection without a session of its own. @throws {ConnectionFailedError} */
async function openWire(target: Target, options: ResolvedMysqlOptions): Promise<Wire> {
  const socket = openSocket(target)
  try {
    return await handshake(mysql.createConnection(driverOptions(target, options, socket)), socket)
  } catch (error) {
    socket.destroy()
    throw failedToOpen(error, target)
  }
}

function openSocket({ host, port, socketPath, tls }: Target): Socket {
  const socket = socketPath === undefined ? connect({ host, port, noDelay: true, keepAlive: true }) : connect(socketPath)
  // mysql2 verifies names alone and gives Node none for an address. Node then takes what the socket was connected to, which
  // it notes for names alone, and else `localhost`: a certificate for that would do.
  if (tls) Object.assign(socket, { _host: tls.servername })
  return socket
}

function handshake(connection: Connection, socket: Socket): Promise<Wire> {
  return new Promise((resolve, reject) => {
    connection.once('connect', (greeting: { serverVersion: string; connectionId: number }) => {
      connection.off('error', reject)
      resolve(new Wire(connection, socket, greeting))
    })
    // Stays until there is another: an error nobody listens for ends the process.
    connection.on('error', reject)
  })
}

function driverOptions(target: Target, { connectTimeout, statementCache }: ResolvedMysqlOptions, socket: Socket): ConnectionOptions {
  const { user, password, database, tls } = target
  return {
    stream: () => socket,
    // The name the certificate is verified for.
    host: tls?.servername ?? target.host,
    port: target.port,
    connectTimeout,
    // A server must not be able to ask for files of this machine.
    flags: ['-LOCAL_FILES'],
    supportBigNumbers: true,
    dateStrings: true,
    jsonStrings: true,
    timezone: 'Z',
    maxPreparedStatements: statementCache,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password: password.reveal() }),
    ...(database !== undefined && { database }),
    ...(tls && { ssl: tls.ssl }),
  }
}

async function maxConnections(wire: Wire): Promise<Pick<ServerInfo, 'maxConnections'>> {
  const { rows } = await wire.query('select @@max_connections', true)
  const [most] = (rows[0] ?? []) as unknown[]
  return typeof most === 'number' ? { maxConnections: most } : {}
}

function failedToOpen(error: unknown, { name }: Target): Error {
  return new errors.ConnectionFailedError(`${messageOf(error)}: ${name}`, { cause: error })
}
