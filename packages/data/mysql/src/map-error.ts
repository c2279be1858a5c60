import { DatabaseError, errors } from '@covet/db'

interface Facts {
  readonly options: { cause: unknown; statement: string | undefined }
  readonly message: string
  readonly product: string | undefined
}

type Mapper = (facts: Facts) => DatabaseError

const uniqueViolation: Mapper = ({ options, message, product }) => new errors.UniqueViolation({ ...options, ...keyIn(message, product) })
const foreignKeyViolation: Mapper = ({ options, message }) => new errors.ForeignKeyViolation({ ...options, ...foreignKeyIn(message) })
const notNullViolation: Mapper = ({ options, message }) => new errors.NotNullViolation({ ...options, ...columnIn(message) })
const wrongType: Mapper = ({ options, message }) => new errors.CheckViolation({ ...options, ...columnIn(message) })
const lockTimeout: Mapper = ({ options }) => new errors.LockTimeout(options)
const statementTimeout: Mapper = ({ options }) => new errors.StatementTimeout(options)
const connectionLost: Mapper = ({ options }) => new errors.ConnectionLost(options)
/** Names of the schema and nothing of a row: such a message can be passed on. */
const asSaid: Mapper = ({ options, message }) => new errors.QueryFailed(message.replace(/\.$/, ''), options)

/** By the server's error number. https://mariadb.com/kb/en/mariadb-error-codes/ and the error reference of MySQL 8. */
const mappers: ReadonlyMap<number, Mapper> = new Map<number, Mapper>([
  ...each([1062, 1169, 1557, 1586, 1761, 1762, 1859], uniqueViolation),
  ...each([1216, 1217, 1451, 1452], foreignKeyViolation),
  ...each([1048, 1263, 1364], notNullViolation),
  [4025, ({ options, message }) => new errors.CheckViolation({ ...options, ...mariadbCheckIn(message) })],
  [3819, ({ options, message }) => new errors.CheckViolation({ ...options, ...mysqlCheckIn(message) })],
  ...each([1264, 1265, 1366, 1406], wrongType),
  [1292, (facts) => (/ for column /.test(facts.message) ? wrongType(facts) : failed(facts))],
  ...each([1213, 1614, 3101], ({ options }) => new errors.Deadlock(options)),
  [1020, ({ options }) => new errors.SerializationFailure(options)],
  ...each([1205, 3572], lockTimeout),
  ...each([1969, 3024], statementTimeout),
  [1792, ({ options }) => new errors.ReadOnlyTransactionError(options)],
  [1836, ({ options }) => new errors.ReadOnlyNode(options)],
  [1290, (facts) => (/read[-_]only/.test(facts.message) ? new errors.ReadOnlyNode(facts.options) : asSaid(facts))],
  ...each([1053, 1077, 1079, 1080, 1152, 1154, 1158, 1159, 1160, 1161, 1184, 1927, 3032, 3169, 4031], connectionLost),
  [1064, syntaxError],
  [1317, ({ options }) => new errors.QueryFailed('it was ended from another connection', options)],
  ...each([1044, 1046, 1049, 1050, 1051, 1052, 1054, 1055, 1060, 1061, 1091, 1109, 1136, 1142, 1143, 1153], asSaid),
  ...each([1146, 1227, 1305, 1360, 1370, 1553, 1822, 1824, 1826, 1828, 1829, 1832, 1833], asSaid),
])

/** What mysql2 says, in every row mode, when a column is called like what every object has; it then closes the connection. */
const unreadableColumn = /^The field name \((\w+)\) can't be/

function unreadableReason(column: string): string {
  return `its answer has a column called ${column}, which cannot be read, and the connection was closed. Name the column otherwise, with AS`
}

/** The error of the taxonomy for one of mysql2. */
export function mapError(error: unknown, statement?: string, product?: string): DatabaseError {
  if (error instanceof DatabaseError) return error
  const facts = { options: { cause: error, statement }, message: messageOf(error), product }
  const mapper = mappers.get(errnoOf(error))
  if (mapper) return mapper(facts)
  const unreadable = unreadableColumn.exec(facts.message)?.[1]
  if (unreadable !== undefined) return new errors.QueryFailed(unreadableReason(unreadable), facts.options)
  if (isLost(error)) return new errors.ConnectionLost({ ...facts.options, sent: !facts.message.includes("Can't add new command") })
  return failed(facts)
}

