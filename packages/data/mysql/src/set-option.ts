import type { Connection } from 'mysql2'

/** The parts of mysql2 that its types leave out and a command of one's own needs. */
interface CommandHost {
  readonly clientEncoding: string
  addCommand(command: object): unknown
  writePacket(packet: object): void
  _resetSequenceId(): void
}

interface Answer {
  isError(): boolean
  asError(encoding: string): Error
  eofStatusFlags(): number
}

const comSetOption = 0x1b

/**
 * Turns several statements in one text on or off for a connection, which mysql2 only does for its whole life. The server
 * takes a script apart, so that the body of a trigger may hold semicolons, and every other statement is sent while it
 * still refuses a second one.
 * @returns the server's status flags
 */
export function setMultiStatements(connection: Connection, on: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    let sent = false
    const command = {
      onResult: reject,
      execute(answer: Answer | undefined, host: CommandHost): boolean {
        if (!sent) {
          host._resetSequenceId()
          host.writePacket(packetOf([comSetOption, on ? 0 : 1, 0]))
          sent = true
          return false
        }
        if (answer?.isError()) reject(answer.asError(host.clientEncoding))
        else resolve(answer?.eofStatusFlags() ?? 0)
        return true
      },
    }
    ;(connection as unknown as CommandHost).addCommand(command)
  })
}

/** What mysql2 takes for a packet: its payload behind a header of four bytes. */
function packetOf(payload: readonly number[]): object {
  const buffer = Buffer.from([payload.length, 0, 0, 0, ...payload])
  return {
    buffer,
    length: () => buffer.length,
    writeHeader(sequence: number) {
      buffer[3] = sequence
    },
  }
}
