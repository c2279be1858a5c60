import { requestScope } from '@covet/core'
import { Database } from '@covet/db'

/** The database of the application whose request is being answered, where it keeps a request scope. */
export function requestDatabase(): Database | undefined {
  return requestScope.current()?.server.services.find(Database)
}
