/** Starts a server whose `GET /items` answers with the first rows of the table, and gives its port. */
export type StartServer = (url: string, rows: number) => Promise<number>