/** The server's number of the error; 0 of what did not come from the server. */
export function errnoOf(error: unknown): number {
  return hasNumber(error) ? error.errno : 0
}

export function messageOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error)
  // A name with several addresses fails with the errors of all, and a message of its own that says nothing.
  if (error.message === '' && 'code' in error) return String(error.code)
  return String(error.message)
}

function each(numbers: readonly number[], mapper: Mapper): [number, Mapper][] {
  return numbers.map((number) => [number, mapper])
}

function hasNumber(error: unknown): error is { errno: number } {
  return typeof error === 'object' && error !== null && 'errno' in error && typeof error.errno === 'number' && error.errno > 0
}

/** What mysql2 or the socket says of a connection that is over; an error of the server has a number above and no such word. */
function isLost(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const code = 'code' in error ? String(error.code) : ''
  return ('fatal' in error && error.fatal === true) || /^(?:PROTOCOL_|ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)/.test(code)
}

/** The server quotes values in its messages: from the first quote to the last nothing is passed on. */
function failed({ options, message }: Facts): DatabaseError {
  return new errors.QueryFailed(message.replace(/'.*'/s, "'…'").replace(/\.$/, ''), options)
}

/** The server's message goes on with a part of the statement. */
function syntaxError({ options, message }: Facts): DatabaseError {
  const [, line] = / at line (\d+)$/.exec(message) ?? []
  const where = line === undefined ? '' : ` at line ${line}`
  return new errors.QueryFailed(`its syntax is wrong${where}, or it holds more than one statement, which takes db.script`, options)
}

interface Named {
  constraint?: string
  table?: string
  columns?: string[]
}

/**
 * From `… for key 'notes.body'` of MySQL, or `… for key 'body'` of MariaDB, behind the values of the key; from
 * `… in table 'notes', key 'body'` where a foreign key carried an update on.
 */
function keyIn(message: string, product: string | undefined): Named {
  const [, cascaded, index] = / in table '([^']+)', key '([^']+)'$/.exec(message) ?? []
  if (cascaded !== undefined && index !== undefined) return { table: cascaded, constraint: index }
  const key = /.*for key '(.*)'$/s.exec(message)?.[1]
  if (key === undefined) return {}
  if (product === 'MariaDB') return { constraint: key }
  const [table, ...rest] = key.split('.')
  return rest.length > 0 && table !== undefined ? { table, constraint: rest.join('.') } : { constraint: key }
}

/** From ``… fails (`db`.`replies`, CONSTRAINT `replies_note` FOREIGN KEY (`note`) REFERENCES …)``. */
function foreignKeyIn(message: string): Named {
  const [, table, constraint, columns] = /`([^`]+)`, CONSTRAINT `([^`]+)` FOREIGN KEY \(([^)]+)\)/.exec(message) ?? []
  if (table === undefined || constraint === undefined || columns === undefined) return {}
  return { table, constraint, columns: columns.split(', ').map((column) => column.replaceAll('`', '')) }
}

/** From `Column 'body' cannot be null`, `Data too long for column 'body' at row 1`, ``… for column `db`.`notes`.`views` at row 1``. */
function columnIn(message: string): Named {
  const path = /`([^`]+)`\.`([^`]+)` at row \d+$/.exec(message)
  if (path?.[1] !== undefined && path[2] !== undefined) return { table: path[1], columns: [path[2]] }
  const column = /.*(?:[Cc]olumn|Field) '([^']+)'/s.exec(message)?.[1]
  return column === undefined ? {} : { columns: [column] }
}

/** From ``CONSTRAINT `notes_priority` failed for `db`.`notes` ``, or `` `notes.priority` `` of a check that belongs to a column. */
function mariadbCheckIn(message: string): Named {
  const [, constraint, table] = /^CONSTRAINT `(.+)` failed for `.+`\.`(.+)`$/.exec(message) ?? []
  return { ...(constraint !== undefined && { constraint }), ...(table !== undefined && { table }) }
}

/** From `Check constraint 'notes_priority' is violated.` */
function mysqlCheckIn(message: string): Named {
  const constraint = /'([^']+)'[^']*$/.exec(message)?.[1]
  return constraint === undefined ? {} : { constraint }
}
