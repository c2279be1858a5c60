import { connectionCases } from './connections.ts'
import { statementCases } from './statements.ts'
import type { DriverSubject, TestApi } from './subject.ts'
import { transactionCases } from './transactions.ts'
import { violationCases } from './violations.ts'

/**
 * What `db` promises over every driver, as tests: an engine's package runs it against a real server.
 * `driverContract('PostgreSQL', { describe, it }, subject)`.
 */
export function driverContract(name: string, api: TestApi, subject: DriverSubject): void {
  api.describe(`${name} keeps the contract of a driver`, () => {
    api.describe('statements', () => statementCases(api, subject))
    api.describe('violations', () => violationCases(api, subject))
    api.describe('transactions', () => transactionCases(api, subject))
    api.describe('connections', () => connectionCases(api, subject))
  })
}
